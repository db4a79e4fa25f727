#include "edge/engine/let_out.hpp"

#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/exit.hpp"
#include "edge/engine/money.hpp"

#include <chrono>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 24h;  // docs/contract/http.md, `let-out`
constexpr std::string_view unpaid_alert = "let_out_unpaid";
// So many are looked at in a turn; a lot that lets out more unpaid has other worries.
constexpr int sessions_max = 200;

void wait_for_a_person(Turn& turn, const store::Session& session, Paise due) {
  if (turn.books.exceptions.find_let_out(session.key)) return;
  turn.books.exceptions.insert(turn.transaction,
                               {.id = turn.tickets.make_id(),
                                .kind = store::ExceptionKind::let_out_unpaid,
                                .payment = {},
                                .session = session.key,
                                .amount = due,
                                .reason = "Let out, and its payment was not confirmed for 24 hours",
                                .created_at = turn.now.utc,
                                .resolved_at = {},
                                .resolution = {}});
  raise(turn, {unpaid_alert, session.id, store::Severity::warning,
               fmt::format("₹{} of a car that was let out never came", due.rupees())});
}

}  // namespace

void let_out_unpaid(Turn& turn, const Lanes& lanes, store::Session& session, const Bill& bill,
                    const OpeningFor& at) {
  quote_exit(turn, session, bill);
  session.let_out_at = turn.now.utc;
  session.exit_gate = turn.premises.gates.lane(at.gate).id.text();
  give_back(turn, session);
  let_through(turn, lanes, session, at);
  turn.books.sessions.update(turn.transaction, session);
}

void look_after_let_out(Turn& turn, const Lanes& lanes) {
  for (store::Session& session : turn.books.sessions.let_out(sessions_max)) {
    const Bill bill = bill_of(turn, session);
    if (bill.sums.nothing_due()) {
      settle_and_let_out(turn, lanes, session, bill, std::nullopt);
    } else if (turn.now.utc - *session.let_out_at >= patience) {
      wait_for_a_person(turn, session, bill.sums.due);
    }
  }
}

void no_longer_waited_for(Turn& turn, const store::Session& session) {
  const auto exception = turn.books.exceptions.find_let_out(session.key);
  if (!exception) return;
  if (!exception->resolved_at) {
    turn.books.exceptions.resolve(turn.transaction, exception->key, turn.now.utc,
                                  fmt::format("The session was {}", name(session.state)));
  }
  clear(turn, unpaid_alert, session.id);
}

}  // namespace gatehouse::engine
