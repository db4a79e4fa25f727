// What stands behind the method in a request's first line.
//
// A value; any thread.
#pragma once

#include <optional>
#include <string>

namespace gatehouse::api {

struct RequestTarget {
  std::string path;
  std::string query;                // after `?`, still percent-encoded
  std::optional<std::string> host;  // of a target with scheme and host: it counts, not the header
};

/// RFC 9112, 3.2: the origin form `/path?query`, and the absolute form
/// `http://host:port/path?query`, which every server must understand. Anything else comes out as a
/// path that no route has.
RequestTarget parse_request_target(std::string target);

}  // namespace gatehouse::api
