#include "edge/domain/invariant.hpp"

#include "tests/support/aborts.hpp"

#include <catch2/catch.hpp>

using gatehouse::tests::aborts;

TEST_CASE("a broken invariant stops the process, a kept one does not", "[domain][invariant]") {
  CHECK(aborts([] { gatehouse::require(false, "this is true"); }));
  CHECK_FALSE(aborts([] { gatehouse::require(true, "this is true"); }));
}
