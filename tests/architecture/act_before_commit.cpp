// What must not compile: acting on something that is not on disk.
//
// Compiled without being linked, once per value of GATEHOUSE_CASE, by act_before_commit_test.py.
// Case 0 is the way it is meant and compiles, so that the others fail for their own reason.
#include "edge/engine/effect.hpp"
#include "edge/engine/ports.hpp"
#include "edge/store/committed.hpp"
#include "edge/store/database.hpp"

#include <utility>

using gatehouse::engine::Effects;
using gatehouse::engine::Outside;
using gatehouse::store::Committed;
using gatehouse::store::Database;
using gatehouse::store::Transaction;

void act(Database& database, Outside& outside, Effects effects) {
#if GATEHOUSE_CASE == 0
  Transaction transaction = database.begin();
  const Committed<Effects> committed = std::move(transaction).commit(std::move(effects));
  outside.act(committed);
#elif GATEHOUSE_CASE == 1  // hand over effects that were never committed
  outside.act(effects);
#elif GATEHOUSE_CASE == 2  // make the proof by hand
  outside.act(Committed<Effects>(effects));
#elif GATEHOUSE_CASE == 3  // make it out of nothing
  const Committed<Effects> committed;
  outside.act(committed);
#elif GATEHOUSE_CASE == 4  // make it in braces
  outside.act({effects});
#elif GATEHOUSE_CASE == 5  // change what was committed
  Transaction transaction = database.begin();
  const Committed<Effects> committed = std::move(transaction).commit(std::move(effects));
  committed.value().slots.clear();
#elif GATEHOUSE_CASE == 6  // go on with a transaction after its commit: it must be given away
  Transaction transaction = database.begin();
  outside.act(transaction.commit(std::move(effects)));
#elif GATEHOUSE_CASE == 7  // two owners of one transaction
  Transaction transaction = database.begin();
  Transaction second = transaction;
#else
#error "no such case"
#endif
  static_cast<void>(database);
  static_cast<void>(outside);
  static_cast<void>(effects);
}
