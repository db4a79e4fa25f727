// The whole API of a small lot with three gates, four accounts and an engine played by the test.
//
//   Counter counter;
//   auto exit = counter.send(counter.staff, Method::post, "/api/staff/exit/", R"({"qr_code":…})");
//   const auto* asked = counter.asked<engine::Leave>();
//   counter.tell(engine::BillShown{…});
//   exit->status …
#pragma once

#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/passwords.hpp"
#include "edge/engine/calls.hpp"
#include "edge/engine/inbox.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

namespace gatehouse::api {

inline const std::string right_password = "correct horse";

class FakeAccounts final : public AccountSource {
 public:
  std::vector<store::User> users;
  std::map<std::string, store::UserKey> families;  // of tokens that have not ended
  [[nodiscard]] std::optional<store::User> find(store::UserKey key) override {
    return found(std::ranges::find(users, key, &store::User::key));
  }
  [[nodiscard]] std::optional<store::User> find(std::string_view username) override {
    return found(std::ranges::find(users, username, &store::User::username));
  }
  [[nodiscard]] std::optional<store::User> find_bearer(std::string_view family) override {
    const auto found = families.find(std::string(family));
    return found == families.end() ? std::nullopt : find(found->second);
  }
  /// New tokens of whoever has the role, as after a login.
  TokenPair sign_in(const Tokens& tokens, store::Role role) {
    const store::User& user = at(role);
    TokenPair pair = tokens.issue(user);
    families[pair.family] = user.key;
    return pair;
  }
  std::string token(const Tokens& tokens, store::Role role) { return sign_in(tokens, role).access; }
  store::User& at(store::Role role) { return *std::ranges::find(users, role, &store::User::role); }

 private:
  std::optional<store::User> found(std::vector<store::User>::iterator user) {
    return user == users.end() ? std::nullopt : std::optional(*user);
  }
};

inline GatePlan three_gates() {
  const auto gate = [](const char* id, LaneDirection direction,
                       std::optional<BarrierIndex> barrier) {
    return LanePlan{GateId::parse(id).value(), direction, barrier, {ZoneIndex(0), ZoneIndex(1)}};
  };
  return {{gate("ENTRY_GATE_01", LaneDirection::entry, BarrierIndex(0)),
           gate("EXIT_GATE_01", LaneDirection::exit, BarrierIndex(1)),
           gate("HAND_GATE", LaneDirection::both, std::nullopt)},
          {BarrierId::parse("b1").value(), BarrierId::parse("b2").value()}};
}

/// The account's name; empty: nobody's.
inline std::string name_of(const std::optional<SignedIn>& user) { return user ? user->name : ""; }

/// Answers to one request, as they come: none at first, and never a second.
using Told = std::shared_ptr<std::vector<Response>>;

struct Counter {
  explicit Counter(std::uint32_t login_failures = 5)
      : throttle(login_failures, std::chrono::minutes(15), clock) {
    static const std::string hash = hash_password(right_password);
    const auto add = [&](std::int64_t key, const char* name, store::Role role) {
      accounts.users.push_back({.key = store::UserKey{key},
                                .username = name,
                                .role = role,
                                .gate = role == store::Role::device ? "ENTRY_GATE_01" : "",
                                .password_hash = hash,
                                .version = 3});
    };
    add(1, "admin", store::Role::admin);
    add(2, "staff1", store::Role::staff);
    add(3, "user123", store::Role::user);
    add(4, "reader", store::Role::device);
  }
  ~Counter() { workers.stop(); }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  [[nodiscard]] std::string token(store::Role role) { return accounts.token(tokens, role); }
  static Request request(Method method, const std::string& target, std::string body = {}) {
    Request request;
    request.method = method;
    const auto question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    request.peer_address = "203.0.113.9";
    if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(body);
    return request;
  }
  Told send(Request request) {
    auto told = std::make_shared<std::vector<Response>>();
    router.handle(std::move(request),
                  [told](Response response) { told->push_back(std::move(response)); });
    return told;
  }
  Told send(store::Role role, Method method, const std::string& target, std::string body = {}) {
    Request asking = request(method, target, std::move(body));
    asking.headers.push_back({"Authorization", "Bearer " + token(role)});
    return send(std::move(asking));
  }
  /// Blocks until it is answered; what a worker asks of the engine is answered with `says`.
  Response send_and_wait(
      Request asking,
      std::expected<engine::CallResult, engine::CallRefused> says = engine::TokensIssued{}) {
    std::optional<Response> answer;
    std::mutex mutex;
    const auto is_answered = [&] {
      const std::scoped_lock lock(mutex);
      return answer.has_value();
    };
    router.handle(std::move(asking), [&](Response said) {
      {
        const std::scoped_lock lock(mutex);
        answer = std::move(said);
      }
      inbox.wake();
    });
    while (!is_answered()) {
      inbox.wait(std::chrono::seconds(10));
      inbox.take(batch);
      if (batch.urgent.empty()) continue;
      call = std::get<engine::CallMade>(batch.urgent.front()).call.get();
      told_to_engine = call->what;
      asker = call->actor;
      asked_from = call->from;
      tell(says);
    }
    const std::scoped_lock lock(mutex);
    return std::move(*answer);
  }
  Response login(const std::string& body, const std::string& address = "203.0.113.9") {
    Request asking = request(Method::post, "/api/auth/login/", body);
    asking.peer_address = address;
    const Response answer = send_and_wait(std::move(asking));
    // The engine would have the family on record now.
    if (const auto* const asked = std::get_if<engine::SignIn>(&told_to_engine))
      accounts.families[asked->issued.family] = asked->user;
    return answer;
  }
  Response login(const std::string& name, const std::string& password, const std::string& address) {
    return login(R"({"username":")" + name + R"(","password":")" + password + "\"}", address);
  }

  /// The one command that waits for the engine; nullptr: another, or none.
  template <class Wanted>
  const Wanted* asked() {
    inbox.take(batch);
    if (batch.urgent.size() != 1) return nullptr;
    const auto* const made = std::get_if<engine::CallMade>(&batch.urgent.front());
    call = made == nullptr ? nullptr : made->call.get();
    return call == nullptr ? nullptr : std::get_if<Wanted>(&call->what);
  }
  /// What the engine says to what was asked().
  void tell(std::expected<engine::CallResult, engine::CallRefused> result) {
    REQUIRE(call != nullptr);
    engine::Effects effects;
    effects.answers.push_back(std::make_shared<const engine::CallAnswer>(
        engine::CallAnswer{call->id, std::move(result)}));
    calls.act(lot.commit(std::move(effects)));
  }

  Lot lot;
  gatehouse::tests::ManualClock clock;
  engine::Inbox inbox{13};
  engine::Calls calls{inbox, clock};
  GatePlan gates = three_gates();
  FakeAccounts accounts;
  Tokens tokens{{TokenKey{1, 2, 3}}, clock};
  LoginThrottle throttle;
  Pending pending{clock};
  Workers workers{2, 8};
  Desk desk{calls, lot.view.plan(), gates, accounts, tokens, throttle, workers, pending, clock};
  Router router{all_routes([this] {
                  Sources sources = lot.sources();
                  sources.desk = &desk;
                  return sources;
                }()),
                {},
                [this](std::string_view token) { return identify(tokens, accounts, token); }};
  engine::Batch batch;
  decltype(engine::Call::what) told_to_engine = engine::AskShift{};  // by send_and_wait()
  engine::Actor asker;
  decltype(engine::Call::from) asked_from;
  const engine::Call* call = nullptr;
};

}  // namespace gatehouse::api
