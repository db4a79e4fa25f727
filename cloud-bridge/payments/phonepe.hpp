// What both of PhonePe's interfaces have in common: where they lie, and how they say no. Pure; any
// thread. Source: PhonePe's API references, v1 and v2.
#pragma once

#include "cloud-bridge/payments/endpoint.hpp"
#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/provider.hpp"
#include "cloud-bridge/payments/settings.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::payments {

/// An id of ours as v1 takes it: 34 characters at most, so a UUID goes without its dashes. nullopt:
/// it is no id, or too long.
std::optional<std::string> phonepe_v1_id(std::string_view our_id);
/// Ours again, of an id that v1 tells: 32 digits of a UUID get their dashes back.
std::string our_id_of_phonepe_v1(std::string_view told);

/// What stands before a call's own path. A base_url with a path is taken as it is.
struct PhonePePaths {
  std::string calls;
  std::string token;  // v2's
};
PhonePePaths phonepe_paths(const Endpoint& endpoint, PhonePeApi api);

/// A reply that is no success, by PhonePe's own word before HTTP's.
ProviderTrouble read_phonepe_error(const HttpReply& reply);
/// Whether PhonePe says that it knows no such order or refund: an answer, no trouble.
bool is_phonepe_not_found(const ProviderTrouble& trouble);
/// COMPLETED, PENDING, FAILED; of refunds CONFIRMED too. nullopt: another word.
std::optional<MoneyState> phonepe_money_state(std::string_view state);
std::optional<RefundProgress> phonepe_refund_progress(std::string_view state);
/// `UPI_QR` and `UPI` are upi; other words in small letters.
std::string phonepe_method(const std::string& word);

/// What `answer` to a refund comes to. One that PhonePe knows already is refused as one too many:
/// how the first stands, as `ask` tells, is the answer then. `read` makes of a good answer what it
/// says. Another amount than was asked for is a contradiction.
template <class Answer, class Ask, class Read>
Asked<RefundSeen> phonepe_refund(const RefundRequest& request, const Answer& answer, Ask ask,
                                 Read read) {
  if (!answer && answer.error().kind == TroubleKind::refused) {
    Asked<std::optional<RefundSeen>> known = ask();
    if (!known) return std::unexpected(known.error());
    if (!*known) return std::unexpected(answer.error());
    if ((*known)->amount != request.amount)
      return std::unexpected(contradiction("The refund known is not the one that was asked for"));
    return std::move(**known);
  }
  if (!answer) return std::unexpected(answer.error());
  Asked<RefundSeen> refund = read(*answer);
  if (refund && refund->amount != request.amount)
    return std::unexpected(contradiction("The refund made is not the one that was asked for"));
  return refund;
}

}  // namespace gatehouse::payments
