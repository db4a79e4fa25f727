// The gateway's small adapters: between the engine's ports and what carries them out.
#pragma once

#include "devices/barriers/barriers.hpp"
#include "devices/readers/frame_pool.hpp"
#include "edge/api/reading_parts.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/ports.hpp"
#include "edge/engine/tickets.hpp"

namespace gatehouse::gateway {

/// The system's source of random bytes. A source that fails stops the process: a ticket that could
/// be guessed must never be made.
class SystemRandom final : public engine::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

class QrPictures final : public engine::QrWriter {
 public:
  [[nodiscard]] std::string svg(std::string_view text) const override;
};

/// Draws tickets for whoever looks at them.
const api::TicketPictures& ticket_pictures();

/// Hands committed orders to the barriers.
class BarrierOrders final : public engine::Outside {
 public:
  explicit BarrierOrders(engine::Barriers& barriers) : barriers_(barriers) {}
  void act(const store::Committed<engine::Effects>& effects) override {
    for (const engine::BarrierOrder& order : effects->orders) barriers_.order(order);
  }

 private:
  engine::Barriers& barriers_;
};

/// Tells the main thread, by SIGUSR2, that the lot was changed and this is a good moment to read it
/// anew (signals.hpp).
class RebuildSignal final : public engine::Outside {
 public:
  void act(const store::Committed<engine::Effects>& effects) override;
};

/// What a camera's frame says goes into the inbox. An image that is none is a frame without a code:
/// `unreadable`.
devices::FramePool::OnRead tell_inbox_of_frames(engine::Inbox& inbox);

/// What a barrier tells goes into the inbox.
devices::TellBarrierReport tell_inbox(engine::Inbox& inbox);

}  // namespace gatehouse::gateway
