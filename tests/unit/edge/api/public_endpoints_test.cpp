#include "edge/api/views.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::json;

TEST_CASE("the list of zones has the shape of the contract", "[api][public]") {
  Lot lot;
  engine::Effects effects;
  engine::Availability zone{.counts = {}, .available = 5};
  for (int i = 0; i < 3; ++i) zone.counts.add(SlotStatus::occupied);
  zone.counts.add(SlotStatus::reserved);
  zone.counts.add(SlotStatus::unknown);
  for (int i = 0; i < 5; ++i) zone.counts.add(SlotStatus::free);
  zone.hourly_rate = Paise(8050);
  effects.zones.push_back({ZoneIndex(0), zone});
  effects.zones.push_back({ZoneIndex(1), {.counts = {}, .active = false}});
  lot.show(std::move(effects));

  const Router router(all_routes(lot.sources()), {});
  const Response response = get(router, "/api/public/zones");
  CHECK(response.status == 200);
  const Json body = Json::parse(response.body);
  CHECK(body["success"] == true);
  CHECK(body["message"] == "2 zones");
  CHECK(body["data"]["zones"][0] == Json::parse(R"({
    "zone_id":"A", "name":"Zone A", "hourly_rate":"80.50", "is_active":true, "total_slots":10,
    "occupied_slots":5, "reserved_slots":1, "available_slots":5, "occupancy_percent":30.0,
    "operating_hours":"00:00-24:00", "contact":"+91 11 0000", "location":"North",
    "features":["covered"]})"));
  CHECK(response.body.contains("\"occupancy_percent\":30.0,"));
  CHECK(body["data"]["zones"][1]["is_active"] == false);
  CHECK(body["data"]["zones"][1]["occupancy_percent"] == 0.0);
}

TEST_CASE("health says how each service is and what that means", "[api][public]") {
  using enum ServiceState;
  const auto [health, status, word] = GENERATE(table<Health, int, const char*>({
      {{.store = ok, .broker = ok}, 200, "ok"},
      {{.broker = off, .barriers = off, .payments = off, .cloud = off}, 200, "ok"},
      {{.broker = down}, 200, "degraded"},
      {{.broker = ok, .barriers = down}, 200, "degraded"},
      {{.payments = down}, 200, "degraded"},
      {{.cloud = down}, 200, "degraded"},
      {{.store = down, .broker = ok}, 503, "failing"},
      {{.store = down, .broker = down}, 503, "failing"},
      {{.broker = ok, .loop_alive = false}, 503, "failing"},
  }));
  Lot lot;
  lot.health.now = health;
  const Router router(all_routes(lot.sources()), {});
  const Response response = get(router, "/api/public/health/");
  CHECK(response.status == status);
  CHECK(find_header(response.headers, "Retry-After").has_value() == (status == 503));
  const Json body = Json::parse(response.body);
  CHECK(body["success"] == (status == 200));
  CHECK(body["status"] == word);
  CHECK(body["version"] == GATEHOUSE_VERSION);
  CHECK(body["timestamp"] == "2026-11-20T10:00:00.123Z");
  CHECK(body["services"].size() == 5);
  CHECK(body["services"]["cloud"] == (health.cloud == down ? "down" : "off"));
}

TEST_CASE("a stream more than the lot carries is asked to come again", "[api][public]") {
  const Lot lot;
  Sources sources = lot.sources();
  sources.stream_place = [](StreamKind, std::string_view) { return nullptr; };
  const Router router(all_routes(sources), {});
  const Response response = get(router, "/api/public/stream/");
  CHECK(response.status == 503);
  CHECK(response.stream == StreamKind::none);
  CHECK(find_header(response.headers, "Retry-After") == "30");
}

TEST_CASE("a stream is opened for a GET and nothing else", "[api][public]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {});
  CHECK(get(router, "/api/public/stream/").stream == StreamKind::lot);
  Request request;
  request.path = "/api/public/stream/";
  request.method = Method::head;
  CHECK(ask(router, request).stream == StreamKind::none);
  request.method = Method::get;
  request.headers.push_back({"Upgrade", "websocket"});
  CHECK(ask(router, request).status == 400);
}

}  // namespace
}  // namespace gatehouse::api
