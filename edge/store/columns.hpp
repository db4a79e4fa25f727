// One run of a kept statement: its values bound in order, its rows read in order, and the statement
// ready for the next run at its end, so that no read stays open behind the caller's back.
// For the files of edge/store.
//
//   Run run(statements_->find, gate, scan_id);
//   while (run.next()) found.push_back({.key = run.get<ScanKey>(), .gate =
//   run.get<std::string>()});
//
// Money stands in a row as paise, an Instant as milliseconds, a key as itself, an enumerator as its
// name(), nothing as NULL. Throws SQLite::Exception; a value that nobody wrote is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/store/database.hpp"
#include "edge/store/time_column.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gatehouse::store {

template <class Enum>
concept RowKey = std::is_enum_v<Enum> && std::same_as<std::underlying_type_t<Enum>, std::int64_t>;

template <class Enum>
concept NamedEnum = std::is_enum_v<Enum> && requires(Enum value) {
  { name(value) } -> std::convertible_to<std::string_view>;
};

/// A text whose absence is the column's NULL.
struct NullIfEmpty {
  const std::string& text;
};

[[noreturn]] void throw_impossible(std::string_view what);

class Run {
 public:
  template <class... Values>
  explicit Run(SQLite::Statement& statement, const Values&... values) : statement_(statement) {
    renew(statement_);
    (bind(values), ...);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { renew(statement_); }

  /// Goes to the next row; false: there is none.
  bool next();
  /// Runs what returns no rows; how many it touched.
  int exec();

  /// The row's next column.
  template <class Value>
  Value get() {
    const int column = column_++;
    if constexpr (std::same_as<Value, std::string>) {
      return text(column);
    } else if constexpr (std::same_as<Value, bool>) {
      return number(column) != 0;
    } else if constexpr (std::same_as<Value, Instant>) {
      return from_column(number(column));
    } else {
      return static_cast<Value>(number(column));  // a number, a key, Paise, a duration
    }
  }
  template <class Value>
  std::optional<Value> maybe() {
    if (is_null(column_)) {
      ++column_;
      return std::nullopt;
    }
    return get<Value>();
  }
  /// The next column's text, as `parse` understands it; NULL is nothing it understands.
  template <class Parse>
  auto parsed(Parse&& parse, std::string_view what) {
    auto value = parse(get<std::string>());
    if (!value) throw_impossible(what);
    return *std::move(value);
  }
  template <class Parse>
  auto maybe_parsed(Parse&& parse, std::string_view what)
      -> std::optional<std::remove_cvref_t<decltype(*parse(std::string_view{}))>> {
    const auto text = maybe<std::string>();
    if (!text) return std::nullopt;
    auto value = parse(*text);
    if (!value) throw_impossible(what);
    return *std::move(value);
  }

 private:
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  void bind_null();
  void bind_number(std::int64_t number);

  template <std::integral Number>
  void bind(Number value) {
    bind_number(static_cast<std::int64_t>(value));
  }
  template <RowKey Key>
  void bind(Key key) {
    bind(std::to_underlying(key));
  }
  template <NamedEnum Enum>
  void bind(Enum value) {
    bind(std::string_view(name(value)));
  }
  void bind(std::string_view text);
  void bind(const std::string& text) { bind(std::string_view(text)); }
  void bind(const char* text) { bind(std::string_view(text)); }
  void bind(NullIfEmpty value) {
    if (value.text.empty()) {
      bind_null();
    } else {
      bind(value.text);
    }
  }
  void bind(Instant instant) { bind(to_column(instant)); }
  void bind(Paise amount) { bind(amount.count()); }
  template <class Rep, class Period>
  void bind(std::chrono::duration<Rep, Period> length) {
    bind(length.count());
  }
  template <class Value>
  void bind(const std::optional<Value>& value) {
    if (value) {
      bind(*value);
    } else {
      bind_null();
    }
  }

  SQLite::Statement& statement_;
  int bound_ = 0;
  int column_ = 0;
};

/// Runs `work`; what SQLite throws in it becomes a StoreError that says what was being done, and
/// anything else stays what it is.
template <class Work>
auto attempt(const char* doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    throw_store_error(doing);
  }
}

/// The key of the row just written.
std::int64_t inserted_key(SQLite::Database& raw);
template <RowKey Key>
Key inserted(SQLite::Database& raw) {
  return Key{inserted_key(raw)};
}

/// The one row, as `read` understands it; nullopt: there is none.
template <class Value>
std::optional<Value> only(Run&& run, Value (*read)(Run&)) {
  if (!run.next()) return std::nullopt;
  return read(run);
}

template <class Value>
std::vector<Value> all(Run&& run, Value (*read)(Run&)) {
  std::vector<Value> found;
  while (run.next()) found.push_back(read(run));
  return found;
}

// Texts of statements. `columns`: their names with commas, without `key`.

std::string insert_into(std::string_view table, std::string_view columns);
/// `key` first, then `columns`. A list in the order of keys names its partial index (`openings
/// INDEXED BY openings_going_on`): else SQLite walks through the whole table to save the sorting.
std::string select_from(std::string_view table, std::string_view columns,
                        std::string_view condition);

}  // namespace gatehouse::store
