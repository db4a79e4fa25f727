// What holds of refunds after any sequence of stays, refunds, failures and resolutions: never more
// goes back than came, and the ledger balances.
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

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

 private:
  std::uint64_t state_;
};

class Desk {
 public:
  explicit Desk(std::uint64_t seed)
      : chance_(seed), lot_({.takes_online_payments = true, .seed = seed}) {}

  void step() {
    switch (chance_.below(7)) {
      case 0:
        return stay(PaymentMethod::cash);
      case 1:
        return stay(PaymentMethod::online);
      case 2:
        return fail_promised();
      case 3:
        return change_shift();
      default:
        return give_back();
    }
  }

  void check() {
    REQUIRE(lot_.violations() == "");
    REQUIRE(lot_.number("SELECT count(*) FROM payments AS p WHERE amount_paise < "
                        "(SELECT coalesce(sum(amount_paise), 0) FROM refunds "
                        " WHERE payment = p.key AND status <> 'FAILED')") == 0);
    Paise sum;
    for (const Paise balance : lot_.books().ledger.balances()) sum += balance;
    REQUIRE(sum == Paise(0));
    // What is promised and not on its way is what failed.
    REQUIRE(lot_.books().ledger.balances()[std::size_t(Account::refunds_due)] >= Paise(0));
    REQUIRE(lot_.books().ledger.balances()[std::size_t(Account::revenue)] >= Paise(0));
    // Credit notes take back no more than receipts said.
    REQUIRE(lot_.number("SELECT coalesce(sum(iif(refund IS NULL, total_paise, -total_paise)), 0) "
                        "FROM receipts") >= 0);
  }

 private:
  void stay(PaymentMethod method) {
    const std::string code = lot_.parked();
    lot_.advance(50min);
    REQUIRE(lot_.leave(code, {.method = method}));
    if (method == PaymentMethod::online) {
      const std::string now = std::to_string(lot_.clock.now().utc.time_since_epoch().count());
      lot_.run("UPDATE payments SET status = 'SUCCESS', paid_at = " + now +
               " WHERE status = 'CREATING'; "
               "INSERT INTO ledger (at, debit, credit, amount_paise, cause, session, payment) "
               "SELECT paid_at, 'provider_razorpay', 'customer', amount_paise, "
               "'payment_captured', session, key FROM payments AS p WHERE method = 'ONLINE' "
               "AND NOT EXISTS (SELECT 1 FROM ledger WHERE payment = p.key "
               "                AND cause = 'payment_captured')");
      if (chance_.below(2) == 0) REQUIRE(lot_.leave(code, {}));
    }
    for (const store::Payment& payment : lot_.payments(code)) payments_.push_back(payment.id);
    // Whoever paid and did not leave yet does so, that there is room for the next one.
    if (is_inside(lot_.state(code))) open_.push_back(code);
    if (open_.size() > 1) {
      REQUIRE(lot_.leave(open_.front(), {}));
      open_.erase(open_.begin());
    }
  }

  void give_back() {
    if (payments_.empty()) return;
    const std::string& payment = payments_[chance_.below(payments_.size())];
    std::optional<Paise> amount;
    if (chance_.below(3) != 0) amount = Paise(static_cast<std::int64_t>(1 + chance_.below(7'000)));
    const auto before = lot_.number("SELECT count(*) FROM refunds WHERE status = 'SUCCESS'") +
                        lot_.number("SELECT count(*) FROM refunds");
    const auto said = lot_.ask(MakeRefund{payment, amount, "As told"});
    const auto after = lot_.number("SELECT count(*) FROM refunds WHERE status = 'SUCCESS'") +
                       lot_.number("SELECT count(*) FROM refunds");
    REQUIRE((after > before) == said.has_value());
  }

  /// As whoever carries them out has to write it: what was promised of a stay that goes on stands
  /// to its customer's account again, and pays its bill.
  void fail_promised() {
    lot_.run(
        "INSERT INTO ledger (at, debit, credit, amount_paise, cause, session, payment, refund) "
        "SELECT r.created_at, 'refunds_due', 'customer', r.amount_paise, 'correction', "
        "  s.key, p.key, r.key FROM refunds AS r JOIN payments AS p ON p.key = r.payment "
        "JOIN sessions AS s ON s.key = p.session WHERE s.is_open = 1 AND r.key = "
        "  (SELECT max(key) FROM refunds WHERE status = 'PENDING')");
    lot_.run(
        "UPDATE refunds SET status = 'FAILED', ended_at = created_at "
        "WHERE key = (SELECT max(key) FROM refunds WHERE status = 'PENDING')");
  }

  void change_shift() {
    if (!lot_.ask(CloseShift{Paise(static_cast<std::int64_t>(chance_.below(20'000)))}))
      REQUIRE(lot_.ask(OpenShift{Paise(1'000)}));
  }

  Chance chance_;
  GateLot lot_;
  std::vector<std::string> payments_;
  std::vector<std::string> open_;
};

}  // namespace

TEST_CASE("never more goes back than came, and the ledger balances", "[engine][gate][refund]") {
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{13}));
  CAPTURE(seed);
  Desk desk(seed);
  for (int i = 0; i < 60; ++i) {
    desk.step();
    desk.check();
  }
}
