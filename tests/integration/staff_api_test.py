"""The counter over HTTP: signing in, tickets, entries, bills, cash, barriers by hand, and the
accounts behind it, with curl and a Modbus peer (docs/contract/http.md, config-and-cli.md)."""
import json
import os
import pathlib
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from barrier import Barrier  # noqa: E402
from lot import Lot  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

GATES = """
[billing]
minute_seconds = 1
grace_minutes = 0
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
barrier = "b1"
[[gates.lanes]]
id = "EXIT_GATE_01"
direction = "exit"
barrier = "b2"
"""


def passwords_in(text):
    """The lines `name: password` of `gatehouse init`."""
    pairs = (line.split(": ") for line in text.splitlines() if ": " in line)
    return {name: password for name, password in pairs if name in ("admin", "staff1", "user123")}


class DemoLot(Lot):
    """With the accounts of a demo; their passwords by name."""

    def make(self):
        done = self.command("init", "--demo")
        assert done.returncode == 0, done.stdout + done.stderr
        self.passwords = passwords_in(done.stdout)
        done = self.command("broker", "--out", self.directory / "broker")
        assert done.returncode == 0, done.stdout + done.stderr


class CounterCase(unittest.TestCase):
    def setUp(self):
        self.way_in, self.way_out = Barrier(), Barrier()
        self.enterContext(self.way_in)
        self.enterContext(self.way_out)
        toml = GATES + self.way_in.toml("b1") + self.way_out.toml("b2")
        self.lot = DemoLot(zones={"A": 2}, toml=toml)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()
        self.barriers = self.enterContext(self.lot.watch(self.lot.root + "gates/+/barrier"))
        for gate in ("ENTRY_GATE_01", "EXIT_GATE_01"):
            self.barrier_is(gate, "closed")
        self.tokens = {}

    def barrier_is(self, gate, wanted):
        return self.barriers.until(f"{self.lot.root}gates/{gate}/barrier",
                                   lambda shown: shown["state"] == wanted)

    def login(self, name, password=None):
        return self.ask(None, "POST", "/api/auth/login/", {
            "username": name, "password": password or self.lot.passwords[name]})

    def ask(self, who, method, path, body=None):
        """Status and JSON, asked by a user's name; None: without a token."""
        options = ["--request", method]
        if who is not None:
            if who not in self.tokens:
                status, said = self.login(who)
                self.assertEqual(status, 200, said)
                self.tokens[who] = said["access"]
            options += ["--header", f"Authorization: Bearer {self.tokens[who]}"]
        if body is not None:
            options += ["--header", "Content-Type: application/json", "--data", json.dumps(body)]
        status, text = self.lot.curl(path, *options)
        return status, json.loads(text)

    def ok(self, *asked):
        status, said = self.ask(*asked)
        self.assertEqual((status, said["success"]), (200, True), said)
        return said.get("data", said)

    def refused(self, status, code, *asked):
        got, said = self.ask(*asked)
        self.assertEqual((got, said.get("code"), said["success"]), (status, code, False), said)
        self.assertEqual(said["error"], said["message"])
        return said

    def ticket(self, vehicle="DL-01-AB-1234"):
        return self.ok("staff1", "POST", "/parking/entry/",
                       {"vehicle_number": vehicle, "owner_name": "John Doe", "zone_id": "A"})

    def bill_of(self, query, is_wanted):
        """The bill, as soon as it is what is wanted: the lot's minutes last a second."""
        for _ in range(50 * DEADLINE_S):
            bill = self.ok("staff1", "GET", "/api/staff/bill/?" + query)
            if is_wanted(bill):
                return bill
        raise AssertionError(f"the bill stays at {bill}")

    def audit(self):
        done = self.lot.command("audit")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Counter(CounterCase):
    def test_a_car_comes_in_at_the_counter_pays_cash_and_leaves(self):
        ticket = self.ticket()
        self.assertEqual(set(ticket), {"session_id", "qr_code", "slot_number", "zone_name",
                                       "vehicle_number"})
        self.assertEqual((ticket["slot_number"], ticket["zone_name"], ticket["vehicle_number"]),
                         ("A-001", "Zone A", "DL01AB1234"))
        self.refused(400, "vehicle_inside", "staff1", "POST", "/api/parking/book/",
                     {"vehicle_number": "dl01ab1234", "owner_name": "x", "zone_id": "A"})
        self.refused(400, "not_entered", "staff1", "POST", "/api/staff/exit/",
                     {"qr_code": ticket["qr_code"], "payment_method": "CASH"})

        entered = self.ok("staff1", "POST", "/api/staff/entry/",
                          {"qr_code": ticket["qr_code"], "gate": "ENTRY_GATE_01"})
        self.assertEqual(entered["slot_number"], "A-001")
        self.way_in.wait_for_pulses(1)
        self.refused(400, "already_entered", "staff1", "POST", "/api/staff/entry/",
                     {"qr_code": ticket["qr_code"]})

        for query in ("slot=A-001", "vehicle_number=DL-01-AB-1234", "session_id=1",
                      f"session_id={ticket['session_id']}", f"qr_code={ticket['qr_code']}"):
            bill = self.bill_of(query, lambda bill: bill["amount_due"] == 50.0)
            self.assertEqual(bill["session_id"], ticket["session_id"])
        self.assertEqual(bill["rate_lines"], [{"hourly_rate": "50.00", "hours": 1, "amount": 50.0}])

        exit_by = {"qr_code": ticket["qr_code"], "payment_method": "CASH"}
        changed = self.refused(409, "amount_changed", "staff1", "POST", "/api/staff/exit/",
                               {**exit_by, "amount": 49.5})
        self.assertEqual(changed["data"]["amount_due"], 50.0)
        self.refused(400, "tendered_too_little", "staff1", "POST", "/api/staff/exit/",
                     {**exit_by, "tendered": 49})
        left = self.ok("staff1", "POST", "/api/staff/exit/",
                       {**exit_by, "amount": 50, "tendered": 100, "gate": "EXIT_GATE_01"})
        self.assertEqual((left["amount_charged"], left["payment_method"], left["payment_status"],
                          left["is_paid"], left["change"], left["billed_hours"]),
                         (50.0, "CASH", "SUCCESS", True, 50.0, 1))
        self.assertIsNotNone(left["exit_time"])
        self.way_out.wait_for_pulses(1)
        self.refused(400, "already_exited", "staff1", "POST", "/api/staff/exit/", exit_by)
        self.audit()

    def test_an_exit_paid_online_keeps_the_slot_and_the_barrier(self):
        ticket = self.ticket()
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        self.bill_of("slot=A-001", lambda bill: bill["amount_due"] == 50.0)
        asked = self.ok("staff1", "POST", "/api/staff/exit/",
                        {"session_id": ticket["session_id"], "payment_method": "ONLINE",
                         "gate": "EXIT_GATE_01"})
        self.assertEqual((asked["payment_status"], asked["is_paid"], asked["exit_time"]),
                         ("PENDING", False, None))
        self.assertEqual(self.way_out.open_pulses, 0)
        # The driver pays cash after all.
        left = self.ok("staff1", "POST", "/api/staff/exit/",
                       {"session_id": 1, "payment_method": "CASH", "gate": "EXIT_GATE_01"})
        self.assertTrue(left["is_paid"])
        self.way_out.wait_for_pulses(1)
        self.audit()

    def test_tickets_by_form_and_a_zone_that_is_full(self):
        status, text = self.lot.curl(
            "/parking/entry", "--header", f"Authorization: Bearer {self.login('admin')[1]['access']}",
            "--data-urlencode", "vehicle_number=MH-02-CD-5678",
            "--data-urlencode", "owner_name=Priya Singh", "--data", "zone_id=A&other=1")
        self.assertEqual((status, json.loads(text)["message"]), (200, "Slot allocated: A-001"))
        self.ticket("KA-01-EF-9999")
        self.refused(400, "zone_full", "staff1", "POST", "/parking/entry/",
                     {"vehicle_number": "TN01XY0001", "owner_name": "x", "zone_id": "A"})
        self.refused(404, "zone_not_found", "staff1", "POST", "/parking/entry/",
                     {"vehicle_number": "TN01XY0001", "owner_name": "x", "zone_id": "nowhere"})
        said = self.refused(400, "validation_failed", "staff1", "POST", "/parking/entry/",
                            {"vehicle_number": "1"})
        self.assertEqual(set(said["fields"]), {"vehicle_number", "owner_name", "zone_id"})
        self.refused(404, "invalid_qr", "staff1", "POST", "/api/staff/entry/", {"qr_code": "PARK-1"})

    def test_nobody_does_at_the_counter_what_is_not_theirs(self):
        exit_by = {"session_id": 1, "payment_method": "CASH"}
        self.refused(401, "not_signed_in", None, "POST", "/api/staff/exit/", exit_by)
        self.refused(403, "forbidden", "user123", "POST", "/api/staff/exit/", exit_by)
        self.refused(403, "forbidden", "staff1", "POST", "/api/admin/emergency-open/",
                     {"reason": "x"})
        self.tokens["forger"] = self.login("staff1")[1]["refresh"]
        self.refused(401, "bad_token", "forger", "POST", "/api/staff/exit/", exit_by)
        status, _ = self.lot.curl("/api/staff/exit/", "--request", "POST", "--header",
                                  f"Authorization: Bearer {self.login('staff1')[1]['access']}",
                                  "--header", "Content-Type: text/plain", "--data", "x")
        self.assertEqual(status, 415)

    def test_five_wrong_passwords_lock_the_name(self):
        for _ in range(5):
            status, said = self.login("user123", "not the password")
            self.assertEqual((status, said["code"]), (401, "bad_credentials"))
        status, said = self.login("user123")
        self.assertEqual((status, said["code"]), (429, "throttled"))
        self.assertEqual(self.login("staff1")[1]["role"], "STAFF")


class Drawer(CounterCase):
    def created(self, *asked):
        status, said = self.ask(*asked)
        self.assertEqual((status, said["success"]), (201, True), said)
        return said["data"]

    def parked(self, vehicle):
        """A car that came in at the counter and owes an hour."""
        ticket = self.ticket(vehicle)
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        self.bill_of(f"vehicle_number={vehicle}", lambda bill: bill["amount_due"] >= 50.0)
        return ticket

    def test_a_shift_is_opened_worked_and_counted(self):
        self.refused(404, "no_shift", "staff1", "GET", "/api/staff/shift/")
        opened = self.created("staff1", "POST", "/api/staff/shift/open/", {"float": 20.5})
        self.assertEqual((opened["float"], opened["expected"], opened["user"]),
                         (20.5, 20.5, "staff1"))
        self.refused(409, "shift_open", "staff1", "POST", "/api/staff/shift/open/", {"float": 0})
        ticket = self.parked("DL-01-AB-1234")
        paid = self.ok("staff1", "POST", "/api/staff/exit/",
                       {"qr_code": ticket["qr_code"], "payment_method": "CASH", "tendered": 1000})
        worked = self.ok("staff1", "GET", "/api/staff/shift/")
        self.assertEqual(worked["expected"], 20.5 + paid["amount_charged"])
        self.assertEqual(worked["takings"][0],
                         {"method": "CASH", "payments": 1, "amount": paid["amount_charged"],
                          "refunds": 0, "refunded": 0.0})
        closed = self.ok("staff1", "POST", "/api/staff/shift/close/",
                         {"counted": worked["expected"] - 0.5})
        self.assertEqual((closed["short"], closed["over"], closed["z_number"]), (0.5, 0.0, 1))
        number = closed["shift_id"]
        again = self.ok("admin", "GET", f"/api/staff/shift/?shift_id={number}")
        self.assertEqual(again, closed)
        self.audit()

    def test_a_lost_ticket_a_let_out_and_the_end_of_a_session(self):
        old = self.parked("DL-01-AB-1234")
        lost = self.ok("staff1", "POST", "/api/staff/lost-ticket/",
                       {"vehicle_number": "AB1234", "reason": "gone with the wind"})
        self.assertEqual(lost["session_id"], old["session_id"])
        self.refused(404, "invalid_qr", "staff1", "GET",
                     "/api/staff/bill/?qr_code=" + old["qr_code"])
        path = f"/api/staff/sessions/{old['session_id']}"
        out = self.ok("staff1", "POST", path + "/let-out/",
                      {"gate": "EXIT_GATE_01", "reason": "no answer", "reference": "UTR 4711"})
        self.assertTrue(out["left"])
        self.way_out.wait_for_pulses(1)
        self.refused(403, "forbidden", "staff1", "POST", path + "/terminate/", {"reason": "x"})
        ended = self.ok("admin", "POST", path + "/terminate/", {"reason": "never paid"})
        self.assertEqual((ended["status"], ended["written_off"]),
                         ("TERMINATED", out["amount_due"]))
        self.refused(400, "already_exited", "admin", "POST", path + "/terminate/", {"reason": "x"})

        walk_in = self.created("staff1", "POST", "/api/staff/walk-in/",
                               {"vehicle_number": "MH02CD5678", "zone_id": "A"})
        asked = self.ok(None, "POST", "/api/parking/refund-old/", {"qr_code": walk_in["qr_code"]})
        self.assertEqual(asked["status"], "BOOKED")
        for _ in range(2):
            cancelled = self.ok(None, "POST", "/api/user/cancel-booking/",
                                {"session_id": walk_in["session_id"]})
            self.assertEqual((cancelled["status"], cancelled["refund_amount"]), ("CANCELLED", 0.0))
        noted = self.created("staff1", "POST", "/api/staff/incidents/",
                             {"kind": "dispute", "description": "=1+1 <b>'; --",
                              "session_id": old["session_id"]})
        status, listed = self.ask("admin", "GET", "/api/staff/incidents/?page_size=5")
        self.assertEqual((status, listed["data"]["incidents"]), (200, [noted]))
        self.assertEqual(listed["pagination"], {"page": 1, "page_size": 5, "total": 1})
        why = self.lot.command("explain", old["session_id"]).stdout
        for told in ("let out", "UTR 4711", "lost ticket", "terminated", "dispute"):
            self.assertIn(told, why)
        self.audit()


class ByHand(CounterCase):
    def test_barriers_move_by_hand_and_in_an_emergency(self):
        self.refused(400, "validation_failed", "staff1", "POST",
                     "/api/staff/gates/ENTRY_GATE_01/open/", {})
        self.refused(404, "gate_not_found", "staff1", "POST", "/api/staff/gates/NO_GATE/open/",
                     {"reason": "x"})
        self.ok("staff1", "POST", "/api/staff/gates/ENTRY_GATE_01/open/", {"reason": "a delivery"})
        self.way_in.wait_for_pulses(1)
        self.ok("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/lock/", {"reason": "repairs"})
        self.barrier_is("EXIT_GATE_01", "locked")
        self.ok("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/release/", {"reason": "repaired"})
        self.barrier_is("EXIT_GATE_01", "closed")

        self.ok("staff1", "POST", "/api/staff/emergency-open/", {"reason": "fire"})
        for gate in ("ENTRY_GATE_01", "EXIT_GATE_01"):
            self.barrier_is(gate, "held")
        self.refused(403, "forbidden", "staff1", "POST", "/api/staff/gates/EXIT_GATE_01/release/",
                     {"reason": "all clear"})
        self.ok("admin", "POST", "/api/staff/gates/EXIT_GATE_01/release/", {"reason": "all clear"})
        self.barrier_is("EXIT_GATE_01", "closed")
        self.audit()


class Accounts(unittest.TestCase):
    """`gatehouse init` and `gatehouse user`, where no gateway runs."""

    def setUp(self):
        self.lot = Lot(zones={"A": 2})
        self.addCleanup(self.lot.close)

    def user(self, *words, password=None):
        return subprocess.run(
            [os.environ["GATEHOUSE_BIN"], "user", *words, "--config", str(self.lot.config)],
            input=None if password is None else password + "\n", text=True, timeout=DEADLINE_S,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def test_init_makes_keys_and_the_administrator_once(self):
        first = self.lot.command("init")
        self.assertEqual(set(passwords_in(first.stdout)), {"admin"})
        keys = self.lot.directory / "gatehouse.keys"
        self.assertEqual(stat.S_IMODE(keys.stat().st_mode), 0o600)
        before = keys.read_bytes()
        again = self.lot.command("init", "--demo")
        self.assertEqual((again.returncode, passwords_in(again.stdout)), (0, {}))
        self.assertEqual(keys.read_bytes(), before)
        self.assertNotIn(passwords_in(first.stdout)["admin"],
                         (self.lot.directory / "gatehouse.db").read_bytes().decode("latin-1"))
        keys.unlink()
        lost = self.lot.command("init")
        self.assertEqual(lost.returncode, 1)
        self.assertFalse(keys.exists())

    def test_accounts_are_added_changed_disabled_and_listed(self):
        self.assertEqual(self.lot.command("init").returncode, 0)
        self.assertEqual(self.user("add", "priya", "--role", "staff",
                                   password="a long password").returncode, 0)
        self.assertEqual(self.user("add", "priya", password="a long password").returncode, 1)
        self.assertEqual(self.user("add", "short", password="short").returncode, 2)
        self.assertEqual(self.user("add", "a b", password="a long password").returncode, 2)
        self.assertEqual(self.user("passwd", "nobody", password="a long password").returncode, 1)
        self.assertEqual(self.user("passwd", "priya", password="another password").returncode, 0)
        self.assertEqual(self.user("rights", "priya", "--may-terminate").returncode, 0)
        self.assertEqual(self.user("rights", "admin", "--may-refund").returncode, 1)
        self.assertEqual(self.user("disable", "admin").returncode, 1)  # the last one
        self.assertEqual(self.user("disable", "priya").returncode, 0)
        self.assertEqual(self.user("list").stdout, "admin admin\npriya staff may_terminate disabled\n")


class WhileItRuns(CounterCase):
    def test_a_disabled_account_has_lost_its_tokens(self):
        self.ok("staff1", "POST", "/api/staff/emergency-open/", {"reason": "a drill"})
        self.lot.stop_gateway()
        self.assertEqual(self.lot.command("user", "disable", "staff1").returncode, 0)
        self.lot.start_gateway()
        self.refused(401, "bad_token", "staff1", "GET", "/api/staff/bill/?slot=A-001")
        self.assertEqual(self.login("staff1")[0], 401)
        # The others' tokens are still good: the keys are the same.
        self.refused(404, "invalid_qr", "admin", "GET", "/api/staff/bill/?slot=A-001")


if __name__ == "__main__":
    unittest.main()
