// What the engine needs of the world, and nothing more. Adapters implement these; the engine
// owns them.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/engine/effect.hpp"
#include "edge/store/committed.hpp"

#include <string>
#include <string_view>

namespace gatehouse::engine {

/// Both clocks, read at once. Any thread. Tests and the simulated world step them by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Moment now() const = 0;
};

/// The lot's local time. Any thread.
class Calendar {
 public:
  virtual ~Calendar() = default;
  [[nodiscard]] virtual WallTime local(Instant instant) const = 0;
};

/// Draws a QR code. The same text gives the same picture. The engine's thread.
class QrWriter {
 public:
  virtual ~QrWriter() = default;
  /// An SVG of one path, at most 12 KiB (docs/contract/mqtt.md, `qr_svg`).
  [[nodiscard]] virtual std::string svg(std::string_view text) const = 0;
};

/// Somebody who carries out what was committed: the lot's MQTT, the live pages.
/// Called on the engine's thread after every commit that has effects. It must return at once:
/// it copies what it needs and sends in its own time. It must not throw.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual void act(const store::Committed<Effects>& effects) = 0;
};

}  // namespace gatehouse::engine
