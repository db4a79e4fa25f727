"""What a broken or ill-meaning device may send: it is counted by its reason and dropped, the log
stays short, and every other slot is shown as ever."""
import collections
import json
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import LotCase, state  # noqa: E402

SHOWN_WITHIN_S = 2.5

# Payload of a slot's state, and the reason it is counted under.
UNUSABLE_STATES = [
    (b"", "empty"),
    (b" \n ", "empty"),
    (b"occupied", "bad_json"),
    (b'{"occupied":true', "bad_json"),
    (b'{"occupied":true}{"occupied":false}', "bad_json"),
    (b'{"occupied":true,"seq":1e999}', "wrong_type"),
    (b'{"occupied":true,"note":"\x00"}', "bad_json"),
    (b'{"occupied":true}\x00', "bad_json"),
    (b'{"occupied":true,"note":"\xff\xfe"}', "bad_utf8"),
    (b'{"occupied":true,"note":"\xed\xa0\x80"}', "bad_utf8"),
    (b"[" * 100_000 + b"]" * 100_000, "oversize"),
    (b"[" * 8_000 + b"]" * 8_000, "too_deep"),
    (b'{"a":' * 2_000 + b"1" + b"}" * 2_000, "too_deep"),
    (b"true", "not_an_object"),
    (b'[{"occupied":true}]', "not_an_object"),
    (b"{}", "missing_member"),
    (b'{"Occupied":true}', "missing_member"),
    (b'{"occupied":true,"occupied":false}', "duplicate_member"),
    (b'{"occupied":1}', "wrong_type"),
    (b'{"occupied":"true"}', "wrong_type"),
    (b'{"occupied":{"a":true}}', "wrong_type"),
    (b'{"occupied":true,"seq":-1}', "wrong_type"),
    (b'{"occupied":true,"seq":1.5}', "wrong_type"),
    (b'{"occupied":true,"seq":"17"}', "wrong_type"),
    (b'{"occupied":true,"ts":17}', "wrong_type"),
    (b'{"occupied":true,"battery":"full"}', "wrong_type"),
    (b'{"occupied":true,"ts":"yesterday"}', "bad_time"),
    (b'{"occupied":true,"ts":"2026-02-30T10:00:00Z"}', "bad_time"),
    (b'{"occupied":true,"slot":"A-002"}', "contradicting_id"),
    (b'{"occupied":true,"lot":"other"}', "contradicting_id"),
    (b'{"occupied":true,"note":"' + b"x" * (20 * 1024) + b'"}', "oversize"),
    (b"\x00" * 2_000_000, "oversize"),
]

HOSTILE_TOPICS = [
    ("slots/A-999/state", "unknown_slot"),
    ("slots/a-001/state", "unknown_slot"),
    ("slots/gateway/state", "unknown_topic"),
    ("slots/" + "A" * 65 + "/state", "unknown_topic"),
    ("slots/" + "A" * 30_000 + "/state", "unknown_topic"),
    ("slots/A 001/state", "unknown_topic"),
    ("slots/A-001'; DROP TABLE slots;--/state", "unknown_topic"),
    ("slots/../state", "unknown_topic"),
    ("slots//state", "unknown_topic"),
    ("slots/\u202eA-001/state", "unknown_topic"),
    ("slots/\U0001f697/state", "unknown_topic"),
    ("devices/A-999/status", "unknown_slot"),
]

HOSTILE_NAMES = 5_000


class Hostile(LotCase):
    def rejections(self):
        prefix = 'gatehouse_mqtt_rejected_total{reason="'
        return collections.Counter({name[len(prefix):-2]: int(value)
                                    for name, value in self.lot.metrics().items()
                                    if name.startswith(prefix)})

    def reject(self, *messages):
        """Publishes (topic, payload, reason) and compares what was counted meanwhile."""
        before = self.rejections()
        for topic, payload, _ in messages:
            self.sensor.publish(self.lot.root + topic, payload)
        self.lot.catch_up(self.board, self.sensor)
        self.assertEqual(self.rejections() - before,
                         collections.Counter(reason for _, _, reason in messages))

    def test_a_state_that_cannot_be_used_is_counted_by_its_reason_and_changes_nothing(self):
        self.say("A-001", state(False))
        self.lot.catch_up(self.board, self.sensor)
        for payload, reason in UNUSABLE_STATES:
            with self.subTest(payload[:60], length=len(payload)):
                self.reject(("slots/A-001/state", payload, reason))
        self.still_shows("A-001", "free")
        self.say("A-001", state(True))
        self.shows("A-001", "occupied")

    def test_a_device_status_that_cannot_be_used_is_counted(self):
        self.reject(*(("devices/A-002/status", payload, reason) for payload, reason in (
            (b"", "empty"), (b"offline", "bad_json"), (b"{}", "missing_member"),
            (b'{"online":0}', "wrong_type"), (b'{"online":true,"firmware":7}', "wrong_type"),
            (b'{"online":false,"device":"A-003"}', "contradicting_id"))))

    def test_topics_that_no_device_has_are_counted(self):
        self.reject(*((topic, state(True), reason) for topic, reason in HOSTILE_TOPICS))

    def test_the_log_stays_short_under_ever_new_names(self):
        before = len(self.lot.gateway.log())
        for number in range(HOSTILE_NAMES):
            self.sensor.publish(self.lot.state(f"GHOST-{number}"), state(True), qos=0)
        self.sensor.publish(self.lot.state("GHOST"), state(True))
        self.lot.catch_up(self.board, self.sensor)
        self.assertLess(len(self.lot.gateway.log()) - before, HOSTILE_NAMES / 2)

    def test_a_scan_that_the_broker_remembers_is_nobodys(self):
        self.sensor.publish(self.lot.root + "gates/ENTRY_GATE_01/scan",
                            '{"scan_id":"9f0c","code":"PARK-1"}', retain=True)
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.lot.start_gateway()
        self.say("A-003", state(True))
        self.shows("A-003", "occupied")

    def test_a_message_larger_than_the_broker_lets_pass_hurts_nobody(self):
        done = subprocess.run(
            ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.lot.port), "-q", "1", "-s", "-t",
             self.lot.state("A-004")], input=b"x" * (3 * 1024 * 1024), check=False, timeout=20,
            stderr=subprocess.DEVNULL)
        self.assertNotEqual(done.returncode, 0)
        self.still_shows("A-004", "free")

    def test_the_log_holds_one_line_for_each_device_and_reason(self):
        before = len(self.lot.gateway.log())
        for _ in range(300):
            self.sensor.publish(self.lot.state("A-005"), b"{}")
            self.sensor.publish(self.lot.state("A-006"), b"\xff")
        self.lot.catch_up(self.board, self.sensor)
        lines = self.lot.gateway.log()[before:]
        for slot, reason in (("A-005", "missing"), ("A-006", "UTF-8")):
            about = [line for line in lines if slot in line]
            # Two if a minute ended in between.
            self.assertIn(len(about), (1, 2), "\n".join(lines))
        self.assertLessEqual(len(lines), 4)


class Storm(LotCase):
    SENT = 20_000

    def totals(self):
        metrics = self.lot.metrics()
        return {"received": metrics["gatehouse_mqtt_received_total"],
                "judged": sum(value for name, value in metrics.items()
                              if name.startswith(("gatehouse_sensor_states_total{",
                                                  "gatehouse_inbox_merged_total",
                                                  "gatehouse_mqtt_rejected_total{")))}

    def test_one_device_that_storms_delays_nobody_and_not_one_message_is_lost(self):
        self.say("A-002", state(False))
        self.lot.catch_up(self.board, self.sensor)
        before = self.totals()
        lines = "\n".join(
            "not JSON" if number % 10 == 0 else state(number % 3 == 0, seq=number - number % 5)
            for number in range(1, self.SENT + 1)) + "\n"
        payloads = self.lot.directory / "storm"
        payloads.write_text(lines)
        others = 0
        with payloads.open() as text, subprocess.Popen(
                ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.lot.port), "-q", "1", "-l",
                 "-t", self.lot.state("A-001")], stdin=text) as storm:
            while storm.poll() is None:
                others += 1
                status = "occupied" if others % 2 else "free"
                began = time.monotonic()
                self.say("A-002", json.dumps({"occupied": status == "occupied"}))
                self.shows("A-002", status)
                self.assertLess(time.monotonic() - began, SHOWN_WITHIN_S)
            self.assertEqual(storm.returncode, 0)
        self.assertGreater(others, 1)
        self.lot.catch_up(self.board, self.sensor)
        after = self.totals()
        sentinel = 1
        self.assertEqual(after["judged"] - before["judged"], self.SENT + others + sentinel)
        last = [json.loads(line) for line in lines.splitlines() if line != "not JSON"]
        newest = max(last, key=lambda said: said["seq"])  # the first of those with the highest seq
        self.still_shows("A-001", "occupied" if newest["occupied"] else "free")


if __name__ == "__main__":
    unittest.main()
