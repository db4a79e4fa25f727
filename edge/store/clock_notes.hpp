// How far UTC stands from the steady clock, noted each minute: a stay during which they drifted
// apart is not billed but shown to a person (docs/contract/http.md, "A stay is suspect").
//
//   clock_notes.note(transaction, now, "boot id");       // each minute, and at every entry
//   session.entry_clock_note = clock_notes.newest();
//   …
//   const ClockSpan span = clock_notes.since(*session.entry_clock_note, now);
//
// A row is written only when the distance changed by a second or the boot is another: a clock that
// behaves costs nothing, whatever the length of the stay. Bounded: the oldest rows go.
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::store {

struct ClockSpan {
  /// The widest that both clocks drifted apart within one boot.
  std::chrono::milliseconds drift{};
  /// How far UTC was set on (or back, negative) in all: UTC's length less this is the steady one.
  std::chrono::milliseconds net{};
  bool complete = true;  // false: the rows of the beginning are pruned
};

class ClockNotes {
 public:
  explicit ClockNotes(Database& database);
  ~ClockNotes();
  ClockNotes(const ClockNotes&) = delete;
  ClockNotes& operator=(const ClockNotes&) = delete;

  /// `boot` tells one steady timeline from another. Returns the newest row, written now or before.
  ClockNoteKey note(Transaction& transaction, const Moment& now, std::string_view boot);
  /// After a rollback, before the next note.
  void forget();
  /// nullopt: nothing was noted yet.
  [[nodiscard]] std::optional<ClockNoteKey> newest() const;
  /// From a note until the newest.
  [[nodiscard]] ClockSpan since(ClockNoteKey note);

 private:
  struct Statements;
  struct Newest {
    ClockNoteKey key{};
    std::int64_t drift_ms = 0;
    std::string boot;
  };
  std::unique_ptr<Statements> statements_;
  std::optional<Newest> newest_;
};

}  // namespace gatehouse::store
