#include "edge/api/streams.hpp"

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

 private:
  Wire& wire_;
};

struct Hall {
  Lot lot;
  StreamFeed feed{lot.view};
  Streams streams{feed, lot.clock, 3};
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

TEST_CASE("there is room for so many streams and no more", "[api][stream]") {
  Hall hall;
  std::vector<Wire> wires(3);
  for (std::size_t i = 0; i < wires.size(); ++i) {
    CHECK_FALSE(hall.streams.is_full());
    hall.open(i, wires[i]);
  }
  CHECK(hall.streams.is_full());
  hall.streams.closed(1);
  CHECK_FALSE(hall.streams.is_full());
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
