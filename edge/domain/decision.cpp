#include "edge/domain/decision.hpp"

#include "edge/domain/words.hpp"

#include <algorithm>

namespace gatehouse {
namespace {

constexpr Words<decision_kind_count> kinds = {"open", "pay", "wait", "deny"};
constexpr Words<2> languages = {"en", "hi"};
static_assert(are_distinct(kinds) && are_distinct(languages));

/// `{slot}` and `{amount}` are filled in.
struct Text {
  std::string_view en;
  std::string_view hi;
};

struct ReasonRow {
  std::string_view word;
  DecisionKind kind;
  Text text;
};

using enum DecisionKind;

// In the order of the enumerators. Texts end with a full stop where there are two sentences, and
// send to staff whoever cannot help themselves.
constexpr std::array<ReasonRow, reason_count> rows = {{
    {"entered", open, {"Welcome. Please drive in.", "स्वागत है। कृपया अंदर आएँ।"}},
    {"ticket_issued", open, {"Take your ticket and drive in", "कृपया टिकट लेकर अंदर आएँ"}},
    {"paid", open, {"Thank you. Drive safely.", "धन्यवाद। आपकी यात्रा शुभ हो।"}},
    {"nothing_due", open, {"Nothing to pay. Drive safely.", "कोई शुल्क देय नहीं है। आपकी यात्रा शुभ हो।"}},
    {"pass", open, {"Your pass is valid. Drive safely.", "आपका पास मान्य है। आपकी यात्रा शुभ हो।"}},
    {"payment_due", pay, {"Please pay {amount} online", "कृपया {amount} का ऑनलाइन भुगतान करें"}},
    {"payment_pending",
     pay,
     {"Waiting for your payment of {amount}", "आपके {amount} के भुगतान की प्रतीक्षा है"}},
    {"invalid_code", deny, {"This is not a valid parking code", "यह पार्किंग कोड मान्य नहीं है"}},
    {"unknown_code",
     deny,
     {"Ticket not found. Please ask the staff.", "टिकट नहीं मिला। कृपया स्टाफ़ से मिलें।"}},
    {"already_entered",
     deny,
     {"This ticket was already used to enter", "इस टिकट से प्रवेश पहले ही हो चुका है"}},
    {"not_entered",
     deny,
     {"This ticket never entered. Please ask the staff.",
      "इस टिकट से प्रवेश नहीं हुआ है। कृपया स्टाफ़ से मिलें।"}},
    {"already_exited",
     deny,
     {"This ticket was already used to exit", "इस टिकट से निकास पहले ही हो चुका है"}},
    {"booking_unpaid", deny, {"This booking is not paid yet", "इस बुकिंग का भुगतान अभी नहीं हुआ है"}},
    {"booking_expired",
     deny,
     {"Booking expired, please rebook", "बुकिंग की अवधि समाप्त हो गई। कृपया फिर से बुक करें।"}},
    {"booking_cancelled", deny, {"This booking was cancelled", "यह बुकिंग रद्द की जा चुकी है"}},
    {"wrong_gate", deny, {"This ticket is for another gate", "यह टिकट दूसरे गेट के लिए है"}},
    {"zone_full", deny, {"Sorry, no slot is free here", "क्षमा करें, यहाँ कोई जगह खाली नहीं है"}},
    {"zone_closed", deny, {"This zone is closed now", "यह ज़ोन अभी बंद है"}},
    {"vehicle_inside",
     deny,
     {"This vehicle already has a ticket or booking", "इस वाहन का टिकट या बुकिंग पहले से मौजूद है"}},
    {"stale_scan",
     deny,
     {"Scan too old. Please scan again.", "स्कैन पुराना हो गया। कृपया फिर से स्कैन करें।"}},
    {"throttled",
     deny,
     {"Too many wrong codes. Please wait a minute.", "बहुत सारे गलत कोड। कृपया एक मिनट रुकें।"}},
    {"unreadable",
     deny,
     {"Code not readable. Please show it again.", "कोड पढ़ा नहीं जा सका। कृपया फिर से दिखाएँ।"}},
    {"no_vehicle", deny, {"Please drive up to the barrier first", "कृपया पहले वाहन को बैरियर तक लाएँ"}},
    {"scan_again", deny, {"Please scan again", "कृपया फिर से स्कैन करें"}},
    {"ask_staff", wait, {"Please ask the staff for help", "कृपया स्टाफ़ से सहायता लें"}},
    {"barrier_fault",
     deny,
     {"The barrier is faulty. Please ask the staff.", "बैरियर में खराबी है। कृपया स्टाफ़ से मिलें।"}},
    {"out_of_service",
     deny,
     {"This gate is out of service. Please ask the staff.", "यह गेट सेवा में नहीं है। कृपया स्टाफ़ से मिलें।"}},
}};

constexpr Words<reason_count> reasons = [] {
  Words<reason_count> words{};
  for (std::size_t i = 0; i < reason_count; ++i) words[i] = rows[i].word;
  return words;
}();
static_assert(are_distinct(reasons));
static_assert(reasons[std::to_underlying(Reason::out_of_service)] == "out_of_service");

constexpr Text entered_slot = {"Welcome. Your slot is {slot}.", "स्वागत है। आपका स्थान: {slot}"};
constexpr Text ticket_slot = {"Take your ticket. Your slot is {slot}.",
                              "कृपया टिकट लें। आपका स्थान: {slot}"};
constexpr Text due_in_cash = {"Pay {amount} in cash at the counter",
                              "कृपया काउंटर पर {amount} नकद दें"};
constexpr Text payment_prepared = {"One moment please, your payment is under way",
                                   "कृपया थोड़ी प्रतीक्षा करें, भुगतान जारी है"};

const ReasonRow& row(Reason reason) { return rows[std::to_underlying(reason)]; }

std::string fill(std::string_view pattern, std::string_view place, std::string_view value) {
  std::string text(pattern);
  const auto at = text.find(place);
  if (at != std::string::npos) text.replace(at, place.size(), value);
  return text;
}

/// UTF-8's continuation bytes begin no character.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

Text text_for(Reason reason, const LaneFacts& facts) {
  if (reason == Reason::payment_due && facts.method == PaymentMethod::cash) return due_in_cash;
  if (reason == Reason::payment_pending && facts.checking) return payment_prepared;
  return row(reason).text;
}

std::string_view in(Language language, const Text& text) {
  return language == Language::hi ? text.hi : text.en;
}

}  // namespace

std::string_view name(DecisionKind kind) { return word_of(kinds, kind); }
std::string_view name(Reason reason) { return word_of(reasons, reason); }

std::optional<DecisionKind> parse_decision_kind(std::string_view text) {
  return read_word<DecisionKind>(kinds, text);
}
std::optional<Reason> parse_reason(std::string_view text) {
  return read_word<Reason>(reasons, text);
}
std::optional<Language> parse_language(std::string_view text) {
  return read_word<Language>(languages, text);
}

DecisionKind decision_for(Reason reason) { return row(reason).kind; }

bool may_go_with(Reason reason, DecisionKind kind) {
  return kind == row(reason).kind || (reason == Reason::payment_pending && kind == wait);
}

bool may_follow(Answer earlier, Answer later) {
  if (!may_go_with(later.reason, later.kind)) return false;
  switch (earlier.kind) {
    case wait:
      return later.kind != wait;
    case pay:
      return later.kind == pay || later.kind == deny || later.reason == Reason::paid;
    case open:
      return later.reason == Reason::barrier_fault || later.reason == Reason::scan_again;
    case deny:
      return false;
  }
  return false;
}

std::string lane_message(Language language, Reason reason, const LaneFacts& facts) {
  const bool leads_in = reason == Reason::entered || reason == Reason::ticket_issued;
  if (leads_in && !facts.slot.empty()) {
    const Text& text = reason == Reason::entered ? entered_slot : ticket_slot;
    std::string message = fill(in(language, text), "{slot}", facts.slot);
    if (characters(message) <= lane_message_characters_max) return message;
  }
  return fill(in(language, text_for(reason, facts)), "{amount}",
              "₹" + facts.amount_due.short_rupees());
}

}  // namespace gatehouse
