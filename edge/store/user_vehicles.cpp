#include "edge/store/user_vehicles.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view columns = "user, vehicle_number, name, created_at";

UserVehicle read(Run& row) {
  const auto key = row.get<UserVehicleKey>();
  const auto user = row.get<UserKey>();
  auto vehicle = row.parsed(VehicleNumber::parse, "vehicle number");
  auto name = row.get<std::string>();
  return {.key = key,
          .user = user,
          .vehicle = std::move(vehicle),
          .name = std::move(name),
          .created_at = row.get<Instant>()};
}

}  // namespace

struct UserVehicles::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        of_user(raw, select_from("user_vehicles", columns, "user = ? ORDER BY key")),
        vehicle(raw, select_from("user_vehicles", columns, "user = ? AND vehicle_number = ?")),
        insert(raw, insert_into("user_vehicles", columns)),
        rename(raw, "UPDATE user_vehicles SET name = ? WHERE key = ?"),
        remove(raw, "DELETE FROM user_vehicles WHERE user = ? AND vehicle_number = ?") {}
  SQLite::Database& raw;
  Statement of_user;
  Statement vehicle;
  Statement insert;
  Statement rename;
  Statement remove;
};

UserVehicles::UserVehicles(Database& database) {
  attempt("cannot open the users' vehicles",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

UserVehicles::~UserVehicles() = default;

std::vector<UserVehicle> UserVehicles::of_user(UserKey user) {
  return attempt("cannot read a user's vehicles",
                 [&] { return all(Run(statements_->of_user, user), read); });
}

std::optional<UserVehicle> UserVehicles::find(UserKey user, const VehicleNumber& vehicle) {
  return attempt("cannot read a user's vehicle",
                 [&] { return only(Run(statements_->vehicle, user, vehicle.text()), read); });
}

UserVehicleKey UserVehicles::insert(Transaction& /*transaction*/, const UserVehicle& kept) {
  return attempt("cannot write a user's vehicle", [&] {
    Run(statements_->insert, kept.user, kept.vehicle.text(), kept.name, kept.created_at).exec();
    return inserted<UserVehicleKey>(statements_->raw);
  });
}

void UserVehicles::rename(Transaction& /*transaction*/, UserVehicleKey vehicle,
                          const std::string& name) {
  attempt("cannot write a user's vehicle", [&] { Run(statements_->rename, name, vehicle).exec(); });
}

bool UserVehicles::remove(Transaction& /*transaction*/, UserKey user,
                          const VehicleNumber& vehicle) {
  return attempt("cannot delete a user's vehicle",
                 [&] { return Run(statements_->remove, user, vehicle.text()).exec() > 0; });
}

}  // namespace gatehouse::store
