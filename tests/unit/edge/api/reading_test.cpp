// The calls that only read, answered from a store on disk (docs/contract/http.md).
#include "edge/api/paper_pdf.hpp"
#include "edge/api/receipt_views.hpp"
#include "tests/unit/edge/api/reading_lot.hpp"

#include <algorithm>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using store::tests::noon;
using store::tests::uuid;

/// As the path of a real request, about nothing that is there.
std::string filled(std::string pattern) {
  for (const std::string_view name : {"{id}", "{session_id}"}) {
    const auto at = pattern.find(name);
    if (at != std::string::npos) pattern.replace(at, name.size(), uuid(999));
  }
  return pattern;
}

/// Who may read a route of this access at all.
bool is_for(Access access, Role role) {
  if (access == Access::admin) return role == Role::admin;
  if (access == Access::staff) return role == Role::admin || role == Role::staff;
  if (access == Access::user) return role == Role::admin || role == Role::user;
  return true;
}

bool only_reads(const Route& route) {
  return route.access == Access::holder || route.access == Access::user ||
         route.access == Access::staff || route.access == Access::admin;
}

TEST_CASE("every address of the table lets read whom it is for and nobody else", "[api][reading]") {
  ReadingLot lot;
  std::size_t seen = 0;
  for (const Route& route : lot.router.routes()) {
    if (!only_reads(route)) continue;
    ++seen;
    CAPTURE(route.pattern);
    const std::string path = filled(route.pattern);
    const int anonymous = lot.get({}, path).status;
    if (route.access == Access::holder) CHECK((anonymous == 404 || anonymous == 401));
    if (route.access != Access::holder) CHECK(anonymous == 401);
    for (const Role role : {Role::admin, Role::staff, Role::user, Role::device}) {
      CAPTURE(role_word(role));
      const int status = lot.get(role, path).status;
      if (is_for(route.access, role)) CHECK((status == 200 || status == 404));
      if (!is_for(route.access, role)) CHECK(status == 403);
    }
    Request forged = Counter::request(Method::get, path);
    forged.headers.push_back({"Authorization", "Bearer forged"});
    CHECK(lot.send(std::move(forged)).status == 401);
  }
  CHECK(seen >= 18);
}

TEST_CASE("no address of the table takes a member that it does not know", "[api][reading]") {
  ReadingLot lot;
  for (const Route& route : lot.router.routes()) {
    if (!only_reads(route) || route.pattern == "/api/parking/sessions-old/") continue;
    CAPTURE(route.pattern);
    const std::string path = filled(route.pattern);
    const Json body = lot.said(Role::admin, path + "?nobody_asked=%3Cscript%3E", 400);
    CHECK(body["code"] == "validation_failed");
    CHECK(body["fields"].contains("nobody_asked"));
    CHECK(lot.said(Role::admin, path + "?%FF=1", 400)["code"] == "malformed_query");
  }
}

TEST_CASE("a question that nobody understands is refused and names what is wrong",
          "[api][reading]") {
  ReadingLot lot;
  const auto [path, member] = GENERATE(table<const char*, const char*>({
      {"/api/staff/active-sessions/?page=0", "page"},
      {"/api/staff/active-sessions/?status=COMPLETED", "status"},
      {"/api/staff/active-sessions/?zone_id=Z", "zone_id"},
      {"/api/staff/active-sessions/?format=csv", "format"},
      {"/api/staff/slot-status/?zone_id=../../etc", "zone_id"},
      {"/api/staff/gates/?gate=x", "gate"},
      {"/api/admin/dashboard/?x=1", "x"},
      {"/api/admin/payments/?method=BARTER", "method"},
      {"/api/admin/payments/?provider=%27%20OR%201=1", "provider"},
      {"/api/admin/payments/?status=success", "status"},
      {"/api/admin/payments/?start_date=2026-99-99", "start_date"},
      {"/api/admin/payments/?end_date=%3Cscript%3E", "end_date"},
      {"/api/admin/refunds/?status=DONE", "status"},
      {"/api/admin/revenue-report/?group=year", "group"},
      {"/api/admin/revenue-report/?from=2020-01-01&to=2026-01-01", "from"},
      {"/api/admin/revenue-report/?date=today&to=today", "date"},
      {"/api/admin/all-sessions/?user=nobody", "user"},
      {"/api/admin/all-sessions/?vehicle_number=1", "vehicle_number"},
      {"/api/admin/all-sessions/?date=2026-02-30", "date"},
      {"/api/admin/all-sessions/?q=%00", "q"},
      {"/api/admin/scans/?gate=NO_GATE", "gate"},
      {"/api/admin/scans/?decision=OPEN", "decision"},
      {"/api/admin/alerts/?open=yes", "open"},
      {"/api/admin/alerts/?severity=loud", "severity"},
      {"/api/admin/devices/?kind=car", "kind"},
      {"/api/admin/devices/?state=tired", "state"},
  }));
  const Json body = lot.said(Role::admin, path, 400);
  CHECK(body["code"] == "validation_failed");
  CHECK(body["fields"].contains(member));
}

TEST_CASE("a report that takes for ever does not hold up the end of the process",
          "[api][reading]") {
  ReadingLot lot;
  std::promise<void> begun;
  bool was_ended = false;
  REQUIRE(lot.side.readers.run([&](store::Reader& reader) {
    begun.set_value();
    try {
      for (int i = 0; i < 100'000; ++i)
        static_cast<void>(reader.sessions.find(store::SessionKey{1}));
    } catch (const std::exception&) {
      was_ended = true;
    }
  }));
  begun.get_future().wait();
  lot.side.readers.stop();
  CHECK(was_ended);
}

TEST_CASE("what is no query at all is malformed", "[api][reading]") {
  ReadingLot lot;
  const auto* path = GENERATE("/api/admin/scans/?gate=%", "/api/admin/payments/?x=%FF",
                              "/api/parking/sessions-old/?page=%zz");
  CHECK(lot.said(Role::admin, path, 400)["code"] == "malformed_query");
}

TEST_CASE("a holder sees the session whose id or code they have", "[api][reading]") {
  ReadingLot lot;
  store::Session session = lot.parking.parked(0, noon - 70min);
  session.vehicle = VehicleNumber::parse("DL01AB1234").value();
  session.owner_name = "Priya";
  lot.parking.update(session);
  const auto name = GENERATE_COPY(
      values<std::string>({"session_id=" + session.id, "qr_code=" + session.code.text()}));
  const Json body = lot.said({}, "/api/user/current-session/?" + name);
  CHECK(body["success"] == true);
  CHECK(body["session_id"] == session.id);
  CHECK(body["status"] == "ACTIVE");
  CHECK(body["qr_code"] == session.code.text());
  CHECK(body["slot_number"] == "A-001");
  CHECK(body["zone_name"] == "Zone A");
  CHECK(body["entry_time"] == "2026-11-20T10:50:00.000Z");
  CHECK(body["duration_minutes"] == 70);
  CHECK(body["amount_so_far"] == 100.0);
  CHECK(body["amount_paid"] == 0.0);
  CHECK(body["amount_due"] == 100.0);
  CHECK(body["payment_status"] == "PENDING");
  CHECK(body["entry_qr_scanned"] == true);
  CHECK(body["exit_qr_scanned"] == false);
  CHECK(body["is_paid"] == false);
  CHECK(body["payment_ref_id"].is_null());
  CHECK(body["others"] == Json::array());
  CHECK(body["payments"] == Json::array());
  CHECK_FALSE(body.contains("number"));
  CHECK_FALSE(body.contains("owner_name"));
}

TEST_CASE("a session that was paid and left says so", "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.stayed(0);
  lot.clock.pass(5h);
  const Json body = lot.said({}, "/api/user/current-session/?session_id=" + session.id);
  CHECK(body["status"] == "COMPLETED");
  CHECK(body["duration_minutes"] == 60);
  CHECK(body["amount_so_far"] == 50.0);
  CHECK(body["amount_paid"] == 50.0);
  CHECK(body["amount_due"] == 0.0);
  CHECK(body["payment_status"] == "SUCCESS");
  CHECK(body["is_paid"] == true);
  CHECK(body["exit_qr_scanned"] == true);
  REQUIRE(body["payments"].size() == 1);
  const Json payment = body["payments"][0];
  CHECK(body["payment_ref_id"] == payment["payment_id"]);
  CHECK(payment["session_id"] == session.id);
  CHECK(payment["method"] == "CASH");
  CHECK(payment["amount_paise"] == 5000);
  CHECK(payment["status"] == "SUCCESS");
  CHECK(payment["provider"].is_null());
}

TEST_CASE("nobody sees a session by guessing", "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.parked(0);
  const std::string number = std::to_string(std::to_underlying(session.key));
  std::string forged = session.code.text();
  forged.back() = forged.back() == '0' ? '1' : '0';
  const auto name = GENERATE_COPY(values<std::string>(
      {"session_id=" + number, "session_id=" + uuid(999), "qr_code=" + forged, "qr_code=PARK-1",
       "session_id=..%2F..%2Fetc", "session_id=%27%20OR%20%271%27=%271"}));
  CHECK(lot.said({}, "/api/user/current-session/?" + name, 404)["code"] == "not_found");
  CHECK(lot.get(Role::user, "/api/user/current-session/?" + name).status == 404);
}

TEST_CASE("staff may look a session up by its short number, and see whose it is",
          "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.parked(0);
  const std::string number = std::to_string(std::to_underlying(session.key));
  const Json body = lot.said(Role::staff, "/api/user/current-session/?session_id=" + number);
  CHECK(body["session_id"] == session.id);
  CHECK(body["number"] == std::to_underlying(session.key));
  CHECK(body.contains("owner_name"));
  CHECK(lot.get(Role::staff, "/api/payment/" + number + "/status/").status == 200);
  CHECK(lot.get({}, "/api/payment/" + number + "/status/").status == 404);
}

TEST_CASE("a user sees what they booked, the newest first, and nobody else's", "[api][reading]") {
  ReadingLot lot;
  const auto booked = [&](std::uint32_t slot, std::int64_t user, Instant at) {
    store::Session session = lot.parking.ticket_for(slot);
    session.created_by = store::UserKey{user};
    session.created_at = at;
    return lot.parking.insert(session);
  };
  const store::Session older = booked(0, 3, noon - 2h);
  const store::Session newer = booked(1, 3, noon - 1h);
  const store::Session anothers = booked(2, 5, noon);
  const Json current = lot.said(Role::user, "/api/user/current-session/");
  CHECK(current["session_id"] == newer.id);
  CHECK(current["others"] == Json::array({older.id}));
  CHECK(lot.get(Role::user, "/api/user/current-session/?session_id=" + anothers.id).status == 404);
  CHECK(lot.get(Role::user, "/api/payment/" + anothers.id + "/status/").status == 404);
  CHECK(lot.get(Role::user, "/api/user/sessions/" + anothers.id + "/qr.svg").status == 404);
  CHECK(lot.get({}, "/api/payment/" + anothers.id + "/status/").status == 200);

  const Json history = lot.said(Role::user, "/api/user/history/?status=BOOKED");
  CHECK(history["pagination"] == Json({{"page", 1}, {"page_size", 20}, {"total", 2}}));
  CHECK(history["data"]["sessions"][0]["session_id"] == newer.id);
  CHECK(lot.said(Role::user, "/api/user/history/?from=2026-11-21")["pagination"]["total"] == 0);
  CHECK(lot.said(Role::user, "/api/user/current-session/?session_id=x&qr_code=y", 400)["fields"]
            .contains("qr_code"));
}

TEST_CASE("a payment's status is shown to whoever has the session's id", "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.parked(0, noon - 30min);
  const Json none = lot.said({}, "/api/payment/" + session.id + "/status/");
  CHECK(none == Json({{"success", true},
                      {"payment_status", "PENDING"},
                      {"amount_due", 50.0},
                      {"is_paid", false},
                      {"payment", nullptr}}));
  lot.parking.paid(session.key, Paise(5'000));
  const Json paid = lot.said({}, "/api/payment/" + session.id + "/status/");
  CHECK(paid["is_paid"] == true);
  CHECK(paid["payment_status"] == "SUCCESS");
  CHECK(paid["payment"]["amount_paise"] == 5000);
  CHECK(lot.said({}, "/api/payment/" + uuid(999) + "/status/", 404)["code"] == "not_found");
}

TEST_CASE("a ticket is drawn for whoever holds it", "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.parked(0);
  const Response svg = lot.get({}, "/api/user/sessions/" + session.id + "/qr.svg");
  CHECK(svg.status == 200);
  CHECK(svg.content_type == "image/svg+xml");
  CHECK(svg.body == "<svg>" + session.code.text() + "</svg>");
  const Response png = lot.get({}, "/api/user/sessions/" + session.code.text() + "/qr.png");
  CHECK(png.content_type == "image/png");
  CHECK(png.body == "png of " + session.code.text());
  CHECK(lot.get({}, "/api/user/sessions/" + uuid(999) + "/qr.png").status == 404);
  CHECK(lot.get({}, "/api/user/sessions/" + session.id + "/qr.svg?size=9").status == 400);
}

TEST_CASE("a receipt splits what was paid into its value and the taxes", "[api][reading]") {
  ReadingLot lot;
  store::Session session = lot.parking.billed(lot.parking.parked(0), Paise(11'800));
  session.vehicle = VehicleNumber::parse("DL01AB1234").value();
  lot.parking.update(session);
  lot.parking.paid(session.key, Paise(11'800));
  const std::string path = "/api/user/sessions/" + session.id + "/receipt";
  CHECK(lot.said({}, path, 404)["error"] == "There is no receipt yet");
  lot.parking.settled(session);
  const Json data = lot.said({}, path)["data"];
  CHECK(data["serial"] == "G1/2627/0000001");
  CHECK(data["session_id"] == session.id);
  CHECK(data["total"] == 118.0);
  CHECK(data["total_paise"] == 11800);
  CHECK(data["taxable_paise"].get<int>() + data["cgst_paise"].get<int>() +
            data["sgst_paise"].get<int>() ==
        11800);
  CHECK(data["billed_hours"] == 1);
  CHECK(data["rate_lines"][0]["hourly_rate"] == "50.00");
  CHECK(data["payments"][0]["amount_paise"] == 11800);
  CHECK(data["seller"]["gst_percent"] == 18);
  const Response page = lot.get({}, path + "?format=html");
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(page.body.contains("<th colspan=\"2\">Receipt G1/2627/0000001</th>"));
  CHECK(page.body.contains("<td>DL01AB1234</td>"));
  CHECK(page.body.contains("<td>2026-11-20 17:30</td>"));
  const Response file = lot.get({}, path + "?format=pdf");
  CHECK(file.content_type == "application/pdf");
  CHECK(file.body.starts_with("%PDF-1."));
  CHECK(file.body.ends_with("%%EOF\n"));
  CHECK(file.body.contains("Receipt G1/2627/0000001"));
  CHECK(lot.get({}, path + "?format=pdf").body == file.body);
  CHECK(lot.said({}, path + "?format=exe", 400)["fields"].contains("format"));
  CHECK(lot.get({}, "/api/user/sessions/" + uuid(999) + "/receipt").status == 404);
}

TEST_CASE("a long receipt goes on over the page, in any script", "[api][reading]") {
  Paper text{.title = "Receipt", .issued_at = noon, .lines = {}};
  const auto pages = [&] {
    const std::string pdf = paper_pdf(text);
    std::size_t found = 0;
    for (auto at = pdf.find("/Type /Page %"); at != std::string::npos; ++found)
      at = pdf.find("/Type /Page %", at + 1);
    return found;
  };
  CHECK(pages() == 1);
  text.lines.assign(100, {.what = "दिल्ली पार्किंग", .value = "₹100"});
  CHECK(pages() >= 3);
  text.lines = {{.what = std::string(10'000, 'x'), .value = std::string(10'000, '9')}};
  CHECK(pages() == 1);
}

TEST_CASE("nothing that somebody wrote becomes a part of a page", "[api][reading]") {
  CHECK(html_text("<script>alert('1') & \"2\"</script>") ==
        "&lt;script&gt;alert(&#39;1&#39;) &amp; &quot;2&quot;&lt;/script&gt;");
  CHECK(html_text("\xFF<") == "?");
  ReadingLot lot;
  lot.side.room.about.address = "<img src=x onerror=alert(1)>";
  const store::Session session = lot.parking.stayed(0);
  const Response page = lot.get({}, "/api/user/sessions/" + session.id + "/receipt?format=html");
  CHECK_FALSE(page.body.contains("<img"));
}

}  // namespace
}  // namespace gatehouse::api
