// Why a barrier opened and what was paid: the chain of causes, from whatever id one has.
#include "edge/store/explain.hpp"

#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

using Lines = std::vector<std::string>;

/// `+0 min: what [id, id]`
Lines lines(const std::vector<ExplainedStep>& steps) {
  Lines found;
  for (const ExplainedStep& step : steps) {
    std::string line =
        "+" + std::to_string(std::chrono::floor<std::chrono::minutes>(step.at - noon).count()) +
        " min: " + step.what + " [";
    for (const std::string& id : step.ids) line += id + (&id == &step.ids.back() ? "]" : ", ");
    found.push_back(line);
  }
  return found;
}

/// DL01AB1234 came at noon and left an hour later, paid in cash after scan s1.
struct Story : Parking {
  Session session;
  Payment payment;

  Story() {
    session = ticket_for(0);
    session.vehicle = vehicle("DL01AB1234");
    session = insert(session);
    session.state = SessionState::active;
    session.entry_time = noon + 1min;
    session.entry_gate = "ENTRY_GATE_01";
    session.arrived_in_slot_at = noon + 3min;
    update(session);
    session = billed(session, Paise(5'000));
    const ScanKey scan = scanned("s1", session.key, noon + 1h);
    answered(scan, DecisionKind::pay, Reason::payment_due, noon + 1h);
    payment = paid(session.key, Paise(5'000));
    session = settled(session);
    answered(scan, DecisionKind::open, Reason::paid, noon + 1h);
    commit([&](Transaction& t) { leave(t, scan); });
  }

  void leave(Transaction& t, ScanKey scan) {
    Authorisation passage{.session = session.key,
                          .gate = "EXIT_GATE_01",
                          .direction = Passage::exit,
                          .at = noon + 1h,
                          .seen_open_at = noon + 61min};
    passage.key = classes->openings.insert(t, passage);
    const OpeningKey opening = classes->openings.insert(t, Opening{.authorisation = passage.key,
                                                                   .scan = scan,
                                                                   .gate = "EXIT_GATE_01",
                                                                   .barrier = "b1",
                                                                   .session = session.key,
                                                                   .at = noon + 1h});
    passage.confirmed_at = noon + 62min;
    passage.closed = true;
    classes->openings.update(t, passage);
    classes->openings.set_status(t, opening, OpeningStatus::passed, noon + 62min);
    classes->outbox.append(t, {.type = "parking.slot.changed.v1",
                               .subject = "demo",
                               .time = noon + 3min,
                               .data = R"({"slots":[{"slot":"A-001"}]})"});
    classes->outbox.append(t, {.type = "parking.session.closed.v1",
                               .subject = session.id,
                               .time = noon + 1h,
                               .data = "{}"});
    classes->outbox.save_event_cursor(t, {1, 1});
  }
};

}  // namespace

TEST_CASE("a stay is told from its ticket to the passage that was seen", "[store][explain]") {
  Story story;
  CHECK(lines(explain(*story.store, story.session.id)) ==
        Lines{"+0 min: walk_in for DL01AB1234 in zone A, slot A-001 [session 1, " +
                  story.session.id + "]",
              "+1 min: entry recorded at ENTRY_GATE_01 [session 1]",
              "+3 min: its car seen in slot A-001 [session 1]",
              "+3 min: slot A-001 changed [outbox 1/1]",
              "+60 min: scan of PARK-1 at EXIT_GATE_01 [scan s1]",
              "+60 min: CASH payment of 5000 paise asked for [payment " + story.payment.id + "]",
              "+60 min: payment of 5000 paise verified [payment " + story.payment.id + ", shift 1]",
              "+60 min: billed: 5000 paise [session 1]",
              "+60 min: 5000 paise from customer to drawer: payment_captured [ledger 1]",
              "+60 min: 5000 paise from revenue to customer: settled_stay [ledger 2]",
              "+60 min: receipt over 5000 paise [receipt G1/2627/0000001]",
              "+60 min: settled [session 1]",
              "+60 min: COMPLETED [session 1]",
              "+60 min: answered pay/payment_due at EXIT_GATE_01 [scan s1]",
              "+60 min: answered open/paid, update 1 at EXIT_GATE_01 [scan s1]",
              "+60 min: exit authorised at EXIT_GATE_01 [authorisation 1]",
              "+60 min: barrier b1 ordered to open: scan [opening 1, authorisation 1, scan s1]",
              "+60 min: parking.session.closed.v1, not sent yet [outbox 1/2]",
              "+61 min: arm seen open at EXIT_GATE_01 [authorisation 1]",
              "+62 min: opening ended: passed [opening 1]",
              "+62 min: passage confirmed at EXIT_GATE_01 [authorisation 1]"});
}

TEST_CASE("every id of a stay leads to the same chain", "[store][explain]") {
  Story story;
  story.stayed(1);  // another, which must not be mixed in
  const auto chain = explain(*story.store, story.session.id);
  REQUIRE_FALSE(chain.empty());
  for (const std::string& id :
       {std::string("1"), story.session.code.text(), std::string("dl-01-ab-1234"), story.payment.id,
        std::string("s1"), std::string("opening 1"), std::string("opening:1")}) {
    CAPTURE(id);
    CHECK(explain(*story.store, id) == chain);
  }
}

TEST_CASE("money that went back is part of the chain", "[store][explain]") {
  Story story;
  story.commit([&](Transaction& t) {
    story->payments.insert(t, Refund{.id = uuid(900),
                                     .payment = story.payment.key,
                                     .amount = Paise(700),
                                     .state = RefundState::success,
                                     .reason = "goodwill",
                                     .provider_refund_id = "rfnd_1",
                                     .created_at = noon + 2h,
                                     .ended_at = noon + 3h});
  });
  const Lines by_refund = lines(explain(*story.store, "rfnd_1"));
  CHECK(by_refund == lines(explain(*story.store, uuid(900))));
  CHECK(std::ranges::count(by_refund, "+120 min: refund of 700 paise: goodwill [refund " +
                                          uuid(900) + ", payment " + story.payment.id + "]") == 1);
  CHECK(by_refund.back() ==
        "+180 min: refund of 700 paise: SUCCESS [refund " + uuid(900) + ", provider rfnd_1]");
}

TEST_CASE("a scan of nobody's ticket is told alone", "[store][explain]") {
  Story story;
  const ScanKey scan = story.scanned("forged", {}, noon + 5min);
  story.answered(scan, DecisionKind::deny, Reason::invalid_code, noon + 5min);
  CHECK(lines(explain(*story.store, "forged")) ==
        Lines{"+5 min: scan of PARK-1 at EXIT_GATE_01 [scan forged]",
              "+5 min: answered deny/invalid_code at EXIT_GATE_01 [scan forged]"});
}

TEST_CASE("an opening by hand is told with its reason and who gave it", "[store][explain]") {
  Story story;
  const UserKey staff = story.staff();
  const OpeningKey opening = story.commit([&](Transaction& t) {
    return story->openings.insert(t, Opening{.cause = OpeningCause::staff,
                                             .gate = "g",
                                             .barrier = "b1",
                                             .by_user = staff,
                                             .reason = "ambulance",
                                             .at = noon});
  });
  CHECK(lines(explain(*story.store, "opening " + std::to_string(std::to_underlying(opening)))) ==
        Lines{"+0 min: barrier b1 ordered to open: staff, ambulance, by staff1 [opening 2]"});
}

TEST_CASE("an id that the store does not know explains nothing", "[store][explain]") {
  Story story;
  const std::string id =
      GENERATE(as<std::string>(), "", "99", "opening 99", "opening", "opening x",
               "99999999999999999999", "'; DROP TABLE sessions; --", "%", "nobody");
  CAPTURE(id);
  CHECK(explain(*story.store, id).empty());
}
