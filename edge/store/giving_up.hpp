// Ends what a connection asks, from another thread.
//
//   std::atomic<bool> is_over = false;   // outlives the connection
//   give_up_when(database, is_over);
//   … is_over = true;   // whatever is being asked, or is asked later, is a StoreError soon …
//
// The thread of the Database, before it asks anything.
#pragma once

#include "edge/store/database.hpp"

#include <atomic>

namespace gatehouse::store {

void give_up_when(Database& database, std::atomic<bool>& is_over);

}  // namespace gatehouse::store
