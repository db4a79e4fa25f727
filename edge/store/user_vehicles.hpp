// The vehicles that users keep by their accounts, to choose from when they book.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

// As the table bounds them.
inline constexpr std::int64_t user_vehicles_max = 20;
inline constexpr std::size_t user_vehicle_name_characters_max = 100;

struct UserVehicle {
  UserVehicleKey key{};  // given by keep
  UserKey user{};
  VehicleNumber vehicle;
  std::string name;  // the user's own word for it; "": none
  Instant created_at{};
  bool operator==(const UserVehicle&) const = default;
};

class UserVehicles {
 public:
  explicit UserVehicles(Database& database);
  ~UserVehicles();
  UserVehicles(const UserVehicles&) = delete;
  UserVehicles& operator=(const UserVehicles&) = delete;

  /// In the order in which they were added.
  [[nodiscard]] std::vector<UserVehicle> of_user(UserKey user);
  [[nodiscard]] std::optional<UserVehicle> find(UserKey user, const VehicleNumber& vehicle);
  /// The user does not keep it yet, and fewer than user_vehicles_max.
  UserVehicleKey insert(Transaction& transaction, const UserVehicle& kept);
  void rename(Transaction& transaction, UserVehicleKey vehicle, const std::string& name);
  /// False: the user keeps no such vehicle.
  bool remove(Transaction& transaction, UserKey user, const VehicleNumber& vehicle);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
