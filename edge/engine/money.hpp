// Money that comes, is earned, and goes back: payments, refunds, receipts and their rows in the
// ledger, always in the transaction of what caused them (design, decisions 1 and 2). The engine's
// thread.
#pragma once

#include "edge/engine/bill.hpp"
#include "edge/engine/turn.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// A member of staff says that the money is in the drawer. Opens a shift of float 0 where none is
/// open.
void take_cash(Turn& turn, store::Session& session, Paise amount, store::UserKey taken_by,
               std::optional<Paise> tendered);

/// How a payment is asked for where it matters.
struct OnlineOrder {
  std::string provider = {};               // "": the lot's own choice
  std::optional<Instant> expires_at = {};  // nobody is to pay later
};
/// A payment of the due that a provider will be asked for; the one of the same amount that is under
/// way already, if there is one.
store::Payment ask_online(Turn& turn, const store::Session& session, Paise amount,
                          const OnlineOrder& order = {});

/// The quote of a bill is the session's from now on: EXIT_PENDING.
void quote_exit(Turn& turn, store::Session& session, const Bill& bill);

/// COMPLETED: nothing is due any more. Earns, promises back what was too much, gives back the slot,
/// writes the receipt. `gate`: where it leaves; "": nowhere that the lot knows of.
void settle_exit(Turn& turn, store::Session& session, const Bill& bill, const std::string& gate);

/// TERMINATED by staff: what is due is written off, nothing goes back, nothing opens.
void terminate(Turn& turn, store::Session& session, const Bill& bill, const std::string& reason);

/// TERMINATED by staff, of an entry that nobody was seen to make: without charge, all of it goes
/// back. Returns what.
Paise take_back_entry(Turn& turn, store::Session& session, const std::string& reason);

/// CANCELLED or EXPIRED before entry; `refund` of the credits is promised back, the rest kept.
void close_unentered(Turn& turn, store::Session& session, SessionEvent how, Paise refund,
                     const std::string& reason);

}  // namespace gatehouse::engine
