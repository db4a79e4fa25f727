// A table of lot.toml read key by key, with everything that is wrong collected on the way.
//
//   Section gates = root.table("gates");
//   settings.scan_ttl = gates.duration("scan_ttl_s", 15s, 1s, 300s);
//
// A getter that meets something wrong notes a problem and returns its fallback, so that one reading
// finds every mistake; what came of it must then not be used. Asking for a key makes it known: a
// key nobody asked for is reported by Reading::finish(). Sections are handles into the Reading and
// the tree, which outlive them. One thread.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/gateway/config.hpp"
#include "edge/gateway/config/text_rules.hpp"
#include "edge/gateway/config/toml_tree.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::gateway {

/// What was asked of a document so far, and what was wrong with it.
class Reading {
 public:
  void note(int line, std::string key, std::string what);
  [[nodiscard]] std::size_t problem_count() const { return problems_.size(); }
  /// Adds the keys nobody asked for; all problems, in the order of their lines.
  std::vector<ConfigProblem> finish(const TomlTable& root);

 private:
  friend class Section;
  void note_unknown_keys(const TomlTable& table, const std::string& path);

  std::unordered_map<const TomlTable*, std::vector<std::string>> asked_;
  std::vector<ConfigProblem> problems_;
};

class Section {
 public:
  /// `path`: "" for the document itself.
  Section(Reading& reading, const TomlTable& table, std::string path, int line);

  [[nodiscard]] bool has(std::string_view key) const { return table_->find(key) != nullptr; }
  /// Grows with every problem of the whole document: tells whether a reading was clean.
  [[nodiscard]] std::size_t problem_count() const { return reading_->problem_count(); }
  [[nodiscard]] const std::string& path() const { return path_; }

  std::string text(std::string_view key, std::string fallback, const TextRule& rule = rules::any);
  /// A missing key is a problem too.
  std::string required_text(std::string_view key, const TextRule& rule);
  /// A list; each element as the rule says, none twice.
  std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback,
                                 const TextRule& rule);
  bool flag(std::string_view key, bool fallback);
  double coordinate(std::string_view key, double most);
  Paise money(std::string_view key, Paise fallback);
  /// nullopt: "" or left out.
  std::optional<Paise> money_or_none(std::string_view key);
  /// `HH:MM`.
  std::chrono::minutes time_of_day(std::string_view key, std::chrono::minutes fallback,
                                   bool is_end = false);

  template <std::integral Number>
  Number number(std::string_view key, Number fallback, Number least, Number most) {
    return static_cast<Number>(whole_number(key, static_cast<std::int64_t>(fallback),
                                            static_cast<std::int64_t>(least),
                                            static_cast<std::int64_t>(most)));
  }
  /// A whole number of the duration's own unit, which the key's name says.
  template <class Duration>
  Duration duration(std::string_view key, Duration fallback, Duration least, Duration most) {
    return Duration(number(key, fallback.count(), least.count(), most.count()));
  }
  /// One of the words of a table.
  template <class Value, std::size_t n>
  Value choice(std::string_view key, Value fallback,
               const std::array<std::pair<std::string_view, Value>, n>& words) {
    std::vector<std::string_view> allowed;
    for (const auto& [word, value] : words) allowed.push_back(word);
    const auto found = word_of(key, allowed);
    return found ? words[*found].second : fallback;
  }

  /// An empty section where the key is missing.
  Section table(std::string_view key);
  /// The tables of a list, [[key]] or [ { … } ]; empty where the key is missing.
  std::vector<Section> tables(std::string_view key);
  /// Every key of this table, whatever it is called.
  const std::vector<TomlMember>& members();

  /// The value as it stands, for keys that take several kinds; nullptr: missing.
  const TomlNode* node(std::string_view key);
  /// Notes that the key's value is not what was expected.
  void wrong(std::string_view key, std::string_view expected);
  /// The same for an element of a list, or for a value that cannot be together with others.
  void wrong(std::string_view key, const TomlNode& node, std::string_view expected);
  /// Notes a whole sentence.
  void problem(std::string_view key, std::string what);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  /// The line of the key, or of the section where it is missing.
  [[nodiscard]] int line_of(std::string_view key) const;

 private:
  std::int64_t whole_number(std::string_view key, std::int64_t fallback, std::int64_t least,
                            std::int64_t most);
  std::optional<std::size_t> word_of(std::string_view key,
                                     const std::vector<std::string_view>& allowed);

  Reading* reading_;
  const TomlTable* table_;
  std::string path_;
  int line_;
};

/// How a value reads in an error: `a list`, `"abc"`, `12`.
std::string describe(const TomlNode& node);

}  // namespace gatehouse::gateway
