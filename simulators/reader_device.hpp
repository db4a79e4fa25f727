// The reader of a gate, with its ticket button: it says what it was shown until it hears a decision
// (docs/contract/mqtt.md, "Scans and presses").
//
//   ReaderDevice reader;
//   reader.ask({.id = "r7-1", .topic = …, .payload = …}, now);
//   while (auto said = reader.next(now)) publish(*said);   // at once, and every 2 s from then on
//   reader.hear("r7-1");                                   // a decision: silent again
//
// What it repeats it repeats in the same words: same id, same time. Whoever asks anew while it
// waits has the older question forgotten. Pure, in virtual time; one thread.
#pragma once

#include "simulators/virtual_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

struct Question {
  std::string id;  // scan_id or press_id
  std::string topic;
  std::string payload;
  bool operator==(const Question&) const = default;
};

struct ReaderCounts {
  std::uint64_t asked = 0;
  std::uint64_t repeated = 0;
  std::uint64_t answered = 0;
  bool operator==(const ReaderCounts&) const = default;
};

class ReaderDevice {
 public:
  static constexpr VirtualTime repeat_after = std::chrono::seconds(2);

  void ask(Question question, VirtualTime now);
  /// What is to be said by now; nullopt when nothing is (left).
  std::optional<Question> next(VirtualTime now);
  /// A decision on the reader's own topic. Later answers to the same question change nothing here.
  void hear(std::string_view id);
  /// The driver has gone.
  void forget() { question_.reset(); }

  [[nodiscard]] bool is_waiting() const { return question_.has_value(); }
  [[nodiscard]] const ReaderCounts& counts() const { return counts_; }

 private:
  std::optional<Question> question_;
  bool is_said_ = false;
  VirtualTime due_{0};
  ReaderCounts counts_;
};

}  // namespace gatehouse::simulators
