// docs/contract/mqtt.md, "Decision".
#include "edge/domain/decision.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;

namespace {

std::size_t code_points(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::vector<Reason> all_reasons() {
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < reason_count; ++i) reasons.push_back(Reason(i));
  return reasons;
}

}  // namespace

TEST_CASE("reasons have the contract's words and go with its answers", "[domain][decision]") {
  const auto [reason, word, kind] = GENERATE(table<Reason, std::string, DecisionKind>({
      {Reason::entered, "entered", DecisionKind::open},
      {Reason::ticket_issued, "ticket_issued", DecisionKind::open},
      {Reason::paid, "paid", DecisionKind::open},
      {Reason::nothing_due, "nothing_due", DecisionKind::open},
      {Reason::pass, "pass", DecisionKind::open},
      {Reason::payment_due, "payment_due", DecisionKind::pay},
      {Reason::payment_pending, "payment_pending", DecisionKind::pay},
      {Reason::invalid_code, "invalid_code", DecisionKind::deny},
      {Reason::unknown_code, "unknown_code", DecisionKind::deny},
      {Reason::already_entered, "already_entered", DecisionKind::deny},
      {Reason::not_entered, "not_entered", DecisionKind::deny},
      {Reason::already_exited, "already_exited", DecisionKind::deny},
      {Reason::booking_unpaid, "booking_unpaid", DecisionKind::deny},
      {Reason::booking_expired, "booking_expired", DecisionKind::deny},
      {Reason::booking_cancelled, "booking_cancelled", DecisionKind::deny},
      {Reason::wrong_gate, "wrong_gate", DecisionKind::deny},
      {Reason::zone_full, "zone_full", DecisionKind::deny},
      {Reason::zone_closed, "zone_closed", DecisionKind::deny},
      {Reason::vehicle_inside, "vehicle_inside", DecisionKind::deny},
      {Reason::stale_scan, "stale_scan", DecisionKind::deny},
      {Reason::throttled, "throttled", DecisionKind::deny},
      {Reason::unreadable, "unreadable", DecisionKind::deny},
      {Reason::no_vehicle, "no_vehicle", DecisionKind::deny},
      {Reason::scan_again, "scan_again", DecisionKind::deny},
      {Reason::ask_staff, "ask_staff", DecisionKind::wait},
      {Reason::barrier_fault, "barrier_fault", DecisionKind::deny},
      {Reason::out_of_service, "out_of_service", DecisionKind::deny},
  }));
  CAPTURE(word);
  CHECK(name(reason) == word);
  CHECK(parse_reason(word) == reason);
  CHECK(name(decision_for(reason)) == name(kind));
  CHECK(may_go_with(reason, kind));
}

TEST_CASE("words of another spelling are not understood", "[domain][decision]") {
  CHECK(parse_decision_kind("wait") == DecisionKind::wait);
  CHECK_FALSE(parse_reason("Entered").has_value());
  CHECK_FALSE(parse_decision_kind("").has_value());
  CHECK(parse_language("hi") == Language::hi);
  CHECK_FALSE(parse_language("fr").has_value());
}

TEST_CASE("a payment is waited for only until the provider has answered", "[domain][decision]") {
  using enum DecisionKind;
  CHECK(may_go_with(Reason::payment_pending, wait));
  CHECK_FALSE(may_go_with(Reason::payment_pending, open));
  CHECK_FALSE(may_go_with(Reason::payment_due, wait));
  CHECK_FALSE(may_go_with(Reason::zone_full, open));
}

TEST_CASE("a later answer goes on from the one before", "[domain][decision]") {
  using enum DecisionKind;
  using enum Reason;
  const auto [earlier, later, allowed, why] = GENERATE(table<Answer, Answer, bool, std::string>({
      {{wait, payment_pending}, {pay, payment_pending}, true, "the provider answered"},
      {{wait, ask_staff}, {pay, payment_due}, true, "staff chose a length"},
      {{wait, payment_pending}, {open, paid}, true, "paid in cash meanwhile"},
      {{wait, payment_pending}, {deny, scan_again}, true, "it came to nothing"},
      {{wait, payment_pending}, {wait, ask_staff}, false, "waiting goes on in silence"},
      {{pay, payment_pending}, {pay, payment_due}, true, "a new amount"},
      {{pay, payment_due}, {open, paid}, true, "paid"},
      {{pay, payment_due}, {open, nothing_due}, false, "a due does not vanish"},
      {{pay, payment_due}, {deny, barrier_fault}, true, "paid before a dead barrier"},
      {{pay, payment_due}, {wait, payment_pending}, false, "no way back to waiting"},
      {{open, paid}, {deny, barrier_fault}, true, "the arm did not move"},
      {{open, paid}, {deny, scan_again}, true, "the opening grew too old"},
      {{open, paid}, {deny, zone_full}, false, "an opening is not taken back otherwise"},
      {{open, paid}, {open, paid}, false, "and not said twice"},
      {{deny, invalid_code}, {open, entered}, false, "a refusal is the last word"},
      {{wait, ask_staff}, {open, zone_full}, false, "no answer with another's reason"},
  }));
  CAPTURE(why);
  CHECK(may_follow(earlier, later) == allowed);
}

TEST_CASE("a display names what to do", "[domain][decision]") {
  using enum Language;
  using enum Reason;
  const LaneFacts cash{.amount_due = Paise(10'000), .method = PaymentMethod::cash};
  const LaneFacts online{.amount_due = Paise(10'050)};
  const LaneFacts slot{.slot = "A-003"};
  const auto [language, reason, facts, expected] =
      GENERATE_COPY(table<Language, Reason, LaneFacts, std::string>({
          {en, payment_due, cash, "Pay ₹100 in cash at the counter"},
          {hi, payment_due, cash, "कृपया काउंटर पर ₹100 नकद दें"},
          {en, payment_due, online, "Please pay ₹100.50 online"},
          {hi, payment_due, online, "कृपया ₹100.50 का ऑनलाइन भुगतान करें"},
          {en, payment_pending, online, "Waiting for your payment of ₹100.50"},
          {en, payment_pending, {.checking = true}, "One moment please, your payment is under way"},
          {en, paid, {}, "Thank you. Drive safely."},
          {hi, paid, {}, "धन्यवाद। आपकी यात्रा शुभ हो।"},
          {en, entered, slot, "Welcome. Your slot is A-003."},
          {hi, entered, slot, "स्वागत है। आपका स्थान: A-003"},
          {en, ticket_issued, slot, "Take your ticket. Your slot is A-003."},
          {en, entered, {}, "Welcome. Please drive in."},
          {en, booking_expired, {}, "Booking expired, please rebook"},
          {en, zone_full, slot, "Sorry, no slot is free here"},
      }));
  CHECK(lane_message(language, reason, facts) == expected);
}

TEST_CASE("every message fits the display in both languages", "[domain][decision]") {
  const std::string long_slot(64, 'S');
  const auto language = GENERATE(Language::en, Language::hi);
  const auto amount = GENERATE(std::int64_t{0}, std::int64_t{999'999'999},
                               std::numeric_limits<std::int64_t>::max());
  const auto method = GENERATE(PaymentMethod::cash, PaymentMethod::online);
  const std::string slot = GENERATE_COPY(std::string(), std::string("A-001"), long_slot);
  const bool checking = GENERATE(false, true);
  for (const Reason reason : all_reasons()) {
    const std::string message =
        lane_message(language, reason, {Paise(amount), method, slot, checking});
    CAPTURE(message);
    CHECK_FALSE(message.empty());
    CHECK(code_points(message) <= lane_message_characters_max);
    CHECK(message.find('{') == std::string::npos);
  }
}

TEST_CASE("a slot's name that does not fit is left out, not cut", "[domain][decision]") {
  const std::string slot(64, 'S');
  CHECK(lane_message(Language::en, Reason::entered, {.slot = slot}) == "Welcome. Please drive in.");
}

TEST_CASE("no two reasons read the same in either language", "[domain][decision]") {
  const auto language = GENERATE(Language::en, Language::hi);
  std::set<std::string> messages;
  for (const Reason reason : all_reasons()) messages.insert(lane_message(language, reason, {}));
  CHECK(messages.size() == reason_count);
}
