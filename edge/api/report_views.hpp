// The administrators' reports: the dashboard of today, and revenue over a time
// (docs/contract/http.md, "Admin").
//
// Revenue is what came in, refunds what went out, each on its own day; cash and online alike. A
// connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/reading.hpp"
#include "edge/domain/local_days.hpp"

namespace gatehouse::api {

/// GET /api/admin/dashboard/
Response dashboard_response(const ReadingRoom& room, store::Reader& reader);

struct RevenueAsked {
  store::Span span;  // of whole local days, or between two instants
  Step step = Step::day;
  bool is_csv = false;
};
/// GET /api/admin/revenue-report/
Response revenue_response(const ReadingRoom& room, store::Reader& reader,
                          const RevenueAsked& asked);

}  // namespace gatehouse::api
