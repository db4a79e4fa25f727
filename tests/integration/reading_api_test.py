"""What people look through over HTTP while cars come and go: lists, reports, tickets and receipts,
with curl and zbarimg (docs/contract/http.md)."""
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
from peers import DEADLINE_S  # noqa: E402
import staff_api_test as counter  # noqa: E402

FORMULA = '=HYPERLINK("http://x")'


class Reading(counter.CounterCase):
    def paid_stay(self, vehicle="DL-01-AB-1234", owner="Priya Singh"):
        ticket = self.ok("staff1", "POST", "/parking/entry/",
                         {"vehicle_number": vehicle, "owner_name": owner, "zone_id": "A"})
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        self.bill_of("qr_code=" + ticket["qr_code"], lambda bill: bill["amount_due"] == 50.0)
        return ticket

    def leave(self, ticket):
        self.ok("staff1", "POST", "/api/staff/exit/",
                {"qr_code": ticket["qr_code"], "payment_method": "CASH"})

    def answer(self, who, path):
        options = []
        if who is not None:
            options = ["--header", f"Authorization: Bearer {self.login(who)[1]['access']}"]
        return self.lot.curl(path, *options)

    def test_a_stay_is_seen_by_everybody_whom_it_concerns(self):
        ticket = self.paid_stay(owner=FORMULA)
        session = ticket["session_id"]
        seen = self.ok(None, "GET", "/api/user/current-session/?session_id=" + session)
        self.assertEqual((seen["status"], seen["slot_number"], seen["amount_due"],
                          seen["entry_qr_scanned"], seen["is_paid"]),
                         ("ACTIVE", "A-001", 50.0, True, False))
        self.assertNotIn("owner_name", seen)
        self.refused(401, "not_signed_in", None, "GET", "/api/user/current-session/")
        active = self.ok("staff1", "GET", "/api/staff/active-sessions/")["sessions"]
        self.assertEqual([row["session_id"] for row in active], [session])
        self.refused(404, "not_found", None, "GET", f"/api/user/sessions/{session}/receipt")

        self.leave(ticket)
        status = self.ok(None, "GET", f"/api/payment/{session}/status/")
        self.assertEqual((status["payment_status"], status["is_paid"], status["amount_due"]),
                         ("SUCCESS", True, 0.0))
        receipt = self.ok(None, "GET", f"/api/user/sessions/{session}/receipt")
        self.assertEqual((receipt["total_paise"], receipt["billed_hours"]), (5000, 1))
        self.assertEqual(receipt["taxable_paise"] + receipt["cgst_paise"] + receipt["sgst_paise"],
                         5000)
        page = self.answer(None, f"/api/user/sessions/{session}/receipt?format=html")
        self.assertIn(receipt["serial"], page[1])

        today = self.ok("admin", "GET", "/api/admin/dashboard/")["today"]
        self.assertEqual((today["tickets"], today["entries"], today["exits"], today["revenue"]),
                         (1, 1, 1, 50.0))
        report = self.ok("admin", "GET", "/api/admin/revenue-report/?date=today")
        self.assertEqual((report["total"]["revenue"], report["by_zone"][0]["zone_id"]),
                         (50.0, "A"))
        payments = self.ok("admin", "GET", "/api/admin/payments/?start_date=today&method=CASH")
        self.assertEqual(payments["totals"]["CASH"]["amount_paise"], 5000)
        status, text = self.answer("admin", "/api/admin/all-sessions/?format=csv")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual((status, len(rows), rows[0]["owner_name"]), (200, 1, "'" + FORMULA))
        self.audit()

    def test_a_ticket_is_a_picture_that_readers_read(self):
        ticket = self.ticket()
        with tempfile.TemporaryDirectory() as folder:
            picture = pathlib.Path(folder, "ticket.png")
            status, _ = self.lot.curl(f"/api/user/sessions/{ticket['session_id']}/qr.png",
                                      "--output", str(picture))
            self.assertEqual(status, 200)
            read = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)],
                                  stdout=subprocess.PIPE, timeout=DEADLINE_S, check=True, text=True)
        self.assertEqual(read.stdout.strip(), ticket["qr_code"])
        status, svg = self.answer(None, f"/api/user/sessions/{ticket['qr_code']}/qr.svg")
        self.assertEqual((status, svg.startswith("<svg")), (200, True))

    def test_slots_gates_and_the_city_see_the_lot(self):
        slots = self.ok("staff1", "GET", "/api/staff/slot-status/?zone_id=A")
        self.assertEqual([slot["slot_number"] for slot in slots["slots"]], ["A-001", "A-002"])
        gates = self.ok("staff1", "GET", "/api/staff/gates/")["gates"]
        self.assertEqual([(gate["gate"], gate["barrier"]["state"]) for gate in gates],
                         [("ENTRY_GATE_01", "closed"), ("EXIT_GATE_01", "closed")])
        self.assertEqual(self.ok("admin", "GET", "/api/admin/devices/?kind=barrier")["devices"][0]
                         ["state"], "ok")
        status, text = self.answer(None, "/api/public/fiware/")
        entities = json.loads(text)
        self.assertEqual((status, entities[0]["type"], entities[1]["type"], entities[1]["name"]),
                         (200, "OffStreetParking", "ParkingSpot", "A-001"))
        zone = self.ok(None, "GET", "/parking/zone/A/status/")
        self.assertEqual((zone["total_slots"], zone["available_slots"]), (2, 2))

    def test_nobody_looks_at_what_is_not_theirs(self):
        for path in ("/api/admin/dashboard/", "/api/admin/payments/", "/api/admin/scans/"):
            self.refused(403, "forbidden", "staff1", "GET", path)
            self.refused(401, "not_signed_in", None, "GET", path)
        self.refused(403, "forbidden", "user123", "GET", "/api/staff/active-sessions/")
        self.refused(400, "validation_failed", "admin", "GET", "/api/admin/payments/?x=1")
        self.refused(404, "not_found", "user123", "GET", "/api/user/current-session/")


if __name__ == "__main__":
    # The counter's own cases have a file of their own.
    unittest.main(defaultTest="Reading")
