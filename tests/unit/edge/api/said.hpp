// What the counter was told, read back: one answer, of this status, in JSON.
#pragma once

#include "tests/unit/edge/api/counter.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {

inline nlohmann::json said(const Told& told, int status) {
  REQUIRE(told->size() == 1);
  CHECK(told->front().status == status);
  return nlohmann::json::parse(told->front().body);
}

}  // namespace gatehouse::api
