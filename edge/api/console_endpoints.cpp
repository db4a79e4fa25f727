// The pages of edge/console, from the program itself.
#include "edge/api/assets.hpp"
#include "edge/api/endpoints.hpp"

#include <string_view>

namespace gatehouse::api {
namespace {

/// RFC 9110, 13.1.2: a list of tags or `*`. Ours hold no comma and are never weak, but a proxy that
/// compressed the page may hand back a weak one.
bool lists_tag(std::string_view if_none_match, std::string_view tag) {
  return if_none_match == "*" || if_none_match.contains(tag);
}

Handler asset_handler(const Asset& asset) {
  return immediate([&asset](const Call& call) {
    Response response;
    response.content_type = asset.content_type;
    response.headers.push_back({"ETag", std::string(asset.etag)});
    // Kept by the browser, asked about every time: an upgraded gateway shows its own pages at once.
    response.headers.push_back({"Cache-Control", "no-cache"});
    response.body = asset.body;
    if (lists_tag(call.request.header("If-None-Match").value_or(""), asset.etag)) {
      response.status = 304;
    }
    return response;
  });
}

}  // namespace

void add_console_endpoints(std::vector<Route>& routes) {
  for (const Asset& asset : console_assets()) {
    if (asset.path == "board/index.html") {
      routes.push_back(
          {Method::get, "/", Access::anyone, asset_handler(asset), Counted::not_at_all});
    } else {
      routes.push_back({Method::get, "/assets/" + std::string(asset.path), Access::anyone,
                        asset_handler(asset), Counted::not_at_all});
    }
  }
}

}  // namespace gatehouse::api
