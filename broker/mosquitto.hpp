// What `gatehouse broker` writes: the files a Mosquitto 2 needs to be this lot's broker.
//
//   auto texts = server_texts(settings, lot, directory);      // or what is wrong in lot.toml
//   auto written = write_server(settings, lot, passwords, directory);
//
//   mosquitto.conf           0644  its head says how to run it and what each limit is for
//   acl                      0600  access_list.hpp
//   passwd                   0600  accounts that exist keep their passwords; those of slots, gates
//                                  and names that are gone from the lot are taken out
//   credentials.csv          0600  name and password of each account made by this call, in plain
//   mosquitto.service.conf   0644  a drop-in for systemd
//
// A development broker asks no names: it gets mosquitto.conf and the drop-in only. Run as root, the
// secret files are given to the user `mosquitto`, which the broker becomes before it reads them.
// Each file is replaced whole, by a rename, synced before. Any thread, one call at a time for a
// directory. Throws std::system_error when the directory cannot be written or read.
#pragma once

#include "broker/access_list.hpp"
#include "broker/settings.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::broker {

/// The broker's limits, computed from the size of the lot; mosquitto.conf says how.
struct ServerLimits {
  std::uint64_t connections = 0;      // each listener
  std::uint64_t queued_messages = 0;  // each account
  std::uint64_t queued_bytes = 0;     // each account
  std::uint64_t open_files = 0;       // of the process: for the drop-in
};
ServerLimits server_limits(const ServerSettings& settings, const ServerLot& lot);

struct ServerTexts {
  std::string configuration;
  std::string access_list;  // empty for a development broker
  std::string service;
};

/// The texts without secrets. `directory` is where they will stand; absolute. The error is a
/// sentence that names the key of lot.toml: a listener in the open without TLS, TLS without a
/// certificate, names that cannot be used.
std::expected<ServerTexts, std::string> server_texts(const ServerSettings& settings,
                                                     const ServerLot& lot,
                                                     const std::filesystem::path& directory);

struct ServerPasswords {
  std::string gateway;  // GATEHOUSE_MQTT_PASSWORD; may be empty for a development broker only
  std::string renew;    // the account that gets a new password; empty: none
};

struct WrittenServer {
  std::vector<std::string> made;     // accounts in credentials.csv
  std::vector<std::string> removed;  // accounts taken out of passwd
};

/// Writes the files into `directory`, which is made if it is missing. Refused, with nothing
/// written: what server_texts refuses, no password for the gateway, `renew` of an account that the
/// lot has not or of the gateway, a passwd that is not one.
std::expected<WrittenServer, std::string> write_server(const ServerSettings& settings,
                                                       const ServerLot& lot,
                                                       const ServerPasswords& passwords,
                                                       const std::filesystem::path& directory);

}  // namespace gatehouse::broker
