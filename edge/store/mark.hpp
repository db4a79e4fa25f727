// The mark beside the store, `{store}.mark`: how far the store had come when anybody was told of
// it. A store that is older than its mark was put back by hand: what it numbers anew must not be
// taken for what was sent before, so it begins a new epoch (docs/contract/cloud.md, "Epochs").
//
//   1 4711        epoch and sequence of a row that is committed
//
// One thread at a time. A broken environment is a StoreError.
#pragma once

#include "edge/store/database.hpp"
#include "edge/store/outbox.hpp"

#include <filesystem>
#include <optional>

namespace gatehouse::store {

std::filesystem::path mark_path(const std::filesystem::path& store);

/// nullopt: there is none, or none that can be read.
std::optional<OutboxPlace> read_mark(const std::filesystem::path& store);
/// On disk when it returns, whole or not at all. Never back: a lower place is not written.
void write_mark(const std::filesystem::path& store, OutboxPlace place);

/// Begins the next epoch, above `above` too, with the row `parking.lot.restored.v1`, in one
/// transaction; the epoch's number. `at`: when.
std::uint64_t begin_epoch(Database& database, std::uint64_t above, Instant at);

/// The same where the store is older than its mark; nullopt: it is not.
std::optional<std::uint64_t> begin_epoch_if_put_back(Database& database, Instant at);

/// Where the outbox of a store stands. Throws StoreError::unusable on one that was never seeded.
OutboxPlace newest_place(Database& database);

}  // namespace gatehouse::store
