#include "edge/api/metrics_text.hpp"

#include "tests/unit/edge/api/lot.hpp"

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

using Kind = engine::Sample::Kind;

class TwoFigures final : public engine::MetricsSource {
 public:
  void collect(std::vector<engine::Sample>& samples) const override {
    samples.push_back({"gatehouse_dropped_total",
                       "What was dropped",
                       Kind::counter,
                       3,
                       {{"reason", "too \"large\"\n"}}});
    samples.push_back({"gatehouse_waiting", "What waits", Kind::gauge, 1.5, {}});
    samples.push_back(
        {"gatehouse_dropped_total", "What was dropped", Kind::counter, 4, {{"reason", "late"}}});
  }
};

TEST_CASE("figures of one name stand together under one heading, labels escaped",
          "[api][metrics]") {
  std::vector<engine::Sample> samples;
  TwoFigures().collect(samples);
  CHECK(metrics_text(samples) ==
        "# HELP gatehouse_dropped_total What was dropped\n"
        "# TYPE gatehouse_dropped_total counter\n"
        "gatehouse_dropped_total{reason=\"too \\\"large\\\"\\n\"} 3\n"
        "gatehouse_dropped_total{reason=\"late\"} 4\n"
        "# HELP gatehouse_waiting What waits\n"
        "# TYPE gatehouse_waiting gauge\n"
        "gatehouse_waiting 1.5\n");
}

TEST_CASE("the figures of every room are shown", "[api][metrics]") {
  const Lot lot;
  const TwoFigures figures;
  Sources sources = lot.sources();
  sources.metrics = {&figures, &figures};
  const Router router(all_routes(sources), {});
  const Response response = get(router, "/metrics");
  CHECK(response.status == 200);
  CHECK(response.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response.body.contains("gatehouse_waiting 1.5\n"));
}

}  // namespace
}  // namespace gatehouse::api
