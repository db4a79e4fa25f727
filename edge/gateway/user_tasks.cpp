#include "edge/gateway/user_tasks.hpp"

#include "edge/api/account_form.hpp"
#include "edge/domain/words.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using What = UserOptions::What;

constexpr Words<5> whats = {"add", "passwd", "disable", "rights", "list"};
static_assert(are_distinct(whats));

// An empty word between others.
constexpr std::string_view nothing = "-";
constexpr std::string_view refused = "refused ";
constexpr std::string_view done = "ok\n";

std::string_view or_nothing(std::string_view word) { return word.empty() ? nothing : word; }
std::string or_empty(std::string_view word) {
  return word == nothing ? std::string() : std::string(word);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    if (end == line.size()) return words;
    line.remove_prefix(end + 1);
  }
}

bool is_hash(std::string_view text) { return text.starts_with("$argon2id$"); }

std::optional<bool> flag_of(std::string_view word) {
  if (word == "yes") return true;
  if (word == "no") return false;
  return std::nullopt;
}

std::optional<UserTask> parse_add(const std::vector<std::string_view>& words) {
  if (words.size() != 5 || !is_hash(words[4])) return std::nullopt;
  const auto role = store::parse_role(words[2]);
  if (!role) return std::nullopt;
  return UserTask{.what = What::add,
                  .name = std::string(words[1]),
                  .role = *role,
                  .gate = or_empty(words[3]),
                  .password_hash = std::string(words[4])};
}

std::optional<UserTask> parse_rights(const std::vector<std::string_view>& words) {
  if (words.size() != 4) return std::nullopt;
  const auto may_refund = flag_of(words[2]);
  const auto may_terminate = flag_of(words[3]);
  if (!may_refund || !may_terminate) return std::nullopt;
  return UserTask{.what = What::rights,
                  .name = std::string(words[1]),
                  .may_refund = *may_refund,
                  .may_terminate = *may_terminate};
}

UserOutcome not_so(std::string why) { return {exit_code::not_so, std::move(why)}; }

}  // namespace

std::string to_line(const UserTask& task) {
  const std::string_view what = word_of(whats, task.what);
  switch (task.what) {
    case What::add:
      return fmt::format("{} {} {} {} {}", what, task.name, name(task.role), or_nothing(task.gate),
                         task.password_hash);
    case What::passwd:
      return fmt::format("{} {} {}", what, task.name, task.password_hash);
    case What::disable:
      return fmt::format("{} {}", what, task.name);
    case What::rights:
      return fmt::format("{} {} {} {}", what, task.name, task.may_refund ? "yes" : "no",
                         task.may_terminate ? "yes" : "no");
    case What::list:
      break;
  }
  return std::string(what);
}

std::optional<UserTask> parse_user_task(std::string_view line) {
  if (line.size() > user_task_bytes_max) return std::nullopt;
  const std::vector<std::string_view> words = words_of(line);
  const auto what = read_word<What>(whats, words[0]);
  if (!what) return std::nullopt;
  if (*what == What::list) return words.size() == 1 ? std::optional(UserTask{}) : std::nullopt;
  if (words.size() < 2 || !api::is_username(words[1])) return std::nullopt;
  if (*what == What::add) return parse_add(words);
  if (*what == What::rights) return parse_rights(words);
  UserTask task{.what = *what, .name = std::string(words[1])};
  if (*what == What::disable) return words.size() == 2 ? std::optional(task) : std::nullopt;
  if (words.size() != 3 || !is_hash(words[2])) return std::nullopt;
  task.password_hash = words[2];
  return task;
}

std::string to_text(const UserOutcome& outcome) {
  // The last line says that nothing is missing.
  if (outcome.code == exit_code::done) return fmt::format("{}{}.\n", done, outcome.text);
  return fmt::format("{}{} {}\n.\n", refused, outcome.code, outcome.text);
}

std::optional<UserOutcome> parse_user_outcome(std::string_view text) {
  if (!text.ends_with("\n.\n")) return std::nullopt;
  text.remove_suffix(2);
  if (text.starts_with(done)) return UserOutcome{exit_code::done, std::string(text.substr(3))};
  if (!text.starts_with(refused)) return std::nullopt;
  text.remove_prefix(refused.size());
  int code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (error != std::errc() || code == exit_code::done) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(' ')) return std::nullopt;
  return UserOutcome{code, std::string(text.substr(1, text.size() - 2))};
}

std::expected<AccountChange, UserOutcome> change_of(const UserTask& task,
                                                    const std::optional<store::User>& present) {
  if (task.what == What::add) {
    return engine::AddAccount{{.username = task.name,
                               .role = task.role,
                               .gate = task.gate,
                               .password_hash = task.password_hash}};
  }
  if (!present) return std::unexpected(outcome_of(task, engine::Refusal::not_found));
  engine::EditAccount change{present->key, {}};
  if (task.what == What::disable) {
    change.edit.disabled = true;
  } else if (task.what == What::passwd) {
    change.edit.password_hash = task.password_hash;
  } else {
    if (present->role != store::Role::staff)
      return std::unexpected(outcome_of(task, engine::Refusal::not_staff));
    change.edit.may_refund = task.may_refund;
    change.edit.may_terminate = task.may_terminate;
  }
  return change;
}

UserOutcome outcome_of(const UserTask& task, engine::Refusal refusal) {
  using enum engine::Refusal;
  if (refusal == name_taken)
    return not_so(fmt::format("there is an account {} already", task.name));
  if (refusal == not_found) return not_so(fmt::format("there is no account {}", task.name));
  if (refusal == not_staff) return not_so(fmt::format("{} is not a member of staff", task.name));
  if (refusal == last_administrator) {
    return not_so(fmt::format("{} is the last administrator: make another one first", task.name));
  }
  return not_so(fmt::format("{}: {}", task.name, name(refusal)));
}

std::string action_of(const UserTask& task) {
  return fmt::format("gatehouse user {}", word_of(whats, task.what));
}

std::string list_of(const std::vector<store::User>& users) {
  std::string lines;
  for (const store::User& user : users) {
    lines +=
        fmt::format("{} {}{}{}{}{}{}\n", user.username, name(user.role),
                    user.gate.empty() ? "" : " ", user.gate, user.may_refund ? " may_refund" : "",
                    user.may_terminate ? " may_terminate" : "", user.disabled ? " disabled" : "");
  }
  return lines;
}

}  // namespace gatehouse::gateway
