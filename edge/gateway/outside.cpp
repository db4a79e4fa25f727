#include "edge/gateway/outside.hpp"

#include "devices/readers/qr_writer.hpp"
#include "edge/domain/invariant.hpp"
#include "edge/gateway/log.hpp"

#include <csignal>

#include <openssl/rand.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

class TicketDrawings final : public api::TicketPictures {
 public:
  [[nodiscard]] std::string svg(std::string_view code) const override {
    return devices::qr_svg(code).value_or("");
  }
  [[nodiscard]] std::string png(std::string_view code) const override {
    return devices::qr_png(code).value_or("");
  }
};

}  // namespace

const api::TicketPictures& ticket_pictures() {
  static const TicketDrawings drawings;
  return drawings;
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  const int done = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  require(done == 1, "the system gives random bytes");
}

void RebuildSignal::act(const store::Committed<engine::Effects>& effects) {
  if (effects->rebuild_due) ::kill(::getpid(), SIGUSR2);
}

std::string QrPictures::svg(std::string_view text) const {
  return devices::qr_svg(text).value_or("");
}

devices::FramePool::OnRead tell_inbox_of_frames(engine::Inbox& inbox) {
  return [&inbox](const devices::FrameRead& read) {
    // A full lane drops and counts it; the reader comes again.
    static_cast<void>(inbox.put(
        engine::UrgentEvent(engine::GateScanned{.gate = read.gate,
                                                .kind = engine::ScanKind::frame,
                                                .scan_id = read.scan_id,
                                                .code = read.code ? *read.code : std::nullopt,
                                                .payment_method = {},
                                                .vehicle = {},
                                                .device_ts = read.ts,
                                                .received = read.received})));
  };
}

devices::TellBarrierReport tell_inbox(engine::Inbox& inbox) {
  return [&inbox](const devices::BarrierReport& report) {
    const bool taken = std::visit(
        [&inbox](const auto& told) { return inbox.put(engine::UrgentEvent(told)); }, report);
    // The inbox counts it; a barrier's next change, or a driver's next scan, sets it right.
    if (!taken) log_error("the inbox is full: a barrier's report was dropped");
  };
}

}  // namespace gatehouse::gateway
