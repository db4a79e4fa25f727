#include "simulators/world/stage.hpp"

#include "edge/store/payments.hpp"
#include "simulators/world/gate_checks.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::world {

using namespace std::chrono_literals;
using engine::ScanKind;

namespace {

constexpr auto tick = 100ms;
constexpr int starts_max = 40;
// An audit reads the whole store, whose rows are all there at the end: of many lives not each.
constexpr std::uint64_t audited_one_in = 20;
constexpr std::uint64_t lives_to_repair = 3;
constexpr int log_frames_max = 200;
// Of a start whose predecessor was cut off: about so many.
constexpr std::uint64_t boundaries_of_start = 24;
constexpr auto machine_starts = 2s;
constexpr auto arm_moves = 8s;
constexpr auto reader_repeats = 2s;
constexpr auto staff_ask_again = 5s;
constexpr auto patience = 150s;
// Whoever scans sooner gets the same answer.
constexpr auto debounced = 3100ms;
constexpr auto under_arm = 1500ms;
constexpr auto off_the_first_loop = 600ms;

std::vector<SimulatedBarrier> good_barriers() {
  return {gate_plan().barriers().size(), SimulatedBarrier(BarrierBuild{})};
}

}  // namespace

Scenery first_scenery(const SceneryOptions& options) {
  Scenery scenery;
  scenery.disk = std::make_unique<Disk>(1);
  if (options.weak_synchronous) scenery.disk->weaken_synchronous();
  const std::size_t slots = options.slots_per_zone;
  scenery.staff = init_gate_store(*scenery.disk, {{{slots, Paise(5'000)}, {slots, Paise(0)}}},
                                  scenery.clock.now().utc);
  scenery.plan = read_plan(*scenery.disk);
  scenery.bays.resize(scenery.plan->slots().size());
  return scenery;
}

Stage::Stage(const Scenery& scenery, const Fault& fault, bool repeats_pulses)
    : fault_(fault),
      clock_(scenery.clock),
      bytes_(scenery.bytes),
      disk_(scenery.disk->copy()),
      plan_(scenery.plan),
      staff_(scenery.staff),
      bays_(scenery.bays),
      barriers_(good_barriers()),
      scene_{.random = random_,
             .clock = clock_,
             .plan = *plan_,
             .gates = gate_plan(),
             .trace = trace_,
             .counted = counted_,
             .barriers = barriers_,
             .tell = [this](const engine::UrgentEvent& event) { tell(event); },
             .sense = {},
             .leaves = {}},
      witness_(scene_, *this),
      waiting_(scene_.gates.lanes().size()) {
  for (std::uint32_t i = 0; i < barriers_.size(); ++i)
    lines_.emplace_back(BarrierIndex(i), barriers_[i], witness_, repeats_pulses);
  if (fault_.place == 0) return;
  if (fault_.kind == Fault::Kind::power) {
    disk_->cut_power_after(fault_.place);
    witness_.at_every_step([this] { pass_boundary(); });
  } else {
    disk_->fail_after(fault_.place, fault_.goes_on);
  }
}

Stage::~Stage() { witness_.look_away(); }

void Stage::begin() {
  boot();
  pass(500ms);
}

Scenery Stage::end() {
  witness_.look_away();
  process_->engine().finish();
  process_.reset();
  return {.disk = std::move(disk_),
          .plan = plan_,
          .clock = clock_,
          .bytes = bytes_,
          .staff = staff_,
          .bays = bays_};
}

// The process.

void Stage::boot() {
  for (int starts = 0; starts < starts_max; ++starts) {
    try {
      begin_life();
      return;
    } catch (const std::runtime_error&) {
      rethrow_unless_fault();
      scene_.reached("second crash while starting");
    }
    end_life();
  }
  throw Violation("the gateway never starts again");
}

void Stage::begin_life() {
  const bool is_again = ++lives_ > 1;
  if (lives_ == 2 && fault_.goes_on && fault_.kind == Fault::Kind::power)
    disk_->cut_power_after(1 + fault_.place % boundaries_of_start);
  process_ = std::make_unique<GateProcess>(GateProcessParts{
      *disk_, clock_, calendar_, witness_, bytes_, "boot-" + std::to_string(lives_)});
  if (!believes_disk_) witness_.watch(*disk_, process_->books(), 1);
  process_->engine().start();
  if (is_again) disk_->keep_power();
  for (ArmLine& line : lines_) line.begin(clock_.now());
  for (std::size_t bay = 0; bay < bays_.size(); ++bay) sense(bay, bays_[bay]);
}

void Stage::end_life() {
  witness_.look_away();
  process_.reset();
  for (ArmLine& line : lines_) line.end();
  if (disk_->is_without_power()) {
    if (disk_->restore_power(fault_.fate)) scene_.reached("torn write");
  } else if (!fault_.goes_on || lives_ >= lives_to_repair) {
    disk_->repair();
  }
  if (lives_ % audited_one_in == 0 && !disk_->has_failed()) check_audit(*disk_);
}

/// Inside a handler: anything but what the fault brought about goes on.
void Stage::rethrow_unless_fault() {
  try {
    throw;
  } catch (const PowerCut&) {
    scene_.reached("power cut between commit and act");
  } catch (const store::StoreError&) {
    if (!disk_->is_without_power() && !disk_->has_failed()) throw;
    scene_.reached(disk_->has_failed() ? "disk error" : "power cut within a commit");
  }
}

void Stage::turn() {
  has_heard_ = false;
  try {
    process_->engine().turn();
    keep_log_short();
    return;
  } catch (const std::runtime_error&) {
    rethrow_unless_fault();
  }
  end_life();
  pass(machine_starts);
  boot();
  on_restart();
}

void Stage::keep_log_short() {
  if (process_->engine().log_frames() >= log_frames_max) process_->database().checkpoint();
}

/// Between commit, orders and answers.
void Stage::pass_boundary() {
  if (!disk_->pass_boundary()) throw PowerCut();
}

// Time.

void Stage::pass(std::chrono::milliseconds time) {
  for (auto left = time; left > 0ms; left -= tick) pass_tick();
}

bool Stage::pass_until(const std::function<bool()>& came, std::chrono::milliseconds at_most) {
  for (const Steady end = scene_.now() + at_most; !came(); pass_tick()) {
    if (scene_.now() >= end) return false;
  }
  return true;
}

void Stage::pass_tick() {
  clock_.pass(tick);
  for (SimulatedBarrier& barrier : barriers_) barrier.pass(tick);
  const Moment now = clock_.now();
  for (ArmLine& line : lines_) {
    line.serve(now, [this](const devices::BarrierReport& report) {
      std::visit([this](const auto& each) { tell(each); }, report);
    });
  }
  if (process_ && (has_heard_ || process_->engine().next_turn() <= now.steady)) turn();
}

// People.

void Stage::tell(const engine::UrgentEvent& event) {
  if (!process_) return;
  has_heard_ = true;
  static_cast<void>(process_->inbox().put(event));
}

void Stage::sense(std::size_t bay, bool occupied) {
  bays_[bay] = occupied;
  if (!process_) return;
  has_heard_ = true;
  Reading reading;
  reading.occupied = occupied;
  process_->inbox().put(engine::SlotReported{.slot = SlotIndex(static_cast<std::uint32_t>(bay)),
                                             .reading = reading,
                                             .retained = false,
                                             .received = clock_.now()});
}

void Stage::put(GateIndex gate, const std::string& scan_id, const Brings& brings) {
  const bool presses = brings.code.empty();
  engine::GateScanned scanned{.gate = gate,
                              .kind = presses ? ScanKind::press : ScanKind::scan,
                              .scan_id = scan_id,
                              .code = {},
                              .payment_method = {},
                              .vehicle = {},
                              .device_ts = {},
                              .received = clock_.now()};
  if (presses) {
    scanned.vehicle = brings.plate;
  } else {
    scanned.code = brings.code;
  }
  tell(scanned);
}

Heard Stage::ask(GateIndex gate, const Brings& brings) {
  barrier(gate).presence = true;
  pass(2 * tick);  // the loop is seen before the driver has found the ticket
  Waiting& waiting = waiting_[at(gate)];
  waiting = {"scan-" + std::to_string(++scans_), {}};
  for (const Steady give_up = scene_.now() + patience; scene_.now() < give_up;) {
    put(gate, waiting.scan_id, brings);
    if (pass_until([&] { return waiting.heard.has_value(); }, reader_repeats))
      return *waiting.heard;
  }
  throw Violation("a scan is never answered");
}

const std::optional<Heard>& Stage::told(GateIndex gate) const { return waiting_[at(gate)].heard; }

Heard Stage::get_through(GateIndex gate, const Brings& brings) {
  Brings brought = brings;
  for (const Steady give_up = scene_.now() + patience; scene_.now() < give_up;) {
    const Heard heard = ask(gate, brought);
    if (!heard.code.empty()) brought.code = heard.code;
    if (heard.decision == DecisionKind::pay) pay_cash(brought.code);
    const auto is_let_in = [&] {
      return told(gate)->decision == DecisionKind::open && barrier(gate).is_up();
    };
    const auto is_over = [&] { return told(gate)->decision == DecisionKind::deny || is_let_in(); };
    pass_until(is_over, told(gate)->decision == DecisionKind::open ? arm_moves : debounced);
    if (is_let_in()) {
      drive_through(gate);
      return heard;
    }
    // At an entry the printed ticket is worth nothing until its press has opened: press again.
    if (brings.code.empty()) brought = brings;
    pass(debounced);
  }
  throw Violation("nobody gets through at " + scene_.gates.lane(gate).id.text());
}

void Stage::drive_through(GateIndex gate) {
  SimulatedBarrier& arm = barrier(gate);
  if (!pass_until([&] { return arm.is_up(); }, arm_moves))
    throw Violation("an arm never goes up at " + scene_.gates.lane(gate).id.text());
  arm.safety = true;
  pass(off_the_first_loop);
  arm.presence = false;
  pass(under_arm - off_the_first_loop);
  arm.safety = false;
  pass(tick);
}

std::uint64_t Stage::tell_call(const What& what) {
  tell(engine::CallMade{std::make_shared<const engine::Call>(engine::Call{
      .id = ++calls_, .actor = {staff_, "staff"}, .what = what, .received = clock_.now()})});
  return calls_;
}

std::string Stage::scan(GateIndex gate, const std::string& code) {
  std::string scan_id = "scan-" + std::to_string(++scans_);
  put(gate, scan_id, {.code = code});
  return scan_id;
}

engine::CallAnswer Stage::call(const What& what) {
  for (const Steady give_up = scene_.now() + patience; scene_.now() < give_up;) {
    const std::uint64_t id = tell_call(what);
    if (pass_until([&] { return answers_.contains(id); }, staff_ask_again)) return answers_.at(id);
  }
  throw Violation("a call is never answered");
}

std::string Stage::issue(const VehicleNumber& plate, ZoneIndex zone) {
  const engine::CallAnswer answer = call(engine::IssueTicket{
      .vehicle = plate, .owner_name = "A driver", .phone_number = {}, .zone = zone, .gate = {}});
  if (answer.result) return std::get<engine::TicketIssued>(*answer.result).code;
  const auto printed = process_->books().sessions().find_open(plate);
  if (answer.result.error().why != engine::Refusal::vehicle_inside || !printed)
    throw Violation("no ticket is issued: " + std::string(name(answer.result.error().why)));
  return printed->code.text();
}

/// An amount that is not due any more is refused with the one that is; who asks again after an
/// answer was lost may hear that all is done.
void Stage::pay_cash(const std::string& code) {
  Paise due;
  for (const Steady give_up = scene_.now() + patience; scene_.now() < give_up;) {
    const engine::CallAnswer answer = call(engine::Leave{.which = engine::ByCode{code},
                                                         .method = PaymentMethod::cash,
                                                         .amount = due,
                                                         .tendered = due + Paise(1'000),
                                                         .gate = {}});
    const bool is_done =
        answer.result || answer.result.error().why == engine::Refusal::already_exited;
    if (is_done) {
      cash_[code] = due;
      return;
    }
    if (answer.result.error().why != engine::Refusal::amount_changed || !answer.result.error().bill)
      throw Violation("cash is refused: " + std::string(name(answer.result.error().why)));
    due = answer.result.error().bill->sums.due;
  }
  throw Violation("cash is never taken");
}

void Stage::decision(GateIndex gate, const Heard& heard) {
  on_decision(gate, heard);
  Waiting& waiting = waiting_[at(gate)];
  if (waiting.scan_id != heard.scan_id) return;
  if (!waiting.heard || waiting.heard->update <= heard.update) waiting.heard = heard;
}

void Stage::answer(const engine::CallAnswer& answer) {
  on_answer(answer);
  answers_.insert_or_assign(answer.id, answer);
}

bool Stage::are_all_up() const {
  return std::ranges::all_of(barriers_, [](const auto& each) { return each.is_up(); });
}

bool Stage::are_all_down() const {
  return std::ranges::all_of(barriers_, [](const auto& each) { return each.is_down(); });
}

// The books.

store::Session Stage::session(const std::string& code) {
  const auto ticket = TicketCode::parse(code);
  auto session = ticket ? process_->books().sessions().find_by_code(ticket->body)
                        : std::optional<store::Session>();
  if (!session) throw Violation("a ticket that was printed is not in the books");
  return *session;
}

void Stage::finish() {
  pass(1500ms);
  check_open_sessions(process_->books());
  for (const auto& [code, handed_over] : cash_) {
    const auto payments = process_->books().payments().of_session(session(code).key);
    if (payments.size() != 1 || payments.front().amount != handed_over)
      throw Violation("the books do not hold the cash that was handed over, once");
  }
  check_audit(*disk_);
}

}  // namespace gatehouse::world
