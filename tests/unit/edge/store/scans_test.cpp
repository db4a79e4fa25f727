// Scans and their answers: each id once, the newest answer to a repetition, and no answer that
// cannot follow the one before.
#include "edge/store/scans.hpp"

#include "tests/support/aborts.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

Reason any_reason(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::open:
      return Reason::paid;
    case DecisionKind::pay:
      return Reason::payment_due;
    case DecisionKind::wait:
      return Reason::payment_pending;
    case DecisionKind::deny:
      return Reason::scan_again;
  }
  return Reason::scan_again;
}

int prune(Parking& parking, Instant before, int rows_max) {
  return parking.commit([&](Transaction& t) { return parking->scans.prune(t, before, rows_max); });
}

}  // namespace

TEST_CASE("a scan is the same after opening the store again", "[store][scans]") {
  Parking parking;
  const Session session = parking.parked(0);
  Scan scan{.gate = "EXIT_GATE_01",
            .scan_id = "9f0c",
            .source = ScanSource::frame,
            .code = "PARK-हिंदी",
            .session = session.key,
            .received_at = noon + 1ms,
            .device_ts = noon - 1s,
            .payment_method = PaymentMethod::cash};
  scan.key = parking.commit([&](Transaction& t) { return parking->scans.insert(t, scan); });
  const ScanKey bare = parking.scanned("bare");
  parking.reopen();
  CHECK(parking->scans.find(scan.key) == scan);
  CHECK(parking->scans.find("EXIT_GATE_01", "9f0c") == scan);
  CHECK_FALSE(parking->scans.find(bare)->answer);
  CHECK_FALSE(parking->scans.find("ENTRY_GATE_01", "9f0c"));
}

TEST_CASE("a repetition finds the newest answer, and every answer is kept", "[store][scans]") {
  Parking parking;
  const ScanKey scan = parking.scanned("s1");
  CHECK(parking.answered(scan, DecisionKind::wait, Reason::payment_pending) == 0);
  CHECK(parking.answered(scan, DecisionKind::pay, Reason::payment_due, noon + 1s) == 1);
  CHECK(parking.answered(scan, DecisionKind::open, Reason::paid, noon + 2s) == 2);
  const auto found = parking->scans.find("EXIT_GATE_01", "s1");
  REQUIRE(found);
  CHECK(found->answer == ScanAnswer{.update = 2,
                                    .at = noon + 2s,
                                    .decision = DecisionKind::open,
                                    .reason = Reason::paid,
                                    .payload = "{}"});
  const auto answers = parking->scans.answers(scan);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].decision == DecisionKind::wait);
  CHECK(answers[2] == found->answer);
}

TEST_CASE("the store lets follow what the rules let follow, and nothing else", "[store][scans]") {
  using enum DecisionKind;
  const DecisionKind earlier = GENERATE(open, pay, wait, deny);
  const DecisionKind later = GENERATE(open, pay, wait, deny);
  CAPTURE(name(earlier), name(later));
  const Answer first{earlier, any_reason(earlier)};
  const Answer second{later, any_reason(later)};
  Parking parking;
  const ScanKey scan = parking.scanned("s1");
  parking.answered(scan, first.kind, first.reason);
  const bool refused =
      failure([&] { parking.answered(scan, second.kind, second.reason); }).has_value();
  CHECK(refused != may_follow(first, second));
}

TEST_CASE("one scan id is one scan of its gate", "[store][scans]") {
  Parking parking;
  parking.scanned("s1");
  CHECK(failure([&] { parking.scanned("s1"); }) == StoreError::Kind::unusable);
  parking.scanned("s1", {}, noon, "ENTRY_GATE_01");
}

TEST_CASE("the newest scan of a code at a gate is found for the debounce", "[store][scans]") {
  Parking parking;
  parking.scanned("s1", {}, noon);
  const ScanKey newest = parking.scanned("s2", {}, noon + 2s);
  parking.scanned("s3", {}, noon + 3s, "ENTRY_GATE_01");
  Scans& scans = parking->scans;
  CHECK(scans.find_newest_of_code("EXIT_GATE_01", "PARK-1", noon)->key == newest);
  CHECK(scans.find_newest_of_code("EXIT_GATE_01", "PARK-1", noon + 2s)->key == newest);
  CHECK_FALSE(scans.find_newest_of_code("EXIT_GATE_01", "PARK-1", noon + 2s + 1ms));
  CHECK_FALSE(scans.find_newest_of_code("EXIT_GATE_01", "PARK-2", noon));
}

TEST_CASE("who stands at a gate is the newest scan there, whatever its code", "[store][scans]") {
  Parking parking;
  const Session session = parking.parked(0);
  CHECK_FALSE(parking->scans.find_newest_at("EXIT_GATE_01"));
  parking.scanned("s1");
  const ScanKey newest = parking.scanned("s2");
  parking.scanned("s3", {}, noon, "ENTRY_GATE_01");
  parking.commit([&](Transaction& t) { parking->scans.set_session(t, newest, session.key); });
  const auto found = parking->scans.find_newest_at("EXIT_GATE_01");
  REQUIRE(found);
  CHECK(found->key == newest);
  CHECK(found->session == session.key);
}

TEST_CASE("a code that is too long is cut between characters, and still recognised",
          "[store][scans]") {
  Parking parking;
  const std::string code = std::string(99, 'x') + "é" + std::string(500, 'y');
  Scan scan{.gate = "g", .scan_id = "s", .code = code, .received_at = noon};
  scan.key = parking.commit([&](Transaction& t) { return parking->scans.insert(t, scan); });
  CHECK(parking->scans.find(scan.key)->code == std::string(99, 'x'));
  CHECK(parking->scans.find_newest_of_code("g", code, noon)->key == scan.key);
}

TEST_CASE("an answer to a scan that never was stops the process", "[store][scans]") {
  Parking parking;
  CHECK(gatehouse::tests::aborts(
      [&] { parking.answered(ScanKey{99}, DecisionKind::deny, Reason::invalid_code); }));
}

TEST_CASE("scans older than asked go with their answers, the openings they made stay",
          "[store][scans]") {
  Parking parking;
  const Session session = parking.parked(0);
  std::vector<ScanKey> scans;
  for (int i = 0; i < 6; ++i) {
    scans.push_back(parking.scanned("s" + std::to_string(i), session.key, noon + i * 1h));
    parking.answered(scans.back(), DecisionKind::deny, Reason::invalid_code);
  }
  const OpeningKey opening = parking.commit([&](Transaction& t) {
    return parking->openings.insert(t, {.cause = OpeningCause::staff,
                                        .scan = scans[0],
                                        .gate = "EXIT_GATE_01",
                                        .barrier = "b1",
                                        .reason = "rain",
                                        .at = noon});
  });
  CHECK(prune(parking, noon, 100) == 0);
  CHECK(prune(parking, noon + 4h, 3) == 3);
  CHECK(prune(parking, noon + 4h, 3) == 1);
  CHECK(prune(parking, noon + 4h, 0) == 0);
  CHECK(parking.store.number("SELECT count(*) FROM scans") == 2);
  CHECK(parking.store.number("SELECT count(*) FROM decisions") == 2);
  CHECK_FALSE(parking->openings.find(opening)->scan);
  CHECK(parking.scanned("new") > scans.back());
}

TEST_CASE("a clock that stepped back keeps the scans behind it", "[store][scans]") {
  Parking parking;
  for (const auto after : {0h, 9h, 1h, 2h, 10h}) {
    parking.scanned("s" + std::to_string(after.count()), {}, noon + after);
  }
  CHECK(prune(parking, noon + 3h, 100) == 1);
}

TEST_CASE("a clock that ran ahead by years keeps no scan from going", "[store][scans]") {
  Parking parking;
  int number = 0;
  for (const auto after : {0h, 50'000h, 50'001h, 1h, 2h, 10h})
    parking.scanned("s" + std::to_string(++number), {}, noon + after);
  CHECK(prune(parking, noon + 3h, 2) == 2);
  CHECK(prune(parking, noon + 3h, 2) == 2);
  CHECK(prune(parking, noon + 3h, 100) == 1);
  CHECK(prune(parking, noon + 3h, 100) == 0);
}
