#include "simulators/device_accounts.hpp"

#include "simulators/sensor_wire.hpp"

#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

// Paho serves all connections of a process with one thread to send and one to receive.
constexpr std::size_t connections_max = 2'000;

}  // namespace

DeviceAccounts::DeviceAccounts(std::string lot, std::string credentials_file)
    : lot_(std::move(lot)), file_(std::move(credentials_file)) {
  if (file_.empty()) return;
  std::ifstream file(file_);
  if (!file) throw std::invalid_argument(fmt::format("{}: cannot be read", file_));
  for (std::string line; std::getline(file, line);) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) passwords_[line.substr(0, comma)] = line.substr(comma + 1);
  }
}

DeviceAccount DeviceAccounts::account(const std::string& device) const {
  DeviceAccount account{.client_id = device,
                        .status_topic = device_status_topic(lot_, device),
                        .last_will = last_will_payload()};
  if (file_.empty()) return account;
  const auto found = passwords_.find(device);
  if (found == passwords_.end())
    throw std::invalid_argument(fmt::format("{}: no password for {}", file_, device));
  account.username = device;
  account.password = found->second;
  return account;
}

void DeviceAccounts::check_number(std::size_t devices) {
  if (devices > connections_max)
    throw std::invalid_argument(
        fmt::format("at most {} devices with a connection each", connections_max));
}

}  // namespace gatehouse::simulators
