// What is shown of one thing: named values in their order, as a JSON object or as a row of CSV.
//
//   Fields fields;
//   fields.text("gate", scan.gate).time("received_at", scan.received_at).rupees("due", due);
//   fields.json()   // {"gate":"EXIT_GATE_01","received_at":"…","due":130.5}
//
// Money is written from paise, without floating point. Text that is no UTF-8 is shown with
// replacement characters. CSV follows RFC 4180; a cell that a spreadsheet would take for a formula
// gets an apostrophe before it (docs/contract/http.md, "Lists"). Values; any thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

class Fields {
 public:
  Fields& text(std::string_view name, std::string_view value);
  /// null where it is empty.
  Fields& text_or_null(std::string_view name, std::string_view value);
  Fields& number(std::string_view name, std::int64_t value);
  /// A count of tenths as a decimal number: `38.9`.
  Fields& tenths(std::string_view name, std::int64_t value);
  Fields& flag(std::string_view name, bool value);
  /// null where there is none.
  Fields& time(std::string_view name, const std::optional<Instant>& value);
  /// Rupees as the first clients knew them: `100.0`.
  Fields& rupees(std::string_view name, Paise amount);
  Fields& null(std::string_view name);
  /// JSON within: no cell of a CSV.
  Fields& nested(std::string_view name, std::string json);

  [[nodiscard]] std::string json() const;
  /// Names, and values, of all that is not nested.
  [[nodiscard]] std::string csv_header() const;
  [[nodiscard]] std::string csv_row() const;

 private:
  struct Field {
    std::string name;
    std::string json;
    std::string cell;
    bool is_nested = false;
  };
  Fields& add(std::string_view name, std::string json, std::string cell);
  std::vector<Field> fields_;
};

std::string json_text(std::string_view text);
/// `100.0`, `130.5`, `0.05`
std::string rupees_number(Paise amount);
std::string json_array(const std::vector<std::string>& values);
std::string json_array(const std::vector<Fields>& values);
/// A header and its rows; without rows, nothing but the header that `empty` names.
std::string csv_text(const std::vector<Fields>& rows, const Fields& empty);
std::string csv_cell(std::string_view text);

/// `{"success":true,"message":…,"data":…}`
Response success(std::string_view message, std::string_view data);
/// The members beside `success`, without `data`.
Response success_at_top(const Fields& members);

}  // namespace gatehouse::api
