// What people look through: who is found by which filter, in what order, page by page, and that no
// filter walks through a whole table.
#include "edge/store/lists.hpp"

#include "edge/store/reader.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

struct Listed : Parking {
  Lists lists{*store};

  /// A walk-in that began at an instant and is still to come.
  Session began(std::uint32_t slot, Instant at, std::optional<UserKey> by = {}) {
    Session session = ticket_for(slot);
    session.created_at = at;
    session.created_by = by;
    return insert(session);
  }
  [[nodiscard]] std::vector<SessionKey> found(const SessionFilter& filter, Page page = {}) {
    return lists.sessions(filter, page).keys;
  }
};

using Keys = std::vector<SessionKey>;

}  // namespace

TEST_CASE("sessions are listed the newest first, page by page", "[store][lists]") {
  Listed lot;
  Keys newest_first;
  for (std::uint32_t i = 0; i < 5; ++i)
    newest_first.insert(newest_first.begin(), lot.began(i, noon + std::chrono::hours(i)).key);
  const auto first = lot.lists.sessions({}, {.rows = 2, .skipped = 0});
  CHECK(first.keys == Keys{newest_first[0], newest_first[1]});
  CHECK(first.total == 5);
  const auto last = lot.lists.sessions({}, {.rows = 2, .skipped = 4});
  CHECK(last.keys == Keys{newest_first[4]});
  CHECK(last.total == 5);
  CHECK(lot.lists.sessions({}, {.rows = 2, .skipped = 6}).keys.empty());
}

TEST_CASE("a time begins with its first instant and ends before its last", "[store][lists]") {
  Listed lot;
  const Session early = lot.began(0, noon - 1ms);
  const Session first = lot.began(1, noon);
  const Session last = lot.began(2, noon + 1h - 1ms);
  const Session late = lot.began(3, noon + 1h);
  CHECK(lot.found({.created = {noon, noon + 1h}}) == Keys{last.key, first.key});
  CHECK(lot.found({.created = {{}, noon}}) == Keys{early.key});
  CHECK(lot.found({.created = {noon + 1h, {}}}) == Keys{late.key});
}

TEST_CASE("sessions are found by their state, zone, maker and vehicle", "[store][lists]") {
  Listed lot;
  const UserKey user = lot.staff("priya");
  const Session done = lot.stayed(0);
  const Session inside = lot.parked(1);
  const Session in_b = lot.began(3, noon, user);
  Session named = lot.ticket_for(4);
  named.vehicle = vehicle("DL01AB1234");
  named = lot.insert(named);

  CHECK(lot.found({.state = SessionState::completed}) == Keys{done.key});
  CHECK(lot.found({.state = SessionState::active}) == Keys{inside.key});
  CHECK(lot.found({.zone = "A"}) == Keys{inside.key, done.key});
  CHECK(lot.found({.zone = "nowhere"}).empty());
  CHECK(lot.found({.user = user}) == Keys{in_b.key});
  CHECK(lot.found({.vehicle = vehicle("DL01AB1234")}) == Keys{named.key});
  CHECK(lot.found({.state = SessionState::active, .zone = "B"}).empty());
  CHECK(lot.lists.open_of_user(user) == Keys{in_b.key});
  CHECK(lot.lists.id_of(in_b.key) == in_b.id);
}

TEST_CASE("a search finds a session by whatever names it", "[store][lists]") {
  Listed lot;
  Session session = lot.ticket_for(0);
  session.vehicle = vehicle("DL01AB1234");
  session = lot.insert(session);
  Session other = lot.ticket_for(1);
  other.vehicle = vehicle("MH02CD5678");
  other = lot.insert(other);
  const Payment payment = lot.paid(session.key, Paise(5'000));

  CHECK(lot.found({.search = session.id}) == Keys{session.key});
  CHECK(lot.found({.search = std::to_string(std::to_underlying(session.key))}) ==
        Keys{session.key});
  CHECK(lot.found({.search = session.code.text()}) == Keys{session.key});
  CHECK(lot.found({.search = "dl-01-ab"}) == Keys{session.key});
  CHECK(lot.found({.search = payment.id}) == Keys{session.key});
  CHECK(lot.found({.search = "L01AB1234"}).empty());
}

TEST_CASE("what is searched for is a value, never a part of the question", "[store][lists]") {
  Listed lot;
  lot.parked(0);
  const auto* hostile = GENERATE("' OR 1=1 --", "%", "_", "x'); DROP TABLE sessions; --", "\"id\"");
  CHECK(lot.found({.search = hostile}).empty());
  CHECK(lot.found({.zone = hostile}).empty());
  CHECK(lot.lists.scans({.gate = hostile}, {}).keys.empty());
  CHECK(lot.lists.alerts({.kind = hostile}, {}).keys.empty());
  CHECK(lot.lists.payments({.provider = hostile}, {}).keys.empty());
  CHECK(lot.found({}).size() == 1);
}

TEST_CASE("of open sessions those that stand longest come first", "[store][lists]") {
  Listed lot;
  const Session expected = lot.began(4, noon - 5h);
  const Session newer = lot.parked(0, noon + 1h);
  const Session older = lot.parked(1, noon - 1h);
  lot.stayed(2);
  CHECK(lot.lists.open_sessions({}, {}).keys == Keys{older.key, newer.key, expected.key});
  CHECK(lot.lists.open_sessions({.state = SessionState::booked}, {}).keys == Keys{expected.key});
  const auto in_a = lot.lists.open_sessions({.zone = "A"}, {.rows = 1, .skipped = 1});
  CHECK(in_a.keys == Keys{newer.key});
  CHECK(in_a.total == 2);
}

TEST_CASE("payments are filtered and added up by method", "[store][lists]") {
  Listed lot;
  const Session stay = lot.parked(0);
  const Payment cash = lot.paid(stay.key, Paise(5'000));
  Payment online{.id = uuid(900),
                 .session = stay.key,
                 .provider = "razorpay",
                 .amount = Paise(2'500),
                 .state = PaymentState::pending,
                 .created_at = noon + 2h};
  online.key = lot.commit([&](Transaction& t) { return lot->payments.insert(t, online); });
  using Found = std::vector<PaymentKey>;
  CHECK(lot.lists.payments({}, {}).keys == Found{online.key, cash.key});
  CHECK(lot.lists.payments({.method = PaymentMethod::cash}, {}).keys == Found{cash.key});
  CHECK(lot.lists.payments({.provider = "razorpay"}, {}).keys == Found{online.key});
  CHECK(lot.lists.payments({.state = PaymentState::pending}, {}).keys == Found{online.key});
  CHECK(lot.lists.payments({.created = {noon + 2h, {}}}, {}).keys == Found{online.key});
  CHECK(lot.lists.totals({}) ==
        std::vector<MethodTotal>{{PaymentMethod::cash, 1, Paise(5'000), Paise(0)}});

  const Refund refund{.id = uuid(901),
                      .payment = cash.key,
                      .amount = Paise(1'000),
                      .reason = "goodwill",
                      .created_at = noon + 3h};
  const RefundKey given =
      lot.commit([&](Transaction& t) { return lot->payments.insert(t, refund); });
  CHECK(lot.lists.totals({}).front().refunded == Paise(1'000));
  CHECK(lot.lists.totals({.method = PaymentMethod::online}).empty());
  CHECK(lot.lists.refunds({.state = RefundState::pending}, {}).keys ==
        std::vector<RefundKey>{given});
  CHECK(lot.lists.refunds({.state = RefundState::failed}, {}).keys.empty());
}

TEST_CASE("scans are found by gate and by what was answered last", "[store][lists]") {
  Listed lot;
  const ScanKey in = lot.scanned("s1", {}, noon, "ENTRY_GATE_01");
  const ScanKey out = lot.scanned("s2", {}, noon + 1h);
  lot.answered(in, DecisionKind::deny, Reason::unknown_code);
  lot.answered(out, DecisionKind::pay, Reason::payment_due);
  lot.answered(out, DecisionKind::open, Reason::paid);
  using Found = std::vector<ScanKey>;
  CHECK(lot.lists.scans({}, {}).keys == Found{out, in});
  CHECK(lot.lists.scans({.gate = "ENTRY_GATE_01"}, {}).keys == Found{in});
  CHECK(lot.lists.scans({.decision = DecisionKind::open}, {}).keys == Found{out});
  CHECK(lot.lists.scans({.decision = DecisionKind::pay}, {}).keys.empty());
  CHECK(lot.lists.scans({.received = {noon + 1h, {}}}, {}).keys == Found{out});
  CHECK(lot.lists.newest_at("EXIT_GATE_01", 5) == Found{out});
}

TEST_CASE("alerts are found by kind, severity and whether they are over", "[store][lists]") {
  Listed lot;
  const auto raise = [&](std::uint64_t n, const char* kind, Severity severity) {
    return lot
        .commit([&](Transaction& t) {
          return lot->alerts.raise(t, {.id = uuid(n),
                                       .kind = kind,
                                       .severity = severity,
                                       .subject = "A-001",
                                       .message = "m",
                                       .raised_at = noon + std::chrono::minutes(n)});
        })
        .value();
  };
  const AlertKey tailgate = raise(1, "tailgate", Severity::critical);
  const AlertKey battery = raise(2, "battery_low", Severity::info);
  lot.commit([&](Transaction& t) { lot->alerts.clear(t, "tailgate", "A-001", noon + 1h); });
  using Found = std::vector<AlertKey>;
  CHECK(lot.lists.alerts({}, {}).keys == Found{battery, tailgate});
  CHECK(lot.lists.alerts({.kind = "tailgate"}, {}).keys == Found{tailgate});
  CHECK(lot.lists.alerts({.severity = Severity::info}, {}).keys == Found{battery});
  CHECK(lot.lists.alerts({.open = true}, {}).keys == Found{battery});
  CHECK(lot.lists.alerts({.open = false}, {}).keys == Found{tailgate});
  CHECK(lot.lists.alerts({.raised = {noon + 2min, {}}}, {}).keys == Found{battery});
}

namespace {

/// Every statement that runs on a connection, as it was written.
class Heard {
 public:
  explicit Heard(SQLite::Database& raw) : raw_(raw) {
    sqlite3_trace_v2(raw.getHandle(), SQLITE_TRACE_STMT, hear, &texts_);
  }
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;
  ~Heard() { sqlite3_trace_v2(raw_.getHandle(), 0, nullptr, nullptr); }

  std::vector<std::string> take() { return std::exchange(texts_, {}); }

 private:
  static int hear(unsigned /*what*/, void* texts, void* statement, void* /*text*/) {
    static_cast<std::vector<std::string>*>(texts)->emplace_back(
        sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }
  SQLite::Database& raw_;
  std::vector<std::string> texts_;
};

std::vector<std::string> plan_of(SQLite::Database& raw, const std::string& sql) {
  std::vector<std::string> steps;
  SQLite::Statement plan(raw, "EXPLAIN QUERY PLAN " + sql);
  while (plan.executeStep()) steps.push_back(plan.getColumn(3).getString());
  return steps;
}

bool walks_through_a_table(const std::string& step) {
  return step.starts_with("SCAN ") && step.find("USING") == std::string::npos &&
         step.find("CONSTANT ROW") == std::string::npos && step != "SCAN users";
}
bool sorts(const std::string& step) { return step.contains("TEMP B-TREE FOR ORDER BY"); }

}  // namespace

TEST_CASE("an index serves each list and each of its filters", "[store][lists][plans]") {
  Listed lot;
  SQLite::Database& raw = lot.store->raw();
  Heard heard(raw);
  const Period time{noon, noon + 1h};
  const std::vector<std::function<void()>> questions = {
      [&] { static_cast<void>(lot.lists.sessions({}, {})); },
      [&] { static_cast<void>(lot.lists.sessions({.created = time}, {})); },
      [&] { static_cast<void>(lot.lists.sessions({.state = SessionState::completed}, {})); },
      [&] {
        static_cast<void>(
            lot.lists.sessions({.state = SessionState::cancelled, .created = time}, {}));
      },
      [&] { static_cast<void>(lot.lists.sessions({.zone = "A"}, {})); },
      [&] { static_cast<void>(lot.lists.sessions({.created = time, .zone = "A"}, {})); },
      [&] { static_cast<void>(lot.lists.sessions({.user = UserKey{1}}, {})); },
      [&] { static_cast<void>(lot.lists.payments({}, {})); },
      [&] { static_cast<void>(lot.lists.payments({.created = time, .provider = "phonepe"}, {})); },
      [&] { static_cast<void>(lot.lists.payments({.method = PaymentMethod::cash}, {})); },
      [&] { static_cast<void>(lot.lists.refunds({.state = RefundState::failed}, {})); },
      [&] { static_cast<void>(lot.lists.scans({.gate = "G"}, {})); },
      [&] {
        static_cast<void>(lot.lists.scans({.received = time, .decision = DecisionKind::deny}, {}));
      },
      [&] { static_cast<void>(lot.lists.alerts({.kind = "tailgate", .open = true}, {})); },
      [&] { static_cast<void>(lot.lists.open_of_user(UserKey{1})); },
      [&] { static_cast<void>(lot.lists.newest_at("G", 5)); },
  };
  for (const auto& ask : questions) ask();
  const auto statements = heard.take();
  CHECK(statements.size() >= questions.size());
  for (const std::string& sql : statements) {
    CAPTURE(sql);
    for (const std::string& step : plan_of(raw, sql)) {
      CAPTURE(step);
      CHECK_FALSE(walks_through_a_table(step));
      CHECK_FALSE(sorts(step));
    }
  }
}

TEST_CASE("what finds few is sorted, but never by walking through a table",
          "[store][lists][plans]") {
  Listed lot;
  SQLite::Database& raw = lot.store->raw();
  Heard heard(raw);
  Reports reports(*lot.store);
  const Span span{noon, noon + 24h};
  static_cast<void>(lot.lists.open_sessions({.zone = "A"}, {}));
  static_cast<void>(lot.lists.sessions({.state = SessionState::active}, {}));
  static_cast<void>(lot.lists.sessions({.vehicle = vehicle("DL01AB1234")}, {}));
  static_cast<void>(lot.lists.sessions({.search = "DL01AB1234"}, {}));
  static_cast<void>(lot.lists.sessions({.search = "12345"}, {}));
  static_cast<void>(lot.lists.totals({.created = {noon, noon + 1h}}));
  static_cast<void>(reports.takings(span));
  static_cast<void>(reports.refunds(span));
  static_cast<void>(reports.entries(span));
  static_cast<void>(reports.exits(span));
  static_cast<void>(reports.begun(span));
  static_cast<void>(reports.open_sessions());
  static_cast<void>(reports.overall());
  const auto statements = heard.take();
  CHECK(statements.size() >= 17);
  for (const std::string& sql : statements) {
    CAPTURE(sql);
    for (const std::string& step : plan_of(raw, sql)) {
      CAPTURE(step);
      CHECK_FALSE(walks_through_a_table(step));
    }
  }
}
