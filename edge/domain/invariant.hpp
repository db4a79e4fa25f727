// The third kind of wrong: a broken invariant. It stops the process, in release builds too;
// the supervisor starts it again and it re-reads what is on disk.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace gatehouse {

/// Prints where and what to standard error and aborts unless `holds`. `promise` says what should
/// have been true. Any thread.
inline void require(bool holds, const char* promise,
                    std::source_location where = std::source_location::current()) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "%s:%u: broken invariant: %s\n", where.file_name(),
               static_cast<unsigned>(where.line()), promise);
  std::abort();
}

}  // namespace gatehouse
