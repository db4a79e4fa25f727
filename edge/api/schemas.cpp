#include "edge/api/schemas.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

/// Words that several calls share.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> word_lists{{
    {"Status", "PENDING_PAYMENT|BOOKED|ACTIVE|EXIT_PENDING|COMPLETED|CANCELLED|EXPIRED|TERMINATED"},
    {"Role", "ADMIN|STAFF|USER|DEVICE"},
    {"PaymentState", "CREATING|PENDING|SUCCESS|FAILED|EXPIRED|PARTIALLY_REFUNDED|REFUNDED"},
}};

std::string_view words_of(std::string_view type) {
  const auto* const found =
      std::ranges::find(word_lists, type, &std::pair<std::string_view, std::string_view>::first);
  return found == word_lists.end() ? type : found->second;
}

std::string enumeration(std::string_view words) {
  std::vector<std::string> values;
  while (!words.empty()) {
    const auto end = std::min(words.find('|'), words.size());
    values.push_back(json_text(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return R"({"type":"string","enum":)" + json_array(values) + '}';
}

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

std::string described_text(std::string_view description) {
  return R"({"type":"string","description":)" + json_text(description) + '}';
}

/// What is no object and no list of words; empty: it is.
std::string plain_schema(std::string_view type, SchemaFor whose) {
  const bool is_asked = whose != SchemaFor::answer;
  if (is_asked && is_one_of(type, {"id", "zone", "slot"}))
    return R"({"type":["string","integer"]})";
  if (is_one_of(type, {"text", "id", "zone", "slot", "gate", "user"}))
    return R"({"type":"string"})";
  if (type == "code") return described_text("a ticket's code");
  if (type == "vehicle") return described_text("a vehicle's number, however it is written");
  if (type == "email") return R"({"type":"string","format":"email"})";
  if (type == "phone") return described_text("a telephone number");
  if (type == "uuid") return R"({"type":"string","format":"uuid"})";
  if (type == "secret") return R"({"type":"string","format":"password"})";
  if (type == "time") return R"({"type":"string","format":"date-time"})";
  if (type == "day") return described_text("today, or a date like 2026-11-20");
  if (type == "bound") return described_text("today, a date like 2026-11-20, or an RFC 3339 time");
  if (type == "decimal") return R"({"type":"string","pattern":"^[0-9]+\\.[0-9]{2}$"})";
  if (type == "rupees") return R"({"type":"number","description":"rupees"})";
  if (type == "percent") return R"({"type":"number"})";
  if (is_one_of(type, {"whole", "paise"})) return R"({"type":"integer"})";
  if (type == "flag") return R"({"type":"boolean"})";
  if (type == "object") return R"({"type":"object"})";
  return {};
}

constexpr std::string_view failure_members =
    "success:flag error message code fields?:object data?:object";

}  // namespace

std::string schema_reference(std::string_view name) {
  return R"({"$ref":"#/components/schemas/)" + std::string(name) + "\"}";
}

std::string schema_of_type(std::string_view type, SchemaFor whose) {
  if (type.starts_with('[')) {
    return R"({"type":"array","items":)" + schema_of_type(type.substr(1, type.size() - 2), whose) +
           '}';
  }
  if (std::string plain = plain_schema(type, whose); !plain.empty()) return plain;
  const std::string_view words = words_of(type);
  return words.contains('|') ? enumeration(words) : schema_reference(type);
}

std::string schema_of(const DescribedMember& member, SchemaFor whose) {
  std::string schema = schema_of_type(member.type, whose);
  if (!member.is_nullable) return schema;
  return R"({"anyOf":[)" + schema + R"(,{"type":"null"}]})";
}

std::string schema_of_members(std::string_view list, SchemaFor whose) {
  Fields properties;
  std::vector<std::string> required;
  for (const DescribedMember& member : members_in(list)) {
    properties.nested(member.name, schema_of(member, whose));
    if (!member.is_optional) required.push_back(json_text(member.name));
  }
  Fields schema;
  schema.text("type", "object").nested("properties", properties.json());
  if (!required.empty()) schema.nested("required", json_array(required));
  if (whose == SchemaFor::strict_request) schema.flag("additionalProperties", false);
  return schema.json();
}

std::string schema_of_answer(std::string_view answer) {
  const bool is_name = !answer.empty() && answer.find_first_of(" :[+") == std::string_view::npos &&
                       answer.front() >= 'A' && answer.front() <= 'Z';
  if (is_name) return schema_reference(answer);
  if (answer == "object") return schema_of_type(answer, SchemaFor::answer);
  return schema_of_members(answer, SchemaFor::answer);
}

std::string schemas_of_objects() {
  Fields schemas;
  for (const DescribedObject& object : described_objects())
    schemas.nested(object.name, schema_of_members(object.members, SchemaFor::answer));
  schemas.nested("Failure", schema_of_members(failure_members, SchemaFor::answer));
  return schemas.json();
}

}  // namespace gatehouse::api
