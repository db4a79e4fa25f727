// The loop: the engine's thread. Waits for events, lingers for company under load, never when a
// gate or a person waits, and nudges the checkpointer.
//
// run() returns when somebody put StopRequested into the inbox and all that waited is committed.
// It throws what the engine throws: the store is broken, and the process must end.
#pragma once

#include "edge/engine/engine.hpp"
#include "edge/store/checkpointer.hpp"

namespace gatehouse::engine {

class Loop {
 public:
  Loop(Engine& engine, Inbox& inbox, const Clock& clock, store::Checkpointer& checkpointer);
  void run();

 private:
  Engine& engine_;
  Inbox& inbox_;
  const Clock& clock_;
  store::Checkpointer& checkpointer_;
};

}  // namespace gatehouse::engine
