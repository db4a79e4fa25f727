"""`gatehouse report` and the log of payments, after a car came, paid and left
(docs/contract/config-and-cli.md, mqtt.md "Reports")."""
import csv
import datetime
import io
import json
import pathlib
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from staff_api_test import CounterCase  # noqa: E402


class Report(CounterCase):
    def setUp(self):
        super().setUp()
        # With files of its log, from the next life on.
        self.lot.config.write_text(self.lot.config.read_text() + '[log]\ndir = "logs"\n')
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assertEqual(self.lot.command("init").returncode, 0)
        self.lot.start_gateway()
        for gate in ("ENTRY_GATE_01", "EXIT_GATE_01"):
            self.barrier_is(gate, "closed")

    def today(self):
        return datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Kolkata")).date().isoformat()

    def report(self, *words):
        done = self.lot.command("report", "--day", self.today(), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def stay(self):
        status, said = self.ask("staff1", "POST", "/api/staff/shift/open/", {"float": 0})
        self.assertEqual(status, 201, said)
        ticket = self.ticket()
        self.ok("staff1", "POST", "/api/staff/entry/",
                {"qr_code": ticket["qr_code"], "gate": "ENTRY_GATE_01"})
        self.way_in.wait_for_pulses(1)
        self.bill_of("slot=A-001", lambda bill: bill["amount_due"] == 50.0)
        self.ok("staff1", "POST", "/api/staff/exit/",
                {"qr_code": ticket["qr_code"], "payment_method": "CASH", "amount": 50,
                 "gate": "EXIT_GATE_01"})
        self.way_out.wait_for_pulses(1)
        self.ok("staff1", "POST", "/api/staff/shift/close/", {"counted": 49})
        return ticket

    def test_the_day_is_reported_in_three_ways(self):
        ticket = self.stay()
        told = json.loads(self.report("--format", "json"))
        self.assertEqual((told["period"], told["from"], told["to"]),
                         ("daily", self.today(), self.today()))
        self.assertEqual((told["tickets"], told["entries"], told["exits"], told["revenue_paise"],
                          told["net_paise"], told["payments"]), (1, 1, 1, 5000, 5000, 1))
        self.assertEqual(told["by_method"], [{"method": "CASH", "provider": "", "payments": 1,
                                              "revenue_paise": 5000, "refunds": 0,
                                              "refunds_paise": 0}])
        self.assertEqual(told["by_zone"][0]["zone"], "A")
        self.assertEqual(told["shifts"], {"closed": 1, "counted_paise": 4900, "over_paise": 0,
                                          "short_paise": 100})
        rows = list(csv.DictReader(io.StringIO(self.report("--format", "csv"))))
        figures = {(row["group"], row["item"], row["figure"]): row["value"] for row in rows}
        self.assertEqual(figures["total", "", "revenue"], "50.00")
        self.assertEqual(figures["method", "CASH", "revenue"], "50.00")
        self.assertEqual(figures["zone", "A", "entries"], "1")
        self.assertEqual(figures["shifts", "", "short"], "1.00")
        table = self.report()
        self.assertIn("50.00", table)
        self.assertIn(self.today(), table)
        month = json.loads(self.report("--format", "json", "--period", "monthly"))
        self.assertEqual((month["from"], month["revenue_paise"]), (self.today()[:8] + "01", 5000))

        lines = (self.lot.directory / "logs" / "payments.log").read_text().splitlines()
        paid = [line for line in lines if "payment.succeeded" in line]
        self.assertEqual(len(paid), 1, lines)
        for part in ("log=payment", "outcome=SUCCESS", "amount=50.00 INR", "method=CASH",
                     "vehicle=DL01AB1234", f"session={ticket['session_id']}", "by=staff1"):
            self.assertIn(part, paid[0])
        self.assertNotIn(ticket["qr_code"], "\n".join(lines))
        self.assertIn("payment.succeeded", "\n".join(self.lot.gateway.log()))
        self.audit()

    def test_what_is_no_day_is_said(self):
        for day in ("yesterday", "2026-13-01", "", "2026-11-2"):
            done = self.lot.command("report", "--day", day)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertEqual(done.stdout, "")
        empty = self.lot.command("report", "--day", "2001-01-01", "--format", "json")
        self.assertEqual(json.loads(empty.stdout)["payments"], 0)


if __name__ == "__main__":
    unittest.main()
