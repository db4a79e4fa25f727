// The receipt of a stay: what it cost, the tax within it, and what was given back
// (docs/contract/http.md, "Life cycles and sums"; CGST Rules 2017, rule 46).
//
// A connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/paper.hpp"
#include "edge/api/reading.hpp"

namespace gatehouse::api {

/// 404 where nothing was settled yet.
Response receipt_response(const ReadingRoom& room, store::Reader& reader,
                          const store::Session& session, PaperFormat format);

}  // namespace gatehouse::api
