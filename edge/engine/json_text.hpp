// People's text inside JSON: UTF-8 passes as it is; only what JSON forbids is escaped (RFC 8259,
// section 7). Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::engine {

/// Appends the text in quotation marks.
void append_quoted(std::string& out, std::string_view text);

}  // namespace gatehouse::engine
