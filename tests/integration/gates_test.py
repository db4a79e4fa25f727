"""A car in and out with nothing but MQTT, a Modbus peer and curl: tickets, barriers, bills, cash,
and what pulling the plug leaves (docs/contract/mqtt.md, modbus.md, http.md)."""
import json
import pathlib
import signal
import subprocess
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from barrier import Barrier  # noqa: E402
from lot import Lot, state  # noqa: E402

GATES = """
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
barrier = "b1"
zones = ["A"]
[[gates.lanes]]
id = "EXIT_GATE_01"
direction = "exit"
barrier = "b2"
zones = ["A"]
"""


class GateCase(unittest.TestCase):
    def setUp(self):
        self.way_in, self.way_out = Barrier(), Barrier()
        self.enterContext(self.way_in)
        self.enterContext(self.way_out)
        toml = GATES + self.way_in.toml("b1") + self.way_out.toml("b2")
        self.lot = Lot(zones={"A": 3}, toml=toml)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()
        self.decisions = self.enterContext(self.lot.watch(self.lot.root + "gates/+/decision"))
        self.barriers = self.enterContext(self.lot.watch(self.lot.root + "gates/+/barrier"))
        self.reader = self.enterContext(self.lot.peer())
        for gate in ("ENTRY_GATE_01", "EXIT_GATE_01"):
            self.barrier_is(gate, "closed")

    def barrier_is(self, gate, wanted):
        return self.barriers.until(f"{self.lot.root}gates/{gate}/barrier",
                                   lambda shown: shown["state"] == wanted)

    def hear(self, scan_id, update=0):
        while True:
            said = json.loads(self.decisions.next_message().payload)
            if said["scan_id"] == scan_id and said["update"] == update:
                return said

    def scan(self, gate, code, scan_id=None, **members):
        scan_id = scan_id or str(uuid.uuid4())
        self.reader.publish(f"{self.lot.root}gates/{gate}/scan",
                            json.dumps({"scan_id": scan_id, "code": code, **members}))
        return self.hear(scan_id)

    def press(self, gate, **members):
        press_id = str(uuid.uuid4())
        self.reader.publish(f"{self.lot.root}gates/{gate}/button",
                            json.dumps({"press_id": press_id, **members}))
        return self.hear(press_id)

    def enter(self):
        """A walk-in, through the gate; gives back its ticket's code."""
        pulses, closes = self.way_in.open_pulses, self.way_in.close_pulses
        self.way_in.presence(True)
        self.barriers.until(f"{self.lot.root}gates/ENTRY_GATE_01/barrier",
                            lambda shown: shown["vehicle_present"])
        said = self.press("ENTRY_GATE_01", vehicle_number="DL01AB1234")
        self.assertEqual((said["decision"], said["reason"]), ("open", "ticket_issued"))
        self.way_in.wait_for_pulses(pulses + 1)
        self.drive_through(self.way_in, "ENTRY_GATE_01", closes)
        return said["code"]

    def drive_through(self, barrier, gate, closes):
        self.barrier_is(gate, "open")
        barrier.safety(True)
        self.barriers.until(f"{self.lot.root}gates/{gate}/barrier",
                            lambda shown: shown["vehicle_under_arm"])
        barrier.presence(False)
        barrier.safety(False)
        barrier.wait_until_closed(closes + 1)
        self.barrier_is(gate, "closed")

    def audit(self):
        done = self.lot.command("audit")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout


class InAndOut(GateCase):
    def test_a_walk_in_parks_within_the_grace_and_leaves_for_nothing(self):
        code = self.enter()
        out = self.scan("EXIT_GATE_01", code)
        self.assertEqual((out["decision"], out["reason"]), ("open", "nothing_due"))
        self.way_out.wait_for_pulses(1)
        self.drive_through(self.way_out, "EXIT_GATE_01", 0)
        again = self.scan("EXIT_GATE_01", code)
        self.assertEqual((again["decision"], again["reason"]), ("deny", "already_exited"))
        self.assertEqual((self.way_in.open_pulses, self.way_out.open_pulses), (1, 1))
        self.audit()

    def test_a_repeated_scan_gets_the_same_answer_and_opens_nothing_twice(self):
        code = self.enter()
        first = self.scan("EXIT_GATE_01", code, "exit-1")
        self.assertEqual(first["decision"], "open")
        for _ in range(5):
            self.assertEqual(self.scan("EXIT_GATE_01", code, "exit-1"), first)
        self.way_out.wait_for_pulses(1)
        self.drive_through(self.way_out, "EXIT_GATE_01", 0)
        self.assertEqual(self.way_out.open_pulses, 1)
        self.audit()

    def test_forged_unknown_and_foreign_codes_open_nothing(self):
        code = self.enter()
        forged = code[:-1] + ("0" if code[-1] != "0" else "1")
        for wrong in (forged, "PARK-1", "", "\u0915", "'; DROP TABLE sessions;--"):
            said = self.scan("EXIT_GATE_01", wrong)
            self.assertEqual((said["decision"], said["reason"]), ("deny", "invalid_code"), wrong)
        self.assertEqual(self.way_out.open_pulses, 0)

    def test_a_code_longer_than_any_ticket_is_answered(self):
        said = self.scan("EXIT_GATE_01", "https://lot.example/?" + "x" * 3000)
        self.assertEqual((said["decision"], said["reason"]), ("deny", "invalid_code"))

    def test_a_scan_that_was_published_to_be_kept_is_nobody_s(self):
        code = self.enter()
        topic = f"{self.lot.root}gates/EXIT_GATE_01/scan"
        self.reader.publish(topic, json.dumps({"scan_id": "kept", "code": code}), retain=True)
        self.assertEqual(self.scan("EXIT_GATE_01", "PARK-1")["reason"], "invalid_code")
        self.reader.publish(topic, "", retain=True)
        self.assertEqual(self.way_out.open_pulses, 0)
        self.assertEqual(self.scan("EXIT_GATE_01", code, "kept")["decision"], "open")

    def test_a_stuck_barrier_denies_later_and_the_driver_gets_out_by_scanning_again(self):
        code = self.enter()
        self.way_out.follows = False
        scan_id = str(uuid.uuid4())
        self.assertEqual(self.scan("EXIT_GATE_01", code, scan_id)["decision"], "open")
        later = self.hear(scan_id, update=1)
        self.assertEqual((later["decision"], later["reason"]), ("deny", "barrier_fault"))
        self.assertEqual(self.way_out.open_pulses, 2)  # one more pulse belongs to the same opening
        self.audit()

    def test_a_plug_that_is_pulled_loses_no_ticket_and_opens_nothing_by_itself(self):
        code = self.enter()
        pulses = self.way_out.open_pulses
        self.assertEqual(self.lot.stop_gateway(signal.SIGKILL), -signal.SIGKILL)
        self.lot.start_gateway()
        self.barrier_is("EXIT_GATE_01", "closed")
        self.assertEqual(self.way_out.open_pulses, pulses)
        self.assertEqual(self.scan("EXIT_GATE_01", code)["decision"], "open")
        self.way_out.wait_for_pulses(pulses + 1)
        self.audit()

    def test_the_ticket_s_picture_is_read_back_by_another_maker_s_reader(self):
        self.way_in.presence(True)
        self.barriers.until(f"{self.lot.root}gates/ENTRY_GATE_01/barrier",
                            lambda shown: shown["vehicle_present"])
        said = self.press("ENTRY_GATE_01")
        self.assertLessEqual(len(said["qr_svg"]), 12 * 1024)
        self.assertEqual(said["qr_svg"].count("<path"), 1)
        self.assertEqual(said["slot"], "A-001")

    def test_a_camera_s_picture_of_the_ticket_lets_its_car_out(self):
        code = self.enter()
        picture = self.lot.directory / "ticket.png"
        subprocess.run(["qrencode", "-o", str(picture), "-s", "8", code], check=True)
        self.show("EXIT_GATE_01", picture, "frame-1")
        said = self.hear("frame-1")
        self.assertEqual((said["decision"], said["reason"]), ("open", "nothing_due"))
        self.way_out.wait_for_pulses(1)

    def test_a_picture_of_nothing_is_unreadable(self):
        picture = self.lot.directory / "nothing.pgm"
        picture.write_bytes(b"P5 320 240 255\n" + bytes(320 * 240))
        self.show("EXIT_GATE_01", picture, "frame-2")
        said = self.hear("frame-2")
        self.assertEqual((said["decision"], said["reason"]), ("deny", "unreadable"))

    def show(self, gate, picture, scan_id):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.lot.port), "-V",
                        "mqttv5", "-q", "1", "-t", f"{self.lot.root}gates/{gate}/frame", "-f",
                        str(picture), "-D", "publish", "user-property", "scan_id", scan_id],
                       check=True)

    def test_explain_tells_the_chain_from_the_press_to_the_passage(self):
        code = self.enter()
        told = self.lot.command("explain", code)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertGreaterEqual(len(told.stdout.splitlines()), 3)


class Health(GateCase):
    def barriers_are(self):
        told = json.loads(self.lot.curl("/api/public/health/")[1])
        return told["status"], told["services"]["barriers"]

    def test_a_barrier_that_does_not_answer_is_no_good_health(self):
        self.assertEqual(self.barriers_are(), ("ok", "ok"))
        self.way_out.stop()
        self.barrier_is("EXIT_GATE_01", "unreachable")
        self.assertEqual(self.barriers_are(), ("degraded", "down"))
        # Nor when it never answered since the gateway began.
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.lot.start_gateway()
        self.barrier_is("ENTRY_GATE_01", "closed")
        self.assertEqual(self.barriers_are(), ("degraded", "down"))


class Events(GateCase):
    def test_events_come_as_cloud_events_in_order_without_a_gap(self):
        with self.lot.watch(self.lot.root + "events/#") as events:
            self.enter()
            self.reader.publish(self.lot.state("A-001"), state(True), retain=True)
            seen = []
            while not any(each["type"] == "parking.slot.changed.v1" for each in seen[-1:]) \
                    or len(seen) < 4:
                seen.append(json.loads(events.next_message().payload))
            sequences = [int(each["sequence"]) for each in seen]
            self.assertEqual(sequences, list(range(sequences[0], sequences[0] + len(seen))))
            self.assertTrue(all(each["specversion"] == "1.0" for each in seen))


if __name__ == "__main__":
    unittest.main()
