#include "edge/api/description.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::api {
namespace {

/// docs/contract/http.md, "Words of refusal", by status.
constexpr std::array<std::pair<int, std::string_view>, 16> words_by_status{{
    {409, "name_taken last_administrator too_many_vehicles session_open"},
    {400, "gate_mismatch not_staff"},
    {422, "key_reused"},
    {409, "in_progress"},
    {403, "csrf_failed"},
    {404, "slot_not_found"},
    {409, "id_taken slot_in_use already_resolved"},
    {400, "lot_full action_not_possible session_closed payment_placed"},
    {400,
     "already_entered not_entered already_exited invalid_payment_method zone_closed "
     "booking_expired "
     "booking_unpaid booking_cancelled cannot_cancel amount_mismatch tendered_too_little "
     "bad_signature already_paid refund_exceeds_payment vehicle_mismatch validation_failed "
     "wrong_gate barrier_fault no_barrier ask_staff not_suspect malformed_request host_not_allowed "
     "malformed_body malformed_query upgrade_not_offered already_streaming"},
    {401, "not_signed_in bad_token bad_credentials"},
    {403, "forbidden emergency"},
    {404, "invalid_qr zone_not_found gate_not_found no_shift not_found"},
    {409, "zone_full vehicle_inside amount_changed several_sessions shift_open"},
    {415, "unsupported_media_type"},
    {429, "too_many_holds rate_limited throttled"},
    {503, "out_of_service busy no_answer too_many_streams"},
}};

bool holds_word(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == wanted) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

DescribedMember member_in(std::string_view word) {
  DescribedMember member;
  const auto colon = std::min(word.find(':'), word.size());
  std::string_view name = word.substr(0, colon);
  std::string_view type = word.substr(std::min(colon + 1, word.size()));
  if (name.ends_with('?')) {
    member.is_optional = true;
    name.remove_suffix(1);
  }
  if (type.ends_with('?')) {
    member.is_nullable = true;
    type.remove_suffix(1);
  }
  require(!name.empty(), "every member has a name");
  member.name = name;
  member.type = type.empty() ? "text" : type;
  return member;
}

std::string_view members_of(std::string_view object) {
  const auto objects = described_objects();
  const auto found = std::ranges::find(objects, object, &DescribedObject::name);
  require(found != objects.end(), "a described object has its list of members");
  return found->members;
}

}  // namespace

std::vector<DescribedMember> members_in(std::string_view list) {
  std::vector<DescribedMember> members;
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    const std::string_view word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word.empty()) continue;
    if (!word.starts_with('+')) {
      members.push_back(member_in(word));
      continue;
    }
    for (DescribedMember& member : members_in(members_of(word.substr(1))))
      members.push_back(std::move(member));
  }
  return members;
}

int status_of_refusal(std::string_view word) {
  for (const auto& [status, words] : words_by_status) {
    if (holds_word(words, word)) return status;
  }
  return 0;
}

std::vector<DescribedCall> described_calls() {
  std::vector<DescribedCall> calls;
  for (const auto& group : {described_public_calls(), described_user_calls(),
                            described_staff_calls(), described_admin_calls()})
    calls.insert(calls.end(), group.begin(), group.end());
  return calls;
}

}  // namespace gatehouse::api
