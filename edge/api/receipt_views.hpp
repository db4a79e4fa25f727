// The receipt of a stay: what it cost, the tax within it, and what was given back
// (docs/contract/http.md, "Life cycles and sums"; CGST Rules 2017, rule 46).
//
// A connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/reading.hpp"

#include <cstdint>

namespace gatehouse::api {

enum class ReceiptFormat : std::uint8_t { json, html, pdf };

/// 404 where nothing was settled yet.
Response receipt_response(const ReadingRoom& room, store::Reader& reader,
                          const store::Session& session, ReceiptFormat format);

/// Text that stands in a page: what HTML would read as its own is escaped.
std::string html_text(std::string_view text);

}  // namespace gatehouse::api
