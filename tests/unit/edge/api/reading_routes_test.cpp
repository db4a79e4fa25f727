// The routes that only read, with everything that can be wrong with a request, over a store.
#include "tests/unit/edge/api/hostile.hpp"
#include "tests/unit/edge/api/reading_lot.hpp"

namespace gatehouse::api {
namespace {

TEST_CASE("whatever is asked of the lists and reports is refused cleanly or answered",
          "[api][routes][reading]") {
  ReadingLot lot;
  lot.parking.parked(0);
  const std::string admin = lot.tokens.issue(lot.accounts.at(Role::admin)).access;
  std::size_t refused = 0;
  for (const Route& route : lot.router.routes()) {
    for (Request& request : hostile_requests(route)) {
      request.headers.push_back({"Authorization", "Bearer " + admin});
      const Request asked = request;
      const Response response = lot.send(std::move(request));
      expect_clean(response, asked);
      refused += response.status >= 400 ? 1U : 0U;
    }
  }
  CHECK(refused > 1'000);
}

}  // namespace
}  // namespace gatehouse::api
