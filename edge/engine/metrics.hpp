// Figures that a room shows at /metrics, without knowing who serves them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::engine {

struct Sample {
  enum class Kind : std::uint8_t { counter, gauge };
  std::string name;  // gatehouse_…, the unit last, counters end in _total
  std::string help;
  Kind kind = Kind::counter;
  double value = 0;
  std::vector<std::pair<std::string, std::string>> labels;
};

/// Adds the figures of now. Any thread, at any time; must not block on the engine.
class MetricsSource {
 public:
  virtual ~MetricsSource() = default;
  virtual void collect(std::vector<Sample>& samples) const = 0;
};

}  // namespace gatehouse::engine
