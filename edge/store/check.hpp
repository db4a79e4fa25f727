// Whether a store is sound as a whole: what `gatehouse check` asks.
//
// Reads only, as one snapshot, so that a running gateway may go on writing. The thread of the
// Database; a store that cannot even be read is a StoreError.
#pragma once

#include "edge/store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::store {

/// What is wrong, a sentence each: damaged pages, rows that point nowhere, an outbox with a gap
/// after its oldest row. Empty: nothing. The schema must be the newest this program knows.
std::vector<std::string> violations(Database& database);

// For the files of edge/store.

class Snapshot;
enum class CheckDepth : std::uint8_t {
  quick,
  thorough,  // indexes and constraints too, row by row
};

/// The same from an open snapshot. Throws SQLite::Exception.
std::vector<std::string> violations(const Snapshot& snapshot, CheckDepth depth);

}  // namespace gatehouse::store
