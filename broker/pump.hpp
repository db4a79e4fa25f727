// Sends what several sources have to say, as far as the link has room: the most urgent source
// first, each time anew, so that a decision never waits behind a thousand slots.
//
//   Pump pump({&gates, &lot});
//   pump.use(link);            // once, before the link starts
//   source.note(…); pump.run();
//
// Any thread; it never waits. One thread sends at a time, whoever comes meanwhile leaves it a note.
#pragma once

#include "broker/link.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::broker {

/// Something that has things to publish. Thread-safe; called without any lock of the pump's.
class Source {
 public:
  virtual ~Source() = default;
  /// A broker that may know nothing: what is retained has to be shown anew.
  virtual void connected() = 0;
  /// What waits need not be kept: connecting shows everything, and readers ask again.
  virtual void disconnected() = 0;
  /// The next thing to send, with the newest values; nullopt: nothing waits.
  virtual std::optional<Message> next() = 0;
};

class Pump {
 public:
  /// In the order of urgency; they outlive the pump.
  explicit Pump(std::vector<Source*> sources) : sources_(std::move(sources)) {}
  void use(Link& link) { link_ = &link; }

  void on_connected();
  void on_disconnected();
  /// Sends while there is something to send and room for it.
  void run();

 private:
  std::optional<Message> take();
  void send_while_room();

  const std::vector<Source*> sources_;
  Link* link_ = nullptr;
  std::atomic<std::uint64_t> connection_{0};  // counts disconnections
  std::atomic<bool> running_{false};
  std::atomic<bool> run_again_{false};
  // Of the thread that runs: what the link did not take, and on which connection.
  std::optional<Message> unsent_;
  std::uint64_t unsent_of_ = 0;
};

}  // namespace gatehouse::broker
