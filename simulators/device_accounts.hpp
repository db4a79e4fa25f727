// The accounts of a lot's devices: a connection for each, with birth and last will, and its
// password out of the credentials.csv of `gatehouse broker` where there is one.
//
//   const DeviceAccounts devices("demo", "broker/credentials.csv");
//   publisher_accounts.push_back(devices.account("A-001"));
//
// Throws std::invalid_argument for a file that cannot be read and a device that is not in it.
#pragma once

#include "simulators/publisher.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::simulators {

class DeviceAccounts {
 public:
  /// `credentials_file` may be empty: nobody is asked for a name.
  DeviceAccounts(std::string lot, std::string credentials_file);

  [[nodiscard]] DeviceAccount account(const std::string& device) const;
  /// Throws where so many connections are more than one process can serve.
  static void check_number(std::size_t devices);

 private:
  std::string lot_;
  std::string file_;
  std::unordered_map<std::string, std::string> passwords_;
};

}  // namespace gatehouse::simulators
