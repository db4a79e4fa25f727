#include "edge/api/request_target.hpp"

#include "edge/api/message.hpp"

#include <algorithm>

namespace gatehouse::api {
namespace {

/// Takes scheme and host off the beginning.
std::optional<std::string> take_host(std::string& target) {
  const auto colon = target.find("://");
  if (colon == std::string::npos) return std::nullopt;
  const std::string_view scheme = std::string_view(target).substr(0, colon);
  if (!equal_without_case(scheme, "http") && !equal_without_case(scheme, "https"))
    return std::nullopt;
  const std::size_t begin = colon + 3;
  const std::size_t end = std::min(target.find_first_of("/?", begin), target.size());
  std::string host = target.substr(begin, end - begin);
  target.erase(0, end);
  if (!target.starts_with('/')) target.insert(0, "/");
  return host;
}

}  // namespace

RequestTarget parse_request_target(std::string target) {
  RequestTarget parsed;
  parsed.host = take_host(target);
  const auto question = target.find('?');
  parsed.path = target.substr(0, question);
  if (question != std::string::npos) parsed.query = target.substr(question + 1);
  return parsed;
}

}  // namespace gatehouse::api
