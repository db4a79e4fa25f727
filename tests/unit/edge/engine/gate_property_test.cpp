// What holds of a lot after any sequence of cars, people, faults and restarts: nothing opens twice,
// nobody leaves unpaid, the slots add up, and whoever is inside gets out again.
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

constexpr std::array gates = {"ENTRY_GATE_01", "EXIT_GATE_01", "BOTH_GATE",
                              "ENTRY_GATE_02", "EXIT_GATE_02", "BOTH_GATE_02"};
constexpr std::array with_barrier = {"ENTRY_GATE_01", "EXIT_GATE_01", "ENTRY_GATE_02",
                                     "EXIT_GATE_02", "BOTH_GATE_02"};

/// SplitMix64: the same sequence for the same seed, with every library.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    std::uint64_t z = (state_ += 0x9E37'79B9'7F4A'7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % bound);
  }
  bool once_in(std::size_t times) { return below(times) == 0; }
  template <class List>
  auto any_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

class World {
 public:
  explicit World(std::uint64_t seed)
      : chance_(seed),
        lot({.takes_online_payments = chance_.once_in(2),
             .with_presence_loops = chance_.once_in(2),
             .seed = seed}) {}

  void step() {
    happen();
    check_orders();
    check_slots();
    if (chance_.once_in(12)) REQUIRE(lot.violations() == "");
  }
  /// Everything is well again: nobody inside is locked in.
  void heal() {
    for (const char* gate : with_barrier) {
      lot.barrier(gate, BarrierState::unreachable);
      lot.barrier(gate, BarrierState::closed, {.vehicle_present = true});
    }
    for (const store::Session& session : lot.books().sessions.open()) {
      if (!is_inside(session.state) || session.let_out_at) continue;
      const std::string code = session.code.text();
      const int before = lot.openings("EXIT_GATE_01");
      const auto left = lot.leave(code, {.gate = "EXIT_GATE_01"});
      if (lot.is_refused(left, Refusal::ask_staff)) continue;
      REQUIRE(left);
      REQUIRE(lot.openings("EXIT_GATE_01") == before + 1);
      REQUIRE(lot.state(code) == SessionState::completed);
      lot.advance(4s);
      lot.scan("EXIT_GATE_01", code);
      REQUIRE(lot.openings("EXIT_GATE_01") == before + 2);
      lot.drive_through();
    }
    check_orders();
    REQUIRE(lot.violations() == "");
  }

 private:
  void happen() {
    switch (chance_.below(20)) {
      case 16:
      case 17:
      case 18:
      case 19:
        return at_the_counter();
      case 0:
        return issue();
      case 1:
        return press();
      case 2:
      case 3:
      case 4:
      case 5:
        return scan();
      case 6:
      case 7:
        return pay();
      case 8:
      case 9:
        return tell_of_opening();
      case 10:
        return lot.sensor(any_slot(), chance_.once_in(2));
      case 11:
        return barrier();
      case 12:
      case 13:
        return lot.advance(chance_.any_of(
            std::array<std::chrono::microseconds, 6>{500ms, 2s, 4s, 90s, 7min, 40min}));
      case 14:
        return rare();
      default:
        // Two of them in one batch.
        if (codes_.empty()) return;
        lot.put_scan(chance_.any_of(gates), chance_.any_of(codes_));
        return scan();
    }
  }

  void issue() {
    const auto issued = lot.ask(IssueTicket{.vehicle = any_vehicle(),
                                            .owner_name = {},
                                            .phone_number = {},
                                            .zone = lot.zone(chance_.once_in(2) ? "A" : "B"),
                                            .gate = {}});
    if (issued) codes_.push_back(std::get<TicketIssued>(*issued).code);
  }
  void press() {
    const bool is_named = chance_.once_in(2);
    const Heard heard =
        lot.press(chance_.any_of(gates), is_named ? any_vehicle().text() : std::string());
    if (!heard.code.empty()) codes_.push_back(heard.code);
  }
  void scan() {
    if (codes_.empty()) return issue();
    ScanAs as;
    if (chance_.once_in(6)) as.id = "again-" + std::to_string(chance_.below(5));
    if (chance_.once_in(4)) as.method = PaymentMethod::cash;
    if (chance_.once_in(8)) as.device_ts = lot.clock.now().utc - chance_.below(20) * 1s;
    lot.scan(chance_.any_of(gates), chance_.any_of(codes_), as);
  }
  void pay() {
    if (codes_.empty()) return;
    LeaveBy by;
    if (chance_.once_in(3)) by.gate = chance_.any_of(gates);
    if (chance_.once_in(5)) by.method = PaymentMethod::online;
    if (chance_.once_in(5)) by.amount = Paise(5'000);
    static_cast<void>(lot.leave(chance_.any_of(codes_), by));
  }
  /// What staff do beside tickets and cash.
  void at_the_counter() {
    if (codes_.empty()) return issue();
    const std::string code = chance_.any_of(codes_);
    const auto number = ById{std::to_string(1 + chance_.below(codes_.size()))};
    const auto stay = chance_.once_in(3) ? std::optional(StayLength::steady) : std::nullopt;
    switch (chance_.below(8)) {
      case 0:
        return lose(number);
      case 1:
        static_cast<void>(lot.ask(Terminate{number, "A test", stay}));
        return;
      case 2:
        static_cast<void>(lot.ask(LetOut{.which = number,
                                         .gate = lot.gate(chance_.any_of(gates)),
                                         .reason = "A test",
                                         .reference = {},
                                         .stay = stay}));
        return;
      case 3:
        static_cast<void>(lot.ask(CancelBooking{ByCode{code}, chance_.once_in(3)}));
        return;
      case 4:
        static_cast<void>(lot.ask(OpenShift{Paise(2'000)}));
        return;
      case 5:
        static_cast<void>(lot.ask(CloseShift{Paise(std::int64_t(chance_.below(30'000)))}));
        return;
      case 6:
        static_cast<void>(lot.ask(Leave{.which = ByCode{code},
                                        .method = PaymentMethod::cash,
                                        .amount = {},
                                        .tendered = {},
                                        .gate = {},
                                        .stay = StayLength::utc,
                                        .reason = "A test"}));
        return;
      default:
        return lose(ByVehicle{any_vehicle()});
    }
  }
  void lose(WhichSession which) {
    const auto lost =
        lot.ask(LostTicket{std::move(which), "A test",
                           lot.clock.now().utc - chance_.below(200) * 1min, lot.zone("A")});
    if (lost) codes_.push_back(std::get<TicketReplaced>(*lost).code);
  }
  void tell_of_opening() {
    if (lot.orders.empty()) return;
    const std::size_t back = std::min(chance_.below(4), lot.orders.size() - 1);
    const BarrierOrder order = lot.orders[lot.orders.size() - 1 - back];
    if (!order.opening) return;
    lot.opening(
        *order.opening,
        chance_.any_of(std::array{How::seen_open, How::seen_open, How::passed, How::passed,
                                  How::closed_unpassed, How::failed, How::too_old, How::refused}));
  }
  void barrier() {
    using enum BarrierState;
    lot.barrier(
        chance_.any_of(with_barrier),
        chance_.any_of(std::array{closed, closed, closed, open, held, locked, fault, unreachable}),
        {.vehicle_present = chance_.once_in(2), .vehicle_under_arm = chance_.once_in(4)});
  }
  void rare() {
    switch (chance_.below(6)) {
      case 0:
        return lot.step_wall_clock(chance_.once_in(2) ? 90s : -90s);
      case 1:
        return lot.intrusion(chance_.any_of(with_barrier), chance_.once_in(2)
                                                               ? IntrusionReported::Kind::forced
                                                               : IntrusionReported::Kind::tailgate);
      case 2:
        return lot.sensor_online(any_slot(), chance_.once_in(2));
      case 3:
        static_cast<void>(lot.ask(MoveBarrier{
            {}, chance_.once_in(2) ? BarrierOrderKind::open : BarrierOrderKind::hold, "A test"}));
        return;
      default:
        lot.end_process();
        lot.begin_process();
        if (chance_.once_in(2)) lot.report_barriers();
    }
  }

  VehicleNumber any_vehicle() {
    return VehicleNumber::parse("DL01AB" + std::to_string(1000 + chance_.below(12))).value();
  }
  std::string any_slot() {
    return lot.plan().slots()[chance_.below(lot.plan().slots().size())].id.text();
  }

  /// Each order to open is a new one, its scan's only one, and no exit is ordered of a stay that is
  /// not settled.
  void check_orders() {
    for (; orders_checked_ < lot.orders.size(); ++orders_checked_) {
      const BarrierOrder& order = lot.orders[orders_checked_];
      if (order.kind != BarrierOrderKind::open) continue;
      REQUIRE(ordered_.insert(order.opening.value()).second);
      const auto opening =
          lot.books().openings.find(store::OpeningKey{std::int64_t(*order.opening)}).value();
      if (opening.scan) REQUIRE(scans_.insert(*opening.scan).second);
      if (!opening.authorisation) continue;
      const auto authorisation = lot.books().openings.find(*opening.authorisation).value();
      const store::Session session = lot.books().sessions.find(authorisation.session).value();
      if (authorisation.direction == store::Passage::entry) {
        REQUIRE(session.entry_time);
      } else if (session.let_out_at) {
        REQUIRE(lot.number("SELECT count(*) FROM staff_acts WHERE kind = 'let_out' AND session = " +
                           std::to_string(std::int64_t(session.key))) > 0);
      } else {
        REQUIRE(session.state == SessionState::completed);
        const auto balances = lot.books().ledger.balances(session.key);
        REQUIRE(balances[std::size_t(Account::revenue)] >= session.quote.value().charge);
        REQUIRE(balances[std::size_t(Account::customer)] == Paise(0));
      }
    }
  }

  /// What the board says of slots is what the sessions say; zones add up.
  void check_slots() {
    const OccupancyBoard& board = lot.engine().occupancy().board();
    std::map<SlotIndex, Claim> claims;
    for (const store::SlotClaim& each : lot.books().sessions.claims())
      claims[each.slot] = each.claim;
    std::array<std::uint32_t, 2> free{};
    for (std::uint32_t i = 0; i < lot.plan().slots().size(); ++i) {
      const SlotIndex slot{i};
      const auto found = claims.find(slot);
      REQUIRE(board.claim(slot) == (found == claims.end() ? Claim::none : found->second));
      if (board.shown(slot).status == SlotStatus::free) ++free[at(lot.plan().slot(slot).zone)];
    }
    REQUIRE(lot.available("A") == free[0]);
    REQUIRE(lot.available("B") == free[1]);
    REQUIRE(board.lot_availability().counts.total() == lot.plan().slots().size());
  }

  Chance chance_;
  std::vector<std::string> codes_;
  std::size_t orders_checked_ = 0;
  std::set<OpeningId> ordered_;
  std::set<store::ScanKey> scans_;

 public:
  GateLot lot;
};

}  // namespace

TEST_CASE("whatever happens, nothing opens twice, nobody leaves unpaid and nobody is locked in",
          "[engine][gate][property]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 13));
  CAPTURE(seed);
  World world(seed);
  for (int step = 0; step < 150; ++step) {
    CAPTURE(step);
    world.step();
  }
  world.heal();
}
