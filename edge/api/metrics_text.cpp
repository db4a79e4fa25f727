#include "edge/api/metrics_text.hpp"

#include <unordered_map>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace gatehouse::api {
namespace {

prometheus::ClientMetric to_metric(const engine::Sample& sample) {
  prometheus::ClientMetric metric;
  for (const auto& [label, value] : sample.labels) metric.label.push_back({label, value});
  if (sample.kind == engine::Sample::Kind::counter) {
    metric.counter.value = sample.value;
  } else {
    metric.gauge.value = sample.value;
  }
  return metric;
}

}  // namespace

std::string metrics_text(const std::vector<engine::Sample>& samples) {
  std::vector<prometheus::MetricFamily> families;
  std::unordered_map<std::string, std::size_t> family_of;
  for (const engine::Sample& sample : samples) {
    const auto [known, is_new] = family_of.try_emplace(sample.name, families.size());
    if (is_new) {
      const auto type = sample.kind == engine::Sample::Kind::counter
                            ? prometheus::MetricType::Counter
                            : prometheus::MetricType::Gauge;
      families.push_back({sample.name, sample.help, type, {}});
    }
    families[known->second].metric.push_back(to_metric(sample));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace gatehouse::api
