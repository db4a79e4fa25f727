#include "bench/peers/modbus_server.hpp"

#include "bench/peers/timings.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <modbus/modbus.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

constexpr int coil_open = 0;
constexpr int coil_close = 1;
enum Input : std::size_t { arm_open, arm_closed, presence, safety, input_count };
// Polls after the arm went up: the car drives under it, and out from under it.
constexpr int polls_until_under = 1;
constexpr int polls_until_through = 2;

struct FreeContext {
  void operator()(modbus_t* context) const { modbus_free(context); }
};
struct FreeMapping {
  void operator()(modbus_mapping_t* mapping) const { modbus_mapping_free(mapping); }
};

class Barrier {
 public:
  Barrier(int port, ModbusServer::OnOpen on_open, ModbusServer::OnClosed on_closed)
      : context_(modbus_new_tcp("127.0.0.1", port)),
        mapping_(modbus_mapping_new(8, 8, 8, 8)),
        on_open_(std::move(on_open)),
        on_closed_(std::move(on_closed)) {
    listener_ = modbus_tcp_listen(context_.get(), 1);
    if (listener_ < 0)
      throw std::runtime_error("port " + std::to_string(port) + ": " + modbus_strerror(errno));
    set(arm_closed, true);
    set(presence, true);
  }

  [[noreturn]] void serve() {
    while (true) {
      if (modbus_tcp_accept(context_.get(), &listener_) < 0) continue;
      std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request{};
      int length = modbus_receive(context_.get(), request.data());
      for (; length >= 0; length = modbus_receive(context_.get(), request.data())) {
        if (length > 0) answer(request, length);
      }
      modbus_close(context_.get());
    }
  }

 private:
  void answer(const std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH>& request, int length) {
    const auto at = static_cast<std::size_t>(modbus_get_header_length(context_.get()));
    const int function = request[at];
    const int address = request[at + 1] * 256 + request[at + 2];
    const bool is_on = request[at + 3] != 0;
    const std::int64_t now_ns = monotonic_ns();
    if (function == MODBUS_FC_READ_DISCRETE_INPUTS) drive();
    modbus_reply(context_.get(), request.data(), length, mapping_.get());
    if (function != MODBUS_FC_WRITE_SINGLE_COIL || !is_on) return;
    if (address == coil_open) open(now_ns);
    if (address == coil_close) close();
  }

  void open(std::int64_t at_ns) {
    polls_ = 0;
    set(arm_open, true);
    set(arm_closed, false);
    on_open_(at_ns);
  }

  void close() {
    if (!is(arm_open)) return;
    set(arm_open, false);
    set(arm_closed, true);
    set(presence, true);  // the next car
    on_closed_();
  }

  void drive() {
    if (!is(arm_open)) return;
    ++polls_;
    set(safety, polls_ > polls_until_under && polls_ <= polls_until_through);
    if (polls_ > polls_until_through) set(presence, false);
  }

  void set(Input input, bool value) { mapping_->tab_input_bits[input] = value ? 1 : 0; }
  [[nodiscard]] bool is(Input input) const { return mapping_->tab_input_bits[input] != 0; }

  std::unique_ptr<modbus_t, FreeContext> context_;
  std::unique_ptr<modbus_mapping_t, FreeMapping> mapping_;
  const ModbusServer::OnOpen on_open_;
  const ModbusServer::OnClosed on_closed_;
  int listener_ = -1;
  int polls_ = 0;
};

}  // namespace

ModbusServer::ModbusServer(int port, OnOpen on_open, OnClosed on_closed) {
  auto barrier = std::make_unique<Barrier>(port, std::move(on_open), std::move(on_closed));
  std::thread([barrier = std::move(barrier)] { barrier->serve(); }).detach();
}

}  // namespace gatehouse::bench
