#include "edge/store/giving_up.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace gatehouse::store {
namespace {

// A few microseconds of work. SQLite counts on over the runs of one statement, so many short ones
// are ended as well as a long one.
constexpr int steps_between = 100;

int is_over_now(void* is_over) {
  return static_cast<const std::atomic<bool>*>(is_over)->load(std::memory_order_relaxed) ? 1 : 0;
}

}  // namespace

void give_up_when(Database& database, std::atomic<bool>& is_over) {
  sqlite3_progress_handler(database.raw().getHandle(), steps_between, is_over_now, &is_over);
}

}  // namespace gatehouse::store
