"""The staff's live stream: what happens at the gates is heard as it happens, by staff alone, and by
nobody whose account was disabled (docs/contract/http.md)."""
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import staff_api_test as counter  # noqa: E402
from peers import DEADLINE_S  # noqa: E402


class Stream:
    """Server-sent events as curl hears them: (name, data), until it ends."""

    def __init__(self, lot, path, token):
        self._process = subprocess.Popen(
            ["curl", "--silent", "--no-buffer", "--header", f"Authorization: Bearer {token}",
             f"http://127.0.0.1:{lot.http_port}{path}"], stdout=subprocess.PIPE, text=True)
        self._guard = threading.Timer(DEADLINE_S, self._process.kill)
        self._guard.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._guard.cancel()
        self._process.kill()
        self._process.stdout.close()
        self._process.wait()

    def events(self):
        name = None
        for line in self._process.stdout:
            if line.startswith("event: "):
                name = line[7:].rstrip("\n")
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])

    def until(self, wanted, is_it):
        for name, data in self.events():
            if name == wanted and is_it(data):
                return data
        raise AssertionError(f"the stream ended before {wanted}")

    def end(self):
        """Blocks until the stream is over."""
        for _ in self.events():
            pass
        return self._process.wait(DEADLINE_S)


class StaffStream(counter.CounterCase):
    def token_of(self, name):
        self.ok(name, "GET", "/api/public/health/")  # which signs in
        return self.tokens[name]

    def disable(self, name):
        """In the store itself: the stream must look there, whoever has written."""
        with contextlib.closing(sqlite3.connect(self.lot.directory / "gatehouse.db",
                                                timeout=DEADLINE_S)) as store:
            store.execute("UPDATE users SET disabled = 1, version = version + 1 "
                          "WHERE username = ?", [name])
            store.commit()

    def test_staff_hear_the_gates(self):
        with Stream(self.lot, "/api/staff/stream/", self.token_of("staff1")) as stream, \
                self.lot.peer() as reader:
            barrier = stream.until("barrier", lambda data: data["gate"] == "EXIT_GATE_01")
            self.assertEqual((barrier["barrier"], barrier["state"]), ("b2", "closed"))
            stream.until("slot", lambda data: data["slot"] == "A-002")
            self.way_in.presence(True)
            stream.until("barrier", lambda data: data["vehicle_present"])
            reader.publish(self.lot.root + "gates/ENTRY_GATE_01/button", '{"press_id":"p1"}')
            scan = stream.until("scan", lambda data: True)
            self.assertEqual((scan["scan_id"], scan["gate"], scan["kind"]),
                             ("p1", "ENTRY_GATE_01", "press"))
            decision = stream.until("decision", lambda data: data["scan_id"] == "p1")
            self.assertEqual((decision["decision"], decision["reason"]), ("open", "ticket_issued"))
            stream.until("barrier", lambda data: data["state"] in ("opening", "open"))
            for number in range(12):
                reader.publish(self.lot.root + "gates/EXIT_GATE_01/scan",
                               json.dumps({"scan_id": f"s{number}", "code": f"bad {number}"}))
            alert = stream.until("alert", lambda data: data["kind"] == "bad_codes")
            self.assertFalse(alert["cleared"])
        # Whoever comes later hears of the alert that is open.
        with Stream(self.lot, "/api/staff/stream/", self.token_of("staff1")) as stream:
            again = stream.until("alert", lambda data: data["kind"] == "bad_codes")
            self.assertEqual(again["id"], alert["id"])

    def test_nobody_else_hears_them(self):
        self.refused(401, "not_signed_in", None, "GET", "/api/staff/stream/")
        self.refused(403, "forbidden", "user123", "GET", "/api/staff/stream/")

    def test_an_open_alert_is_heard_after_a_restart(self):
        with self.lot.peer() as reader:
            with Stream(self.lot, "/api/staff/stream/", self.token_of("staff1")) as stream:
                reader.publish(self.lot.device("EXIT_GATE_01"), '{"online":false}', retain=True)
                alert = stream.until("alert", lambda data: data["kind"] == "reader_offline")
        self.lot.stop_gateway()
        self.lot.start_gateway()
        with Stream(self.lot, "/api/staff/stream/", self.token_of("staff1")) as stream:
            again = stream.until("alert", lambda data: data["kind"] == "reader_offline")
            self.assertEqual(again["id"], alert["id"])

    def test_the_stream_ends_soon_after_its_account_was_disabled(self):
        with Stream(self.lot, "/api/staff/stream/", self.token_of("staff1")) as stream:
            stream.until("alive", lambda data: True)
            self.disable("staff1")
            began = time.monotonic()
            self.assertEqual(stream.end(), 0)  # whole, not broken off
            self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
