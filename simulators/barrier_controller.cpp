#include "simulators/barrier_controller.hpp"

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t read_coils = 1;
constexpr std::uint8_t read_discrete_inputs = 2;
constexpr std::uint8_t read_holding_registers = 3;
constexpr std::uint8_t read_input_registers = 4;
constexpr std::uint8_t write_single_coil = 5;
constexpr std::uint8_t write_multiple_coils = 15;

constexpr std::uint32_t input_count = 8;
constexpr std::uint32_t flash_base = 0x0200;
constexpr auto flash_unit = 100ms;
constexpr std::uint16_t motor_error = 7;

// Gate status of the CAME map.
constexpr std::uint16_t came_open = 16;
constexpr std::uint16_t came_closed = 17;
constexpr std::uint16_t came_stopped = 19;
constexpr std::uint16_t came_opening = 32;
constexpr std::uint16_t came_closing = 33;

struct CommandCoils {
  std::size_t open;
  std::size_t close;
};

CommandCoils command_coils(RegisterProfile profile) {
  return profile == RegisterProfile::came ? CommandCoils{1, 3} : CommandCoils{0, 1};
}

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

std::uint16_t came_status(ArmState state) {
  switch (state) {
    case ArmState::closed:
      return came_closed;
    case ArmState::opening:
      return came_opening;
    case ArmState::open:
      return came_open;
    case ArmState::closing:
      return came_closing;
    case ArmState::stopped:
      return came_stopped;
  }
  return 0;
}

std::uint16_t high_word(std::uint32_t value) { return static_cast<std::uint16_t>(value >> 16U); }
std::uint16_t low_word(std::uint32_t value) { return static_cast<std::uint16_t>(value & 0xFFFFU); }

}  // namespace

std::optional<RegisterProfile> parse_register_profile(std::string_view name) {
  if (name == "generic") return RegisterProfile::generic;
  if (name == "relay8") return RegisterProfile::relay8;
  if (name == "came") return RegisterProfile::came;
  return std::nullopt;
}

Pdu exception_answer(std::span<const std::uint8_t> request, ModbusException exception) {
  const std::uint8_t function = request.empty() ? 0 : request[0];
  return {static_cast<std::uint8_t>(function | 0x80U), static_cast<std::uint8_t>(exception)};
}

Pdu BarrierController::answer(std::span<const std::uint8_t> request, VirtualTime now) {
  advance(now);
  constexpr std::size_t header = 5;  // function, address, count or value
  if (request.size() < header) return exception_answer(request, ModbusException::illegal_value);
  switch (request[0]) {
    case read_coils:
    case read_discrete_inputs:
      return read_bits(request);
    case read_holding_registers:
    case read_input_registers:
      return read_registers(request);
    case write_single_coil:
      return write_coil(request, now);
    case write_multiple_coils:
      return write_coils(request, now);
    default:
      return exception_answer(request, ModbusException::illegal_function);
  }
}

void BarrierController::advance(VirtualTime now) {
  for (std::size_t coil = 0; coil < coil_count; ++coil) {
    const auto end = flash_ends_[coil];
    if (end && *end <= now) set_coil(coil, false, *end);
  }
  arm_.advance(now);
}

void BarrierController::set_fault(bool fault, VirtualTime now) {
  fault_ = fault;
  arm_.set_jammed(fault, now);
}

bool BarrierController::input(std::size_t address) const {
  const bool shows_ends = profile_ != RegisterProfile::came;
  switch (address) {
    case 0:
      return shows_ends && arm_.state() == ArmState::open;
    case 1:
      return shows_ends && arm_.state() == ArmState::closed;
    case 2:
      return arm_.presence();
    case 3:
      return arm_.safety();
    case 4:
      return profile_ == RegisterProfile::generic && fault_;
    default:
      return false;
  }
}

std::optional<std::uint16_t> BarrierController::input_register(std::uint32_t address) const {
  if (profile_ != RegisterProfile::generic || address > 7) return std::nullopt;
  if (address == 0) return high_word(arm_.cycles());
  return address == 1 ? low_word(arm_.cycles()) : std::uint16_t{0};
}

std::optional<std::uint16_t> BarrierController::holding_register(std::uint32_t address) const {
  if (profile_ != RegisterProfile::came || address < 100 || address > 109) return std::nullopt;
  switch (address) {
    case 100:
      return came_status(arm_.state());
    case 101:
      return static_cast<std::uint16_t>(arm_.position_percent());
    case 103:
      return fault_ ? motor_error : std::uint16_t{0};
    case 104:
      return low_word(arm_.cycles());
    case 105:
      return high_word(arm_.cycles());
    default:
      return std::uint16_t{0};
  }
}

Pdu BarrierController::read_bits(std::span<const std::uint8_t> request) const {
  constexpr std::uint32_t most = 2'000;
  const std::uint32_t first = word(request, 1);
  const std::uint32_t count = word(request, 3);
  if (count == 0 || count > most) return exception_answer(request, ModbusException::illegal_value);
  if (first + count > input_count)
    return exception_answer(request, ModbusException::illegal_address);
  unsigned bits = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool on = request[0] == read_coils ? coils_[first + i] : input(first + i);
    if (on) bits |= 1U << i;
  }
  return {request[0], 1, static_cast<std::uint8_t>(bits)};
}

Pdu BarrierController::read_registers(std::span<const std::uint8_t> request) const {
  constexpr std::uint32_t most = 125;
  const std::uint32_t first = word(request, 1);
  const std::uint32_t count = word(request, 3);
  if (count == 0 || count > most) return exception_answer(request, ModbusException::illegal_value);
  Pdu answer{request[0], static_cast<std::uint8_t>(count * 2)};
  for (auto address = first; address < first + count; ++address) {
    const auto value =
        request[0] == read_holding_registers ? holding_register(address) : input_register(address);
    if (!value) return exception_answer(request, ModbusException::illegal_address);
    answer.push_back(static_cast<std::uint8_t>(*value >> 8U));
    answer.push_back(static_cast<std::uint8_t>(*value & 0xFFU));
  }
  return answer;
}

Pdu BarrierController::write_coil(std::span<const std::uint8_t> request, VirtualTime now) {
  constexpr std::uint16_t on = 0xFF00;
  const std::uint32_t address = word(request, 1);
  const auto value = word(request, 3);
  const Pdu echo(request.begin(), request.end());
  if (address < coil_count) {
    if (value != on && value != 0) return exception_answer(request, ModbusException::illegal_value);
    set_coil(address, value == on, now);
    return echo;
  }
  const bool is_flash = profile_ == RegisterProfile::relay8 && address >= flash_base &&
                        address < flash_base + coil_count;
  if (!is_flash) return exception_answer(request, ModbusException::illegal_address);
  const auto relay = address - flash_base;
  set_coil(relay, true, now);
  flash_ends_.at(relay) = now + flash_unit * value;
  return echo;
}

Pdu BarrierController::write_coils(std::span<const std::uint8_t> request, VirtualTime now) {
  const std::uint32_t first = word(request, 1);
  const std::uint32_t count = word(request, 3);
  constexpr std::size_t bytes_at = 5;
  if (count == 0 || count > coil_count || request.size() != bytes_at + 2 || request[bytes_at] != 1)
    return exception_answer(request, ModbusException::illegal_value);
  if (first + count > coil_count)
    return exception_answer(request, ModbusException::illegal_address);
  const unsigned values = request[bytes_at + 1];
  for (std::uint32_t i = 0; i < count; ++i) set_coil(first + i, (values >> i & 1U) != 0, now);
  return {request.begin(), request.begin() + bytes_at};
}

void BarrierController::set_coil(std::size_t coil, bool on, VirtualTime now) {
  const bool rises = on && !coils_.at(coil);
  // The CAME board's coils are commands, carried out at each write, not contacts that stay closed.
  coils_.at(coil) = on && profile_ != RegisterProfile::came;
  flash_ends_.at(coil).reset();
  if (!rises) return;
  const auto [open, close] = command_coils(profile_);
  if (coil == open) arm_.open(now);
  // A command to open that is still held goes before one to close.
  if (coil == close && !coils_.at(open)) arm_.close(now);
}

}  // namespace gatehouse::simulators
