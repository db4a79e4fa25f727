"""What administrators change over HTTP while the lot runs, with curl, Mosquitto and Modbus peers:
zones, slots, settings, planned maintenance, refunds, shifts (docs/contract/http.md, "Admin")."""
import datetime
import json
import pathlib
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
import staff_api_test as counter  # noqa: E402


PROFILE = """
[[sensor_profiles]]
name = "bare"
topic = "oldlot/{device}"
occupied = ""
occupied_values = [1]
free_values = [0]
map = { device-1 = "A-001" }
"""


def in_seconds(seconds):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Admin(counter.CounterCase):
    def setUp(self):
        super().setUp()
        self.board = self.enterContext(self.lot.watch())
        self.rebuilds = 0

    def created(self, *asked):
        status, said = self.ask(*asked)
        self.assertEqual((status, said["success"]), (201, True), said)
        return said["data"]

    def is_read_anew(self):
        """Blocks until the gateway works by what was changed."""
        self.rebuilds += 1
        self.lot.gateway.wait_for_log("reading it anew", self.rebuilds)
        self.lot.gateway.wait_for_log("listening on port", self.rebuilds + 1)

    def is_gone(self, topic):
        """Blocks until what the broker kept under a topic is cleared."""
        while topic in self.board.shown:
            self.board.take()
        self.assertEqual(self.lot.retained(topic), {})

    def entered(self, vehicle):
        ticket = self.ticket(vehicle)
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        return ticket

    def paid(self, ticket, due):
        self.bill_of("qr_code=" + ticket["qr_code"], lambda bill: bill["amount_due"] == due)
        return self.ok("admin", "POST", "/api/staff/exit/", {
            "qr_code": ticket["qr_code"], "payment_method": "CASH", "amount": due})

    def text(self, who, path, *options):
        status, body = self.lot.curl(path, *options, "--header",
                                     f"Authorization: Bearer {self.login(who)[1]['access']}")
        self.assertEqual(status, 200, body)
        return body


class TheLot(Admin):
    def test_rates_change_and_running_stays_keep_theirs(self):
        running = self.entered("DL-01-AB-1111")
        zone = self.ok("admin", "PATCH", "/api/admin/zones/A/", {
            "hourly_rate": "90.00", "name": "Level 1",
            "rates": [{"from": "22:00", "to": "22:01", "hourly_rate": 10}]})
        self.assertEqual((zone["hourly_rate"], zone["name"], zone["rates"]),
                         ("90.00", "Level 1",
                          [{"from": "22:00", "to": "22:01", "hourly_rate": "10.00"}]))
        self.assertEqual(self.ok("admin", "GET", "/api/admin/zones/A/"), zone)
        self.is_read_anew()
        self.board.until(self.lot.zone("A"), lambda said: said["hourly_rate_paise"] in (9000, 1000)
                         and said["name"] == "Level 1")
        self.paid(running, 50.0)
        self.ok("admin", "PATCH", "/api/admin/zones/A/", {"rates": []})
        self.is_read_anew()
        self.paid(self.entered("DL-01-AB-2222"), 90.0)
        self.audit()

    def test_a_zone_is_closed_with_a_car_inside_and_the_car_leaves(self):
        inside = self.entered("DL-01-AB-1111")
        said = self.ok("admin", "DELETE", "/api/admin/zones/A/")
        self.assertEqual(said, {"id": "A", "deleted": False, "closed": True})
        self.is_read_anew()
        self.board.until(self.lot.zone("A"), lambda zone: not zone["active"])
        self.refused(400, "zone_closed", "staff1", "POST", "/parking/entry/",
                     {"vehicle_number": "DL9C1234", "owner_name": "x", "zone_id": "A"})
        self.paid(inside, 50.0)
        self.audit()
        check = self.lot.command("check")
        self.assertIn("zone A: closed in the store", check.stdout)

    def test_slots_and_zones_are_added_used_and_deleted(self):
        slot = self.created("admin", "POST", "/api/admin/slots/", {"zone_id": "A"})
        self.assertEqual(slot, {"slot_id": "A-003", "zone_id": "A", "closed": False,
                                "out_of_service": None})
        self.created("admin", "POST", "/api/admin/zones/", {
            "zone_id": "R", "name": "Roof", "hourly_rate": 20, "slots": ["R-1", "R-2"],
            "features": ["open air"]})
        self.refused(409, "id_taken", "admin", "POST", "/api/admin/zones/", {"zone_id": "R"})
        self.refused(409, "id_taken", "admin", "POST", "/api/admin/slots/",
                     {"zone_id": "R", "slot_id": "EXIT_GATE_01"})
        self.is_read_anew()
        self.board.until(self.lot.zone("A"), lambda zone: zone["total"] == 3)
        self.board.until(self.lot.zone("R"), lambda zone: zone["available"] == 2)
        for number in range(3):
            self.assertEqual(self.entered(f"DL-01-AB-100{number}")["slot_number"],
                             f"A-00{number + 1}")
        self.refused(409, "slot_in_use", "admin", "DELETE", "/api/admin/slots/A-003/")
        self.ok("admin", "DELETE", "/api/admin/slots/R-2/")
        self.is_read_anew()
        self.board.until(self.lot.zone("R"), lambda zone: zone["total"] == 1)
        self.is_gone(self.lot.status("R-2"))
        said = self.ok("admin", "DELETE", "/api/admin/zones/R/")
        self.assertEqual((said["deleted"], said["closed"]), (True, False))
        self.is_read_anew()
        self.refused(404, "zone_not_found", "admin", "GET", "/api/admin/zones/R/")
        self.is_gone(self.lot.zone("R"))
        self.audit()

    def test_bad_zones_and_slots_are_refused_by_the_rules_of_lot_toml(self):
        bad = [({"zone_id": "B C"}, "zone_id"), ({}, "zone_id"),
               ({"zone_id": "B", "hourly_rate": "-1"}, "hourly_rate"),
               ({"zone_id": "B", "hourly_rate": []}, "hourly_rate"),
               ({"zone_id": "B", "colour": "red"}, "colour"),
               ({"zone_id": "B", "is_active": "yes"}, "is_active"),
               ({"zone_id": "B", "slots": 0}, "slots"),
               ({"zone_id": "B", "operating_hours": "always"}, "operating_hours"),
               ({"zone_id": "B", "features": ["a\nb"]}, "features[0]"),
               ({"zone_id": "B", "rates": [{"from": "06:00", "to": "09:00", "hourly_rate": "1"},
                                           {"from": "08:00", "to": "10:00", "hourly_rate": "1"}]},
                "rates[1].from")]
        for body, member in bad:
            with self.subTest(body=body):
                said = self.refused(400, "validation_failed", "admin", "POST",
                                    "/api/admin/zones/", body)
                self.assertIn(member, said["fields"])
        self.refused(400, "validation_failed", "admin", "PATCH", "/api/admin/slots/A-001/",
                     {"out_of_service": {"from": in_seconds(60), "to": in_seconds(1),
                                         "reason": "x"}})
        self.refused(400, "validation_failed", "admin", "PATCH", "/api/admin/slots/A-001/",
                     {"out_of_service": {"to": in_seconds(60)}})
        self.refused(404, "slot_not_found", "admin", "PATCH", "/api/admin/slots/X-1/",
                     {"closed": True})
        self.refused(403, "forbidden", "staff1", "PATCH", "/api/admin/zones/A/", {"name": "x"})
        self.assertEqual(len(self.ok("admin", "GET", "/api/admin/zones/")["zones"]), 2)

    def test_a_slot_under_maintenance_is_given_to_nobody_and_comes_back(self):
        planned = self.ok("admin", "PATCH", "/api/admin/slots/A-001/", {
            "out_of_service": {"to": in_seconds(6), "reason": "New paint"}})
        self.assertEqual(planned["out_of_service"]["reason"], "New paint")
        self.board.until_status(self.lot, "A-001", "out_of_service")
        self.board.until(self.lot.zone("A"), lambda zone: zone["out_of_service"] == 1)
        self.assertEqual(self.ticket("DL-01-AB-1111")["slot_number"], "A-002")
        self.refused(400, "zone_full", "staff1", "POST", "/parking/entry/",
                     {"vehicle_number": "DL9C1234", "owner_name": "x", "zone_id": "A"})
        self.board.until_status(self.lot, "A-001", "free")
        self.assertEqual(self.ticket("DL-01-AB-2222")["slot_number"], "A-001")
        self.assertIsNone(self.ok("admin", "GET", "/api/admin/slots/A-001/")["out_of_service"])
        self.audit()

    def test_settings_hold_after_a_moment_and_over_restarts(self):
        before = self.ok("admin", "GET", "/api/admin/settings/")
        self.assertEqual((before["settings"]["billing.grace_minutes"], before["changed"]), (0, []))
        self.refused(400, "validation_failed", "admin", "PATCH", "/api/admin/settings/",
                     {"billing.grace_minutes": -1})
        self.refused(400, "validation_failed", "admin", "PATCH", "/api/admin/settings/",
                     {"broker.url": "mqtt://elsewhere"})
        self.ok("admin", "PATCH", "/api/admin/settings/",
                {"billing.daily_cap": 40, "billing.booking_fee": "60.00", "backup.at": "03:30"})
        self.is_read_anew()
        self.paid(self.entered("DL-01-AB-1111"), 40.0)
        self.assertIn("billing.daily_cap: the store says 40.00, the file nothing",
                      self.lot.command("check").stdout)
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.lot.start_gateway()
        after = self.ok("admin", "GET", "/api/admin/settings/")
        self.assertEqual(after["settings"]["billing.booking_fee"], "60.00")
        self.assertEqual(after["changed"],
                         ["backup.at", "billing.booking_fee", "billing.daily_cap"])
        self.ok("admin", "PATCH", "/api/admin/settings/", {"billing.daily_cap": None})
        self.rebuilds = 0
        self.is_read_anew()
        self.paid(self.entered("DL-01-AB-2222"), 50.0)
        self.assertNotIn("password", json.dumps(after).lower())

    def test_profiles_that_were_read_again_stay_when_a_setting_changes(self):
        self.lot.toml += PROFILE
        self.lot.write_config()
        self.lot.gateway.process.send_signal(signal.SIGHUP)
        self.lot.gateway.wait_for_log("sensor profiles are as it says")
        self.ok("admin", "PATCH", "/api/admin/settings/", {"billing.grace_minutes": 1})
        self.is_read_anew()
        with self.lot.peer() as sensor:
            sensor.publish("oldlot/device-1", "1", retain=True)
            self.board.until_status(self.lot, "A-001", "occupied")

    def test_a_barrier_on_its_way_is_watched_to_its_end(self):
        ticket = self.ticket()
        self.way_in.presence(True)
        self.ok("staff1", "POST", "/api/staff/entry/",
                {"qr_code": ticket["qr_code"], "gate": "ENTRY_GATE_01"})
        self.way_in.wait_for_pulses(1)
        self.barrier_is("ENTRY_GATE_01", "open")
        self.ok("admin", "PATCH", "/api/admin/zones/A/", {"contact": "Counter 2"})
        self.way_in.safety(True)
        self.barriers.until(f"{self.lot.root}gates/ENTRY_GATE_01/barrier",
                            lambda shown: shown["vehicle_under_arm"])
        self.assertNotIn("reading it anew", "\n".join(self.lot.gateway.log()))
        self.way_in.presence(False)
        self.way_in.safety(False)
        self.is_read_anew()
        self.barrier_is("ENTRY_GATE_01", "closed")
        self.assertEqual(self.way_in.open_pulses, 1)
        self.ok("staff1", "GET", "/api/staff/bill/?qr_code=" + ticket["qr_code"])
        self.audit()


class Money(Admin):
    def test_cash_goes_back_out_of_the_drawer_of_the_administrator(self):
        self.paid(self.entered("DL-01-AB-1111"), 50.0)
        payment = self.ok("admin", "GET", "/api/admin/payments/")["payments"][0]
        asked = ("POST", "/api/admin/refunds/")
        body = {"payment_id": payment["payment_id"], "reason": "The lift was broken"}
        self.refused(403, "forbidden", "staff1", *asked, body)
        self.refused(400, "refund_exceeds_payment", "admin", *asked, {**body, "amount": 50.01})
        refund = self.created("admin", *asked, {**body, "amount": 20})
        self.assertEqual((refund["status"], refund["amount_paise"], refund["credit_note"][:2]),
                         ("SUCCESS", 2000, "C1"))
        self.refused(404, "not_found", "admin", *asked, {**body, "payment_id": "x"})
        for wrong in ({"amount": 0}, {"amount": "20"}, {"reason": ""}, {"who": 1}):
            self.refused(400, "validation_failed", "admin", *asked, {**body, **wrong})
        closed = self.ok("admin", "POST", "/api/staff/shift/close/", {"counted": 30})
        self.assertEqual((closed["over"], closed["short"]), (0.0, 0.0))
        self.refused(404, "no_shift", "admin", *asked, body)

        shifts = self.ok("admin", "GET", "/api/admin/shifts/?user=admin&open=false")["shifts"]
        self.assertEqual([(row["z_number"], row["cash_refunded"]) for row in shifts], [(1, 20.0)])
        number = shifts[0]["shift_id"]
        self.assertEqual(self.ok("admin", "GET", f"/api/admin/shifts/{number}/"), closed)
        for path in (f"/api/admin/shifts/{number}/?format=", f"/api/staff/shift/?shift_id={number}&format="):
            self.assertIn("Z report 1", self.text("admin", path + "html"))
            paper = self.lot.directory / "z.pdf"
            self.text("admin", path + "pdf", "--output", str(paper))
            self.assertTrue(paper.read_bytes().startswith(b"%PDF"))
        self.assertIn("z_number", self.text("admin", "/api/admin/shifts/?format=csv"))
        self.refused(404, "no_shift", "staff1", "GET", f"/api/staff/shift/?shift_id={number}&format=html")
        self.audit()

    def test_an_unknown_gate_is_not_found_wherever_it_is_named(self):
        ticket = self.ticket()
        code = {"qr_code": ticket["qr_code"], "gate": "NOWHERE"}
        for path, body in (
                ("/api/staff/entry/", code),
                ("/api/staff/exit/", {**code, "payment_method": "CASH"}),
                ("/api/staff/walk-in/", {"vehicle_number": "DL9C1234", "zone_id": "A",
                                         "gate": "NOWHERE"}),
                ("/api/staff/incidents/", {"kind": "other", "description": "x",
                                           "gate": "NOWHERE"}),
                (f"/api/staff/sessions/{ticket['session_id']}/let-out/",
                 {"gate": "NOWHERE", "reason": "x"})):
            with self.subTest(path=path):
                self.refused(404, "gate_not_found", "staff1", "POST", path, body)

    def test_alerts_are_acknowledged_and_exceptions_listed(self):
        self.ok("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/lock/", {"reason": "test"})
        alerts = self.ok("admin", "GET", "/api/admin/alerts/?acknowledged=false")["alerts"]
        for alert in alerts:
            seen = self.ok("admin", "POST", f"/api/admin/alerts/{alert['id']}/acknowledge/")
            self.assertEqual(seen["acknowledged_by"], "admin")
        self.assertEqual(
            self.ok("admin", "GET", "/api/admin/alerts/?acknowledged=false")["alerts"], [])
        self.refused(404, "not_found", "admin", "POST", "/api/admin/alerts/x/acknowledge/")
        self.assertEqual(self.ok("admin", "GET", "/api/admin/exceptions/?open=true")["exceptions"],
                         [])
        self.refused(404, "not_found", "admin", "POST", "/api/admin/exceptions/x/resolve/",
                     {"action": "refund", "reason": "x"})
        self.refused(400, "validation_failed", "admin", "POST", "/api/admin/exceptions/x/resolve/",
                     {"action": "forget", "reason": "x"})


if __name__ == "__main__":
    unittest.main()
