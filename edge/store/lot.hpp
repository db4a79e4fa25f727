// The lot's plan in the store: who it is, its zones and slots.
//
// lot.toml seeds an empty store; afterwards the store is the truth. The thread of the Database;
// failure is a StoreError.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/store/database.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::store {

/// What lot.toml says of the plan.
struct ZoneSeed {
  ZonePlan zone;
  std::vector<SlotId> slots;
};
struct LotSeed {
  LotId lot;
  std::string name;
  std::vector<ZoneSeed> zones;
};

struct Seeded {
  std::size_t zones = 0;  // added
  std::size_t slots = 0;  // added
};

/// Adds the zones and slots that the store does not have yet; what is there stays as it is.
/// On an empty store also the lot itself and epoch 1. Throws StoreError::unusable when the store
/// is another lot's, or a slot of the seed already belongs to another zone.
Seeded seed(Database& database, const LotSeed& seed, Instant now);

/// Throws StoreError::unusable when the store was never seeded.
std::unique_ptr<const LotPlan> load_plan(Database& database);

/// Where lot.toml and the store differ, a sentence each. The store's word holds.
std::vector<std::string> differences(const LotPlan& plan, const LotSeed& seed);

}  // namespace gatehouse::store
