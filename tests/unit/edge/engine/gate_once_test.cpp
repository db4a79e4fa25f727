// What is asked for under an Idempotency-Key is done once, whatever happens in between; and the
// audit's chain tells each call.
#include "edge/engine/once.hpp"
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <map>
#include <random>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

Rendered render(const CallAnswer& said) {
  if (!said.result) {
    const Refusal why = said.result.error().why;
    if (why == Refusal::emergency) return {403, "text/plain", "forbidden"};
    if (why == Refusal::out_of_service) return {503, "text/plain", "out_of_service"};
    return {409, "text/plain", std::string(name(why))};
  }
  if (const auto* noted = std::get_if<IncidentNoted>(&*said.result))
    return {201, "application/json", noted->incident.id};
  if (const auto* bill = std::get_if<BillShown>(&*said.result))
    return {200, "application/json", bill->sums.charge.rupees()};
  return {200, "application/json", "done"};
}

Rendered as_heard(const std::expected<CallResult, CallRefused>& result) {
  if (result) {
    if (const auto* kept = std::get_if<Rendered>(&*result)) return *kept;
  }
  return render({0, result});
}

struct Once {
  std::string key;
  std::string hash = "a body";
  std::string scope = "user 1 POST /x";
};

/// Leaves it waiting in the inbox.
void put(GateLot& lot, decltype(Call::what) what, const std::optional<Once>& once,
         const Origin& from = {}) {
  const auto staff = lot.books().accounts.find("staff1").value().key;
  static std::uint64_t ids = 1'000'000;
  Call call{.id = ++ids,
            .actor = {staff, "staff1", lot.is_administrator},
            .what = std::move(what),
            .received = lot.clock.now(),
            .from = from};
  if (once)
    call.once = OnlyOnce{
        .scope = once->scope, .key = once->key, .request_hash = once->hash, .render = render};
  REQUIRE(lot.inbox().put(CallMade{std::make_shared<const Call>(std::move(call))}));
}

std::expected<CallResult, CallRefused> ask(GateLot& lot, decltype(Call::what) what,
                                           const std::optional<Once>& once,
                                           const Origin& from = {}) {
  put(lot, std::move(what), once, from);
  lot.turn();
  return lot.answers.back()->result;
}

NoteIncident incident(const std::string& text = "A broken lamp") {
  return {.kind = store::IncidentKind::equipment,
          .description = text,
          .gate = {},
          .slot = {},
          .session = {},
          .vehicle = {}};
}

std::int64_t incidents(GateLot& lot) { return lot.number("SELECT count(*) FROM incidents"); }

const Origin from_counter{.action = "POST /api/staff/incidents/",
                          .target = "",
                          .role = "STAFF",
                          .address = "203.0.113.9"};

}  // namespace

TEST_CASE("asked again, the same answer is given and nothing is done", "[gates][once]") {
  GateLot lot;
  const auto first = ask(lot, incident(), Once{"k1"});
  const auto again = ask(lot, incident(), Once{"k1"});
  CHECK(incidents(lot) == 1);
  CHECK(as_heard(again) == as_heard(first));
  lot.restart();
  CHECK(as_heard(ask(lot, incident(), Once{"k1"})) == as_heard(first));
  CHECK(incidents(lot) == 1);
  ask(lot, incident(), std::nullopt);
  CHECK(incidents(lot) == 2);
}

TEST_CASE("two at once are done once", "[gates][once]") {
  GateLot lot;
  put(lot, incident(), Once{"k1"});
  put(lot, incident(), Once{"k1"});
  lot.turn();
  REQUIRE(lot.answers.size() == 2);
  CHECK(as_heard(lot.answers[0]->result) == as_heard(lot.answers[1]->result));
  CHECK(incidents(lot) == 1);
}

TEST_CASE("another body under a key is refused, another scope is another key", "[gates][once]") {
  GateLot lot;
  const auto first = ask(lot, incident(), Once{"k1"});
  CHECK(
      lot.is_refused(ask(lot, incident("Other"), Once{"k1", "another body"}), Refusal::key_reused));
  CHECK(incidents(lot) == 1);
  CHECK(as_heard(ask(lot, incident(), Once{"k1"})) == as_heard(first));
  ask(lot, incident(), Once{"k1", "a body", "user 2 POST /x"});
  ask(lot, incident(), Once{"K1"});
  CHECK(incidents(lot) == 3);
}

TEST_CASE("a refusal is kept, unless asking again may end otherwise", "[gates][once]") {
  GateLot lot;
  CHECK(lot.is_refused(ask(lot, CloseShift{Paise(0)}, Once{"k1"}), Refusal::no_shift));
  ask(lot, OpenShift{Paise(0)}, Once{"k2"});
  CHECK(as_heard(ask(lot, CloseShift{Paise(0)}, Once{"k1"})).body == "no_shift");
  // 403: an emergency is over some day.
  lot.is_administrator = true;
  ask(lot, MoveBarrier{{}, BarrierOrderKind::hold, "Fire", true}, {});
  lot.is_administrator = false;
  const MoveBarrier down{lot.gate("EXIT_GATE_01"), BarrierOrderKind::release, "Down"};
  CHECK(as_heard(ask(lot, down, Once{"k3"})).status == 403);
  lot.is_administrator = true;
  CHECK(as_heard(ask(lot, down, Once{"k3"})).status == 200);
}

TEST_CASE("a refusal of the API's own is kept as it was given", "[gates][once]") {
  GateLot lot;
  const Rendered refusal{400, "application/json", "validation_failed"};
  CHECK(as_heard(ask(lot, KeepAnswer{refusal}, Once{"k1"})) == refusal);
  CHECK(as_heard(ask(lot, incident(), Once{"k1"})) == refusal);
  CHECK(incidents(lot) == 0);
}

TEST_CASE("a day later the key is free again", "[gates][once]") {
  GateLot lot;
  ask(lot, incident(), Once{"k1"});
  lot.advance(24h - 1s);
  ask(lot, incident(), Once{"k1"});
  CHECK(incidents(lot) == 1);
  lot.clock.pass(2s);
  ask(lot, incident(), Once{"k1"});
  CHECK(incidents(lot) == 2);
  lot.advance(25h);
  CHECK(lot.number("SELECT count(*) FROM kept_answers") == 0);
}

TEST_CASE("any sequence of keys, crashes and repetitions does each thing once",
          "[gates][once][property]") {
  const auto seed = GENERATE(range(1, 25));
  std::mt19937 random(static_cast<unsigned>(seed));
  const auto below = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
  GateLot lot;
  std::map<std::string, Rendered> first;  // by key
  std::int64_t done = 0;
  for (int step = 0; step < 40; ++step) {
    const std::string key = "k" + std::to_string(below(6));
    const unsigned what = below(8);
    if (what == 0) {
      lot.restart();
    } else if (what == 1) {
      // The process ends before it is decided: nothing of it was done.
      put(lot, incident(), Once{key});
      lot.end_process();
      lot.begin_process();
    } else if (what == 2) {
      // It ends between the commit and the answer, which nobody hears.
      if (!first.contains(key)) {
        ++done;
        put(lot, incident(), Once{key});
        lot.turn();
        first[key] = as_heard(lot.answers.back()->result);
      }
      lot.restart();
    } else {
      const bool is_other = what == 3;
      const auto said = ask(lot, incident(), Once{key, is_other ? "other" : "a body"});
      if (is_other && first.contains(key)) {
        CHECK(lot.is_refused(said, Refusal::key_reused));
      } else if (is_other) {
        ++done;
        lot.run("DELETE FROM kept_answers WHERE once_key = '" + key + "'");
      } else if (first.contains(key)) {
        CHECK(as_heard(said) == first[key]);
      } else {
        ++done;
        first[key] = as_heard(said);
      }
    }
    REQUIRE(incidents(lot) == done);
  }
}

TEST_CASE("each call that may change something is told, with how it ended", "[gates][audit]") {
  GateLot lot;
  const auto rows = [&] { return lot.number("SELECT count(*) FROM audit_log"); };
  const auto before = rows();
  ask(lot, incident(), Once{"k1"}, from_counter);
  CHECK(rows() == before + 1);
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE outcome = 'done' AND user_name = 'staff1' "
                   "AND role = 'STAFF' AND address = '203.0.113.9' "
                   "AND action = 'POST /api/staff/incidents/' "
                   "AND targets = 'incident ' || (SELECT id FROM incidents)") == 1);
  // A repetition does nothing, and a question changes nothing.
  ask(lot, incident(), Once{"k1"}, from_counter);
  ask(lot, AskShift{}, std::nullopt);
  CHECK(rows() == before + 1);
  ask(lot, CloseShift{Paise(0)}, {}, from_counter);
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE outcome = 'no_shift'") == 1);
}

TEST_CASE("what staff decided stands in the row, and no ticket's code", "[gates][audit]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.clock.pass(2h);
  ask(lot, Leave{.which = ByCode{code}, .tendered = Paise(20'000)}, {}, from_counter);
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE targets = 'session ' || (SELECT id FROM "
                   "sessions) AND detail LIKE '%CASH%' AND detail LIKE '%tendered 200.00%'") == 1);
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE instr(targets || detail, '" + code +
                   "') > 0") == 0);
  ask(lot, MoveBarrier{lot.gate("EXIT_GATE_01"), BarrierOrderKind::open, "A delivery"}, {},
      from_counter);
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE targets = 'gate EXIT_GATE_01' "
                   "AND detail = 'because: A delivery'") == 1);
}

TEST_CASE("the chain's head goes out at each start, each stop and each day of the lot",
          "[gates][audit]") {
  GateLot lot;
  const auto told = [&] {
    return lot.number("SELECT count(*) FROM outbox WHERE type = 'parking.audit.head.v1'");
  };
  const auto at_start = told();
  lot.advance(1h);
  CHECK(told() == at_start);
  lot.advance(12h);
  CHECK(told() == at_start + 1);
  lot.restart();
  CHECK(told() == at_start + 2);
  CHECK(lot.number("SELECT count(*) FROM outbox AS o JOIN audit_log AS a ON a.hash = "
                   "json_extract(o.data, '$.hash') WHERE o.type = 'parking.audit.head.v1'") ==
        told());
}

TEST_CASE("rows that were cut off while nobody looked are an alert and a gap", "[gates][audit]") {
  GateLot lot;
  ask(lot, incident(), {}, from_counter);
  lot.run(
      "DROP TRIGGER audit_log_is_kept; DELETE FROM audit_log WHERE sequence = "
      "(SELECT max(sequence) FROM audit_log)");
  lot.restart();
  CHECK(lot.was_alerted("audit_cut_off audit"));
  CHECK(lot.number("SELECT count(*) FROM audit_log WHERE outcome = 'cut_off'") == 1);
  CHECK(lot.number("SELECT max(sequence) - count(*) FROM audit_log") == 1);
}
