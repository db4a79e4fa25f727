#include "cloud-bridge/payments/phonepe.hpp"

#include "cloud-bridge/payments/reading.hpp"

#include <algorithm>

namespace gatehouse::payments {

std::optional<std::string> phonepe_v1_id(std::string_view our_id) {
  constexpr std::size_t characters_max = 34;
  if (!is_order_id(our_id)) return std::nullopt;
  std::string id(our_id);
  if (id.size() > characters_max) std::erase(id, '-');
  return id.size() <= characters_max ? std::optional(id) : std::nullopt;
}

std::string our_id_of_phonepe_v1(std::string_view told) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  std::string id(told);
  if (id.size() != 32 || !std::ranges::all_of(id, is_digit)) return id;
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) id.insert(dash, "-");
  return id;
}

PhonePePaths phonepe_paths(const Endpoint& endpoint, PhonePeApi api) {
  if (endpoint.has_path()) return {};
  if (endpoint.host() != "api.phonepe.com")
    return {.calls = "/apis/pg-sandbox", .token = "/apis/pg-sandbox"};
  return {.calls = api == PhonePeApi::v1 ? "/apis/hermes" : "/apis/pg",
          .token = "/apis/identity-manager"};
}

ProviderTrouble read_phonepe_error(const HttpReply& reply) {
  const auto json = Json::parse(reply.body).value_or(Json());
  auto code = text_of(json, "code");
  if (code.empty()) code = text_of(json, "errorCode");
  auto trouble = trouble_of(reply, code, text_of(json, "message"));
  if (code == "AUTHORIZATION_FAILED" || code == "UNAUTHORIZED" || code == "KEY_NOT_CONFIGURED")
    trouble.kind = TroubleKind::misconfigured;
  else if (code == "INTERNAL_SERVER_ERROR" || code == "TIMED_OUT" || code == "PAYMENT_PENDING")
    trouble.kind = TroubleKind::unknown;  // they say nothing of what became of it
  else if (code == "TOO_MANY_REQUESTS")
    trouble.kind = TroubleKind::busy;
  else if (reply.status >= 200 && reply.status < 300)
    trouble.kind = code.empty() ? TroubleKind::unknown : TroubleKind::refused;
  return trouble;
}

bool is_phonepe_not_found(const ProviderTrouble& trouble) {
  return trouble.code.ends_with("_NOT_FOUND");
}

std::optional<MoneyState> phonepe_money_state(std::string_view state) {
  if (state == "PENDING") return MoneyState::waiting;
  if (state == "COMPLETED") return MoneyState::captured;
  if (state == "FAILED") return MoneyState::failed;
  return std::nullopt;
}

std::optional<RefundProgress> phonepe_refund_progress(std::string_view state) {
  // CONFIRMED: accepted, and on its way.
  if (state == "PENDING" || state == "CONFIRMED") return RefundProgress::pending;
  if (state == "COMPLETED") return RefundProgress::done;
  if (state == "FAILED") return RefundProgress::failed;
  return std::nullopt;
}

std::string phonepe_method(const std::string& word) {
  if (word.starts_with("UPI")) return "upi";
  return small_letters(presentable(word));
}

}  // namespace gatehouse::payments
