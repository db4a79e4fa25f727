#include "devices/barriers/modbus_connection.hpp"

#include "devices/barriers/open_line.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <modbus.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::devices {
namespace {

using namespace std::chrono_literals;
using Kind = ModbusFailure::Kind;

// libmodbus leaves the transaction of raw requests at 0.
constexpr std::uint16_t raw_transaction = 0;
// Two characters at 300 baud: a longer pause ends whatever was being sent.
constexpr auto line_pause = 70ms;
constexpr int pauses_max = 20;

std::unexpected<ModbusFailure> failure(Kind kind) {
  return std::unexpected(ModbusFailure{.kind = kind});
}

Kind kind_of(int error) {
  if (error == ETIMEDOUT) return Kind::timed_out;
  return error >= MODBUS_ENOBASE ? Kind::garbled : Kind::disconnected;
}

}  // namespace

void ModbusConnection::FreeContext::operator()(_modbus* context) const { modbus_free(context); }

ModbusConnection::ModbusConnection(Endpoint endpoint, std::chrono::milliseconds response_timeout)
    : endpoint_(std::move(endpoint)), response_timeout_(response_timeout) {}

ModbusConnection::~ModbusConnection() = default;

bool ModbusConnection::is_serial() const {
  return std::holds_alternative<SerialEndpoint>(endpoint_);
}

std::expected<void, std::string> ModbusConnection::connect() {
  close();
  const auto opened = open_line(endpoint_);
  if (!opened) return std::unexpected(opened.error());
  if (!descriptor_.take(*opened))
    return std::unexpected("no descriptor for " + line_name(endpoint_));
  // Neither the address nor the device given here is ever used: the line is open.
  context_.reset(is_serial() ? modbus_new_rtu("/dev/null", 9600, 'N', 8, 1)
                             : modbus_new_tcp("127.0.0.1", MODBUS_TCP_DEFAULT_PORT));
  if (!context_) {
    descriptor_.release();
    return std::unexpected("libmodbus has no memory");
  }
  modbus_set_error_recovery(context_.get(), MODBUS_ERROR_RECOVERY_NONE);
  modbus_set_socket(context_.get(), descriptor_.number());
  const auto micros = std::chrono::microseconds(response_timeout_).count();
  modbus_set_response_timeout(context_.get(), static_cast<std::uint32_t>(micros / 1'000'000),
                              static_cast<std::uint32_t>(micros % 1'000'000));
  // The response timeout is for the whole answer: a drip of bytes does not prolong it.
  modbus_set_byte_timeout(context_.get(), 0, 0);
  return {};
}

void ModbusConnection::close() {
  if (!context_) return;
  context_.reset();
  if (is_serial()) ::tcflush(descriptor_.number(), TCIOFLUSH);
  descriptor_.release();
}

ModbusValues ModbusConnection::read(std::uint8_t unit, ModbusAddress first, std::uint16_t count) {
  const ModbusRequest request = read_request(unit, first, count);
  const Answer answer = transact(request);
  if (!answer) return std::unexpected(answer.error());
  auto values = read_values(request, *answer);
  // A reading that was understood is no echo of its request.
  if (values && echo_ == Echo::unknown) echo_ = Echo::none;
  return values;
}

ModbusDone ModbusConnection::write_single(std::uint8_t unit, std::uint16_t coil,
                                          std::uint16_t value) {
  const ModbusRequest request = write_request(unit, coil, value);
  const Answer answer = transact(request);
  if (!answer) return std::unexpected(answer.error());
  return check_written(request, *answer);
}

ModbusConnection::Answer ModbusConnection::transact(const ModbusRequest& request) {
  if (!context_) return failure(Kind::disconnected);
  if (is_serial()) {
    const Answer answer = transact_serial(request);
    if (!answer) wait_out_late_answer();
    return answer;
  }
  if (const auto clean = drop_strays(); !clean) return std::unexpected(clean.error());
  if (const auto sent = send(request); !sent) return std::unexpected(sent.error());
  const Answer frame = receive();
  if (!frame) return frame;
  const ModbusBytes answer = unwrap_tcp(*frame, raw_transaction);
  if (answer.empty()) return failure(Kind::garbled);
  return answer;
}

ModbusConnection::Answer ModbusConnection::transact_serial(const ModbusRequest& request) {
  if (const auto clean = drop_strays(); !clean) return std::unexpected(clean.error());
  // libmodbus takes answers of this unit only.
  modbus_set_slave(context_.get(), request[0]);
  if (const auto sent = send(request); !sent) return std::unexpected(sent.error());
  if (echo_ == Echo::every_request) {
    if (const auto skipped = skip_echo(request); !skipped) return std::unexpected(skipped.error());
  }
  Answer frame = receive();
  if (!frame && frame.error().kind == Kind::garbled && echo_ != Echo::every_request) {
    frame = receive_after_echo_of_read(request);
  }
  if (!frame) return frame;
  const ModbusBytes answer = unwrap_rtu(*frame);
  if (answer.empty()) return failure(Kind::garbled);
  if (echo_ == Echo::unknown && std::ranges::equal(answer, request))
    look_for_second_answer(request);
  return answer;
}

ModbusDone ModbusConnection::send(const ModbusRequest& request) {
  errno = 0;
  const int sent =
      modbus_send_raw_request(context_.get(), request.data(), static_cast<int>(request.size()));
  if (sent < 0) return failure(kind_of(errno));
  return {};
}

ModbusConnection::Answer ModbusConnection::receive() {
  frame_.fill(0);
  errno = 0;
  const int length = modbus_receive_confirmation(context_.get(), frame_.data());
  if (length < 0) return failure(kind_of(errno));
  // 0: an RTU frame of another unit.
  if (length == 0) return failure(Kind::garbled);
  return ModbusBytes(frame_).first(static_cast<std::size_t>(length));
}

/// What came while nobody asked. On TCP it makes every later answer doubtful.
ModbusDone ModbusConnection::drop_strays() {
  if (is_serial()) {
    if (!discard_input(0ms)) return failure(Kind::disconnected);
    return {};
  }
  std::array<std::uint8_t, 64> stray{};
  const auto length = ::recv(descriptor_.number(), stray.data(), stray.size(), MSG_DONTWAIT);
  if (length > 0) return failure(Kind::garbled);
  if (length == 0 || (errno != EAGAIN && errno != EINTR)) return failure(Kind::disconnected);
  return {};
}

ModbusDone ModbusConnection::skip_echo(const ModbusRequest& request) {
  std::array<std::uint8_t, 8> echo{};
  const bool is_whole = read_exactly(echo);
  if (is_whole && echo == on_the_line(request)) return {};
  // Another adapter, perhaps: found out anew.
  echo_ = Echo::unknown;
  return failure(is_whole ? Kind::garbled : Kind::timed_out);
}

/// An echo of a read looks like an answer whose byte count is the high byte of the address, and
/// whose CRC is wrong.
ModbusConnection::Answer ModbusConnection::receive_after_echo_of_read(
    const ModbusRequest& request) {
  const auto echo = on_the_line(request);
  const std::size_t taken = 5U + request[2];
  if (taken > echo.size()) return failure(Kind::garbled);
  std::array<std::uint8_t, 8> seen{};
  std::ranges::copy_n(frame_.begin(), static_cast<std::ptrdiff_t>(taken), seen.begin());
  if (!std::equal(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(taken), echo.begin()) ||
      !read_exactly(std::span(seen).subspan(taken)) || seen != echo) {
    return failure(Kind::garbled);
  }
  echo_ = Echo::every_request;
  return receive();
}

/// A write's answer is the same as its echo: only a second one tells.
void ModbusConnection::look_for_second_answer(const ModbusRequest& request) {
  std::array<std::uint8_t, 8> second{};
  echo_ = read_exactly(second) && second == on_the_line(request) ? Echo::every_request : Echo::none;
}

/// Within the response timeout of each pause, at most eight bytes.
bool ModbusConnection::read_exactly(std::span<std::uint8_t> bytes) {
  auto wait = response_timeout_;
  while (!bytes.empty()) {
    pollfd ready{.fd = descriptor_.number(), .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return false;
    const auto length = ::read(descriptor_.number(), bytes.data(), bytes.size());
    if (length <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(length));
    wait = line_pause;
  }
  return true;
}

/// Throws away what comes within `wait`, and what follows without a pause. False: the device is
/// gone.
bool ModbusConnection::discard_input(std::chrono::milliseconds wait) {
  std::array<std::uint8_t, 256> stray{};
  for (int pause = 0; pause < pauses_max; ++pause) {
    pollfd ready{.fd = descriptor_.number(), .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(wait.count())) == 0) return true;
    const auto length = ::read(descriptor_.number(), stray.data(), stray.size());
    if (length <= 0) return length < 0 && (errno == EAGAIN || errno == EINTR);
    wait = line_pause;
  }
  return true;
}

void ModbusConnection::wait_out_late_answer() {
  if (discard_input(response_timeout_)) ::tcflush(descriptor_.number(), TCIFLUSH);
}

}  // namespace gatehouse::devices
