"""Accounts over HTTP and from the command line while the gateway runs: registering, tokens that are
rotated and end, users for administrators, a user's own, erasure (docs/contract/http.md, "Accounts",
"User", "Admin"; config-and-cli.md, "Commands")."""
import json
import os
import pathlib
import socket
import sqlite3
import stat
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
from peers import DEADLINE_S  # noqa: E402
import staff_api_test as counter  # noqa: E402

NEW_PASSWORD = "nine lives left"
GATES = """
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "both"
barrier = ""
"""


class AccountsCase(counter.CounterCase):
    def setUp(self):
        self.lot = counter.DemoLot(zones={"A": 4}, toml=GATES)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()
        self.tokens = {}

    def with_token(self, token, method, path, body=None):
        options = ["--request", method, "--header", f"Authorization: Bearer {token}"]
        if body is not None:
            options += ["--header", "Content-Type: application/json", "--data", json.dumps(body)]
        status, text = self.lot.curl(path, *options)
        return status, json.loads(text)

    def opens(self, tokens):
        status, _ = self.with_token(tokens["access"], "GET", "/api/user/profile/")
        self.assertIn(status, (200, 401))
        return status == 200

    def refresh(self, tokens):
        return self.ask(None, "POST", "/api/auth/refresh/", {"refresh": tokens["refresh"]})

    def register(self, name, password=NEW_PASSWORD, **more):
        status, said = self.ask(None, "POST", "/api/auth/register/",
                                {"username": name, "password": password, **more})
        self.assertEqual(status, 201, said)
        return said["data"]

    def user(self, *words, password=None):
        return subprocess.run(
            [os.environ["GATEHOUSE_BIN"], "user", *words, "--config", str(self.lot.config)],
            input=None if password is None else password + "\n", text=True, timeout=DEADLINE_S,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


class Tokens(AccountsCase):
    def test_who_registers_signs_in_refreshes_and_signs_out(self):
        data = self.register("priya", email="p@example.org", phone="+91 98100 12345")
        self.assertEqual((data["username"], data["role"], data["phone"]),
                         ("priya", "USER", "+91 98100 12345"))
        self.refused(409, "name_taken", None, "POST", "/api/auth/register/",
                     {"username": "priya", "password": NEW_PASSWORD})
        for password in ("short", "Password123", "x" * 129):
            self.refused(400, "validation_failed", None, "POST", "/api/auth/register/",
                         {"username": "raj", "password": password})
        first = self.login("priya", NEW_PASSWORD)[1]
        self.assertTrue(self.opens(first))
        status, second = self.refresh(first)
        self.assertEqual((status, second["role"], second["expires_in"]), (200, "USER", 86400))
        self.assertTrue(self.opens(second))
        self.assertNotEqual(first["refresh"], second["refresh"])
        status, _ = self.with_token(second["access"], "POST", "/api/auth/logout/")
        self.assertEqual(status, 200)
        self.assertFalse(self.opens(second))
        self.assertFalse(self.opens(first))
        self.assertEqual(self.refresh(second)[0], 401)

    def test_a_refresh_token_used_twice_ends_its_family_over_a_restart(self):
        first = self.login("user123")[1]
        other = self.login("user123")[1]
        second = self.refresh(first)[1]
        self.lot.stop_gateway()
        self.lot.start_gateway()
        self.assertTrue(self.opens(second))
        status, said = self.refresh(first)
        self.assertEqual((status, said["code"]), (401, "bad_token"))
        self.assertFalse(self.opens(second))
        self.assertEqual(self.refresh(second)[0], 401)
        self.assertTrue(self.opens(other))

    def test_a_new_password_ends_every_other_token(self):
        before = self.login("user123")[1]
        other = self.login("user123")[1]
        old = self.lot.passwords["user123"]
        status, said = self.with_token(before["access"], "POST", "/api/auth/password/",
                                       {"old_password": "not this one", "new_password": NEW_PASSWORD})
        self.assertEqual((status, said["code"]), (401, "bad_credentials"))
        status, after = self.with_token(before["access"], "POST", "/api/auth/password/",
                                        {"old_password": old, "new_password": NEW_PASSWORD})
        self.assertEqual(status, 200, after)
        self.assertEqual([self.opens(tokens) for tokens in (before, other, after)],
                         [False, False, True])
        self.assertEqual(self.refresh(other)[0], 401)
        self.assertEqual(self.refresh(after)[0], 200)
        self.assertEqual(self.login("user123", old)[0], 401)
        self.assertEqual(self.login("user123", NEW_PASSWORD)[0], 200)


class Administration(AccountsCase):
    def make(self, name, role, **more):
        status, said = self.ask("admin", "POST", "/api/admin/users/",
                                {"username": name, "password": NEW_PASSWORD, "role": role, **more})
        self.assertEqual(status, 201, said)
        return said["data"]["user_id"]

    def test_accounts_of_every_role_are_made_changed_and_deleted(self):
        reader = self.make("reader", "DEVICE", gate="ENTRY_GATE_01")
        clerk = self.make("clerk", "STAFF", may_terminate=True)
        self.refused(400, "gate_mismatch", "admin", "POST", "/api/admin/users/",
                     {"username": "x", "password": NEW_PASSWORD, "role": "DEVICE"})
        users = self.ok("admin", "GET", "/api/admin/users/?role=DEVICE")["users"]
        self.assertEqual([(user["user_id"], user["gate"]) for user in users],
                         [(reader, "ENTRY_GATE_01")])
        path = f"/api/admin/users/{clerk}/"
        tokens = self.login("clerk", NEW_PASSWORD)[1]
        changed = self.ok("admin", "PATCH", path, {"may_terminate": False, "may_refund": True})
        self.assertEqual((changed["may_terminate"], changed["may_refund"]), (False, True))
        asked = self.with_token(tokens["access"], "GET", "/api/staff/active-sessions/")
        self.assertEqual(asked[0], 200)
        self.ok("admin", "PATCH", path, {"disabled": True})
        asked = self.with_token(tokens["access"], "GET", "/api/staff/active-sessions/")
        self.assertEqual((asked[0], asked[1]["code"]), (401, "bad_token"))
        self.assertEqual(self.login("clerk", NEW_PASSWORD)[0], 401)
        self.assertTrue(self.ok("admin", "DELETE", path)["deleted"])
        self.refused(404, "not_found", "admin", "GET", path)
        self.refused(403, "forbidden", "staff1", "GET", "/api/admin/users/")

    def test_the_last_administrator_stays(self):
        admin = self.ok("admin", "GET", "/api/admin/users/?role=ADMIN")["users"][0]["user_id"]
        path = f"/api/admin/users/{admin}/"
        for method, body in (("PATCH", {"disabled": True}), ("PATCH", {"role": "STAFF"}),
                             ("DELETE", None)):
            self.refused(409, "last_administrator", "admin", method, path, body)
        self.make("second", "ADMIN")
        self.ok("admin", "PATCH", path, {"disabled": True})
        self.refused(401, "bad_token", "admin", "GET", path)

    def test_what_staff_did_is_told_and_keeps_their_account(self):
        self.ok_created("staff1", "POST", "/api/staff/shift/open/", {"float": 100})
        self.ticket()
        staff = self.ok("admin", "GET", "/api/admin/users/?q=staff1")["users"][0]["user_id"]
        path = f"/api/admin/users/{staff}/"
        deeds = self.ok("admin", "GET", path + "activity/")["activity"]
        self.assertEqual([deed["kind"] for deed in deeds], ["session_made", "shift_opened"])
        deeds = self.ok("admin", "GET", path + "activity/?kind=shift_opened&from=today")["activity"]
        self.assertEqual(deeds[0]["amount_paise"], 10000)
        status, text = self.answer("admin", path + "activity/?format=csv")
        self.assertEqual((status, text.splitlines()[0].split(",")[:2]), (200, ["at", "kind"]))
        self.assertFalse(self.ok("admin", "DELETE", path)["deleted"])
        self.assertTrue(self.ok("admin", "GET", path)["disabled"])

    def ok_created(self, *asked):
        status, said = self.ask(*asked)
        self.assertEqual(status, 201, said)
        return said["data"]

    def answer(self, who, path):
        token = self.login(who)[1]["access"]
        return self.lot.curl(path, "--header", f"Authorization: Bearer {token}")

    def test_a_person_is_erased_from_every_file_and_the_money_stays(self):
        ticket = self.ok("staff1", "POST", "/parking/entry/",
                         {"vehicle_number": "DL-01-AB-1234", "owner_name": "Priya Unforgettable",
                          "zone_id": "A"})
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        self.ok("staff1", "POST", "/api/staff/exit/",
                {"qr_code": ticket["qr_code"], "payment_method": "CASH"})
        asked = {"vehicle_number": "DL01AB1234", "reason": "asked in writing"}
        self.refused(409, "session_open", "admin", "POST", "/api/admin/erasures/", asked)
        # An hour and more ago, as the store has it.
        self.lot.stop_gateway()
        with sqlite3.connect(self.lot.directory / "gatehouse.db") as store:
            store.execute("UPDATE sessions SET closed_at = closed_at - 3700000")
        store.close()
        self.lot.start_gateway()
        erased = self.ok_created("admin", "POST", "/api/admin/erasures/", asked)
        self.assertEqual((erased["sessions"], erased["subject"], erased["by"]),
                         (1, "vehicle", "admin"))
        listed = self.ok("admin", "GET", "/api/admin/erasures/")["erasures"]
        self.assertEqual([row["erasure_id"] for row in listed], [erased["erasure_id"]])
        row = self.ok("admin", "GET", "/api/admin/all-sessions/")["sessions"][0]
        self.assertEqual((row["session_id"], row["status"]), (ticket["session_id"], "COMPLETED"))
        self.assertFalse(row["vehicle_number"])
        self.assertFalse(row["owner_name"])
        self.lot.stop_gateway()
        for file in self.lot.directory.glob("gatehouse.db*"):
            if not file.name.endswith((".ballast", ".sock")):
                self.assertNotIn(b"Unforgettable", file.read_bytes(), file)
                self.assertNotIn(b"DL01AB1234", file.read_bytes(), file)
        self.audit()


class Own(AccountsCase):
    def test_a_user_keeps_an_address_and_vehicles(self):
        self.register("priya")
        self.tokens["priya"] = self.login("priya", NEW_PASSWORD)[1]["access"]
        profile = self.ok("priya", "PATCH", "/api/user/profile/", {"email": "p@example.org"})
        self.assertEqual((profile["email"], profile["role"]), ("p@example.org", "USER"))
        self.assertEqual(self.ok("priya", "GET", "/api/user/profile/"), profile)
        self.refused(400, "validation_failed", "priya", "PATCH", "/api/user/profile/",
                     {"role": "ADMIN"})
        status, _ = self.ask("priya", "POST", "/api/user/vehicles/",
                             {"vehicle_number": "dl-01-ab-1234", "name": "the red one"})
        self.assertEqual(status, 201)
        mine = self.ok("priya", "GET", "/api/user/vehicles/")["vehicles"]
        self.assertEqual([(car["vehicle_number"], car["name"]) for car in mine],
                         [("DL01AB1234", "the red one")])
        self.assertEqual(self.ok("user123", "GET", "/api/user/vehicles/")["vehicles"], [])
        drop = "/api/user/vehicles/?vehicle_number=DL-01-AB-1234"
        self.refused(404, "not_found", "user123", "DELETE", drop)
        self.ok("priya", "DELETE", drop)
        self.refused(404, "not_found", "priya", "DELETE", drop)

    def test_a_booking_is_changed_by_whose_it_is(self):
        ticket = self.ticket()
        path = f"/api/user/sessions/{ticket['session_id']}/"
        self.refused(404, "invalid_qr", "user123", "PATCH", path, {"phone_number": "+91 98100"})
        changed = self.ok("admin", "PATCH", path,
                          {"phone_number": "+91 98100", "vehicle_number": "KA-05-MM-0007"})
        self.assertEqual((changed["vehicle_number"], changed["phone_number"]),
                         ("KA05MM0007", "+91 98100"))
        self.ok("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        self.refused(400, "already_entered", "admin", "PATCH", path, {"phone_number": "1234"})


class CommandLine(AccountsCase):
    """`gatehouse user` beside a gateway that runs."""

    def test_accounts_are_changed_through_the_gateway(self):
        door = self.lot.directory / "gatehouse.db.sock"
        self.assertEqual(stat.S_IMODE(door.stat().st_mode), 0o600)
        tokens = self.login("staff1")[1]
        done = self.user("add", "priya", "--role", "staff", password=NEW_PASSWORD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.login("priya", NEW_PASSWORD)[0], 200)
        self.assertEqual(self.user("add", "priya", password=NEW_PASSWORD).returncode, 1)
        self.assertEqual(self.user("rights", "priya", "--may-refund").returncode, 0)
        done = self.user("disable", "admin")
        self.assertEqual(done.returncode, 1)
        self.assertIn("last administrator", done.stderr)
        self.assertEqual(self.user("disable", "staff1").returncode, 0)
        asked = self.with_token(tokens["access"], "GET", "/api/staff/active-sessions/")
        self.assertEqual((asked[0], asked[1]["code"]), (401, "bad_token"))
        self.assertEqual(self.user("passwd", "user123", password=NEW_PASSWORD).returncode, 0)
        self.assertEqual(self.login("user123", NEW_PASSWORD)[0], 200)
        self.assertEqual(self.user("list").stdout,
                         "admin admin\npriya staff may_refund\nstaff1 staff disabled\n"
                         "user123 user\n")
        self.assertEqual(self.lot.command("init").returncode, 1)
        self.lot.stop_gateway()
        self.assertFalse(door.exists())
        self.assertEqual(self.user("list").returncode, 0)

    def test_nonsense_at_the_door_hurts_nobody(self):
        for said in (b"", b"\n", b"add\n", b"list more\n", b"x" * 100_000, b"\x00\xff\n",
                     b"passwd admin plain-text\n", b"add a b admin - $argon2id$x\n"):
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(DEADLINE_S)
                door.connect(str(self.lot.directory / "gatehouse.db.sock"))
                try:
                    door.sendall(said)
                    door.shutdown(socket.SHUT_WR)
                    heard = door.recv(65536)
                except (BrokenPipeError, ConnectionResetError):
                    continue
                self.assertFalse(heard.startswith(b"ok"), (said, heard))
        self.assertEqual(self.user("list").stdout,
                         "admin admin\nstaff1 staff\nuser123 user\n")


if __name__ == "__main__":
    unittest.main(defaultTest=["Tokens", "Administration", "Own", "CommandLine"])
