// The files of edge/console, inside the program (edge/console/embed.cmake makes the table).
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::api {

struct Asset {
  std::string_view path;  // below edge/console: `board/board.css`
  std::string_view content_type;
  std::string_view etag;  // quoted, of the content
  std::string_view body;
};

std::span<const Asset> console_assets();

}  // namespace gatehouse::api
