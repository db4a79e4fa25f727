#include "edge/api/stream_feed.hpp"

#include "edge/api/limits.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

struct Event {
  std::string name;
  nlohmann::json data;
};

std::vector<Event> events_in(const std::string& text) {
  std::vector<Event> events;
  std::istringstream lines(text);
  std::string line;
  std::string name;
  while (std::getline(lines, line)) {
    if (line.starts_with("event: ")) name = line.substr(7);
    if (line.starts_with("data: ")) events.push_back({name, nlohmann::json::parse(line.substr(6))});
  }
  return events;
}

/// A reader that takes all it can get.
class Listener {
 public:
  explicit Listener(StreamFeed& feed) : feed_(feed), reader_(feed.begin()) {}
  std::string take_one() {
    std::string text;
    for (const Chunk& chunk : feed_.next(reader_, ten_o_clock)) text += *chunk;
    return text;
  }
  std::string take_all() {
    std::string text;
    for (std::string more = take_one(); !more.empty(); more = take_one()) text += more;
    return text;
  }

 private:
  StreamFeed& feed_;
  StreamFeed::Reader reader_;
};

TEST_CASE("a new listener hears the whole state: zones, the lot, then every slot",
          "[api][stream]") {
  Lot lot;
  lot.show_slot(4, SlotStatus::occupied);
  StreamFeed feed(lot.view);
  feed.listen(true);
  const auto events = events_in(Listener(feed).take_all());
  REQUIRE(events.size() == 2 + 1 + 1 + 13);
  CHECK(events[0].name == "zone");
  CHECK(events[0].data["zone"] == "A");
  CHECK(events[0].data["available"] == 10);
  CHECK(events[1].data["zone"] == "B");
  CHECK(events[2].name == "lot");
  CHECK(events[2].data["name"] == "Demo lot");
  CHECK(events[2].data["minute_seconds"] == 60);
  CHECK_FALSE(events[2].data.contains("inside"));
  CHECK(events[3].name == "alive");
  CHECK(events[4].name == "slot");
  CHECK(events[4].data["slot"] == "A-001");
  CHECK(events[8].data["status"] == "occupied");
  CHECK(events[16].data["slot"] == "B-003");
}

TEST_CASE("a stream tells at once when sensors cannot be heard any more, and when they can",
          "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view);
  feed.look(ten_o_clock, ServiceState::ok, {});
  feed.listen(true);
  Listener listener(feed);
  CHECK(events_in(listener.take_all())[3].data["broker"] == "ok");

  feed.look(ten_o_clock, ServiceState::ok, {});
  CHECK(listener.take_all().empty());
  feed.look(ten_o_clock, ServiceState::down, {});
  const auto events = events_in(listener.take_all());
  REQUIRE(events.size() == 1);
  CHECK(events[0].name == "alive");
  CHECK(events[0].data["broker"] == "down");
  CHECK(events[0].data["ts"] == "2026-11-20T10:00:00.123Z");
  feed.heartbeat(ten_o_clock);
  CHECK(events_in(listener.take_all())[0].data["broker"] == "down");
  // Whoever comes now knows it from the beginning.
  CHECK(events_in(Listener(feed).take_all())[3].data["broker"] == "down");
}

TEST_CASE("a stream tells who came and went today, and that a demo lot's minutes are short",
          "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view, std::chrono::seconds(1));
  feed.look(ten_o_clock, ServiceState::ok,
            store::TrafficCount{.entries = 7, .exits = 4, .inside = 3});
  feed.listen(true);
  Listener listener(feed);
  const auto all = events_in(listener.take_all());
  CHECK(all[2].name == "lot");
  CHECK(all[2].data["minute_seconds"] == 1);
  CHECK(all[2].data["inside"] == 3);
  CHECK(all[2].data["entries_today"] == 7);
  CHECK(all[2].data["exits_today"] == 4);

  feed.look(ten_o_clock, ServiceState::ok,
            store::TrafficCount{.entries = 8, .exits = 4, .inside = 4});
  const auto events = events_in(listener.take_all());
  REQUIRE(events.size() == 1);
  CHECK(events[0].name == "lot");
  CHECK(events[0].data["entries_today"] == 8);
  CHECK(events[0].data["total"] == all[2].data["total"]);
}

TEST_CASE("after the whole state a listener hears changes only, the newest of each",
          "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view);
  feed.listen(true);
  Listener listener(feed);
  listener.take_all();
  CHECK(feed.mark(lot.show_slot(0, SlotStatus::occupied).value()));
  CHECK_FALSE(feed.mark(lot.show_slot(0, SlotStatus::free).value()));
  CHECK_FALSE(feed.mark(lot.show_slot(1, SlotStatus::unknown).value()));
  CHECK(listener.take_all().empty());  // gathered until published
  feed.publish(ten_o_clock);
  const std::string text = listener.take_all();
  CHECK(text.starts_with("id: "));
  const auto events = events_in(text);
  REQUIRE(events.size() == 2);
  CHECK(events[0].data["slot"] == "A-001");
  CHECK(events[0].data["status"] == "free");
  CHECK(events[1].data["status"] == "unknown");
  CHECK(feed.mark(lot.show_slot(2, SlotStatus::occupied).value()));
}

TEST_CASE("a zone's and the lot's new figures are told", "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view);
  feed.listen(true);
  Listener listener(feed);
  listener.take_all();
  engine::Effects effects;
  effects.zones.push_back({ZoneIndex(1), {.counts = {}, .available = 2, .seq = 9}});
  effects.lot = engine::Availability{.counts = {}, .available = 12};
  feed.mark(lot.show(std::move(effects)).value());
  feed.publish(ten_o_clock);
  const auto events = events_in(listener.take_all());
  REQUIRE(events.size() == 2);
  CHECK(events[0].name == "zone");
  CHECK(events[0].data["seq"] == 9);
  CHECK(events[1].name == "lot");
  CHECK(events[1].data["available"] == 12);
}

TEST_CASE("listeners share text instead of having their own", "[api][stream]") {
  Lot lot({500});
  StreamFeed feed(lot.view);
  feed.listen(true);
  StreamFeed::Reader one = feed.begin();
  StreamFeed::Reader other = feed.begin();
  CHECK(feed.next(one, ten_o_clock) == feed.next(other, ten_o_clock));
  for (StreamFeed::Reader* reader : {&one, &other}) {
    while (!feed.next(*reader, ten_o_clock).empty()) {
    }
  }
  feed.mark(lot.show_slot(7, SlotStatus::occupied).value());
  feed.publish(ten_o_clock);
  const auto change = feed.next(one, ten_o_clock);
  REQUIRE(change.size() == 1);
  CHECK(change == feed.next(other, ten_o_clock));
}

TEST_CASE("one write never holds more than its bound", "[api][stream]") {
  Lot lot({2000});
  StreamFeed feed(lot.view);
  feed.listen(true);
  Listener listener(feed);
  std::size_t writes = 0;
  for (std::string text = listener.take_one(); !text.empty(); text = listener.take_one()) {
    CHECK(text.size() <= limits::write_bytes_max + limits::chunk_bytes_max / 4);
    ++writes;
  }
  CHECK(writes > 5);
}

TEST_CASE("a listener that fell behind the journal hears the whole state anew", "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view, 1000);
  feed.listen(true);
  Listener slow(feed);
  Listener quick(feed);
  slow.take_all();
  quick.take_all();
  for (std::size_t i = 0; i < 40; ++i) {
    const auto status = i % 2 == 0 ? SlotStatus::occupied : SlotStatus::free;
    feed.mark(lot.show_slot(i % 10, status).value());
    feed.publish(ten_o_clock);
    CHECK(events_in(quick.take_all()).size() == 1);
  }
  CHECK(feed.overruns() == 0);
  const auto events = events_in(slow.take_all());
  CHECK(events.size() == 2 + 1 + 1 + 13);
  CHECK(feed.overruns() == 1);
  for (const Event& event : events) {
    if (event.name != "slot") continue;
    const auto slot = lot.view.plan().find_slot(event.data["slot"].get<std::string>());
    REQUIRE(slot);
    CHECK(event.data["status"] == name(lot.view.slot(*slot).status));
  }
}

TEST_CASE("the journal stays within its bound, however long nobody reads", "[api][stream]") {
  Lot lot({100});
  StreamFeed feed(lot.view, 50'000);
  feed.listen(true);
  Listener(feed).take_all();
  for (std::size_t i = 0; i < 2000; ++i) {
    feed.mark(lot.show_slot(i % 100, i % 3 == 0 ? SlotStatus::occupied : SlotStatus::free).value());
    feed.publish(ten_o_clock);
  }
  CHECK(feed.kept_bytes() <= 50'000);
}

TEST_CASE("a listener that reads in any rhythm ends up knowing the truth", "[api][stream]") {
  // The whole state of a large lot takes many pieces; changes in between must not be lost.
  const auto pace = GENERATE(1, 2, 3, 7, 100);
  Lot lot({1200});
  StreamFeed feed(lot.view, 20'000);
  feed.listen(true);
  Listener listener(feed);
  std::map<std::string, std::string> known;
  const auto hear = [&](const std::string& text) {
    for (const Event& event : events_in(text)) {
      if (event.name == "slot") known[event.data["slot"]] = event.data["status"];
    }
  };
  for (std::size_t i = 0; i < 600; ++i) {
    const auto status = static_cast<SlotStatus>(i % 5);
    feed.mark(lot.show_slot((i * 37) % 1200, status).value());
    if (i % 2 == 0) feed.publish(ten_o_clock);
    if (i % static_cast<std::size_t>(pace) == 0) hear(listener.take_one());
  }
  feed.publish(ten_o_clock);
  hear(listener.take_all());
  CHECK(known.size() == 1200);
  for (std::size_t i = 0; i < 1200; ++i) {
    const auto slot = SlotIndex(i);
    CHECK(known[lot.view.plan().slot(slot).id.text()] == name(lot.view.slot(slot).status));
  }
}

TEST_CASE("no listener hears an older status of a slot after a newer one", "[api][stream]") {
  Lot lot({1000});
  StreamFeed feed(lot.view);
  feed.listen(true);
  Listener listener(feed);
  listener.take_one();  // the last slot is in a later piece of the whole state
  for (const SlotStatus status : {SlotStatus::occupied, SlotStatus::unknown, SlotStatus::free}) {
    feed.mark(lot.show_slot(999, status).value());
    feed.publish(ten_o_clock);
  }
  std::vector<std::string> heard;
  for (const Event& event : events_in(listener.take_all())) {
    if (event.name == "slot" && event.data["slot"] == "A-1000") {
      const bool is_news = heard.empty() || heard.back() != event.data["status"];
      if (is_news) heard.push_back(event.data["status"]);
    }
  }
  CHECK(heard == std::vector<std::string>{"occupied", "unknown", "free"});
}

TEST_CASE("nothing is noted or kept while nobody listens", "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view);
  CHECK_FALSE(feed.mark(lot.show_slot(0, SlotStatus::occupied).value()));
  feed.heartbeat(ten_o_clock);
  CHECK(feed.kept_bytes() == 0);
  feed.listen(true);
  Listener(feed).take_all();
  CHECK(feed.kept_bytes() > 0);
  feed.listen(false);
  CHECK(feed.kept_bytes() == 0);
  CHECK_FALSE(feed.mark(lot.show_slot(0, SlotStatus::free).value()));
}

TEST_CASE("a quiet stream says that it lives", "[api][stream]") {
  Lot lot;
  StreamFeed feed(lot.view);
  feed.listen(true);
  Listener listener(feed);
  listener.take_all();
  feed.heartbeat(ten_o_clock);
  const std::string text = listener.take_all();
  CHECK(text.contains("\n: alive\n"));
  const auto events = events_in(text);
  REQUIRE(events.size() == 1);
  CHECK(events[0].name == "alive");
}

TEST_CASE("a lot without zones and slots has a stream too", "[api][stream]") {
  Lot lot(std::vector<std::size_t>{});
  StreamFeed feed(lot.view);
  feed.listen(true);
  const auto events = events_in(Listener(feed).take_all());
  REQUIRE(events.size() == 2);
  CHECK(events[0].name == "lot");
  CHECK(events[1].name == "alive");
}

}  // namespace
}  // namespace gatehouse::api
