// How the gateway feels, as GET /api/public/health/ tells it. The gateway implements the source.
#pragma once

#include <cstdint>

namespace gatehouse::api {

enum class ServiceState : std::uint8_t { ok, down, off };  // off: not configured

struct Health {
  ServiceState store = ServiceState::ok;  // down: it cannot commit
  ServiceState broker = ServiceState::off;
  ServiceState barriers = ServiceState::off;
  ServiceState payments = ServiceState::off;
  ServiceState cloud = ServiceState::off;
  bool loop_alive = true;  // false: the loop has not turned for 10 s
};

class HealthSource {
 public:
  virtual ~HealthSource() = default;
  /// Any thread, at any time; must not block.
  [[nodiscard]] virtual Health health() const = 0;
};

}  // namespace gatehouse::api
