#include "tests/unit/edge/engine/gate_lot.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/audit.hpp"

#include <algorithm>

namespace gatehouse::engine::tests {
namespace {

constexpr TicketKey key{7, 7, 7};

/// SplitMix64: the same bytes for the same seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      std::uint64_t z = (state_ += 0x9E37'79B9'7F4A'7C15U);
      z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
      z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
      byte = static_cast<std::uint8_t>(z >> 56U);
    }
  }

 private:
  std::uint64_t state_;
};

class PlainQr final : public QrWriter {
 public:
  [[nodiscard]] std::string svg(std::string_view text) const override {
    return "<svg><path d='" + std::string(text) + "'/></svg>";
  }
};

LanePlan lane(const char* id, LaneDirection direction, std::optional<std::uint32_t> barrier,
              std::vector<ZoneIndex> zones) {
  LanePlan plan{.id = GateId::parse(id).value(),
                .direction = direction,
                .barrier = {},
                .zones = std::move(zones)};
  if (barrier) plan.barrier = BarrierIndex(*barrier);
  return plan;
}

GatePlan lanes() {
  const ZoneIndex a{0U};
  const ZoneIndex b{1U};
  std::vector<BarrierId> barriers;
  for (const char* id : {"b1", "b2", "b3", "b4", "b5"})
    barriers.push_back(BarrierId::parse(id).value());
  return {{lane("ENTRY_GATE_01", LaneDirection::entry, 0, {a, b}),
           lane("EXIT_GATE_01", LaneDirection::exit, 1, {a, b}),
           lane("BOTH_GATE", LaneDirection::both, {}, {a, b}),
           lane("ENTRY_GATE_02", LaneDirection::entry, 2, {b}),
           lane("EXIT_GATE_02", LaneDirection::exit, 3, {b}),
           lane("BOTH_GATE_02", LaneDirection::both, 4, {a, b})},
          std::move(barriers)};
}

Heard read(std::string_view payload) {
  Heard heard{.gate = member(payload, "gate"),
              .scan_id = member(payload, "scan_id"),
              .answer = member(payload, "decision") + "/" + member(payload, "reason"),
              .update = std::stoi(member(payload, "update")),
              .session_id = member(payload, "session_id"),
              .vehicle_number = member(payload, "vehicle_number"),
              .zone = member(payload, "zone"),
              .slot = member(payload, "slot"),
              .message = member(payload, "message"),
              .code = member(payload, "code"),
              .amount_due = {}};
  const std::string amount = member(payload, "amount_due_paise");
  if (!amount.empty()) heard.amount_due = Paise(std::stoll(amount));
  return heard;
}

}  // namespace

std::string member(std::string_view json, std::string_view key_text) {
  const std::string start = "\"" + std::string(key_text) + "\":";
  const auto found = json.find(start);
  if (found == std::string_view::npos) return {};
  std::string_view value = json.substr(found + start.size());
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find('"')));
  }
  return std::string(value.substr(0, value.find_first_of(",}")));
}

struct GateLot::Parts {
  Parts(std::uint64_t seed, const std::filesystem::path& store, const std::uint64_t& free_bytes,
        const Clock& clock)
      : random(seed),
        audit(clock),
        ballast(store, {.ballast_bytes = 4'096, .low_bytes = 1'024},
                [&free_bytes](const auto&) { return free_bytes; }) {}
  PlainQr qr;
  SeededRandom random;
  AuditInbox audit;
  store::Ballast ballast;
};

GateLot::GateLot(LotRules rules)
    : rules_(std::move(rules)),
      parts_(std::make_unique<Parts>(rules_.seed, dir_ / "gatehouse.db", free_bytes, clock)) {
  database_.emplace(store::Database::open({.path = dir_ / "gatehouse.db", .create = true}));
  store::migrate(*database_);
  std::vector<store::ZoneSeed> zones{zone_seed("A", rules_.slots_in_a), zone_seed("B", 2)};
  zones[1].zone.walk_in = rules_.b_takes_walk_ins;
  store::seed(*database_, {LotId::parse("demo").value(), "Demo lot", zones}, clock.now().utc);
  {
    store::Accounts accounts(*database_);
    store::Transaction transaction = database_->begin();
    staff_ = accounts
                 .insert(transaction, {.username = "staff1",
                                       .role = store::Role::staff,
                                       .gate = {},
                                       .password_hash = "x",
                                       .email = {},
                                       .phone_number = {},
                                       .created_at = clock.now().utc})
                 .value();
    static_cast<void>(std::move(transaction).commit(0));
  }
  begin_process();
  report_barriers();
  forget();
}

GateLot::~GateLot() = default;

void GateLot::end_process() {
  engine_.reset();
  books_.reset();
  database_.reset();
}

void GateLot::begin_process() {
  if (!database_) database_.emplace(store::Database::open({.path = dir_ / "gatehouse.db"}));
  {
    store::Transaction transaction = database_->begin();
    store::PlanRows(*database_).sweep(transaction);
    static_cast<void>(std::move(transaction).commit(0));
  }
  plan_ = store::load_plan(*database_);
  premises_.emplace(Premises{.plan = *plan_,
                             .gates = lanes(),
                             .gate_rules = rules_.gates,
                             .billing = rules_.billing,
                             .local = [this](Instant at) { return calendar_.local(at); },
                             .takes_online_payments = rules_.takes_online_payments,
                             .boot = "boot-1"});
  books_ = std::make_unique<Books>(*database_, *plan_);
  inbox_ = std::make_unique<Inbox>(plan_->slots().size());
  engine_ =
      std::make_unique<Engine>(Engine::Parts{.plan = *plan_,
                                             .database = *database_,
                                             .inbox = *inbox_,
                                             .clock = clock,
                                             .calendar = calendar_,
                                             .outside = outside_,
                                             .settings = {.outbox = rules_.outbox},
                                             .gates = GateParts{.premises = *premises_,
                                                                .qr = parts_->qr,
                                                                .random = parts_->random,
                                                                .ticket_key = key,
                                                                .alarms = &beside,
                                                                .audit_inbox = &parts_->audit},
                                             .ballast = &parts_->ballast});
  engine_->start();
  collect();
}

void GateLot::report_barriers(BarrierState state) {
  for (const LanePlan& each : premises_->gates.lanes()) {
    if (each.barrier) barrier(each.id.text(), state);
  }
}

void GateLot::restart() {
  end_process();
  begin_process();
  report_barriers();
}

void GateLot::forget() {
  heard.clear();
  orders.clear();
  answers.clear();
  alerts.clear();
  barriers.clear();
  handed_out.clear();
  store::Outbox outbox(*database_);
  forgotten_ = {outbox.position().epoch, outbox.position().last_sequence};
}

std::string GateLot::next_id(std::string_view kind) {
  return std::string(kind) + "-" + std::to_string(++ids_);
}

std::string GateLot::booking(const Booked& booked) {
  end_process();
  database_.emplace(store::Database::open({.path = dir_ / "gatehouse.db"}));
  Books written(*database_, *plan_);
  Tickets tickets(key, {}, parts_->random);
  store::Transaction transaction = database_->begin();
  const Instant now = clock.now().utc;
  std::vector<SlotIndex> taken;
  for (const store::SlotClaim& each : written.sessions.claims()) taken.push_back(each.slot);
  std::optional<SlotIndex> free;
  for (std::uint32_t i = 0; i < plan_->slots().size() && !free; ++i) {
    const bool is_in_zone = plan_->slots()[i].zone == zone(booked.zone);
    if (is_in_zone && std::ranges::find(taken, SlotIndex(i)) == taken.end()) free = SlotIndex(i);
  }
  store::Session session{.id = tickets.make_id(), .kind = booked.kind, .state = booked.state};
  session.vehicle = VehicleNumber::parse("MH02CD" + std::to_string(1000 + ++ids_)).value();
  session.zone = zone(booked.zone);
  session.slot = free.value();
  session.code = tickets.make();
  session.rates = plan_->zone(session.zone).rates;
  session.booked = booked.paid;
  session.prepaid_hours = booked.hours;
  session.created_at = now;
  session.expires_at = now + 60min;
  session.key = written.sessions.insert(transaction, session);
  if (booked.paid > Paise(0)) {
    store::Payment payment{.id = tickets.make_id(),
                           .session = session.key,
                           .method = PaymentMethod::online,
                           .provider = "razorpay",
                           .amount = booked.paid,
                           .state = PaymentState::success,
                           .order_id = {},
                           .provider_payment_id = {},
                           .created_at = now,
                           .expires_at = {},
                           .paid_at = now,
                           .shift = {},
                           .taken_by = {},
                           .tendered = {},
                           .failure = {}};
    payment.key = written.payments.insert(transaction, payment);
    written.ledger.append(transaction, payment_captured(Account::provider_razorpay, booked.paid),
                          {.at = now,
                           .cause = store::LedgerCause::payment_captured,
                           .session = session.key,
                           .payment = payment.key,
                           .refund = {}});
  }
  static_cast<void>(std::move(transaction).commit(0));
  begin_process();
  report_barriers();
  return session.code.text();
}

bool GateLot::turn() {
  const bool any = engine_->turn();
  collect();
  return any;
}

void GateLot::advance(std::chrono::microseconds time) {
  clock.pass(time);
  turn();
}

void GateLot::step_wall_clock(std::chrono::milliseconds by) {
  clock.set_wall_clock(clock.now().utc + by);
}

void GateLot::collect() {
  for (Effects& effects : outside_.told) {
    for (const DecisionShown& shown : effects.decisions) heard.push_back(read(shown.payload));
    for (const BarrierOrder& order : effects.orders) {
      orders.push_back(order);
      if (order.kind == BarrierOrderKind::open) newest_open_ = order;
    }
    answers.insert(answers.end(), effects.answers.begin(), effects.answers.end());
    barriers.insert(barriers.end(), effects.barriers.begin(), effects.barriers.end());
    for (const AlertShown& shown : effects.alerts) {
      const bool is_cleared = member(shown.payload, "cleared") == "true";
      alerts.push_back((is_cleared ? "cleared " : "") + shown.kind + " " +
                       member(shown.payload, "subject"));
    }
    if (effects.rebuild_due) ++rebuilds;
    if (effects.events) handed_out.push_back(*effects.events);
  }
  outside_.told.clear();
}

Heard GateLot::newest(std::string_view at_gate) const {
  for (auto each = heard.rbegin(); each != heard.rend(); ++each) {
    if (each->gate == at_gate) return *each;
  }
  return {};
}

bool GateLot::was_alerted(std::string_view alert) const {
  return std::ranges::find(alerts, alert) != alerts.end();
}

std::string GateLot::unknown_code() {
  Tickets tickets(key, {}, parts_->random);
  return tickets.make().text();
}

store::Session GateLot::session(const std::string& code) {
  return books_->sessions.find_by_code(TicketCode::parse(code).value().body).value();
}

std::vector<store::Payment> GateLot::payments(const std::string& code) {
  return books_->payments.of_session(session(code).key);
}

std::vector<std::string> GateLot::events() {
  store::Outbox outbox(*database_);
  std::vector<std::string> types;
  for (const auto& row : outbox.read_after(forgotten_, 10'000)) {
    require(row.type.starts_with("parking.") && row.type.ends_with(".v1"), "a type of ours");
    types.push_back(row.type.substr(8, row.type.size() - 11));
  }
  return types;
}

int GateLot::count_events(std::string_view type) {
  const auto all = events();
  return static_cast<int>(std::ranges::count(all, type));
}

std::vector<std::string> GateLot::data_of(const std::string& type) {
  SQLite::Statement query(
      database_->raw(),
      "SELECT data FROM outbox WHERE type LIKE ? AND (epoch, sequence) > (?, ?) "
      "ORDER BY epoch, sequence");
  query.bind(1, type);
  query.bind(2, static_cast<std::int64_t>(forgotten_.epoch));
  query.bind(3, static_cast<std::int64_t>(forgotten_.sequence));
  std::vector<std::string> data;
  while (query.executeStep()) data.push_back(query.getColumn(0).getString());
  return data;
}

std::int64_t GateLot::number(const std::string& query) {
  return database_->raw().execAndGet(query).getInt64();
}

std::string GateLot::text(const std::string& query) {
  return database_->raw().execAndGet(query).getString();
}

void GateLot::run(const std::string& sql) { database_->raw().exec(sql); }

std::string GateLot::violations() {
  std::string all;
  for (const std::string& each : store::audit(*database_).violations) all += each + "\n";
  return all;
}

std::string GateLot::slot_of(const std::string& code) {
  const store::Session found = session(code);
  return store::holds_slot(found) ? plan_->slot(*found.slot).id.text() : "";
}

std::string GateLot::status(std::string_view id) const {
  return std::string(name(engine_->occupancy().board().shown(slot(id)).status));
}

std::uint32_t GateLot::available(std::string_view zone_id) const {
  return engine_->occupancy().board().availability(zone(zone_id)).available;
}

GateIndex GateLot::gate(std::string_view id) const {
  return premises_->gates.find_gate(id).value();
}

}  // namespace gatehouse::engine::tests
