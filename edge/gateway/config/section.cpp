#include "edge/gateway/config/section.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

const TomlTable empty_table;

/// The number of single-character edits between two keys.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t replaced = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string unknown_key(std::string_view key, const std::vector<std::string>& known) {
  // A key that only lacks its unit, or has one too many, is nearest of all.
  const auto distance_to_key = [key](std::string_view other) {
    return key.starts_with(other) || other.starts_with(key) ? 0 : distance(key, other);
  };
  const auto nearest = std::ranges::min_element(known, {}, distance_to_key);
  // Two letters of three are not a slip of the hand.
  const std::size_t near = key.size() < 4 ? 1 : std::max<std::size_t>(2, key.size() / 3);
  if (nearest != known.end() && distance_to_key(*nearest) <= near) {
    return fmt::format("unknown key; expected perhaps {}", *nearest);
  }
  return fmt::format("unknown key; expected one of {}", fmt::join(known, ", "));
}

std::string kind_of(const TomlNode& node) {
  struct Kind {
    std::string operator()(bool) const { return "true or false"; }
    std::string operator()(std::int64_t) const { return "a number"; }
    std::string operator()(double) const { return "a number"; }
    std::string operator()(const std::string&) const { return "text"; }
    std::string operator()(TomlTime) const { return "a date or time"; }
    std::string operator()(const TomlList&) const { return "a list"; }
    std::string operator()(const TomlTable&) const { return "a table"; }
  };
  return std::visit(Kind{}, node.value);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_max = 60;
  std::string shown = "\"";
  for (const char c : text.substr(0, shown_max)) {
    shown += (c >= '\0' && c < ' ') || c == '\x7f' ? '?' : c;
  }
  return shown + (text.size() > shown_max ? "…\"" : "\"");
}

}  // namespace

std::string describe(const TomlNode& node) {
  if (const auto* text = std::get_if<std::string>(&node.value)) return in_quotes(*text);
  if (const auto* number = std::get_if<std::int64_t>(&node.value)) return fmt::to_string(*number);
  if (const auto* number = std::get_if<double>(&node.value)) return fmt::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&node.value)) return *truth ? "true" : "false";
  return kind_of(node);
}

void Reading::note(int line, std::string key, std::string what) {
  problems_.push_back({line, std::move(key), std::move(what)});
}

std::vector<ConfigProblem> Reading::finish(const TomlTable& root) {
  note_unknown_keys(root, "");
  std::ranges::stable_sort(problems_, {}, &ConfigProblem::line);
  return std::move(problems_);
}

void Reading::note_unknown_keys(const TomlTable& table, const std::string& path) {
  const auto asked = asked_.find(&table);
  if (asked == asked_.end()) return;  // not a section: its reader has said what was wrong
  for (const TomlMember& member : table.members) {
    const std::string name = path.empty() ? member.key : path + '.' + member.key;
    const bool is_known = std::ranges::find(asked->second, member.key) != asked->second.end();
    if (!is_known) {
      note(member.line, name, unknown_key(member.key, asked->second));
    } else if (const auto* inner = std::get_if<TomlTable>(&member.node.value)) {
      note_unknown_keys(*inner, name);
    } else if (const auto* list = std::get_if<TomlList>(&member.node.value)) {
      for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* element = std::get_if<TomlTable>(&(*list)[i].value);
        if (element != nullptr) note_unknown_keys(*element, fmt::format("{}[{}]", name, i));
      }
    }
  }
}

Section::Section(Reading& reading, const TomlTable& table, std::string path, int line)
    : reading_(&reading), table_(&table), path_(std::move(path)), line_(line) {
  reading_->asked_.try_emplace(table_);
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

int Section::line_of(std::string_view key) const {
  const auto* member = table_->find(key.substr(0, key.find('[')));
  return member == nullptr ? line_ : member->line;
}

const TomlNode* Section::node(std::string_view key) {
  auto& asked = reading_->asked_[table_];
  if (std::ranges::find(asked, key) == asked.end()) asked.emplace_back(key);
  const auto* member = table_->find(key);
  return member == nullptr ? nullptr : &member->node;
}

const std::vector<TomlMember>& Section::members() {
  for (const TomlMember& member : table_->members) node(member.key);
  return table_->members;
}

void Section::problem(std::string_view key, std::string what) {
  reading_->note(line_of(key), path_of(key), std::move(what));
}

void Section::wrong(std::string_view key, std::string_view expected) {
  const auto* member = table_->find(key);
  if (member == nullptr) {
    problem(key, fmt::format("expected {}; the key is missing", expected));
  } else {
    problem(key, fmt::format("expected {}; found {}", expected, describe(member->node)));
  }
}

void Section::wrong(std::string_view key, const TomlNode& node, std::string_view expected) {
  reading_->note(node.line, path_of(key),
                 fmt::format("expected {}; found {}", expected, describe(node)));
}

std::string Section::text(std::string_view key, std::string fallback, const TextRule& rule) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  const auto* text = std::get_if<std::string>(&found->value);
  if (text != nullptr && rule.holds(*text)) return *text;
  if (text == nullptr) {
    problem(key, fmt::format("expected {}; found {}", rule.expected, kind_of(*found)));
  } else {
    wrong(key, rule.expected);
  }
  return fallback;
}

std::string Section::required_text(std::string_view key, const TextRule& rule) {
  if (node(key) == nullptr) wrong(key, rule.expected);
  return text(key, "", rule);
}

std::vector<std::string> Section::texts(std::string_view key, std::vector<std::string> fallback,
                                        const TextRule& rule) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  const auto* list = std::get_if<TomlList>(&found->value);
  if (list == nullptr) {
    wrong(key, fmt::format("a list, each {}", rule.expected));
    return fallback;
  }
  std::vector<std::string> texts;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string element = fmt::format("{}[{}]", key, i);
    const auto* text = std::get_if<std::string>(&(*list)[i].value);
    if (text == nullptr || !rule.holds(*text)) {
      wrong(element, (*list)[i], rule.expected);
    } else if (!seen.emplace(*text, i).second) {
      wrong(element, (*list)[i], fmt::format("something else than {}[{}]", key, seen[*text]));
    } else {
      texts.push_back(*text);
    }
  }
  return texts;
}

bool Section::flag(std::string_view key, bool fallback) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  if (const bool* truth = std::get_if<bool>(&found->value)) return *truth;
  wrong(key, "true or false");
  return fallback;
}

double Section::coordinate(std::string_view key, double most) {
  const TomlNode* found = node(key);
  if (found == nullptr) return 0;
  double degrees = std::nan("");
  if (const auto* number = std::get_if<double>(&found->value)) degrees = *number;
  if (const auto* number = std::get_if<std::int64_t>(&found->value)) {
    degrees = static_cast<double>(*number);
  }
  if (std::abs(degrees) <= most) return degrees;
  wrong(key, fmt::format("degrees from -{0} to {0}", most));
  return 0;
}

std::optional<Paise> Section::money_or_none(std::string_view key) {
  const TomlNode* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->value);
  if (text != nullptr && text->empty()) return std::nullopt;
  const auto amount =
      text == nullptr ? std::unexpected(MoneyError::not_an_amount) : Paise::parse(*text);
  if (amount) return *amount;
  constexpr std::string_view expected = "rupees as text, like \"50.00\"";
  problem(key, amount.error() == MoneyError::out_of_range
                   ? fmt::format("expected rupees up to \"9999999.99\"; found {}", in_quotes(*text))
                   : fmt::format("expected {}; found {}", expected,
                                 text == nullptr ? kind_of(*found) : in_quotes(*text)));
  return std::nullopt;
}

Paise Section::money(std::string_view key, Paise fallback) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  const auto* text = std::get_if<std::string>(&found->value);
  if (text != nullptr && text->empty()) wrong(key, "rupees as text, like \"50.00\"");
  return money_or_none(key).value_or(fallback);
}

std::chrono::minutes Section::time_of_day(std::string_view key, std::chrono::minutes fallback,
                                          bool is_end) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  const auto* text = std::get_if<std::string>(&found->value);
  const auto time = text == nullptr ? std::nullopt : parse_time_of_day(*text, is_end);
  if (!time) {
    wrong(key, is_end ? "a time of day as text, \"00:00\" to \"24:00\""
                      : "a time of day as text, \"00:00\" to \"23:59\"");
  }
  return time.value_or(fallback);
}

std::int64_t Section::whole_number(std::string_view key, std::int64_t fallback, std::int64_t least,
                                   std::int64_t most) {
  const TomlNode* found = node(key);
  if (found == nullptr) return fallback;
  const auto* number = std::get_if<std::int64_t>(&found->value);
  if (number != nullptr && *number >= least && *number <= most) return *number;
  wrong(key, fmt::format("a whole number from {} to {}", least, most));
  return fallback;
}

std::optional<std::size_t> Section::word_of(std::string_view key,
                                            const std::vector<std::string_view>& allowed) {
  const TomlNode* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->value);
  const auto word = text == nullptr ? allowed.end() : std::ranges::find(allowed, *text);
  if (word != allowed.end()) return static_cast<std::size_t>(word - allowed.begin());
  wrong(key, fmt::format("\"{}\"", fmt::join(allowed, "\" or \"")));
  return std::nullopt;
}

Section Section::table(std::string_view key) {
  const auto* found = node(key);
  const auto* table = found == nullptr ? nullptr : std::get_if<TomlTable>(&found->value);
  if (found != nullptr && table == nullptr) wrong(key, "a table");
  return {*reading_, table == nullptr ? empty_table : *table, path_of(key), line_of(key)};
}

std::vector<Section> Section::tables(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return {};
  const auto* list = std::get_if<TomlList>(&found->value);
  if (list == nullptr) {
    wrong(key, path_.empty() ? fmt::format("a list of tables, [[{}]]", key) : "a list of tables");
    return {};
  }
  std::vector<Section> sections;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string element = fmt::format("{}[{}]", key, i);
    if (const auto* table = std::get_if<TomlTable>(&(*list)[i].value)) {
      sections.emplace_back(*reading_, *table, path_of(element), (*list)[i].line);
    } else {
      wrong(element, (*list)[i], "a table");
    }
  }
  return sections;
}

}  // namespace gatehouse::gateway
