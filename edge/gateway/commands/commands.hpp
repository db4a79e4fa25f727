// What `gatehouse` can be told to do (docs/contract/config-and-cli.md, "Commands").
//
// Each command runs on the main thread with a configuration that was read without a problem, writes
// results to `out` and what went wrong to the log, and returns the exit code.
#pragma once

#include "edge/gateway/config.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace gatehouse::gateway {

namespace exit_code {
inline constexpr int done = 0;
inline constexpr int not_so = 1;       // the thing asked about is not so
inline constexpr int wrong_usage = 2;  // or wrong configuration
inline constexpr int unreachable = 3;  // a component could not be reached
}  // namespace exit_code

/// Runs the gateway until it is told to stop.
int run(const Config& config);

/// Says what is wrong with the store and where it differs from the file.
int check(const Config& config, std::ostream& out);

/// Makes the store with the file's zones and slots, its keys and the administrator, whose password
/// it prints; for a demo also a member of staff and a user. Of a store that has accounts it adds
/// new zones and slots only.
int init(const Config& config, bool is_demo, std::ostream& out);

/// Proves the invariants over the whole store and prints figures; a gateway may be running.
int audit(const Config& config, std::ostream& out);

/// Why: the chain of causes of a session, payment, scan or opening, in order of time.
int explain(const Config& config, const std::string& id, std::ostream& out);

struct UserOptions {
  enum class What : std::uint8_t { add, passwd, disable, rights, list };
  What what = What::list;
  std::string name;
  std::string role = "user";
  std::string gate;  // of a device
  // Of `rights`: what a member of staff may from now on, and no more.
  bool may_refund = false;
  bool may_terminate = false;
};
/// Accounts; while a gateway runs, through its socket. A new password is the first line of `in`.
int user(const Config& config, const UserOptions& options, std::istream& in, std::ostream& out);

struct BackupCommand {
  std::filesystem::path to;
  bool with_keys = false;  // beside it, FILE.keys
};
/// A verified copy of the store; a gateway may be running.
int backup(const Config& config, const BackupCommand& command, std::ostream& out);

/// Puts a backup in the store's place, in a new epoch; no gateway may be running.
int restore(const Config& config, const std::filesystem::path& from, std::ostream& out);

struct ReportCommand {
  std::string day;
  std::string period = "daily";  // or weekly, monthly: the one that the day belongs to
  std::string format = "table";  // or csv, json
};
/// The report of a day; a gateway may be running.
int report(const Config& config, const ReportCommand& command, std::ostream& out);

/// New keys while no gateway runs; tickets and tokens of the ones before are still accepted.
int rotate_keys(const Config& config, std::ostream& out);

struct BrokerOptions {
  std::filesystem::path directory;
  std::string renew;  // the account that gets a new password; empty: none
};
/// Writes what a Mosquitto needs to be the lot's broker.
int write_broker(const Config& config, const BrokerOptions& options, std::ostream& out);

}  // namespace gatehouse::gateway
