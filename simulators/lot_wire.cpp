#include "simulators/lot_wire.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gatehouse::simulators {
namespace {

using Json = nlohmann::ordered_json;

// A code from a person's keyboard may hold anything; what is no UTF-8 is replaced.
std::string written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string gate_topic(std::string_view lot, std::string_view gate, std::string_view last) {
  return fmt::format("parking/v1/{}/gates/{}/{}", lot, gate, last);
}

std::optional<Json> object(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

/// A text, or a number as text; empty when it is neither.
std::string text_of(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : std::string();
}

/// A machine word, as reasons and codes are; anything else is none, and is never shown.
std::string word_of(const Json& json, const char* member) {
  constexpr std::size_t longest = 40;
  auto text = text_of(json, member);
  const bool is_word = text.size() <= longest && std::ranges::all_of(text, [](char character) {
                         return character == '_' || (character >= 'a' && character <= 'z');
                       });
  return is_word ? text : "no_word";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const auto verdict : {Verdict::open, Verdict::pay, Verdict::wait, Verdict::deny}) {
    if (name(verdict) == text) return verdict;
  }
  return std::nullopt;
}

template <class Number>
Number whole(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_number_integer() ? found->get<Number>() : Number{0};
}

}  // namespace

std::string scan_topic(std::string_view lot, std::string_view gate) {
  return gate_topic(lot, gate, "scan");
}
std::string button_topic(std::string_view lot, std::string_view gate) {
  return gate_topic(lot, gate, "button");
}
std::string decision_topic(std::string_view lot, std::string_view gate) {
  return gate_topic(lot, gate, "decision");
}

std::string scan_payload(std::string_view scan_id, std::string_view code,
                         std::string_view payment_method, Instant ts) {
  Json json{{"scan_id", scan_id}, {"code", code}, {"ts", format_rfc3339(ts)}};
  if (!payment_method.empty()) json["payment_method"] = payment_method;
  return written(json);
}

std::string press_payload(std::string_view press_id, std::string_view vehicle_number, Instant ts) {
  Json json{{"press_id", press_id}, {"ts", format_rfc3339(ts)}};
  if (!vehicle_number.empty()) json["vehicle_number"] = vehicle_number;
  return written(json);
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::open:
      return "open";
    case Verdict::pay:
      return "pay";
    case Verdict::wait:
      return "wait";
    case Verdict::deny:
      return "deny";
  }
  return "";
}

std::optional<GateDecision> read_decision(std::string_view payload, std::string_view gate) {
  const auto json = object(payload);
  if (!json) return std::nullopt;
  const auto verdict = parse_verdict(text_of(*json, "decision"));
  auto id = text_of(*json, "scan_id");
  if (!verdict || id.empty() || text_of(*json, "gate") != gate) return std::nullopt;
  return GateDecision{.gate = std::string(gate),
                      .id = std::move(id),
                      .verdict = *verdict,
                      .reason = word_of(*json, "reason"),
                      .message = text_of(*json, "message"),
                      .update = whole<std::uint64_t>(*json, "update"),
                      .session = text_of(*json, "session_id"),
                      .code = text_of(*json, "code"),
                      .slot = text_of(*json, "slot"),
                      .amount_due_paise = whole<std::int64_t>(*json, "amount_due_paise")};
}

std::optional<std::string> gate_of_decision(std::string_view topic, std::string_view lot) {
  const auto before = fmt::format("parking/v1/{}/gates/", lot);
  constexpr std::string_view after = "/decision";
  if (!topic.starts_with(before) || !topic.ends_with(after) ||
      topic.size() <= before.size() + after.size())
    return std::nullopt;
  topic.remove_prefix(before.size());
  topic.remove_suffix(after.size());
  return std::string(topic);
}

std::string login_body(std::string_view username, std::string_view password) {
  return written(Json{{"username", username}, {"password", password}});
}

std::string ticket_body(std::string_view vehicle_number, std::string_view zone) {
  return written(
      Json{{"vehicle_number", vehicle_number}, {"owner_name", "Driver"}, {"zone_id", zone}});
}

std::string cash_exit_body(std::string_view session, std::int64_t amount_paise,
                           std::string_view gate) {
  // The amount is a JSON number; its digits are written here, so that no binary fraction is.
  auto body = fmt::format(R"({{"session_id":{},"payment_method":"CASH","amount":{})",
                          written(Json(session)), rupees(amount_paise));
  if (!gate.empty()) body += fmt::format(R"(,"gate":{})", written(Json(gate)));
  return body + '}';
}

std::optional<StaffReply> read_staff_reply(std::string_view body) {
  const auto json = object(body);
  if (!json) return std::nullopt;
  const auto success = json->find("success");
  StaffReply reply{
      .success = success != json->end() && success->is_boolean() && success->get<bool>(),
      .refusal = word_of(*json, "code")};
  const auto found = json->find("data");
  const Json& data = found != json->end() && found->is_object() ? *found : *json;
  reply.access = text_of(data, "access");
  reply.session = text_of(data, "session_id");
  reply.code = text_of(data, "qr_code");
  reply.slot = text_of(data, "slot_number");
  constexpr double paise_per_rupee = 100;
  constexpr double most = 1e12;
  if (const auto due = data.find("amount_due"); due != data.end() && due->is_number()) {
    const auto value = due->get<double>() * paise_per_rupee;
    if (value >= 0 && value < most) reply.amount_due_paise = std::llround(value);
  }
  return reply;
}

std::string rupees(std::int64_t paise) { return fmt::format("{}.{:02}", paise / 100, paise % 100); }

}  // namespace gatehouse::simulators
