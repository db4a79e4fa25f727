#include "edge/api/passwords.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/migrate.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/ostream.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

using What = UserOptions::What;

constexpr std::size_t name_characters_max = 100;

struct Refused {
  int code;
  std::string why;
};
using Done = std::expected<void, Refused>;

Done refuse(int code, std::string why) { return std::unexpected(Refused{code, std::move(why)}); }

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

/// The first line of `in`, without its end.
std::expected<std::string, Refused> read_password(std::istream& in) {
  const HiddenTyping typing(&in == &std::cin && ::isatty(STDIN_FILENO) == 1);
  if (typing.is_hidden()) std::cerr << "password: " << std::flush;
  std::string password;
  std::getline(in, password);
  if (typing.is_hidden()) std::cerr << '\n';
  if (password.ends_with('\r')) password.pop_back();
  if (const auto problem = api::password_problem(password))
    return std::unexpected(Refused{exit_code::wrong_usage, std::string(*problem)});
  return password;
}

bool is_name(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-";
  return !text.empty() && text.size() <= name_characters_max &&
         text.find_first_not_of(letters) == std::string_view::npos;
}

/// What is wrong with the words themselves, before anything is opened.
Done check_new(const Config& config, const UserOptions& options) {
  if (!is_name(options.name))
    return refuse(exit_code::wrong_usage, "a name is 1 to 100 of A-Z, a-z, 0-9 and . _ @ + -");
  const auto role = store::parse_role(options.role);
  if (!role) return refuse(exit_code::wrong_usage, "a role is admin, staff, user or device");
  if ((*role == store::Role::device) == options.gate.empty())
    return refuse(exit_code::wrong_usage, "--gate is the gate of a device, and of nobody else");
  const bool is_known = std::ranges::any_of(
      config.gates.lanes, [&](const LaneSettings& lane) { return lane.id.text() == options.gate; });
  if (!options.gate.empty() && !is_known)
    return refuse(exit_code::wrong_usage, fmt::format("the lot has no gate {}", options.gate));
  return {};
}

Done add(const Config& config, const UserOptions& options, store::Database& database,
         std::istream& in) {
  if (auto checked = check_new(config, options); !checked) return checked;
  store::Accounts accounts(database);
  const auto taken = [&] {
    return refuse(exit_code::not_so, fmt::format("there is an account {} already", options.name));
  };
  if (accounts.find(std::string_view(options.name))) return taken();
  const auto password = read_password(in);
  if (!password) return std::unexpected(password.error());
  const store::User user{.username = options.name,
                         .role = store::parse_role(options.role).value_or(store::Role::user),
                         .gate = options.gate,
                         .password_hash = api::hash_password(*password),
                         .created_at = SystemClock().now().utc};
  CommandTrail trail(config, database);
  store::Transaction transaction = database.begin();
  const auto key = accounts.insert(transaction, user);
  if (!key) return taken();
  trail.append(transaction, {.action = "gatehouse user add",
                             .targets = "user " + user.username,
                             .detail = "role " + options.role});
  static_cast<void>(std::move(transaction).commit(*key));
  return {};
}

/// What the new version of the account ends: every token that was issued before.
Done change(const Config& config, const UserOptions& options, store::Database& database,
            std::istream& in) {
  store::Accounts accounts(database);
  auto user = accounts.find(std::string_view(options.name));
  if (!user) return refuse(exit_code::not_so, fmt::format("there is no account {}", options.name));
  if (options.what == What::disable) {
    user->disabled = true;
  } else {
    const auto password = read_password(in);
    if (!password) return std::unexpected(password.error());
    user->password_hash = api::hash_password(*password);
  }
  ++user->version;
  CommandTrail trail(config, database);
  store::Transaction transaction = database.begin();
  accounts.update(transaction, *user);
  const bool disables = options.what == What::disable;
  trail.append(transaction,
               {.action = disables ? "gatehouse user disable" : "gatehouse user passwd",
                .targets = "user " + user->username});
  static_cast<void>(std::move(transaction).commit(user->key));
  return {};
}

/// Read at every request: no token ends by it.
Done give_rights(const Config& config, const UserOptions& options, store::Database& database) {
  store::Accounts accounts(database);
  auto user = accounts.find(std::string_view(options.name));
  if (!user) return refuse(exit_code::not_so, fmt::format("there is no account {}", options.name));
  if (user->role != store::Role::staff)
    return refuse(exit_code::not_so, fmt::format("{} is not a member of staff", options.name));
  user->may_refund = options.may_refund;
  user->may_terminate = options.may_terminate;
  CommandTrail trail(config, database);
  store::Transaction transaction = database.begin();
  accounts.update(transaction, *user);
  trail.append(transaction, {.action = "gatehouse user rights",
                             .targets = "user " + user->username,
                             .detail = fmt::format("may_refund {}, may_terminate {}",
                                                   user->may_refund, user->may_terminate)});
  static_cast<void>(std::move(transaction).commit(user->key));
  return {};
}

void list(store::Database& database, std::ostream& out) {
  for (const store::User& user : store::Accounts(database).users()) {
    fmt::print(out, "{} {}{}{}{}{}{}\n", user.username, name(user.role),
               user.gate.empty() ? "" : " ", user.gate, user.may_refund ? " may_refund" : "",
               user.may_terminate ? " may_terminate" : "", user.disabled ? " disabled" : "");
  }
}

Done carry_out(const Config& config, const UserOptions& options, std::istream& in,
               std::ostream& out) {
  const auto lock = store::ProcessLock::take(config.store.path);
  if (!lock) {
    return refuse(exit_code::not_so,
                  fmt::format("a gateway runs on {}: stop it first", config.store.path.string()));
  }
  auto database = store::Database::open({.path = config.store.path});
  store::migrate(database);
  if (options.what == What::add) return add(config, options, database, in);
  if (options.what == What::rights) return give_rights(config, options, database);
  if (options.what != What::list) return change(config, options, database, in);
  list(database, out);
  return {};
}

}  // namespace

int user(const Config& config, const UserOptions& options, std::istream& in, std::ostream& out) {
  try {
    const Done done = carry_out(config, options, in, out);
    if (done) return exit_code::done;
    log_error(done.error().why);
    return done.error().code;
  } catch (const store::StoreError& error) {
    log_error(error.what());
    return exit_code::not_so;
  }
}

}  // namespace gatehouse::gateway
