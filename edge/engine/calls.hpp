// The API's way into the engine: a call goes through the inbox like everything else, and is
// answered after the commit.
//
//   const bool taken = calls.ask(actor, Leave{…}, [connection](const auto& result) { … });
//
// ask() from any thread; the answer comes on the engine's thread, once, and must be copied away at
// once. A call that the full inbox refused, or that the process no longer answers because it ends,
// is the caller's to time out: nothing of it was recorded, or its outcome is to be asked for again.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/ports.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace gatehouse::engine {

class Calls final : public Outside {
 public:
  using Answered = std::function<void(const std::expected<CallResult, CallRefused>&)>;

  Calls(Inbox& inbox, const Clock& clock) : inbox_(inbox), clock_(clock) {}

  /// How a call came, and whether it may be done once only.
  struct Manner {
    Origin from = {};
    std::optional<OnlyOnce> once = {};
  };
  /// False: the inbox is full; `then` is never called.
  [[nodiscard]] bool ask(Actor actor, decltype(Call::what) what, Answered then);
  [[nodiscard]] bool ask(Actor actor, decltype(Call::what) what, Answered then, Manner manner);

  void act(const store::Committed<Effects>& effects) override;

 private:
  Inbox& inbox_;
  const Clock& clock_;
  std::mutex mutex_;
  // Protected by mutex_.
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, Answered> waiting_;
};

}  // namespace gatehouse::engine
