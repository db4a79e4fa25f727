"""Idempotency-Key, the audit log and its proof, and keys that are rotated, over real HTTP, with
sqlite3 in the hand of somebody who has the store but not the keys (docs/contract/audit.md)."""
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lot import Lot  # noqa: E402
from staff_api_test import passwords_in  # noqa: E402

GATES = """
[billing]
minute_seconds = 1
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
barrier = ""
"""


class AuditLot(Lot):
    def make(self):
        done = self.command("init", "--demo")
        assert done.returncode == 0, done.stdout + done.stderr
        self.passwords = passwords_in(done.stdout)
        done = self.command("broker", "--out", self.directory / "broker")
        assert done.returncode == 0, done.stdout + done.stderr


class AuditCase(unittest.TestCase):
    def setUp(self):
        self.lot = AuditLot(zones={"A": 40}, toml=GATES)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()
        self.tokens = {}
        self.store = self.lot.directory / "gatehouse.db"

    def ask(self, who, method, path, body=None, key=None, token=None):
        """Status, JSON."""
        options = ["--request", method]
        if who is not None and token is None:
            if who not in self.tokens:
                status, said = self.login(who, self.lot.passwords[who])
                self.assertEqual(status, 200, said)
                self.tokens[who] = said["access"]
            token = self.tokens[who]
        if token is not None:
            options += ["--header", f"Authorization: Bearer {token}"]
        if key is not None:
            options += ["--header", f"Idempotency-Key: {key}"]
        if body is not None:
            options += ["--header", "Content-Type: application/json", "--data", json.dumps(body)]
        status, text = self.lot.curl(path, *options)
        return status, json.loads(text)

    def login(self, name, password):
        return self.ask(None, "POST", "/api/auth/login/",
                        {"username": name, "password": password})

    def ticket(self, vehicle, key=None):
        return self.ask("staff1", "POST", "/parking/entry/",
                        {"vehicle_number": vehicle, "owner_name": "x", "zone_id": "A"}, key)

    def rows(self, query=""):
        status, said = self.ask("admin", "GET", "/api/admin/audit/?page_size=200" + query)
        self.assertEqual(status, 200, said)
        return said["data"]["audit"]

    def until(self, query, wanted):
        """What is gathered stands in the log within a second."""
        for _ in range(200):
            found = [row for row in self.rows(query) if wanted(row)]
            if found:
                return found
        raise AssertionError(f"nothing of the kind in {self.rows(query)}")

    def audit(self):
        done = self.lot.command("audit")
        return done.returncode, done.stdout

    def assert_sound(self):
        code, said = self.audit()
        self.assertEqual(code, 0, said)

    def tamper(self, *statements):
        """As somebody with a shell would, while nothing runs."""
        with sqlite3.connect(self.store) as raw:
            triggers = list(raw.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
            for name, _ in triggers:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            for _, sql in triggers:
                raw.execute(sql)
        raw.close()

    def assert_first_violation(self, pattern):
        code, said = self.audit()
        self.assertEqual(code, 1, said)
        first = [line for line in said.splitlines() if line.startswith("violation: ")][0]
        self.assertRegex(first, pattern)

    def number(self, query):
        raw = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        try:
            return raw.execute(query).fetchone()[0]
        finally:
            raw.close()


class IdempotencyKeys(AuditCase):
    def test_what_is_asked_again_is_done_once_over_a_crash_too(self):
        first = self.ticket("DL01AB1234", "k-1")
        self.assertEqual(first[0], 200, first)
        self.assertEqual(self.ticket("DL01AB1234", "k-1"), first)
        self.assertEqual(self.lot.stop_gateway(signal.SIGKILL), -signal.SIGKILL)
        self.lot.start_gateway()
        self.assertEqual(self.ticket("DL01AB1234", "k-1"), first)
        status, said = self.ticket("DL01AB9999", "k-1")
        self.assertEqual((status, said["code"]), (422, "key_reused"))
        # Without the key it is another request.
        status, said = self.ticket("DL01AB1234")
        self.assertEqual(said["code"], "vehicle_inside")
        # A refusal is kept as well; whose key it is matters.
        status, said = self.ticket("DL01AB1234", "k-2")
        self.assertEqual((status, said["code"]), (400, "vehicle_inside"))
        self.assertEqual(self.ask("admin", "POST", "/parking/entry/",
                                  {"vehicle_number": "DL01AB5555", "owner_name": "x",
                                   "zone_id": "A"}, "k-1")[0], 200)
        self.assertEqual(self.number("SELECT count(*) FROM sessions"), 2)
        self.assert_sound()

    def test_many_at_once_under_one_key_are_one(self):
        self.ticket("DL01ZZ0000")
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            self.ask("staff1", "POST", "/api/staff/incidents/",
                     {"kind": "other", "description": "A lamp"}, "together")))
            for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({status for status, _ in answers}, {201})
        self.assertEqual(len({said["data"]["incident_id"] for _, said in answers}), 1)
        self.assertEqual(self.number("SELECT count(*) FROM incidents"), 1)

    def test_what_is_wrong_with_a_request_is_said_again(self):
        status, said = self.ask("staff1", "POST", "/api/staff/shift/open/", {}, "k-1")
        self.assertEqual((status, said["code"]), (400, "validation_failed"))
        self.assertEqual(self.ask("staff1", "POST", "/api/staff/shift/open/", {}, "k-1"),
                         (status, said))
        status, said = self.ask("staff1", "POST", "/api/staff/shift/open/", {"float": 10}, "k-1")
        self.assertEqual((status, said["code"]), (422, "key_reused"))
        status, said = self.ask("staff1", "POST", "/api/staff/shift/open/", {"float": 10},
                                "x" * 256)
        self.assertEqual((status, list(said["fields"])), (400, ["Idempotency-Key"]))


class Log(AuditCase):
    def test_calls_logins_refusals_and_commands_are_told(self):
        status, said = self.ticket("DL01AB1234")
        session = said["data"]["session_id"]
        call = self.rows("&action=POST%20/parking/entry/")[0]
        self.assertEqual((call["user"], call["role"], call["outcome"], call["targets"]),
                         ("staff1", "STAFF", "done", f"session {session}"))
        self.assertEqual(call["address"], "127.0.0.1")
        self.ask("user123", "POST", "/api/staff/shift/open/", {"float": 1})
        forbidden = self.until("&outcome=forbidden", lambda row: row["role"] == "USER")[0]
        self.assertEqual(forbidden["user"], "user123")
        self.assertEqual(self.number("SELECT user_name FROM audit_log "
                                     "WHERE outcome = 'forbidden'"), "")
        for _ in range(30):
            self.ask(None, "POST", "/api/staff/shift/open/", {"float": 1}, token="nonsense")
        bad = self.until("&outcome=bad_token", lambda row: True)
        self.assertLessEqual(len(bad), 2)
        self.login("staff1", "not the password")
        self.until("&outcome=bad_credentials", lambda row: row["user"] == "staff1")
        self.until("&action=POST%20/api/auth/login/&outcome=done", lambda row: row["user"] == "admin")
        made = self.rows("&q=user%20staff1&action=gatehouse%20init")
        self.assertEqual([row["detail"] for row in made], ["role staff"])
        self.assertEqual(self.rows("&action=gatehouse%20run")[-1]["outcome"], "started")
        # Nothing that opens a gate or an account.
        text = json.dumps(self.rows())
        for secret in [said["data"]["qr_code"], *self.lot.passwords.values(),
                       *self.tokens.values()]:
            self.assertNotIn(secret, text)
        self.assert_sound()

    def test_it_is_filtered_paged_exported_and_for_administrators(self):
        for n in range(5):
            self.ticket(f"DL01AB100{n}")
        status, said = self.ask("admin", "GET",
                                "/api/admin/audit/?action=POST%20/parking&page_size=2&page=2")
        self.assertEqual(said["pagination"], {"page": 2, "page_size": 2, "total": 5})
        self.assertEqual(len(said["data"]["audit"]), 2)
        self.assertEqual(len(self.rows("&user=staff1&from=today&to=today&action=POST%20/parking")), 5)
        self.assertEqual(self.rows("&to=2020-01-01"), [])
        self.assertEqual(self.ask("admin", "GET", "/api/admin/audit/?user=nobody")[0], 400)
        self.assertEqual(self.ask("staff1", "GET", "/api/admin/audit/")[0], 403)
        status, text = self.lot.curl("/api/admin/audit/?format=csv", "--header",
                                     f"Authorization: Bearer {self.tokens['admin']}")
        self.assertEqual(status, 200)
        self.assertTrue(text.startswith("sequence,at,until,times,user,role,address,action,"), text)


class Proof(AuditCase):
    def worked(self):
        for n in range(4):
            self.ticket(f"DL01AB100{n}")
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assert_sound()
        self.assertEqual(self.number("SELECT outcome FROM audit_log ORDER BY sequence DESC"),
                         "stopped")
        self.assertEqual(self.number("SELECT json_extract(data, '$.hash') FROM outbox WHERE type = "
                                     "'parking.audit.head.v1' ORDER BY sequence DESC"),
                         self.number("SELECT hash FROM audit_log ORDER BY sequence DESC"))
        return self.number("SELECT max(sequence) FROM audit_log")

    def test_the_first_row_that_was_altered_is_named(self):
        self.worked()
        row = self.number("SELECT min(sequence) FROM audit_log WHERE action LIKE 'POST /parking%'")
        self.tamper(f"UPDATE audit_log SET user_name = 'admin' WHERE sequence = {row}",
                    f"UPDATE audit_log SET detail = '' WHERE sequence = {row + 1}")
        self.assert_first_violation(rf"audit row {row} was altered \(POST /parking/entry/\)")

    def test_a_row_that_was_removed_or_cut_off_is_named(self):
        last = self.worked()
        copy = self.lot.directory / "copy.db"
        shutil.copy(self.store, copy)
        self.tamper("DELETE FROM audit_log WHERE sequence = 3")
        self.assert_first_violation("audit row 3 is missing")
        shutil.copy(copy, self.store)
        self.tamper(f"DELETE FROM audit_log WHERE sequence > {last - 2}")
        self.assert_first_violation(
            rf"audit rows {last - 1} to {last} are cut off: .* ends at {last}")
        # The gateway works on, says so, and the gap stays.
        self.lot.start_gateway()
        self.assertEqual(self.rows("&outcome=cut_off")[0]["sequence"], last + 1)
        self.ticket("DL01AB7777")
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assert_first_violation(rf"audit rows {last - 1} to {last} are missing")

    def test_a_store_that_was_put_back_is_found_out(self):
        self.worked()
        copy = self.lot.directory / "copy.db"
        shutil.copy(self.store, copy)
        self.lot.start_gateway()
        self.ticket("DL01AB7777")
        self.assertEqual(self.lot.stop_gateway(), 0)
        last = self.number("SELECT max(sequence) FROM audit_log")
        for left in self.lot.directory.glob("gatehouse.db-*"):
            left.unlink()
        shutil.copy(copy, self.store)
        self.assert_first_violation(
            rf"cut off: the head kept beside the store ends at {last}$")

    def test_without_the_keys_nothing_is_proved_and_nothing_can_be_forged(self):
        last = self.worked()
        keys = self.lot.directory / "gatehouse.keys"
        real = keys.read_text()
        keys.write_text(re.sub("audit 1 [0-9a-f]{64}", "audit 1 " + "0" * 64, real))
        self.assert_first_violation("audit row 1 was altered")
        keys.unlink()
        self.assert_first_violation("the audit log cannot be proved")
        keys.write_text(real)
        keys.chmod(0o600)
        self.assert_sound()
        self.tamper("INSERT INTO audit_log SELECT sequence + 1, at, until, times, user, user_name, "
                    "role, address, action, targets, outcome, detail, key_id, hash, hash "
                    f"FROM audit_log WHERE sequence = {last}")
        self.assert_first_violation(rf"audit row {last + 1} was altered")

    def test_a_crash_is_no_cut(self):
        for n in range(10):
            self.ticket(f"DL01AB10{n:02}")
        self.assertEqual(self.lot.stop_gateway(signal.SIGKILL), -signal.SIGKILL)
        self.assert_sound()
        self.lot.start_gateway()
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assert_sound()


class Rotation(AuditCase):
    def test_tickets_and_tokens_of_before_are_still_taken(self):
        _, said = self.ticket("DL01AB1234")
        code = said["data"]["qr_code"]
        done = self.lot.command("keys", "rotate")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a gateway runs", done.stderr)
        self.assertEqual(self.lot.stop_gateway(), 0)
        done = self.lot.command("keys", "rotate")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "made ticket key 2, token key 2, audit key 2\n"), done.stderr)
        self.assertEqual((self.lot.directory / "gatehouse.keys").stat().st_mode & 0o777, 0o600)
        self.assert_sound()
        self.lot.start_gateway()
        status, said = self.ask("staff1", "POST", "/api/staff/entry/", {"qr_code": code})
        self.assertEqual(status, 200, said)
        self.ticket("DL01AB5678")
        rows = self.rows()
        self.assertEqual({row["key_id"] for row in rows}, {1, 2})
        self.assertEqual(self.rows("&action=gatehouse%20keys%20rotate")[0]["key_id"], 2)
        self.assertEqual(self.lot.stop_gateway(), 0)
        # A car inside has a ticket that the next rotation would make worthless.
        done = self.lot.command("keys", "rotate")
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 open sessions have tickets of ticket key 1", done.stderr)
        self.assert_sound()


if __name__ == "__main__":
    unittest.main()
