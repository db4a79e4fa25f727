#include "edge/api/assets.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

/// What stands between `before` and the next quote, wherever `before` stands.
std::vector<std::string> quoted_after(std::string_view text, std::string_view before) {
  std::vector<std::string> found;
  for (auto at = text.find(before); at != std::string_view::npos; at = text.find(before, at + 1)) {
    const auto begin = at + before.size();
    found.emplace_back(text.substr(begin, text.find('"', begin) - begin));
  }
  return found;
}

TEST_CASE("the board and all it names are inside the program", "[api][board]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {});
  const Response board = get(router, "/");
  REQUIRE(board.status == 200);
  CHECK(board.content_type == "text/html; charset=utf-8");
  std::vector<std::string> named = quoted_after(board.body, "src=\"");
  for (const std::string& address : quoted_after(board.body, "href=\"")) named.push_back(address);
  CHECK(named.size() >= 3);
  for (const std::string& address : named) {
    CAPTURE(address);
    CHECK(get(router, address).status == 200);
  }
}

TEST_CASE("pages hold nothing that the content security policy would stop", "[api][board]") {
  // Inline scripts, styles and handlers, data: pictures, anything from elsewhere.
  for (const Asset& asset : console_assets()) {
    for (const std::string_view forbidden :
         {"<script>", "<style", " style=", " onclick=", " onload=", " onerror=", "javascript:",
          "url(", "data:i", "innerHTML", "eval(", "//cdn", "https:"}) {
      CAPTURE(asset.path, forbidden);
      CHECK_FALSE(asset.body.contains(forbidden));
    }
  }
}

TEST_CASE("a page that the browser has already is not sent again", "[api][board]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {});
  const Response first = get(router, "/assets/board/board.css");
  CHECK(first.content_type == "text/css; charset=utf-8");
  CHECK(find_header(first.headers, "Cache-Control") == "no-cache");
  const std::string tag(find_header(first.headers, "ETag").value_or(""));
  REQUIRE(tag.size() > 2);

  Request again;
  again.path = "/assets/board/board.css";
  again.headers.push_back({"If-None-Match", "\"other\", W/" + tag});
  const Response second = ask(router, again);
  CHECK(second.status == 304);
  CHECK(second.body_withheld);
  again.headers.back().value = "\"other\"";
  CHECK(ask(router, again).status == 200);
}

TEST_CASE("nothing but the console's files is under /assets/", "[api][board]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {});
  const auto* path = GENERATE("/assets/", "/assets/board/", "/assets/board/index.html",
                              "/assets/../CMakeLists.txt", "/assets/board/../../README.md");
  CHECK(get(router, path).status == 404);
}

}  // namespace
}  // namespace gatehouse::api
