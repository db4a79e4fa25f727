// What the gateway gives to the endpoints that only read. Values and small ports.
#pragma once

#include "edge/api/lot_rules.hpp"
#include "edge/engine/premises.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace gatehouse::api {

/// Draws a ticket's QR code. Pure; any thread. Empty: it cannot be drawn.
class TicketPictures {
 public:
  virtual ~TicketPictures() = default;
  [[nodiscard]] virtual std::string svg(std::string_view code) const = 0;
  [[nodiscard]] virtual std::string png(std::string_view code) const = 0;
};

/// What the lot says of itself and nobody bills by.
struct LotAbout {
  std::string address;
  double latitude = 0;  // both 0: unknown
  double longitude = 0;
  std::string currency = "INR";
  std::chrono::milliseconds stale_after = std::chrono::hours(24);  // of a silent sensor
};

/// Everything referred to outlives the server.
struct ReadingParts {
  std::filesystem::path store_path;  // the writer's connection is open already
  const engine::Premises& premises;
  const TicketPictures& pictures;
  LotAbout about;
  const LotRules* rules = nullptr;  // null: nobody can look at the settings, or change anything
};

}  // namespace gatehouse::api
