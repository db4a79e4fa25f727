// Whatever happens to accounts and their tokens, a token opens if and only if nothing has ended it.
#include "tests/unit/edge/engine/account_lot.hpp"

#include <vector>

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// What is believed of tokens, beside what the engine does with them.
class Model {
 public:
  void step() {
    const int choice = *rc::gen::inRange(0, 12);
    if (choice < 3) return sign_in();
    if (choice < 7) return refresh();
    if (choice < 8) return sign_out();
    if (choice < 9) return change_password();
    if (choice < 10) return disable(*rc::gen::arbitrary<bool>());
    if (choice < 11) return at_.lot.advance(std::chrono::hours(*rc::gen::inRange(1, 5)));
    at_.lot.restart();
  }
  void check() {
    for (const Issued& issued : tokens_) {
      RC_ASSERT(at_.opens(issued.token) == opens(issued));
    }
  }

 private:
  struct Family {
    bool is_live = true;
    std::string current;
  };
  struct Issued {
    Token token;
    std::size_t family = 0;
  };

  bool opens(const Issued& issued) {
    const store::User user = at_.user(issued.token.user);
    return families_[issued.family].is_live && !user.disabled &&
           user.version == issued.token.version;
  }
  store::UserKey anybody() { return users_[*rc::gen::inRange<std::size_t>(0, users_.size())]; }
  void note(const Token& token, std::size_t family) {
    families_[family].current = token.issued.refresh_id;
    tokens_.push_back({token, family});
  }
  void begin(const Token& token) {
    families_.emplace_back();
    note(token, families_.size() - 1);
  }
  void end_all(store::UserKey user) {
    for (const Issued& issued : tokens_) {
      if (issued.token.user == user) families_[issued.family].is_live = false;
    }
  }

  void sign_in() {
    const store::UserKey user = anybody();
    if (!at_.user(user).disabled) begin(at_.sign_in(user));
  }
  void refresh() {
    if (tokens_.empty()) return;
    const Issued used = tokens_[*rc::gen::inRange<std::size_t>(0, tokens_.size())];
    const bool was_open = opens(used);
    const bool is_current = families_[used.family].current == used.token.issued.refresh_id;
    const auto renewed = at_.refresh(used.token);
    RC_ASSERT(renewed.has_value() == (was_open && is_current));
    if (renewed) {
      note(*renewed, used.family);
    } else if (was_open) {
      families_[used.family].is_live = false;
    }
  }
  void sign_out() {
    if (tokens_.empty()) return;
    const Issued used = tokens_[*rc::gen::inRange<std::size_t>(0, tokens_.size())];
    at_.lot.ask(SignOut{used.token.issued.family});
    // The one who asks is staff1: nobody ends another's family.
    if (used.token.user == at_.staff) families_[used.family].is_live = false;
  }
  void change_password() {
    const store::UserKey user = anybody();
    const store::User before = at_.user(user);
    const Token anew{user, before.version + 1, at_.next()};
    const Said said =
        at_.ask_as(user, ChangePassword{user, before.version, next_id(), anew.issued});
    RC_ASSERT(is<TokensIssued>(said) == !before.disabled);
    if (before.disabled) return;
    end_all(user);
    begin(anew);
  }
  void disable(bool disabled) {
    const store::UserKey user = anybody();
    at_.edit(user, {.disabled = disabled});
    if (disabled) end_all(user);
  }

  AccountLot at_;
  std::vector<store::UserKey> users_{at_.staff, at_.add("priya")};
  std::vector<Family> families_;
  std::vector<Issued> tokens_;
};

}  // namespace

TEST_CASE("a token opens if and only if nothing has ended it", "[engine][gate][accounts]") {
  rc::prop("whatever is signed in, refreshed, replayed, signed out, changed and disabled", [] {
    Model model;
    const int steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) {
      model.step();
      model.check();
    }
  });
}
