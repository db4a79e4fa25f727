// GET /metrics: every room's figures, for the box itself.
#include "edge/api/endpoints.hpp"
#include "edge/api/metrics_text.hpp"

namespace gatehouse::api {

void add_metrics_endpoint(std::vector<Route>& routes, const Sources& sources) {
  routes.push_back({Method::get, "/metrics", Access::loopback_or_staff,
                    immediate([sources](const Call&) {
                      std::vector<engine::Sample> samples;
                      for (const engine::MetricsSource* source : sources.metrics)
                        source->collect(samples);
                      Response response;
                      response.body = metrics_text(samples);
                      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                      return response;
                    }),
                    Counted::not_at_all});
}

}  // namespace gatehouse::api
