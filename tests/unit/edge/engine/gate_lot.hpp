// A lot with gates, barriers and a counter over a store on disk, in virtual time: the real engine
// and the real store, and a world that a test plays by hand.
//
//   GateLot lot;
//   const std::string code = lot.ticket("A");
//   CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
//   lot.drive_through();
//   lot.advance(50min);
//   CHECK(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
//   CHECK(lot.leave(code, {.amount = Paise(5'000)}));
//   CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
//   CHECK(lot.violations() == "");
//
// Zone A has three slots, zone B two. Every method runs the engine's turns that it needs.
//
// | gate          | direction | barrier | zones |
// | ENTRY_GATE_01 | entry     | b1      | A, B  |
// | EXIT_GATE_01  | exit      | b2      | A, B  |
// | BOTH_GATE     | both      |         | A, B  |
// | ENTRY_GATE_02 | entry     | b3      | B     |
// | EXIT_GATE_02  | exit      | b4      | B     |
// | BOTH_GATE_02  | both      | b5      | A, B  |
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/engine.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_outside.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine::tests {

using namespace std::chrono_literals;
using How = OpeningReported::How;
using store::tests::zone_seed;

/// A decision as it was published, read back.
struct Heard {
  std::string gate;
  std::string scan_id;
  std::string answer;  // `open/entered`
  int update = 0;
  std::string session_id;
  std::string vehicle_number;
  std::string zone;
  std::string slot;
  std::string message;
  std::string code;
  std::optional<Paise> amount_due;
};

/// The value of a member of a JSON object, without its quotation marks; "": there is none. Enough
/// for what the engine writes: no escapes, no member of that name further inside.
std::string member(std::string_view json, std::string_view key);

struct LotRules {
  BillingRules billing;
  GateRules gates;
  bool takes_online_payments = false;
  bool b_takes_walk_ins = true;
  std::size_t slots_in_a = 3;
  bool with_presence_loops = false;
  std::uint64_t seed = 1;
  OutboxRules outbox;
};

/// A booking that somebody made and paid before the test begins.
struct Booked {
  AdmissionKind kind = AdmissionKind::deposit;
  SessionState state = SessionState::booked;
  Paise paid{5'000};
  std::optional<std::chrono::hours> hours;
  std::string zone = "A";
};

struct LeaveBy {
  std::optional<Paise> amount;
  std::optional<Paise> tendered;
  std::string gate;  // "": none named
  PaymentMethod method = PaymentMethod::cash;
};

struct ScanAs {
  std::string id;  // "": a new one
  std::optional<PaymentMethod> method;
  std::optional<Instant> device_ts;
};

struct Loops {
  bool vehicle_present = false;
  bool vehicle_under_arm = false;
};

class GateLot {
 public:
  /// Started, every barrier reported closed, and all that was told by then forgotten.
  explicit GateLot(LotRules rules = {});
  ~GateLot();
  GateLot(const GateLot&) = delete;
  GateLot& operator=(const GateLot&) = delete;

  // Cars. Codes are texts.

  Heard scan(std::string_view gate, const std::string& code, const ScanAs& as = {});
  /// A camera's picture, in which a code was found or not.
  Heard frame(std::string_view gate, std::optional<std::string> code);
  Heard press(std::string_view gate, std::string_view vehicle = {}, const std::string& id = {});
  /// Puts a scan and leaves it waiting in the inbox; returns its id.
  std::string put_scan(std::string_view gate, const std::string& code, const ScanAs& as = {});
  void sensor(std::string_view slot, bool occupied);
  void sensor_online(std::string_view slot, bool online);

  // Barriers.

  void barrier(std::string_view gate, BarrierState state, Loops loops = {});
  /// Of the newest order to open, forgotten or not; or of another.
  void opening(How how) { opening(newest_opening(), how); }
  void opening(OpeningId opening, How how);
  void intrusion(std::string_view gate, IntrusionReported::Kind kind);
  /// The arm is seen open for the newest order, and somebody passes.
  void drive_through();
  [[nodiscard]] OpeningId newest_opening() const { return newest_open_.value().opening.value(); }
  /// Orders to open this gate's barrier.
  [[nodiscard]] int openings(std::string_view gate) const;

  // People.

  std::expected<CallResult, CallRefused> ask(decltype(Call::what) what);
  /// A walk-in's ticket from the counter: its code.
  std::string ticket(std::string_view zone = "A", std::string_view vehicle = {});
  std::expected<CallResult, CallRefused> leave(const std::string& code, const LeaveBy& by = {});
  [[nodiscard]] bool is_refused(const std::expected<CallResult, CallRefused>& result,
                                Refusal why) const {
    return !result && result.error().why == why;
  }
  /// Written by somebody before this process began: restarts.
  std::string booking(const Booked& booked);
  /// One of ours, that stands for nothing.
  std::string unknown_code();
  /// A walk-in that came in and went through: its code.
  std::string parked(std::string_view zone = "A");

  void take_store_away() { std::filesystem::rename(dir_ / "gatehouse.db", dir_ / "away.db"); }

  // Time and process.

  bool turn();
  /// One step, and a turn at its end.
  void advance(std::chrono::microseconds time);
  /// Somebody sets the wall clock; the steady one knows nothing of it.
  void step_wall_clock(std::chrono::milliseconds by);
  /// The process ends as it stands; another reads what is in the file, and barriers report anew.
  void restart();
  void end_process();
  void begin_process();
  void report_barriers(BarrierState state = BarrierState::closed);
  void forget();

  // What was told since forget().

  [[nodiscard]] Heard newest(std::string_view gate) const;
  std::vector<Heard> heard;
  std::vector<BarrierOrder> orders;
  std::vector<std::shared_ptr<const CallAnswer>> answers;
  Alarms beside;                    // what others tell of
  std::vector<std::string> alerts;  // `tailgate EXIT_GATE_01`, `cleared tailgate EXIT_GATE_01`
  std::vector<BarrierChange> barriers;
  std::vector<EventsHandedOut> handed_out;
  int rebuilds = 0;  // times it was asked that the lot be read anew; never forgotten
  [[nodiscard]] bool was_alerted(std::string_view alert) const;

  // What the store knows.

  [[nodiscard]] store::Session session(const std::string& code);
  [[nodiscard]] SessionState state(const std::string& code) { return session(code).state; }
  [[nodiscard]] std::vector<store::Payment> payments(const std::string& code);
  /// Rows of the outbox written since forget(): `session.opened`.
  [[nodiscard]] std::vector<std::string> events();
  [[nodiscard]] int count_events(std::string_view type);
  /// The data of those whose whole type is like this, as SQL has it.
  [[nodiscard]] std::vector<std::string> data_of(const std::string& type);
  [[nodiscard]] std::int64_t number(const std::string& query);
  [[nodiscard]] std::string text(const std::string& query);
  /// What somebody else wrote.
  void run(const std::string& sql);
  /// What the audit finds wrong; "": nothing.
  [[nodiscard]] std::string violations();
  /// The slot a session holds; "": none.
  [[nodiscard]] std::string slot_of(const std::string& code);
  [[nodiscard]] std::string status(std::string_view slot) const;
  [[nodiscard]] std::uint32_t available(std::string_view zone) const;
  [[nodiscard]] bool is_running() const { return engine_ != nullptr; }

  [[nodiscard]] GateIndex gate(std::string_view id) const;
  [[nodiscard]] const LanePlan& plan_of(GateIndex gate) const {
    return premises_->gates.lane(gate);
  }
  [[nodiscard]] SlotIndex slot(std::string_view id) const { return *plan_->find_slot(id); }
  [[nodiscard]] ZoneIndex zone(std::string_view id) const { return *plan_->find_zone(id); }
  [[nodiscard]] const LotPlan& plan() const { return *plan_; }
  Books& books() { return *books_; }
  Inbox& inbox() { return *inbox_; }
  const Engine& engine() const { return *engine_; }

  gatehouse::tests::ManualClock clock;
  std::uint64_t free_bytes = 1ULL << 40U;  // of the disk under the store
  bool is_administrator = false;           // whoever asks

 private:
  struct Parts;
  void collect();
  void put(UrgentEvent event);
  std::string next_id(std::string_view kind);

  const LotRules rules_;
  const gatehouse::tests::TempDir dir_;
  gatehouse::tests::FixedCalendar calendar_;
  gatehouse::tests::RecordingOutside outside_;
  std::unique_ptr<Parts> parts_;
  std::optional<store::Database> database_;
  std::shared_ptr<const LotPlan> plan_;
  std::optional<Premises> premises_;
  std::unique_ptr<Books> books_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Engine> engine_;
  store::UserKey staff_{};
  store::OutboxPlace forgotten_{};
  std::optional<BarrierOrder> newest_open_;
  std::uint64_t ids_ = 0;
};

}  // namespace gatehouse::engine::tests
