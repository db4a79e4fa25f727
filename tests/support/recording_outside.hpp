// An outside world that only remembers what it was told.
//
//   RecordingOutside outside;
//   outside.on_act = [&] { … };   // while it is told, on the engine's thread
//
// The engine's thread.
#pragma once

#include "edge/engine/ports.hpp"

#include <functional>
#include <vector>

namespace gatehouse::tests {

class RecordingOutside final : public engine::Outside {
 public:
  std::vector<engine::Effects> told;
  std::function<void()> on_act = [] {};

  void act(const store::Committed<engine::Effects>& effects) override {
    told.push_back(effects.value());
    on_act();
  }
};

}  // namespace gatehouse::tests
