#include "edge/store/lists.hpp"

#include "edge/domain/ticket.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/time_column.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

/// The conditions of a list, put together as its filters ask: conditions are ours, values, which
/// are anybody's, are bound and never part of the text.
class Where {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  void add(std::string_view condition) { add_all(condition, {}); }
  void add(std::string_view condition, std::string_view value) {
    add_all(condition, {Value(std::string(value))});
  }
  void add(std::string_view condition, std::int64_t value) { add_all(condition, {Value(value)}); }
  void add(std::string_view column, const Period& period) {
    if (period.from) add(std::string(column) + " >= ?", to_column(*period.from));
    if (period.until) add(std::string(column) + " < ?", to_column(*period.until));
  }
  void add_all(std::string_view condition, const std::vector<Value>& values) {
    text_ += text_.empty() ? " WHERE " : " AND ";
    text_ += condition;
    values_.insert(values_.end(), values.begin(), values.end());
  }

  /// Empty: nothing is asked for.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Binds the values from the first `?` on; returns how many there were.
  int bind(SQLite::Statement& statement) const {
    int at = 0;
    for (const Value& value : values_) {
      ++at;
      std::visit([&](const auto& bound) { statement.bind(at, bound); }, value);
    }
    return at;
  }

 private:
  std::string text_;
  std::vector<Value> values_;
};

/// Everything that `rows` and `order` say, page by page. Keys stand in the first column.
template <class Key>
Found<Key> look_up(Database& database, const std::string& from, const Where& where,
                   const std::string& order, const Page& page) {
  return attempt("cannot read a list", [&] {
    Found<Key> found;
    SQLite::Statement count(database.raw(), "SELECT count(*) FROM " + from + where.text());
    where.bind(count);
    if (count.executeStep())
      found.total = static_cast<std::uint64_t>(count.getColumn(0).getInt64());
    SQLite::Statement rows(database.raw(), "SELECT key FROM " + from + where.text() + " ORDER BY " +
                                               order + " LIMIT ? OFFSET ?");
    const int bound = where.bind(rows);
    rows.bind(bound + 1, page.rows);
    rows.bind(bound + 2, static_cast<std::int64_t>(page.skipped));
    while (rows.executeStep()) found.keys.push_back(Key{rows.getColumn(0).getInt64()});
    return found;
  });
}

constexpr const char* zone_is = "zone = (SELECT key FROM zones WHERE id = ?)";

/// Whether a session is open is said too: the indexes are of open ones and of closed ones.
void add_state(Where& where, SessionState state) {
  where.add("status = ?", name(state));
  where.add(is_final(state) ? "is_open = 0" : "is_open = 1");
}

/// The session that a text leads to, whatever of its names it is. Each has an index of its own.
void add_search(Where& where, const std::string& text) {
  std::string keys =
      "SELECT key FROM sessions WHERE id = ? "
      "UNION SELECT session FROM payments WHERE id = ? "
      "UNION SELECT session FROM payments WHERE order_id = ? AND provider IN "
      "  ('razorpay', 'phonepe') "
      "UNION SELECT session FROM payments WHERE provider_payment_id = ? AND provider IN "
      "  ('razorpay', 'phonepe')";
  std::vector<Where::Value> values(4, text);
  constexpr std::size_t digits_max = 18;
  if (text.size() <= digits_max && text.find_first_not_of("0123456789") == std::string::npos) {
    keys += " UNION SELECT key FROM sessions WHERE key = CAST(? AS INTEGER)";
    values.emplace_back(text);
  }
  if (const auto code = TicketCode::parse(text)) {
    keys += " UNION SELECT key FROM sessions WHERE code_body = ?";
    values.emplace_back(code->body.text());
  }
  if (const auto vehicle = VehicleNumber::parse(text)) {
    // Numbers are of [A-Z0-9], and `[` comes next behind Z.
    keys += " UNION SELECT key FROM sessions WHERE vehicle_number >= ? AND vehicle_number < ?";
    values.emplace_back(vehicle->text());
    values.emplace_back(vehicle->text() + '[');
  }
  where.add_all("key IN (" + keys + ")", values);
}

Where where_of(const PaymentFilter& filter) {
  Where where;
  where.add("created_at", filter.created);
  // The instant leads: most payments are of the same few methods and states.
  if (filter.method) where.add("+method = ?", name(*filter.method));
  if (!filter.provider.empty()) where.add("+provider = ?", filter.provider);
  if (filter.state) where.add("+status = ?", name(*filter.state));
  return where;
}

template <class Key>
std::vector<Key> keys_of(Run&& run) {
  std::vector<Key> keys;
  while (run.next()) keys.push_back(run.get<Key>());
  return keys;
}

}  // namespace

Found<SessionKey> Lists::sessions(const SessionFilter& filter, const Page& page) {
  Where where;
  if (filter.state) add_state(where, *filter.state);
  where.add("created_at", filter.created);
  if (!filter.zone.empty()) where.add(zone_is, filter.zone);
  if (filter.user) where.add("created_by = ?", std::to_underlying(*filter.user));
  if (filter.vehicle) where.add("vehicle_number = ?", filter.vehicle->text());
  if (!filter.search.empty()) add_search(where, filter.search);
  return look_up<SessionKey>(database_, "sessions", where, "created_at DESC, key DESC", page);
}

Found<SessionKey> Lists::open_sessions(const OpenFilter& filter, const Page& page) {
  Where where;
  where.add("is_open = 1");
  if (filter.state) where.add("status = ?", name(*filter.state));
  if (!filter.zone.empty()) where.add(zone_is, filter.zone);
  return look_up<SessionKey>(database_, "sessions INDEXED BY sessions_open", where,
                             "entry_time IS NULL, coalesce(entry_time, created_at), key", page);
}

Found<PaymentKey> Lists::payments(const PaymentFilter& filter, const Page& page) {
  return look_up<PaymentKey>(database_, "payments", where_of(filter), "created_at DESC, key DESC",
                             page);
}

std::vector<MethodTotal> Lists::totals(const PaymentFilter& filter) {
  return attempt("cannot add payments up", [&] {
    Where where = where_of(filter);
    where.add("paid_at IS NOT NULL");
    SQLite::Statement sums(
        database_.raw(),
        "SELECT method, count(*), sum(amount_paise), "
        "  sum((SELECT coalesce(sum(refunds.amount_paise), 0) FROM refunds "
        "       WHERE refunds.payment = payments.key AND refunds.status <> 'FAILED')) "
        "FROM payments" +
            where.text() + " GROUP BY method ORDER BY method");
    where.bind(sums);
    std::vector<MethodTotal> totals;
    while (sums.executeStep()) {
      const auto method = parse_payment_method(sums.getColumn(0).getString());
      if (!method) throw_impossible("payment method");
      totals.push_back({.method = *method,
                        .payments = static_cast<std::uint64_t>(sums.getColumn(1).getInt64()),
                        .amount = Paise(sums.getColumn(2).getInt64()),
                        .refunded = Paise(sums.getColumn(3).getInt64())});
    }
    return totals;
  });
}

Found<RefundKey> Lists::refunds(const RefundFilter& filter, const Page& page) {
  Where where;
  where.add("created_at", filter.created);
  if (filter.state) where.add("+status = ?", name(*filter.state));
  return look_up<RefundKey>(database_, "refunds", where, "created_at DESC, key DESC", page);
}

Found<ScanKey> Lists::scans(const ScanFilter& filter, const Page& page) {
  Where where;
  where.add("received_at", filter.received);
  if (!filter.gate.empty()) where.add("+gate = ?", filter.gate);
  if (filter.session) where.add("session = ?", std::to_underlying(*filter.session));
  if (filter.decision) {
    where.add(
        "EXISTS (SELECT 1 FROM decisions WHERE decisions.scan = scans.key "
        "AND decisions.update_number = scans.update_number AND decisions.decision = ?)",
        name(*filter.decision));
  }
  return look_up<ScanKey>(database_, "scans", where, "received_at DESC, key DESC", page);
}

Found<AlertKey> Lists::alerts(const AlertFilter& filter, const Page& page) {
  Where where;
  where.add("raised_at", filter.raised);
  if (!filter.kind.empty()) where.add("+kind = ?", filter.kind);
  if (filter.severity) where.add("+severity = ?", name(*filter.severity));
  if (filter.open) where.add(*filter.open ? "cleared_at IS NULL" : "cleared_at IS NOT NULL");
  if (filter.acknowledged) {
    where.add(*filter.acknowledged ? "acknowledged_at IS NOT NULL" : "acknowledged_at IS NULL");
  }
  return look_up<AlertKey>(database_, "alerts", where, "raised_at DESC, key DESC", page);
}

Found<UserKey> Lists::users(const UserFilter& filter, const Page& page) {
  Where where;
  if (filter.role) where.add("role = ?", name(*filter.role));
  if (filter.disabled) where.add("disabled = ?", std::int64_t{*filter.disabled});
  if (!filter.search.empty()) {
    where.add_all("(substr(username, 1, length(?)) = ? OR email = ? OR phone_number = ?)",
                  std::vector<Where::Value>(4, filter.search));
  }
  return look_up<UserKey>(database_, "users", where, "username", page);
}

Found<ExceptionKey> Lists::exceptions(const ExceptionFilter& filter, const Page& page) {
  Where where;
  where.add("created_at", filter.created);
  if (filter.kind) where.add("+kind = ?", name(*filter.kind));
  if (filter.open) where.add(*filter.open ? "resolved_at IS NULL" : "resolved_at IS NOT NULL");
  return look_up<ExceptionKey>(database_, "exceptions", where, "created_at DESC, key DESC", page);
}

Found<ShiftKey> Lists::shifts(const ShiftFilter& filter, const Page& page) {
  Where where;
  where.add("opened_at", filter.opened);
  if (filter.user) where.add("user = ?", std::to_underlying(*filter.user));
  if (filter.open) where.add(*filter.open ? "closed_at IS NULL" : "closed_at IS NOT NULL");
  return look_up<ShiftKey>(database_, "shifts", where, "opened_at DESC, key DESC", page);
}

std::vector<SessionKey> Lists::open_of_user(UserKey user) {
  return attempt("cannot read a user's sessions", [&] {
    SQLite::Statement query(database_.raw(),
                            "SELECT key FROM sessions WHERE created_by = ? AND is_open = 1 "
                            "ORDER BY created_at DESC, key DESC");
    return keys_of<SessionKey>(Run(query, user));
  });
}

std::vector<ScanKey> Lists::newest_at(std::string_view gate, std::uint32_t rows) {
  return attempt("cannot read a gate's scans", [&] {
    SQLite::Statement query(database_.raw(),
                            "SELECT key FROM scans WHERE gate = ? ORDER BY key DESC LIMIT ?");
    return keys_of<ScanKey>(Run(query, gate, rows));
  });
}

std::string Lists::id_of(SessionKey session) {
  return attempt("cannot read a session", [&] {
    SQLite::Statement query(database_.raw(), "SELECT id FROM sessions WHERE key = ?");
    Run run(query, session);
    return run.next() ? run.get<std::string>() : std::string();
  });
}

}  // namespace gatehouse::store
