// [[barriers]] and [[barrier_profiles]] (docs/contract/modbus.md).
#include "devices/barriers/endpoint.hpp"
#include "devices/barriers/profile.hpp"
#include "edge/gateway/config/readers.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 5> signal_names = {"arm_open", "arm_closed", "presence",
                                                          "safety", "fault"};
constexpr std::array<std::pair<std::string_view, BarrierCommand::Pulse>, 3> pulses = {
    {{"gateway", BarrierCommand::Pulse::gateway},
     {"once", BarrierCommand::Pulse::once},
     {"flash", BarrierCommand::Pulse::flash}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> word_orders = {
    {{"high", true}, {"low", false}}};

constexpr std::string_view signal_expected =
    "where the signal is read, like \"di:2\" or { read = \"hr:100\", values = [16] }, or \"\"";

template <class Range, class Projection = std::identity>
bool has_one(const Range& range, const std::string& name, Projection projection = {}) {
  return std::ranges::find(range, name, projection) != range.end();
}

std::optional<ModbusAddress> parse_address(std::string_view text) {
  using Space = ModbusAddress::Space;
  constexpr std::array<std::pair<std::string_view, Space>, 4> spaces = {
      {{"coil:", Space::coil},
       {"di:", Space::discrete_input},
       {"hr:", Space::holding_register},
       {"ir:", Space::input_register}}};
  for (const auto& [prefix, space] : spaces) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view digits = text.substr(prefix.size());
    std::uint16_t address = 0;
    const auto [stopped, error] = std::from_chars(digits.begin(), digits.end(), address);
    if (error != std::errc() || stopped != digits.end()) return std::nullopt;
    return ModbusAddress{space, address};
  }
  return std::nullopt;
}

bool is_bit(const ModbusAddress& address) {
  return address.space == ModbusAddress::Space::coil ||
         address.space == ModbusAddress::Space::discrete_input;
}
bool is_register_text(std::string_view text) {
  const auto address = parse_address(text);
  return address && !is_bit(*address);
}
bool is_coil_text(std::string_view text) {
  return text.starts_with("coil:") && parse_address(text).has_value();
}
constexpr TextRule coil{"a coil, like \"coil:0\"", is_coil_text};
constexpr TextRule a_register{"a register, like \"hr:100\" or \"ir:0\"", is_register_text};

ModbusAddress read_register(Section& section) {
  return parse_address(section.required_text("read", a_register)).value_or(ModbusAddress{});
}

std::vector<std::uint16_t> read_register_values(Section& input) {
  const TomlNode* node = input.node("values");
  if (node == nullptr) return {};
  const auto* list = std::get_if<TomlList>(&node->value);
  if (list == nullptr || list->empty()) input.wrong("values", "a list of register values");
  std::vector<std::uint16_t> values;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* value = std::get_if<std::int64_t>(&(*list)[i].value);
    if (value != nullptr && *value >= 0 && *value <= 65'535) {
      values.push_back(static_cast<std::uint16_t>(*value));
    } else {
      input.wrong(fmt::format("values[{}]", i), (*list)[i], "a register value from 0 to 65535");
    }
  }
  return values;
}

/// `{ read = "hr:100", values = [16] }` or `{ read = "hr:103", not = 0 }`.
BarrierInput read_register_input(Section input) {
  BarrierInput read{
      .read = read_register(input), .values = read_register_values(input), .not_value = {}};
  if (input.node("not") != nullptr) {
    read.not_value = input.number<std::uint16_t>("not", 0, 0, 65'535);
  }
  if (input.has("values") == input.has("not")) {
    input.problem("values", "expected either `values` or `not`, and not both");
  }
  return read;
}

std::optional<BarrierInput> read_signal(Section& section, std::string_view key) {
  const TomlNode* node = section.node(key);
  if (node == nullptr) return std::nullopt;
  if (std::holds_alternative<TomlTable>(node->value))
    return read_register_input(section.table(key));
  const auto* text = std::get_if<std::string>(&node->value);
  if (text != nullptr && text->empty()) return std::nullopt;
  const auto address = text == nullptr ? std::nullopt : parse_address(*text);
  if (address && is_bit(*address)) {
    return BarrierInput{.read = *address, .values = {}, .not_value = {}};
  }
  section.wrong(key, signal_expected);
  return std::nullopt;
}

BarrierCommand read_command(Section& profile, std::string_view key) {
  if (profile.node(key) == nullptr) {
    profile.wrong(key, "what to write, like { write = \"coil:0\", pulse = \"gateway\" }");
    return {};
  }
  Section command = profile.table(key);
  const auto address = parse_address(command.required_text("write", coil));
  return {.coil = address.value_or(ModbusAddress{}).address,
          .pulse = command.choice("pulse", BarrierCommand::Pulse::gateway, pulses)};
}

std::optional<CycleCounter> read_cycles(Section& profile) {
  if (profile.node("cycles") == nullptr) return std::nullopt;
  Section cycles = profile.table("cycles");
  const CycleCounter counter{.read = read_register(cycles),
                             .words = cycles.number<std::uint8_t>("words", 1, 1, 2),
                             .high_word_first = cycles.choice("order", true, word_orders)};
  constexpr int address_max = 65'535;
  if (counter.read.address + counter.words - 1 > address_max)
    cycles.wrong("read",
                 fmt::format("a register before {}, as words is {}", address_max, counter.words));
  return counter;
}

BarrierProfile read_profile(Section& profile) {
  const std::size_t problems_before = profile.problem_count();
  BarrierProfile read{.name = profile.required_text("name", rules::id),
                      .open = read_command(profile, "open"),
                      .close = read_command(profile, "close"),
                      .arm_open = read_signal(profile, "arm_open"),
                      .arm_closed = read_signal(profile, "arm_closed"),
                      .presence = read_signal(profile, "presence"),
                      .safety = read_signal(profile, "safety"),
                      .fault = read_signal(profile, "fault"),
                      .cycles = read_cycles(profile)};
  if (profile.problem_count() == problems_before && read.open.coil == read.close.coil)
    profile.problem("close",
                    fmt::format("expected another coil than that of open ({})", read.open.coil));
  return read;
}

void read_timing(Section& barrier, BarrierSettings& settings) {
  settings.pulse = barrier.duration("pulse_ms", settings.pulse, 50ms, 10'000ms);
  settings.poll = barrier.duration("poll_ms", settings.poll, 20ms, 10'000ms);
  settings.open_timeout =
      barrier.duration("open_timeout_ms", settings.open_timeout, 500ms, 60'000ms);
  settings.clear = barrier.duration("clear_ms", settings.clear, 0ms, 60'000ms);
  settings.pass_timeout = barrier.duration("pass_timeout_s", settings.pass_timeout, 1s, 600s);
  settings.offline_after =
      barrier.duration("offline_after_ms", settings.offline_after, 100ms, 60'000ms);
  if (settings.offline_after <= settings.poll) {
    barrier.wrong("offline_after_ms", fmt::format("more than poll_ms ({})", settings.poll.count()));
  }
}

BarrierSettings read_barrier(Section& barrier, const std::vector<BarrierProfile>& profiles) {
  BarrierSettings settings;
  settings.id = barrier.required_text("id", rules::id);
  settings.url = barrier.text("url", settings.url, rules::barrier_url);
  // Over TCP 0 and 255 mean the device itself (Modbus Messaging on TCP/IP, 4.4.2.3).
  const bool is_tcp = settings.url.starts_with("tcp:");
  settings.unit = is_tcp ? barrier.number<std::uint8_t>("unit", 1, 0, 255)
                         : barrier.number<std::uint8_t>("unit", 1, 1, 247);
  settings.profile = barrier.text("profile", settings.profile);
  const bool is_known =
      has_one(devices::built_in_profiles(), settings.profile, &BarrierProfile::name) ||
      has_one(profiles, settings.profile, &BarrierProfile::name);
  if (!is_known) {
    barrier.wrong("profile", "generic, relay8, came or the name of one of [[barrier_profiles]]");
  }
  read_timing(barrier, settings);
  Section inputs = barrier.table("inputs");
  for (const std::string_view signal : signal_names) {
    if (inputs.node(signal) != nullptr) {
      settings.inputs.emplace(signal, read_signal(inputs, signal));
    }
  }
  return settings;
}

/// What a barrier is on its line.
struct Wiring {
  std::string path;  // of its section
  devices::Endpoint endpoint;
  std::uint8_t unit = 0;
  std::array<std::uint16_t, 2> coils{};
};

std::optional<Wiring> wiring_of(const Section& section, const BarrierSettings& barrier,
                                const std::vector<BarrierProfile>& profiles) {
  const auto endpoint = devices::endpoint_of(barrier);
  if (!endpoint) return std::nullopt;
  const BarrierProfile profile = devices::profile_of(barrier, profiles);
  return Wiring{section.path(), *endpoint, barrier.unit, {profile.open.coil, profile.close.coil}};
}

/// A section that was copied and not changed would put one arm into two lanes, of which neither
/// knows what the other does.
void compare(Section& section, const Wiring& barrier, const Wiring& before) {
  if (line_name(barrier.endpoint) != line_name(before.endpoint)) return;
  if (barrier.endpoint != before.endpoint) {
    section.wrong(
        "url", fmt::format("the baud and parity of {}, which is on the same device", before.path));
  } else if (barrier.unit == before.unit &&
             std::ranges::find_first_of(barrier.coils, before.coils) != barrier.coils.end()) {
    section.problem("unit",
                    fmt::format("expected another url, unit or coils than those of {}: both would "
                                "move one arm",
                                before.path));
  }
}

}  // namespace

std::vector<BarrierProfile> read_barrier_profiles(std::vector<Section> sections) {
  std::vector<BarrierProfile> profiles;
  for (Section& section : sections) {
    BarrierProfile profile = read_profile(section);
    if (has_one(devices::built_in_profiles(), profile.name, &BarrierProfile::name)) {
      section.wrong("name", "another name than the built-in generic, relay8 and came");
    }
    if (has_one(profiles, profile.name, &BarrierProfile::name) && !profile.name.empty()) {
      section.wrong("name", "a name no other profile has");
    }
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

std::vector<BarrierSettings> read_barriers(std::vector<Section> sections,
                                           const std::vector<BarrierProfile>& profiles) {
  std::vector<BarrierSettings> barriers;
  std::vector<Wiring> wirings;
  for (Section& section : sections) {
    const std::size_t problems_before = section.problem_count();
    BarrierSettings barrier = read_barrier(section, profiles);
    if (has_one(barriers, barrier.id, &BarrierSettings::id) && !barrier.id.empty()) {
      section.wrong("id", "an id no other barrier has");
    }
    if (section.problem_count() == problems_before) {
      if (auto wiring = wiring_of(section, barrier, profiles)) {
        for (const Wiring& before : wirings) compare(section, *wiring, before);
        wirings.push_back(*std::move(wiring));
      }
    }
    barriers.push_back(std::move(barrier));
  }
  return barriers;
}

}  // namespace gatehouse::gateway
