// The door for `gatehouse user` while a gateway runs: a local socket beside the store,
// `{store}.sock`, for the gateway's own account and root alone (docs/contract/config-and-cli.md,
// "Commands").
//
//   UserSocket socket(store_path, calls);   // on the gateway's side
//   socket.start();
//   const auto outcome = tell_gateway(store_path, task);   // on the command's
//
// One request a connection, one connection at a time, each within a few seconds; what is asked goes
// through the engine like everything else. A thread of its own; start() and stop() on the owner's.
// A socket that cannot be made is a line in the log: the gateway runs without it.
#pragma once

#include "edge/engine/calls.hpp"
#include "edge/gateway/user_tasks.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/database.hpp"

#include <filesystem>
#include <optional>
#include <thread>

namespace gatehouse::gateway {

/// Wherever symbolic links lead, as the lock beside it.
std::filesystem::path user_socket_path(const std::filesystem::path& store_path);

/// nullopt: nobody listens there, or nobody answered in time.
std::optional<UserOutcome> tell_gateway(const std::filesystem::path& store_path,
                                        const UserTask& task);

class UserSocket {
 public:
  /// Whoever holds the store's lock: while its writer's connection is open. `calls` outlives this.
  UserSocket(const std::filesystem::path& store_path, engine::Calls& calls);
  UserSocket(const UserSocket&) = delete;
  UserSocket& operator=(const UserSocket&) = delete;
  ~UserSocket() { stop(); }

  void start();
  /// Nobody is answered any more, and the socket's file is gone.
  void stop();

 private:
  void serve();
  void answer(int connection);
  UserOutcome carry_out(const UserTask& task);
  UserOutcome ask_engine(const UserTask& task, AccountChange change);

  const std::filesystem::path path_;
  engine::Calls& calls_;
  store::Database database_;  // the thread's only, and cannot write
  store::Accounts accounts_;
  int listening_ = -1;
  int stopping_ = -1;  // an eventfd
  std::thread thread_;
};

}  // namespace gatehouse::gateway
