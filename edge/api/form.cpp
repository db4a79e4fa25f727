#include "edge/api/form.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <charconv>

namespace gatehouse::api {
namespace {

// A plate with all the blanks and dashes people put into it.
constexpr std::size_t vehicle_characters_max = 64;
constexpr std::size_t id_characters_max = 64;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

bool holds_nothing(const Member& member) {
  return member.kind == Member::Kind::null ||
         (member.kind == Member::Kind::text && trimmed(member.text).empty());
}

template <class Made>
std::expected<Form, Response> made_of(std::expected<Members, Response> members, Made&& made) {
  if (!members) return std::unexpected(std::move(members.error()));
  return made(std::move(*members));
}

}  // namespace

std::expected<Form, Response> Form::of_body(const Request& request) {
  return made_of(read_body(request, Accepts::json),
                 [](Members members) { return Form(std::move(members), Reading::strict); });
}

std::expected<Form, Response> Form::of_older_form(const Request& request) {
  return made_of(read_body(request, Accepts::json_or_form),
                 [](Members members) { return Form(std::move(members), Reading::lenient); });
}

std::expected<Form, Response> Form::of_query(const Request& request) {
  return made_of(read_query(request),
                 [](Members members) { return Form(std::move(members), Reading::strict); });
}

const Member* Form::take(std::string_view name, Need need) {
  require(std::ranges::find(asked_, name) == asked_.end(), "a member is asked for once");
  asked_.push_back(name);
  const auto found = std::ranges::find(members_, name, &Member::name);
  const bool is_there = found != members_.end() && !holds_nothing(*found) &&
                        !(reading_ == Reading::lenient && found->kind == Member::Kind::structure);
  if (is_there) return &*found;
  if (need == Need::required) wrong(name, "is required");
  return nullptr;
}

std::optional<std::string> Form::scalar(std::string_view name, Need need, bool number_is_text) {
  const Member* const member = take(name, need);
  if (member == nullptr) return std::nullopt;
  const bool is_text = member->kind == Member::Kind::text || reading_ == Reading::lenient ||
                       (number_is_text && member->kind == Member::Kind::number);
  if (!is_text) {
    wrong(name, "is to be text");
    return std::nullopt;
  }
  return std::string(trimmed(member->text));
}

std::optional<std::string> Form::text(std::string_view name, Need need,
                                      std::size_t characters_max) {
  auto text = scalar(name, need, false);
  if (!text) return std::nullopt;
  if (characters_in(*text) > characters_max) {
    wrong(name, "has " + std::to_string(characters_max) + " characters at most");
    return std::nullopt;
  }
  if (has_control_character(*text)) {
    wrong(name, "holds a character that cannot be shown");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> Form::secret(std::string_view name, std::size_t bytes_max, Need need) {
  const Member* const member = take(name, need);
  if (member == nullptr) return std::nullopt;
  if (member->kind != Member::Kind::text) {
    wrong(name, "is to be text");
    return std::nullopt;
  }
  if (member->text.size() > bytes_max) {
    wrong(name, "is too long");
    return std::nullopt;
  }
  return member->text;
}

std::optional<bool> Form::flag(std::string_view name) {
  const Member* const member = take(name, Need::optional);
  if (member == nullptr) return std::nullopt;
  const bool is_written = reading_ == Reading::lenient || member->kind == Member::Kind::boolean;
  if (is_written && member->text == "true") return true;
  if (is_written && member->text == "false") return false;
  wrong(name, "is to be true or false");
  return std::nullopt;
}

std::optional<std::string> Form::id(std::string_view name, Need need) {
  auto text = scalar(name, need, true);
  if (!text) return std::nullopt;
  if (text->size() <= id_characters_max && !has_control_character(*text)) return text;
  wrong(name, "is no id");
  return std::nullopt;
}

std::optional<VehicleNumber> Form::vehicle(std::string_view name, Need need) {
  const auto written = text(name, need, vehicle_characters_max);
  if (!written) return std::nullopt;
  auto vehicle = VehicleNumber::parse(*written);
  if (vehicle) return std::move(*vehicle);
  wrong(name, describe(vehicle.error()));
  return std::nullopt;
}

std::optional<Paise> Form::rupees(std::string_view name, Need need) {
  const Member* const member = take(name, need);
  // A sum that was lost on its way is not one that nobody named.
  const bool is_lost = member == nullptr && reading_ == Reading::strict && mentions(name);
  if (member == nullptr && !is_lost) return std::nullopt;
  if (!is_lost && (member->kind == Member::Kind::number || reading_ == Reading::lenient)) {
    if (const auto amount = Paise::parse(trimmed(member->text))) return *amount;
  }
  wrong(name, "is to be a number of rupees, with two decimals at most");
  return std::nullopt;
}

std::optional<Instant> Form::instant(std::string_view name) {
  constexpr std::size_t characters_max = 40;
  const auto written = text(name, Need::optional, characters_max);
  if (!written) return std::nullopt;
  const auto at = parse_rfc3339(*written);
  if (!at) wrong(name, "is to be a time as in 2026-11-20T10:00:00Z");
  return at;
}

std::optional<int> Form::number(std::string_view name, int least, int most) {
  const auto written = scalar(name, Need::optional, true);
  if (!written) return std::nullopt;
  int number = 0;
  const char* const end = written->data() + written->size();
  const auto [stopped, error] = std::from_chars(written->data(), end, number);
  if (error == std::errc() && stopped == end && number >= least && number <= most) return number;
  wrong(name,
        "is to be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<GateIndex> Form::gate(std::string_view name, const GatePlan& gates) {
  const auto id = text(name, Need::optional, id_characters_max);
  if (!id) return std::nullopt;
  const auto gate = gates.find_gate(*id);
  if (!gate) gate_is_unknown_ = true;
  return gate;
}

std::optional<Form> Form::object(std::string_view name) {
  const Member* const member = take(name, Need::optional);
  if (member == nullptr) return std::nullopt;
  if (member->kind == Member::Kind::structure && !member->is_list)
    return Form(member->within, reading_);
  wrong(name, "is to be an object");
  return std::nullopt;
}

void Form::merge(std::string_view name, const Form& within) {
  for (const auto& [member, what] : within.problems())
    wrong(std::string(name) + '.' + member, what);
}

bool Form::has(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found != members_.end() && !holds_nothing(*found);
}

bool Form::mentions(std::string_view name) const {
  return std::ranges::find(members_, name, &Member::name) != members_.end();
}

bool Form::is_null(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found != members_.end() && found->kind == Member::Kind::null;
}

Response Form::refusal() const {
  const Problems found = problems();
  if (found.empty() && gate_is_unknown_)
    return failure(404, "gate_not_found", "There is no such gate");
  return validation_failure(found);
}

void Form::wrong(std::string_view name, std::string_view what) {
  problems_.emplace_back(name, what);
}

Form::Problems Form::problems() const {
  Problems problems = problems_;
  for (auto member = members_.begin(); member != members_.end(); ++member) {
    if (std::ranges::find(asked_, member->name) == asked_.end()) {
      if (reading_ == Reading::strict) problems.emplace_back(member->name, "is not known here");
    } else if (std::ranges::find(members_.begin(), member, member->name, &Member::name) != member) {
      problems.emplace_back(member->name, "is given twice");
    }
  }
  return problems;
}

}  // namespace gatehouse::api
