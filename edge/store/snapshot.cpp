#include "edge/store/snapshot.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

Snapshot::Snapshot(SQLite::Database& raw) : raw_(raw) { raw_.exec("BEGIN"); }
Snapshot::~Snapshot() { raw_.tryExec("ROLLBACK"); }

}  // namespace gatehouse::store
