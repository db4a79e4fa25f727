// The pages of edge/console, from the program itself.
#include "edge/api/assets.hpp"
#include "edge/api/endpoints.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::string_view files_below = "/assets/";

/// The addresses of the pages. They are for anybody: what they show is asked for by calls, and
/// whoever may not make those is sent to sign in.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> pages{{
    {"/", "board/index.html"},
    {"/login/", "login/index.html"},
    {"/staff/", "staff/index.html"},
    {"/admin/", "admin/index.html"},
    {"/pay/{session_id}", "pay/index.html"},
    {"/parking/entry/", "counter/entry.html"},
    {"/api/parking/book/", "counter/entry.html"},
    {"/api/parking/book-old/", "counter/entry.html"},
    {"/parking/entry-qr-scan/", "counter/enter.html"},
    {"/entry-qr-scan/", "counter/enter.html"},
    {"/api/parking/scan-entry/", "counter/enter.html"},
    {"/api/parking/scan-entry-old/", "counter/enter.html"},
    {"/parking/exit-qr-scan/", "counter/exit.html"},
    {"/exit-qr-scan/", "counter/exit.html"},
    {"/api/parking/scan-exit/", "counter/exit.html"},
    {"/api/parking/scan-exit-old/", "counter/exit.html"},
}};

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
    if (!asset.path.ends_with(".html")) {
      routes.push_back({Method::get, std::string(files_below) + std::string(asset.path),
                        Access::anyone, asset_handler(asset), Counted::not_at_all});
    }
    for (const auto& [address, page] : pages) {
      if (page == asset.path)
        routes.push_back({Method::get, std::string(address), Access::anyone, asset_handler(asset),
                          Counted::not_at_all});
    }
  }
}

}  // namespace gatehouse::api
