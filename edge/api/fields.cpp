#include "edge/api/fields.hpp"

#include "edge/api/body.hpp"
#include "edge/engine/json_text.hpp"

#include <cstdlib>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// What is no UTF-8 as a whole loses what is not ASCII.
std::string shown(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string ascii;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      ascii += c;
    } else {
      ascii += replacement;
    }
  }
  return ascii;
}

/// `12.05` less the zeros at its end, of which one decimal stays.
std::string trimmed_decimal(std::string text) {
  while (text.ends_with('0') && text[text.size() - 2] != '.') text.pop_back();
  return text;
}

std::string join_lines(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += ',';
    line += cell;
  }
  return line + "\r\n";
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out;
  engine::append_quoted(out, shown(text));
  return out;
}

std::string rupees_number(Paise amount) {
  const bool is_negative = amount < Paise(0);
  const std::int64_t paise = is_negative ? -amount.count() : amount.count();
  const std::string hundredths = std::to_string(100 + paise % 100).substr(1);
  return trimmed_decimal((is_negative ? "-" : "") + std::to_string(paise / 100) + '.' + hundredths);
}

Fields& Fields::add(std::string_view name, std::string json, std::string cell) {
  fields_.push_back({std::string(name), std::move(json), std::move(cell), false});
  return *this;
}

Fields& Fields::text(std::string_view name, std::string_view value) {
  return add(name, json_text(value), csv_cell(shown(value)));
}
Fields& Fields::text_or_null(std::string_view name, std::string_view value) {
  return value.empty() ? null(name) : text(name, value);
}
Fields& Fields::number(std::string_view name, std::int64_t value) {
  std::string digits = std::to_string(value);
  return add(name, digits, digits);
}
Fields& Fields::tenths(std::string_view name, std::int64_t value) {
  const std::int64_t size = std::abs(value);
  std::string digits =
      (value < 0 ? "-" : "") + std::to_string(size / 10) + '.' + std::to_string(size % 10);
  return add(name, digits, digits);
}
Fields& Fields::flag(std::string_view name, bool value) {
  const char* const word = value ? "true" : "false";
  return add(name, word, word);
}
Fields& Fields::time(std::string_view name, const std::optional<Instant>& value) {
  return value ? text(name, format_rfc3339(*value)) : null(name);
}
Fields& Fields::rupees(std::string_view name, Paise amount) {
  return add(name, rupees_number(amount), rupees_number(amount));
}
Fields& Fields::null(std::string_view name) { return add(name, "null", ""); }
Fields& Fields::nested(std::string_view name, std::string json) {
  fields_.push_back({std::string(name), std::move(json), {}, true});
  return *this;
}

std::string Fields::json() const {
  std::string out = "{";
  for (const Field& field : fields_) {
    if (out.size() > 1) out += ',';
    out.append(json_text(field.name)).append(":").append(field.json);
  }
  return out + '}';
}

std::string Fields::csv_header() const {
  std::vector<std::string> cells;
  for (const Field& field : fields_) {
    if (!field.is_nested) cells.push_back(csv_cell(field.name));
  }
  return join_lines(cells);
}

std::string Fields::csv_row() const {
  std::string line;
  bool is_first = true;
  for (const Field& field : fields_) {
    if (field.is_nested) continue;
    if (!std::exchange(is_first, false)) line += ',';
    line += field.cell;
  }
  return line + "\r\n";
}

std::string json_array(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + ']';
}

std::string json_array(const std::vector<Fields>& values) {
  std::string out = "[";
  for (const Fields& value : values) {
    if (out.size() > 1) out += ',';
    out += value.json();
  }
  return out + ']';
}

std::string csv_text(const std::vector<Fields>& rows, const Fields& empty) {
  std::string text = rows.empty() ? empty.csv_header() : rows.front().csv_header();
  for (const Fields& row : rows) text += row.csv_row();
  return text;
}

std::string csv_cell(std::string_view text) {
  constexpr std::string_view formula_beginnings = "=+-@\t\r";
  std::string cell;
  if (!text.empty() && formula_beginnings.contains(text.front())) cell += '\'';
  cell += text;
  const bool is_formula = cell.size() != text.size();
  if (!is_formula && cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted_cell = "\"";
  for (const char c : cell) {
    if (c == '"') quoted_cell += '"';
    quoted_cell += c;
  }
  return quoted_cell + '"';
}

Response success(std::string_view message, std::string_view data) {
  Response response;
  response.body = R"({"success":true,"message":)" + json_text(message) + R"(,"data":)";
  response.body.append(data).append("}");
  return response;
}

Response success_at_top(const Fields& members) {
  Response response;
  response.body = members.json();
  const bool has_members = response.body.size() > 2;
  response.body.insert(1, has_members ? R"("success":true,)" : R"("success":true)");
  return response;
}

}  // namespace gatehouse::api
