#include "edge/store/sessions.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/rates_column.hpp"
#include "edge/store/row_update.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>
#include <tuple>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view columns =
    "id, kind, status, vehicle_number, owner_name, phone_number, zone, slot, slot_given_back, "
    "arrived_in_slot_at, code_body, code_mac, rates, booked_paise, prepaid_hours, surcharge_paise, "
    "created_at, created_by, created_gate, expires_at, entry_time, entry_gate, entry_clock_note, "
    "entry_confirmed_at, billing_time, quote_charge_paise, quote_valid_until, chosen_stay_ms, "
    "payment_method, exit_time, exit_gate, let_out_at, settled_at, closed_at, close_reason";

std::string select(std::string_view condition) {
  return select_from("sessions", columns, condition);
}

// A code in its row: the body, by which it is found, and the proof as it was printed.
constexpr std::size_t body_at = 5;  // behind `PARK-`
constexpr std::size_t mac_at = body_at + TicketBody::characters + 1;

TicketCode code_of(const std::string& body, const std::string& mac) {
  const auto code = TicketCode::parse("PARK-" + body + "-" + mac);
  if (!code) throw_impossible("ticket code");
  return *code;
}

std::vector<std::int64_t> keys(SQLite::Database& raw, const char* query_text) {
  std::vector<std::int64_t> found;
  SQLite::Statement query(raw, query_text);
  while (query.executeStep()) found.push_back(query.getColumn(0).getInt64());
  return found;
}

/// Where a key stands among the plan's, which ascend.
template <class Index>
Index index_of(const std::vector<std::int64_t>& ascending, std::int64_t key) {
  const auto found = std::ranges::lower_bound(ascending, key);
  if (found == ascending.end() || *found != key) throw_impossible("slot or zone of a session");
  return Index(found - ascending.begin());
}

}  // namespace

struct Sessions::Statements {
  explicit Statements(SQLite::Database& raw)
      : by_key(raw, select("key = ?")),
        by_id(raw, select("id = ?")),
        by_code(raw, select("code_body = ?")),
        by_vehicle(raw, select("vehicle_number = ? AND is_open = 1 AND let_out_at IS NULL")),
        by_slot(raw, select("slot = ? AND is_open = 1 AND slot_given_back = 0")),
        open(raw,
             select_from("sessions INDEXED BY sessions_open", columns, "is_open = 1 ORDER BY key")),
        claims(raw,
               "SELECT slot, status IN ('ACTIVE', 'EXIT_PENDING') FROM sessions "
               "WHERE is_open = 1 AND slot_given_back = 0 ORDER BY slot"),
        expired(raw, select("expires_at <= ? AND entry_time IS NULL AND is_open = 1 "
                            "ORDER BY expires_at, key LIMIT ?")),
        waiting(raw,
                "SELECT key, entry_gate FROM sessions INDEXED BY sessions_waiting "
                "WHERE zone = ? AND entry_time BETWEEN ? AND ? AND status = 'ACTIVE' "
                "AND arrived_in_slot_at IS NULL ORDER BY entry_time, key"),
        matching(raw, select_from("sessions INDEXED BY sessions_open", columns,
                                  "is_open = 1 AND let_out_at IS NULL "
                                  "AND instr(vehicle_number, ?) > 0 ORDER BY key LIMIT ?")),
        let_out(raw, select_from("sessions INDEXED BY sessions_let_out", columns,
                                 "let_out_at IS NOT NULL AND is_open = 1 "
                                 "ORDER BY let_out_at, key LIMIT ?")),
        inside_since(raw, select_from("sessions INDEXED BY sessions_open", columns,
                                      "is_open = 1 AND status IN ('ACTIVE', 'EXIT_PENDING') "
                                      "AND entry_time <= ? AND let_out_at IS NULL "
                                      "AND NOT EXISTS (SELECT 1 FROM alerts WHERE kind = ? "
                                      "  AND subject = sessions.id AND cleared_at IS NULL) "
                                      "ORDER BY entry_time, key LIMIT ?")),
        unpaid(raw,
               "SELECT count(*) FROM sessions INDEXED BY sessions_open "
               "WHERE zone = ? AND is_open = 1 AND status IN ('PENDING_PAYMENT', 'BOOKED') "
               "AND (status = 'PENDING_PAYMENT' OR (booked_paise = 0 AND kind <> 'walk_in'))"),
        insert(raw, insert_into("sessions", columns)),
        update(raw, "sessions", columns) {}
  Statement by_key;
  Statement by_id;
  Statement by_code;
  Statement by_vehicle;
  Statement by_slot;
  Statement open;
  Statement claims;
  Statement expired;
  Statement waiting;
  Statement matching;
  Statement let_out;
  Statement inside_since;
  Statement unpaid;
  Statement insert;
  RowUpdate update;
};

Sessions::Sessions(Database& database, const LotPlan& plan) : database_(database) {
  attempt("cannot open the sessions", [&] {
    slot_keys_ = keys(database.raw(), "SELECT key FROM slots ORDER BY key");
    zone_keys_ = keys(database.raw(), "SELECT key FROM zones ORDER BY key");
    statements_ = std::make_unique<Statements>(database.raw());
  });
  require(slot_keys_.size() == plan.slots().size(), "the plan is this store's");
  require(zone_keys_.size() == plan.zones().size(), "the plan is this store's");
}

Sessions::~Sessions() = default;

Session Sessions::read(Run& row) const {
  Session session{
      .key = row.get<SessionKey>(),
      .id = row.get<std::string>(),
      .kind = row.parsed(parse_admission_kind, "kind of session"),
      .state = row.parsed(parse_session_state, "status of a session"),
      .vehicle = row.maybe_parsed(VehicleNumber::parse, "vehicle number"),
      .owner_name = row.get<std::string>(),
      .phone_number = row.get<std::string>(),
      .zone = index_of<ZoneIndex>(zone_keys_, row.get<std::int64_t>()),
  };
  if (const auto slot = row.maybe<std::int64_t>()) {
    session.slot = index_of<SlotIndex>(slot_keys_, *slot);
  }
  session.slot_given_back = row.get<bool>();
  session.arrived_in_slot_at = row.maybe<Instant>();
  const auto body = row.get<std::string>();
  session.code = code_of(body, row.get<std::string>());
  session.rates = row.parsed(decode_rates, "rate of a session");
  session.booked = row.get<Paise>();
  session.prepaid_hours = row.maybe<std::chrono::hours>();
  session.surcharge = row.get<Paise>();
  session.created_at = row.get<Instant>();
  session.created_by = row.maybe<UserKey>();
  session.created_gate = row.get<std::string>();
  session.expires_at = row.maybe<Instant>();
  session.entry_time = row.maybe<Instant>();
  session.entry_gate = row.get<std::string>();
  session.entry_clock_note = row.maybe<ClockNoteKey>();
  session.entry_confirmed_at = row.maybe<Instant>();
  session.billing_time = row.maybe<Instant>();
  const auto charge = row.maybe<Paise>();
  const auto valid_until = row.maybe<Instant>();
  if (charge && valid_until) session.quote = SessionQuote{*charge, *valid_until};
  session.chosen_stay = row.maybe<std::chrono::milliseconds>();
  session.payment_method = row.maybe_parsed(parse_payment_method, "payment method");
  session.exit_time = row.maybe<Instant>();
  session.exit_gate = row.get<std::string>();
  session.let_out_at = row.maybe<Instant>();
  session.settled_at = row.maybe<Instant>();
  session.closed_at = row.maybe<Instant>();
  session.close_reason = row.get<std::string>();
  return session;
}

std::optional<Session> Sessions::only(Run&& run) const {
  if (!run.next()) return std::nullopt;
  return read(run);
}

std::vector<Session> Sessions::all(Run&& run) const {
  std::vector<Session> found;
  while (run.next()) found.push_back(read(run));
  return found;
}

std::optional<Session> Sessions::find(SessionKey session) {
  return attempt("cannot read a session", [&] { return only(Run(statements_->by_key, session)); });
}

std::optional<Session> Sessions::find_by_id(std::string_view id) {
  return attempt("cannot read a session", [&] { return only(Run(statements_->by_id, id)); });
}

std::optional<Session> Sessions::find_by_code(const TicketBody& body) {
  return attempt("cannot read a session",
                 [&] { return only(Run(statements_->by_code, body.text())); });
}

std::optional<Session> Sessions::find_open(const VehicleNumber& vehicle) {
  return attempt("cannot read a session",
                 [&] { return only(Run(statements_->by_vehicle, vehicle.text())); });
}

std::optional<Session> Sessions::find_holder(SlotIndex slot) {
  return attempt("cannot read a session",
                 [&] { return only(Run(statements_->by_slot, slot_keys_.at(at(slot)))); });
}

std::vector<Session> Sessions::open() {
  return attempt("cannot read the open sessions", [&] { return all(Run(statements_->open)); });
}

std::vector<SlotClaim> Sessions::claims() {
  return attempt("cannot read who holds the slots", [&] {
    std::vector<SlotClaim> found;
    Run run(statements_->claims);
    while (run.next()) {
      const auto slot = index_of<SlotIndex>(slot_keys_, run.get<std::int64_t>());
      found.push_back({slot, run.get<bool>() ? Claim::active : Claim::held});
    }
    return found;
  });
}

std::vector<Session> Sessions::expired(Instant now, int sessions_max) {
  return attempt("cannot read what expired",
                 [&] { return all(Run(statements_->expired, now, std::max(sessions_max, 0))); });
}

std::vector<Session> Sessions::waiting_for_slot(
    std::span<const ZoneIndex> zones, Instant since, Instant until, std::size_t sessions_max,
    const std::function<bool(const WaitingForSlot&)>& wanted) {
  return attempt("cannot read who waits for a slot", [&] {
    std::vector<Session> found;
    for (const ZoneIndex zone : zones) {
      Run run(statements_->waiting, zone_keys_.at(at(zone)), since, until);
      while (found.size() < sessions_max && run.next()) {
        const auto key = run.get<SessionKey>();
        if (wanted({.key = key, .zone = zone, .entry_gate = run.get<std::string>()}))
          found.push_back(only(Run(statements_->by_key, key)).value());
      }
    }
    return found;
  });
}

std::vector<Session> Sessions::matching(std::string_view vehicle_text, int sessions_max) {
  return attempt("cannot read the open sessions", [&] {
    return all(Run(statements_->matching, vehicle_text, std::max(sessions_max, 0)));
  });
}

std::vector<Session> Sessions::let_out(int sessions_max) {
  return attempt("cannot read who was let out",
                 [&] { return all(Run(statements_->let_out, std::max(sessions_max, 0))); });
}

std::vector<Session> Sessions::inside_since(Instant entered, std::string_view alert_kind,
                                            int sessions_max) {
  return attempt("cannot read the long stays", [&] {
    return all(Run(statements_->inside_since, entered, alert_kind, std::max(sessions_max, 0)));
  });
}

std::uint32_t Sessions::unpaid_holds(ZoneIndex zone) {
  return attempt("cannot count the unpaid bookings", [&] {
    Run run(statements_->unpaid, zone_keys_.at(at(zone)));
    return run.next() ? run.get<std::uint32_t>() : 0;
  });
}

namespace {

/// A row's values in the order of `columns`, and what follows them.
template <class Into, class... More>
int write(Into& into, const Session& session, std::int64_t zone_key,
          std::optional<std::int64_t> slot_key, const More&... more) {
  const std::string code = session.code.text();
  const bool slot_given_back = session.slot_given_back || !session.slot || !is_open(session);
  std::optional<std::string> vehicle;
  if (session.vehicle) vehicle = session.vehicle->text();
  std::optional<Paise> charge;
  std::optional<Instant> valid_until;
  if (session.quote) {
    charge = session.quote->charge;
    valid_until = session.quote->valid_until;
  }
  return write_row(into, session.id, session.kind, session.state, vehicle, session.owner_name,
                   session.phone_number, zone_key, slot_key, slot_given_back,
                   session.arrived_in_slot_at, code.substr(body_at, TicketBody::characters),
                   code.substr(mac_at), encode_rates(session.rates), session.booked,
                   session.prepaid_hours, session.surcharge, session.created_at, session.created_by,
                   session.created_gate, session.expires_at, session.entry_time, session.entry_gate,
                   session.entry_clock_note, session.entry_confirmed_at, session.billing_time,
                   charge, valid_until, session.chosen_stay, session.payment_method,
                   session.exit_time, session.exit_gate, session.let_out_at, session.settled_at,
                   session.closed_at, session.close_reason, more...);
}

}  // namespace

SessionKey Sessions::insert(Transaction& /*transaction*/, const Session& session) {
  return attempt("cannot write a session", [&] {
    write(statements_->insert, session, zone_keys_.at(at(session.zone)), slot_key(session));
    return inserted<SessionKey>(database_.raw());
  });
}

void Sessions::update(Transaction& /*transaction*/, const Session& session) {
  attempt("cannot write a session", [&] {
    const int rows = write(statements_->update, session, zone_keys_.at(at(session.zone)),
                           slot_key(session), session.key);
    require(rows == 1, "a session that is updated was inserted");
  });
}

std::optional<std::int64_t> Sessions::slot_key(const Session& session) const {
  if (!session.slot) return std::nullopt;
  return slot_keys_.at(at(*session.slot));
}

}  // namespace gatehouse::store
