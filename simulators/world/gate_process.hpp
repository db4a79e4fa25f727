// One life of the simulated gateway of a lot with gates: the real engine and store on a simulated
// disk. Dies with an exception out of anything when the power goes.
#pragma once

#include "edge/engine/engine.hpp"
#include "simulators/random.hpp"
#include "simulators/world/disk.hpp"
#include "simulators/world/gate_books.hpp"

#include <array>
#include <memory>
#include <string>

namespace gatehouse::world {

/// The random bytes of tickets and ids; a copy gives the same ones.
class SeededBytes final : public engine::Random {
 public:
  explicit SeededBytes(std::uint64_t seed) : random_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_.below(256));
  }

 private:
  simulators::Random random_;
};

class PlainQr final : public engine::QrWriter {
 public:
  [[nodiscard]] std::string svg(std::string_view text) const override;
};

inline constexpr engine::TicketKey ticket_key{4, 8, 15, 16, 23, 42};

/// Every bay may be reached from every gate but EXIT_2, which is for zone B alone.
///
/// | gate    | direction | barrier |
/// | ENTRY_1 | entry     | b1      |
/// | EXIT_1  | exit      | b2      |
/// | BOTH_1  | both      | b3      |
/// | EXIT_2  | exit      | b4      |
GatePlan gate_plan();

struct ZoneSize {
  std::size_t slots = 1;
  Paise hourly_rate;
};
/// Makes the store on a new disk, as `gatehouse init` does, with zones A and B and one member of
/// staff.
store::UserKey init_gate_store(Disk& disk, const std::array<ZoneSize, 2>& zones, Instant now);

struct GateProcessParts {
  Disk& disk;
  const engine::Clock& clock;
  const engine::Calendar& calendar;
  engine::Outside& outside;
  engine::Random& bytes;
  std::string boot;
};

class GateProcess {
 public:
  /// Opens the store; throws what the store throws.
  explicit GateProcess(const GateProcessParts& parts);

  engine::Inbox& inbox() { return *inbox_; }
  engine::Engine& engine() { return *engine_; }
  store::Database& database() { return database_; }
  [[nodiscard]] const LotPlan& plan() const { return *plan_; }
  /// Read through the process's own connection.
  Books& books() { return books_; }

 private:
  store::Database database_;
  std::unique_ptr<const LotPlan> plan_;
  Books books_;
  PlainQr qr_;
  engine::Premises premises_;
  std::unique_ptr<engine::Inbox> inbox_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace gatehouse::world
