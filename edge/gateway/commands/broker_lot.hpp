// The lot as its broker sees it: who has an account. For `broker` and `check`. The main thread.
#pragma once

#include "broker/access_list.hpp"
#include "edge/gateway/config.hpp"

namespace gatehouse::gateway {

/// Slots are the store's where there is one, else the file's. Throws store::StoreError.
broker::ServerLot broker_lot(const Config& config);

}  // namespace gatehouse::gateway
