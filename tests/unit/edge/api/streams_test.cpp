#include "edge/api/streams.hpp"

#include "tests/unit/edge/api/counter.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

/// What a connection was sent, and its reports, to be given when the test likes.
struct Wire {
  std::size_t sends = 0;
  std::string text;
  StreamConnection::Written pending;
  bool broken = false;
  bool ended = false;
  void finish(bool ok) { std::exchange(pending, nullptr)(ok); }
};

class FakeConnection final : public StreamConnection {
 public:
  explicit FakeConnection(Wire& wire) : wire_(wire) {}
  void send(const std::vector<Chunk>& chunks, Written written) override {
    ++wire_.sends;
    for (const Chunk& chunk : chunks) wire_.text += *chunk;
    if (wire_.broken) return written(false);
    wire_.pending = std::move(written);
  }
  void end() override { wire_.ended = true; }

 private:
  Wire& wire_;
};

struct Hall {
  Lot lot;
  StreamFeed feed{lot.view};
  GatePlan gates = three_gates();
  StaffFeed staff{gates};
  Streams streams{feed, lot.clock, {.all = 3, .for_staff = 1, .per_network = 2}, &staff};
  bool may_go_on = true;
  void open_staff(Streams::Id id, Wire& wire) {
    streams.open_staff(id, std::make_unique<FakeConnection>(wire), [this] { return may_go_on; });
  }
  void scan(const std::string& id) {
    engine::Effects effects;
    effects.scans.push_back({GateIndex(0), R"({"scan_id":")" + id + "\"}"});
    staff.mark(effects);
    staff.publish(ten_o_clock);
    streams.pump();
  }
  void open(Streams::Id id, Wire& wire) {
    streams.open(id, std::make_unique<FakeConnection>(wire));
  }
  void change(std::size_t slot, SlotStatus status) {
    feed.mark(lot.show_slot(slot, status).value());
    feed.publish(ten_o_clock);
    streams.pump();
  }
};

TEST_CASE("a stream begins with the whole state and goes on with changes", "[api][stream]") {
  Hall hall;
  Wire wire;
  hall.open(1, wire);
  CHECK(wire.text.contains("A-001"));
  CHECK(wire.text.contains("B-003"));
  wire.finish(true);
  wire.text.clear();
  hall.change(2, SlotStatus::occupied);
  CHECK(wire.text.contains("A-003"));
  CHECK_FALSE(wire.text.contains("A-004"));
}

TEST_CASE("a stream is sent nothing more before its last write is done", "[api][stream]") {
  Hall hall;
  Wire slow;
  Wire quick;
  hall.open(1, slow);
  hall.open(2, quick);
  quick.finish(true);
  for (std::size_t i = 0; i < 5; ++i) {
    hall.change(i, SlotStatus::occupied);
    quick.finish(true);
  }
  CHECK(slow.sends == 1);
  CHECK(quick.sends == 6);
  slow.finish(true);  // now it gets all five at once
  CHECK(slow.sends == 2);
}

TEST_CASE("a stream whose write failed is closed and heard of no more", "[api][stream]") {
  Hall hall;
  Wire wire;
  hall.open(1, wire);
  wire.finish(false);
  CHECK(hall.streams.count() == 0);
  hall.change(0, SlotStatus::occupied);
  CHECK(wire.sends == 1);
}

TEST_CASE("a connection that is found broken while sending harms no other", "[api][stream]") {
  Hall hall;
  Wire broken;
  Wire whole;
  hall.open(1, broken);
  hall.open(2, whole);
  broken.finish(true);
  whole.finish(true);
  broken.broken = true;
  hall.change(0, SlotStatus::occupied);
  CHECK(hall.streams.count() == 1);
  CHECK(whole.sends == 2);
  Wire broken_from_the_start;
  broken_from_the_start.broken = true;
  hall.open(3, broken_from_the_start);
  CHECK(hall.streams.count() == 1);
}

TEST_CASE("a report that comes after its stream is gone is ignored", "[api][stream]") {
  Hall hall;
  Wire first;
  hall.open(1, first);
  hall.streams.closed(1);
  hall.streams.closed(1);
  CHECK(hall.streams.count() == 0);
  Wire second;
  hall.open(1, second);
  first.finish(false);  // of the earlier stream with this number
  CHECK(hall.streams.count() == 1);
}

TEST_CASE("staff hear what happens at the gates, others do not", "[api][stream]") {
  Hall hall;
  Wire staff;
  Wire anybody;
  hall.open_staff(1, staff);
  hall.open(2, anybody);
  staff.finish(true);
  staff.finish(true);  // the barriers first, then the lot
  anybody.finish(true);
  CHECK(staff.text.contains("event: barrier"));
  CHECK(staff.text.contains("B-003"));
  hall.scan("s1");
  CHECK(staff.text.contains("event: scan\ndata: {\"scan_id\":\"s1\"}\n\n"));
  CHECK_FALSE(anybody.text.contains("barrier"));
  CHECK_FALSE(anybody.text.contains("s1"));
  staff.finish(true);
  hall.change(2, SlotStatus::occupied);
  CHECK(staff.sends == 4);
  CHECK(anybody.sends == 2);
}

TEST_CASE("who may not listen any more hears the end and nothing after it", "[api][stream]") {
  Hall hall;
  Wire staff;
  Wire anybody;
  hall.open_staff(1, staff);
  hall.open(2, anybody);
  staff.finish(true);
  hall.streams.dismiss();
  CHECK_FALSE(staff.ended);
  hall.may_go_on = false;
  hall.streams.dismiss();
  CHECK(staff.ended);
  CHECK_FALSE(anybody.ended);
  CHECK(hall.streams.count() == 1);
  const std::size_t sends = staff.sends;
  staff.finish(true);  // the report of what was under way
  hall.scan("s2");
  CHECK(staff.sends == sends);
}

TEST_CASE("nothing is kept for staff when none of them listens", "[api][stream]") {
  Hall hall;
  Wire staff;
  hall.scan("s1");
  CHECK(hall.staff.kept_bytes() == 0);
  hall.open_staff(1, staff);
  hall.scan("s2");
  CHECK(hall.staff.kept_bytes() > 0);
  hall.streams.closed(1);
  CHECK(hall.staff.kept_bytes() == 0);
}

TEST_CASE("there is room for so many streams, and the last of it is for staff", "[api][stream]") {
  Hall hall;
  std::vector<Wire> wires(3);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(hall.streams.place(StreamKind::lot, ""));
    hall.open(i, wires[i]);
  }
  CHECK_FALSE(hall.streams.place(StreamKind::lot, ""));
  CHECK(hall.streams.place(StreamKind::staff, ""));
  hall.open_staff(2, wires[2]);
  CHECK_FALSE(hall.streams.place(StreamKind::staff, ""));
  hall.streams.closed(2);
  hall.streams.closed(1);
  CHECK(hall.streams.place(StreamKind::lot, ""));
}

TEST_CASE("one network has so many streams, and leaves room when one of them goes",
          "[api][stream]") {
  Hall hall;
  Wire first;
  Wire second;
  const auto held = [](Crowds::Place place) {
    return [kept = std::move(place)] { return kept != nullptr; };
  };
  hall.streams.open(1, std::make_unique<FakeConnection>(first),
                    held(hall.streams.place(StreamKind::lot, "203.0.113.9")));
  const auto about_to_open = hall.streams.place(StreamKind::lot, "203.0.113.9");
  CHECK(about_to_open);
  CHECK_FALSE(hall.streams.place(StreamKind::lot, "203.0.113.9"));
  CHECK(hall.streams.place(StreamKind::lot, "203.0.113.10"));
  CHECK(hall.streams.place(StreamKind::staff, "203.0.113.9"));
  CHECK(hall.streams.place(StreamKind::lot, ""));  // the box, a trusted proxy
  hall.streams.closed(1);
  CHECK(hall.streams.place(StreamKind::lot, "203.0.113.9"));
}

TEST_CASE("a place may outlive the crowd that it was in", "[api][stream]") {
  auto crowds = std::make_unique<Crowds>(1);
  auto place = crowds->enter("203.0.113.9");
  CHECK(crowds->size() == 1);
  CHECK_FALSE(crowds->enter("203.0.113.9"));
  place.reset();
  CHECK(crowds->size() == 0);
  place = crowds->enter("203.0.113.9");
  crowds.reset();
  CHECK(place);
}

TEST_CASE("when the last stream goes, nothing is kept", "[api][stream]") {
  Hall hall;
  Wire wire;
  hall.open(1, wire);
  CHECK(hall.feed.kept_bytes() > 0);
  hall.streams.close_all();
  CHECK(hall.feed.kept_bytes() == 0);
}

}  // namespace
}  // namespace gatehouse::api
