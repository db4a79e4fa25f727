#include "edge/store/barrier_orders.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> kinds = {"close", "hold", "lock", "release"};
static_assert(are_distinct(kinds));

}  // namespace

std::string_view name(HandOrder order) { return word_of(kinds, order); }
std::optional<HandOrder> parse_hand_order(std::string_view text) {
  return read_word<HandOrder>(kinds, text);
}

struct BarrierOrders::Statements {
  explicit Statements(SQLite::Database& raw)
      : insert(raw,
               "INSERT INTO barrier_orders (at, gate, barrier, kind, emergency, by_user, reason) "
               "VALUES (?, ?, ?, ?, ?, ?, ?)"),
        standing(raw,
                 "SELECT at, gate, barrier, kind, emergency, by_user, reason FROM barrier_orders "
                 "WHERE barrier = ? AND kind <> 'close' ORDER BY key DESC LIMIT 1") {}
  Statement insert;
  Statement standing;
};

BarrierOrders::BarrierOrders(Database& database) {
  attempt("cannot open the orders to barriers",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

BarrierOrders::~BarrierOrders() = default;

void BarrierOrders::append(Transaction& /*transaction*/, const BarrierOrderRow& order) {
  attempt("cannot write an order to a barrier", [&] {
    Run(statements_->insert, order.at, order.gate, order.barrier, order.kind, order.is_emergency,
        order.by_user, order.reason)
        .exec();
  });
}

std::optional<BarrierOrderRow> BarrierOrders::find_standing(std::string_view barrier) {
  return attempt("cannot read an order to a barrier", [&]() -> std::optional<BarrierOrderRow> {
    Run row(statements_->standing, barrier);
    if (!row.next()) return std::nullopt;
    BarrierOrderRow order{.at = row.get<Instant>(),
                          .gate = row.get<std::string>(),
                          .barrier = row.get<std::string>(),
                          .kind = row.parsed(parse_hand_order, "order to a barrier"),
                          .is_emergency = row.get<bool>(),
                          .by_user = row.get<UserKey>(),
                          .reason = row.get<std::string>()};
    if (order.kind == HandOrder::release) return std::nullopt;
    return order;
  });
}

}  // namespace gatehouse::store
