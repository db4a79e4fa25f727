// Who may call what: every route of the table, for everybody.
#include "tests/unit/edge/api/counter.hpp"

namespace gatehouse::api {
namespace {

/// As the path of a real request.
std::string filled(std::string pattern) {
  const auto gate = pattern.find("{gate}");
  if (gate != std::string::npos) pattern.replace(gate, 6, "ENTRY_GATE_01");
  const auto id = pattern.find("{id}");
  if (id != std::string::npos) pattern.replace(id, 4, "17");
  return pattern;
}

enum class Who : std::uint8_t { nobody, forger, user, device, staff, admin };

std::optional<store::Role> role_of(Who who) {
  if (who == Who::user) return store::Role::user;
  if (who == Who::device) return store::Role::device;
  if (who == Who::staff) return store::Role::staff;
  if (who == Who::admin) return store::Role::admin;
  return std::nullopt;
}

/// 0: not refused for who asks.
int refusal(Access access, Who who) {
  if (access == Access::anyone) return 0;
  if (access == Access::holder) return who == Who::forger ? 401 : 0;
  if (access == Access::user && (who == Who::user || who == Who::staff))
    return who == Who::user ? 0 : 403;
  if (who == Who::nobody) return access == Access::loopback_or_staff ? 403 : 401;
  if (who == Who::forger) return 401;
  if (access == Access::account) return 0;
  if (who == Who::admin) return 0;
  if (who == Who::staff) return access == Access::admin ? 403 : 0;
  if (who == Who::device && access == Access::scanner) return 0;
  return 403;
}

TEST_CASE("every address lets in those it is for and nobody else", "[api][access]") {
  Counter counter;
  const auto who =
      GENERATE(Who::nobody, Who::forger, Who::user, Who::device, Who::staff, Who::admin);
  counter.accounts.at(store::Role::staff).may_terminate = true;
  std::size_t guarded = 0;
  for (const Route& route : counter.router.routes()) {
    CAPTURE(name(route.method), route.pattern, static_cast<int>(who));
    Request request = Counter::request(route.method, filled(route.pattern));
    if (who == Who::forger) request.headers.push_back({"Authorization", "Bearer forged"});
    if (const auto role = role_of(who))
      request.headers.push_back({"Authorization", "Bearer " + counter.token(*role)});
    const Told told = counter.send(std::move(request));
    const int wanted = refusal(route.access, who);
    if (route.access != Access::anyone) ++guarded;
    counter.inbox.take(counter.batch);
    // What may be asked without saying anything waits for the engine.
    const bool says_nothing = route.method == Method::get || route.method == Method::delete_ ||
                              route.pattern == "/api/auth/logout/" ||
                              route.pattern == "/api/admin/alerts/{id}/acknowledge/";
    if (wanted == 0 && says_nothing && !counter.batch.urgent.empty()) continue;
    CHECK(counter.batch.urgent.empty());
    REQUIRE(told->size() == 1);  // refused, or asked with nothing to act upon
    const int status = told->front().status;
    if (wanted != 0) CHECK(status == wanted);
    // Anybody may ask to be signed out, and hears where nobody was.
    const bool ends_what_is_shown = route.pattern == "/api/auth/logout/";
    if (wanted == 0 && !ends_what_is_shown) CHECK((status != 401 && status != 403));
    if (status == 401) CHECK(find_header(told->front().headers, "WWW-Authenticate") == "Bearer");
  }
  CHECK(guarded >= 23);
}

/// nullopt: there is no such address.
std::optional<Access> access_to(const Counter& counter, Method method, std::string_view pattern) {
  for (const Route& route : counter.router.routes())
    if (route.method == method && route.pattern == pattern) return route.access;
  return std::nullopt;
}

TEST_CASE("the gate's addresses are for those whom the contract names", "[api][access]") {
  const Counter counter;
  const auto [method, pattern, access] = GENERATE(table<Method, const char*, Access>({
      {Method::post, "/api/auth/login/", Access::anyone},
      {Method::post, "/api/auth/register/", Access::anyone},
      {Method::post, "/api/auth/refresh/", Access::anyone},
      {Method::post, "/api/auth/logout/", Access::anyone},
      {Method::post, "/api/auth/password/", Access::account},
      {Method::post, "/api/admin/users/", Access::admin},
      {Method::patch, "/api/admin/users/{id}/", Access::admin},
      {Method::delete_, "/api/admin/users/{id}/", Access::admin},
      {Method::post, "/api/admin/erasures/", Access::admin},
      {Method::patch, "/api/user/profile/", Access::user},
      {Method::post, "/api/user/vehicles/", Access::user},
      {Method::delete_, "/api/user/vehicles/", Access::user},
      {Method::patch, "/api/user/sessions/{id}/", Access::user},
      {Method::post, "/parking/entry/", Access::staff},
      {Method::post, "/api/parking/book/", Access::staff},
      {Method::post, "/api/parking/book-old/", Access::staff},
      {Method::post, "/api/staff/entry/", Access::staff},
      {Method::post, "/parking/api/scan/entry/", Access::scanner},
      {Method::post, "/parking/api/scan/exit/", Access::scanner},
      {Method::post, "/api/staff/walk-in/", Access::staff},
      {Method::post, "/api/staff/lost-ticket/", Access::staff},
      {Method::post, "/api/staff/sessions/{id}/terminate/", Access::staff},
      {Method::post, "/api/staff/sessions/{id}/let-out/", Access::staff},
      {Method::post, "/api/staff/shift/open/", Access::staff},
      {Method::post, "/api/staff/shift/close/", Access::staff},
      {Method::get, "/api/staff/shift/", Access::staff},
      {Method::post, "/api/staff/incidents/", Access::staff},
      {Method::get, "/api/staff/incidents/", Access::staff},
      {Method::post, "/api/user/cancel-booking/", Access::holder},
      {Method::post, "/parking/cancel-booking/", Access::holder},
      {Method::post, "/api/parking/refund-old/", Access::holder},
      {Method::get, "/api/staff/bill/", Access::staff},
      {Method::post, "/api/staff/exit/", Access::staff},
      {Method::post, "/api/staff/gates/{gate}/open/", Access::staff},
      {Method::post, "/api/staff/gates/{gate}/close/", Access::staff},
      {Method::post, "/api/staff/gates/{gate}/hold/", Access::staff},
      {Method::post, "/api/staff/gates/{gate}/lock/", Access::staff},
      {Method::post, "/api/staff/gates/{gate}/release/", Access::staff},
      {Method::post, "/api/staff/emergency-open/", Access::staff},
      {Method::post, "/api/admin/emergency-open/", Access::admin},
      {Method::post, "/parking/entry-qr-scan/", Access::staff},
      {Method::post, "/entry-qr-scan/", Access::staff},
      {Method::post, "/parking/exit-qr-scan/", Access::staff},
      {Method::post, "/api/parking/scan-exit-old/", Access::staff},
      {Method::get, "/api/staff/stream/", Access::staff},
      {Method::get, "/admin/", Access::anyone},
      {Method::get, "/openapi.json", Access::anyone},
      {Method::get, "/metrics", Access::loopback_or_staff},
      {Method::get, "/api/public/zones/", Access::anyone},
  }));
  CAPTURE(pattern);
  CHECK(access_to(counter, method, pattern) == access);
}

TEST_CASE("a token is taken from its header, whatever the case of its scheme", "[api][access]") {
  Counter counter;
  // `@` is a good token.
  const auto [written, status] = GENERATE(table<std::string, int>({
      {"Bearer @", 200},
      {"bearer   @", 200},
      {"Basic @", 401},
      {"@", 401},
      {"Bearer", 401},
      {"Bearer ", 401},
      {"", 401},
      {"Bearer @ ", 401},
      {"Bearer @x", 401},
  }));
  std::string header = written;
  if (const auto place = header.find('@'); place != std::string::npos)
    header.replace(place, 1, counter.token(store::Role::staff));
  CAPTURE(header);
  Request request = Counter::request(Method::get, "/metrics");
  request.headers.push_back({"Authorization", header});
  CHECK(counter.send(std::move(request))->at(0).status == status);
}

TEST_CASE("an account that changed has lost its tokens at once", "[api][access]") {
  Counter counter;
  const std::string token = counter.token(store::Role::staff);
  CHECK(name_of(identify(counter.tokens, counter.accounts, token)) == "staff1");
  store::User& staff = counter.accounts.at(store::Role::staff);

  SECTION("a new password") { ++staff.version; }
  SECTION("disabled") { staff.disabled = true; }
  SECTION("gone") { counter.accounts.users.clear(); }
  SECTION("signed out") { counter.accounts.families.clear(); }
  SECTION("a family of somebody else's") {
    for (auto& family : counter.accounts.families) family.second = store::UserKey{1};
  }
  CHECK_FALSE(identify(counter.tokens, counter.accounts, token));
}

TEST_CASE("what an account may is what the store says now, not what its token says",
          "[api][access]") {
  Counter counter;
  const std::string token = counter.token(store::Role::staff);
  counter.accounts.at(store::Role::staff).role = store::Role::user;
  const auto user = identify(counter.tokens, counter.accounts, token);
  CHECK(user.value_or(SignedIn{.role = store::Role::staff}).role == store::Role::user);
}

TEST_CASE("where nobody can sign in the addresses for accounts do not exist", "[api][access]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {});
  Request request = Counter::request(Method::post, "/api/auth/login/", "{}");
  CHECK(ask(router, request).status == 404);
  request.path = "/metrics";
  request.method = Method::get;
  request.headers.push_back({"Authorization", "Bearer x"});
  CHECK(ask(router, request).status == 401);
}

}  // namespace
}  // namespace gatehouse::api
