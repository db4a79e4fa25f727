#include "edge/api/account_form.hpp"
#include "edge/api/passwords.hpp"
#include "edge/engine/account_book.hpp"
#include "edge/engine/audit_about.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/gateway/user_socket.hpp"
#include "edge/gateway/user_tasks.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/token_families.hpp"

#include <algorithm>
#include <iostream>
#include <variant>

#include <fmt/ostream.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

using What = UserOptions::What;

using Done = std::expected<void, UserOutcome>;

std::unexpected<UserOutcome> refuse(int code, std::string why) {
  return std::unexpected(UserOutcome{code, std::move(why)});
}

/// What is typed meanwhile is not shown, where it is typed.
class HiddenTyping {
 public:
  explicit HiddenTyping(bool is_typed)
      : is_hidden_(is_typed && tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_hidden_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;
  ~HiddenTyping() {
    if (is_hidden_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  [[nodiscard]] bool is_hidden() const { return is_hidden_; }

 private:
  termios before_{};
  bool is_hidden_;
};

/// The first line of `in`, without its end, if `name` may choose it.
std::expected<std::string, UserOutcome> read_password(std::istream& in, std::string_view name) {
  const HiddenTyping typing(&in == &std::cin && ::isatty(STDIN_FILENO) == 1);
  if (typing.is_hidden()) std::cerr << "password: " << std::flush;
  std::string password;
  std::getline(in, password);
  if (typing.is_hidden()) std::cerr << '\n';
  if (password.ends_with('\r')) password.pop_back();
  if (api::is_name_as_password(password, name))
    return refuse(exit_code::wrong_usage, "the password is the user name");
  if (const auto problem = api::password_problem(password))
    return refuse(exit_code::wrong_usage, std::string(*problem));
  return password;
}

/// What is wrong with the words themselves, before anything is opened.
Done check_new(const Config& config, const UserOptions& options) {
  if (!api::is_username(options.name))
    return refuse(exit_code::wrong_usage, "a name is 1 to 100 of A-Z, a-z, 0-9 and . _ @ + -");
  const auto role = store::parse_role(options.role);
  if (!role) return refuse(exit_code::wrong_usage, "a role is admin, staff, user or device");
  if (*role == store::Role::device && options.gate.empty())
    return refuse(exit_code::wrong_usage,
                  "--gate is missing: the gate whose scans the device brings");
  if (*role != store::Role::device && !options.gate.empty())
    return refuse(exit_code::wrong_usage, "--gate is the gate of a device, and of nobody else");
  const bool is_known = std::ranges::any_of(
      config.gates.lanes, [&](const LaneSettings& lane) { return lane.id.text() == options.gate; });
  if (!options.gate.empty() && !is_known)
    return refuse(exit_code::wrong_usage, fmt::format("the lot has no gate {}", options.gate));
  return {};
}

/// What is asked for, its password hashed.
std::expected<UserTask, UserOutcome> task_of(const Config& config, const UserOptions& options,
                                             std::istream& in) {
  UserTask task{.what = options.what,
                .name = options.name,
                .role = store::parse_role(options.role).value_or(store::Role::user),
                .gate = options.gate,
                .may_refund = options.may_refund,
                .may_terminate = options.may_terminate};
  if (options.what == What::list) return UserTask{};
  if (options.what == What::add) {
    if (auto checked = check_new(config, options); !checked)
      return std::unexpected(checked.error());
  } else if (!api::is_username(options.name)) {
    return refuse(exit_code::not_so, fmt::format("there is no account {}", options.name));
  }
  if (options.what != What::add && options.what != What::passwd) return task;
  const auto password = read_password(in, options.name);
  if (!password) return std::unexpected(password.error());
  task.password_hash = api::hash_password(*password);
  return task;
}

/// On a store that nobody else uses.
UserOutcome carry_out(const Config& config, const UserTask& task, store::Database& database) {
  store::Accounts accounts(database);
  if (task.what == What::list) return {exit_code::done, list_of(accounts.users())};
  const auto present = accounts.find(std::string_view(task.name));
  const auto change = change_of(task, present);
  if (!change) return change.error();
  store::TokenFamilies families(database);
  CommandTrail trail(config, database);
  store::Transaction transaction = database.begin();
  const engine::AccountBook book{accounts, families, transaction, SystemClock().now().utc};
  engine::About about;
  const auto* const added = std::get_if<engine::AddAccount>(&*change);
  const auto* const edited = std::get_if<engine::EditAccount>(&*change);
  if (added != nullptr) engine::tell_added(about, added->user);
  if (edited != nullptr) engine::tell_edited(about, present.value(), edited->edit);
  const auto changed = added != nullptr ? add_account(book, added->user)
                                        : edit_account(book, edited->user, edited->edit);
  if (!changed) return outcome_of(task, changed.error());
  engine::tell_account(about, *changed);
  trail.append(transaction,
               {.action = action_of(task), .targets = about.targets(), .detail = about.detail()});
  static_cast<void>(std::move(transaction).commit(changed->key));
  return {};
}

/// By the gateway that runs, or here where none does.
UserOutcome have_done(const Config& config, const UserTask& task) {
  const std::filesystem::path& path = config.store.path;
  {
    const auto lock = store::ProcessLock::take(path);
    if (lock) {
      auto database = store::Database::open({.path = path});
      store::migrate(database);
      return carry_out(config, task, database);
    }
  }
  if (auto outcome = tell_gateway(path, task)) return std::move(*outcome);
  return {exit_code::unreachable,
          fmt::format("a process uses {} and does not answer at {}: is it a gateway, and of this "
                      "version?",
                      path.string(), user_socket_path(path).string())};
}

}  // namespace

int user(const Config& config, const UserOptions& options, std::istream& in, std::ostream& out) {
  try {
    const auto task = task_of(config, options, in);
    const UserOutcome outcome = task ? have_done(config, *task) : task.error();
    if (outcome.code == exit_code::done) {
      fmt::print(out, "{}", outcome.text);
    } else {
      log_error(outcome.text);
    }
    return outcome.code;
  } catch (const store::StoreError& error) {
    log_error(error.what());
    return exit_code::not_so;
  }
}

}  // namespace gatehouse::gateway
