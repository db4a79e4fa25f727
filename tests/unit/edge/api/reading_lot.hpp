// A lot with a store on disk, and the endpoints that only read from it. The lot is five and a half
// hours ahead of UTC.
//
//   ReadingLot lot;
//   const auto session = lot.parking.parked(0);
//   const Response said = lot.get(store::Role::staff, "/api/staff/active-sessions/");
#pragma once

#include "edge/api/reading_side.hpp"
#include "tests/unit/edge/api/counter.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::api {

using store::Role;
using Json = nlohmann::json;

inline WallTime in_delhi(Instant instant) {
  const Instant wall = instant + std::chrono::minutes(330);
  const auto date = std::chrono::floor<std::chrono::days>(wall);
  return {date, std::chrono::floor<std::chrono::minutes>(wall - date)};
}

/// Whose pictures say what they are of.
class NamedPictures final : public TicketPictures {
 public:
  [[nodiscard]] std::string svg(std::string_view code) const override {
    return "<svg>" + std::string(code) + "</svg>";
  }
  [[nodiscard]] std::string png(std::string_view code) const override {
    return "png of " + std::string(code);
  }
};

struct ReadingLot {
  ReadingLot() {
    const auto add = [&](std::int64_t key, const char* name, Role role) {
      accounts.users.push_back({.key = store::UserKey{key},
                                .username = name,
                                .role = role,
                                .gate = role == Role::device ? "ENTRY_GATE_01" : "",
                                .password_hash = "x",
                                .version = 1});
      parking.commit(
          [&](store::Transaction& t) { parking->accounts.insert(t, accounts.users.back()); });
    };
    add(1, "admin", Role::admin);
    add(2, "staff1", Role::staff);
    add(3, "user123", Role::user);
    add(4, "reader", Role::device);
    add(5, "priya", Role::user);
    engine::Effects start;
    for (std::uint32_t z = 0; z < 2; ++z) {
      engine::Availability zone{.counts = {}, .available = z == 0 ? 2U : 2U};
      for (std::uint32_t s = 0; s < (z == 0 ? 3U : 2U); ++s)
        zone.counts.add(z == 0 && s == 0 ? SlotStatus::occupied : SlotStatus::free);
      zone.hourly_rate = Paise(5000);
      start.zones.push_back({ZoneIndex(z), zone});
    }
    view.act(committed(std::move(start)));
  }
  ~ReadingLot() { side.readers.stop(); }
  ReadingLot(const ReadingLot&) = delete;
  ReadingLot& operator=(const ReadingLot&) = delete;

  store::Committed<engine::Effects> committed(engine::Effects effects) {
    return parking.store->begin().commit(std::move(effects));
  }
  /// Blocks until a worker has answered.
  Response send(Request request) {
    std::promise<Response> answer;
    router.handle(std::move(request), [&](Response said) { answer.set_value(std::move(said)); });
    return answer.get_future().get();
  }
  Response get(std::optional<Role> role, const std::string& target) {
    Request request = Counter::request(Method::get, target);
    if (role) {
      request.headers.push_back({"Authorization", "Bearer " + accounts.token(tokens, *role)});
    }
    return send(std::move(request));
  }
  /// The JSON of an answer of this status.
  Json said(std::optional<Role> role, const std::string& target, int status = 200) {
    const Response response = get(role, target);
    CAPTURE(target, response.body);
    CHECK(response.status == status);
    return Json::parse(response.body);
  }

  store::tests::Parking parking;
  std::shared_ptr<const LotPlan> plan = store::load_plan(*parking.store);
  engine::LotView view{plan};
  gatehouse::tests::ManualClock clock;
  FakeAccounts accounts;
  Tokens tokens{{TokenKey{1, 2, 3}}, clock};
  SteadyHealth health;
  Pending pending{clock};
  NamedPictures pictures;
  engine::Premises premises{
      .plan = *plan, .gates = three_gates(), .gate_rules = {}, .billing = {}, .local = in_delhi};
  ReadingSide side{{.store_path = parking.store.path(), .premises = premises, .pictures = pictures},
                   accounts,
                   view,
                   health,
                   clock,
                   pending};
  Router router{
      all_routes({.view = view,
                  .health = health,
                  .clock = clock,
                  .metrics = {},
                  .stream_place = [](StreamKind,
                                     std::string_view) { return std::make_shared<const int>(0); },
                  .desk = nullptr,
                  .reading = &side.room}),
      {},
      [this](std::string_view token) { return identify(tokens, accounts, token); }};
};

}  // namespace gatehouse::api
