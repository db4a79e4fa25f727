// What goes back and forth between a simulated provider and the rest of the world: HTTP as values.
// Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::simulators {

struct SimRequest {
  std::string method;  // GET, POST
  std::string path;    // without the query
  std::map<std::string, std::string> query;
  std::vector<std::pair<std::string, std::string>> headers;  // names in small letters
  std::string body;

  /// The value, "" where there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
      if (each == name) return value;
    }
    return "";
  }
  [[nodiscard]] std::string argument(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
};

struct SimReply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// A webhook or callback, signed and ready to go.
struct SimNotice {
  std::string url;
  std::string event;     // for people
  std::string event_id;  // the same for all copies
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// The words of a path: `/v1/orders/order_1` → v1, orders, order_1.
std::vector<std::string> path_words(std::string_view path);
/// `a=1&b=x%20y` as names and values.
std::map<std::string, std::string> form_values(std::string_view text);
/// For a query: everything but letters, digits and -_.~ as %XX.
std::string url_encoded(std::string_view text);
/// For a page: & < > " ' as entities.
std::string html_escaped(std::string_view text);

}  // namespace gatehouse::simulators
