// What the maker of a booking is told: the shape of docs/contract/http.md, `book-slot`. Pure; any
// thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/engine/call.hpp"

namespace gatehouse::api {

/// 201. The result is a BookingMade; another one is a broken invariant.
Response booking_response(const engine::CallResult& result);

}  // namespace gatehouse::api
