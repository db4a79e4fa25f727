// A small lot for the tests of the API: its plan, its view, and a way to commit what changes.
#pragma once

#include "edge/api/endpoints.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/ports.hpp"
#include "edge/store/database.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace gatehouse::api {

/// 2026-11-20T10:00:00.123Z
inline constexpr Instant ten_o_clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) +
                                     std::chrono::hours(10) + std::chrono::milliseconds(123)};

class StoppedClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override { return {ten_o_clock, Steady{}}; }
};

class SteadyHealth final : public HealthSource {
 public:
  Health now;
  [[nodiscard]] Health health() const override { return now; }
};

/// Zones of the given sizes, called A, B, C …
inline std::shared_ptr<const LotPlan> plan_of(const std::vector<std::size_t>& sizes) {
  std::vector<ZonePlan> zones;
  std::vector<SlotPlan> slots;
  for (std::size_t z = 0; z < sizes.size(); ++z) {
    const std::string id(1, static_cast<char>('A' + z));
    ZonePlan zone{.id = ZoneId::parse(id).value(), .name = "Zone " + id, .rates = {}};
    zone.rates.hourly_rate = Paise(5000);
    zone.contact = "+91 11 0000";
    zone.location = "North";
    zone.features = {"covered"};
    zones.push_back(std::move(zone));
    for (std::size_t s = 1; s <= sizes[z]; ++s) {
      slots.push_back({SlotId::parse(numbered_slot_name(id, s)).value(), ZoneIndex(z)});
    }
  }
  return std::make_shared<const LotPlan>(LotId::parse("demo").value(), "Demo lot", std::move(zones),
                                         std::move(slots));
}

/// Commits effects for real: nothing else makes what the world may act on.
class Committer {
 public:
  Committer()
      : database_(store::Database::open({.path = folder_.path / "lot.db", .create = true})) {}
  store::Committed<engine::Effects> operator()(engine::Effects effects) {
    return database_.begin().commit(std::move(effects));
  }

 private:
  struct Folder {
    std::filesystem::path path;
    Folder() {
      std::string name = (std::filesystem::temp_directory_path() / "gatehouse-api-XXXXXX").string();
      if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
      path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  Folder folder_;
  store::Database database_;
};

struct Lot {
  explicit Lot(const std::vector<std::size_t>& sizes = {10, 3}) : view(plan_of(sizes)) {
    engine::Effects start;
    for (std::size_t z = 0; z < sizes.size(); ++z) {
      engine::Availability zone{.counts = {}, .available = static_cast<std::uint32_t>(sizes[z])};
      for (std::size_t s = 0; s < sizes[z]; ++s) zone.counts.add(SlotStatus::free);
      zone.hourly_rate = Paise(5000);
      zone.at = ten_o_clock;
      start.zones.push_back({ZoneIndex(z), zone});
    }
    show(std::move(start));
  }

  /// The view is told; returns what the others would be told.
  store::Committed<engine::Effects> show(engine::Effects effects) {
    auto committed = commit(std::move(effects));
    view.act(committed);
    return committed;
  }
  store::Committed<engine::Effects> show_slot(std::size_t slot, SlotStatus status) {
    engine::Effects effects;
    effects.slots.push_back({SlotIndex(slot), {status, ten_o_clock}});
    return show(std::move(effects));
  }

  [[nodiscard]] Sources sources() const {
    return {view, health, clock, {}, [](StreamKind, std::string_view) {
              return std::make_shared<const int>(0);
            }};
  }

  Committer commit;
  engine::LotView view;
  StoppedClock clock;
  SteadyHealth health;
};

/// Asks a router whose handlers answer at once.
inline Response ask(const Router& router, Request request) {
  Response answer;
  router.handle(std::move(request), [&](Response response) { answer = std::move(response); });
  return answer;
}

inline Response get(const Router& router, std::string path) {
  Request request;
  request.path = std::move(path);
  request.peer_address = "127.0.0.1";
  return ask(router, std::move(request));
}

}  // namespace gatehouse::api
