// What `gatehouse user` wants done, as values and as lines: the same whether it is done on a store
// that nobody uses or by the gateway that runs on it (user_socket.hpp).
//
//   disable priya@lot                  →  ok
//   add reader device ENTRY_GATE_01 $argon2id$…  →  refused 1 there is an account reader already
//
// A request is one line of words, none of which holds a blank; passwords travel hashed. Pure; any
// thread.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/store/accounts.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gatehouse::gateway {

// A name, a role, a gate and a hash, with room to spare.
inline constexpr std::size_t user_task_bytes_max = 1024;

struct UserTask {
  UserOptions::What what = UserOptions::What::list;
  std::string name;
  store::Role role = store::Role::user;
  std::string gate;
  std::string password_hash;
  bool may_refund = false;
  bool may_terminate = false;
  bool operator==(const UserTask&) const = default;
};

/// What came of it: the exit code, and what is printed (done) or said on standard error (not done).
struct UserOutcome {
  int code = exit_code::done;
  std::string text;
  bool operator==(const UserOutcome&) const = default;
};

// Without the line's end; an outcome may have several lines.
std::string to_line(const UserTask& task);
std::optional<UserTask> parse_user_task(std::string_view line);
std::string to_text(const UserOutcome& outcome);
/// nullopt: cut off, or none of ours.
std::optional<UserOutcome> parse_user_outcome(std::string_view text);

using AccountChange = std::variant<engine::AddAccount, engine::EditAccount>;

/// What a task but `list` means for the account that has its name at present.
std::expected<AccountChange, UserOutcome> change_of(const UserTask& task,
                                                    const std::optional<store::User>& present);
/// What is said when the change was refused.
UserOutcome outcome_of(const UserTask& task, engine::Refusal refusal);
/// What the audit's chain is told that was done: `gatehouse user add`. To whom, and how, the
/// change says (edge/engine/audit_about.hpp).
std::string action_of(const UserTask& task);

/// Every account, a line each.
std::string list_of(const std::vector<store::User>& users);

}  // namespace gatehouse::gateway
