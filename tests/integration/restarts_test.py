"""Broker and gateway come and go, politely or not, and the lot is shown as it is again within the
five seconds of docs/contract/mqtt.md."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import Gateway  # noqa: E402
from lot import Lot, LotCase, state  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

TRUE_AGAIN_WITHIN_S = 5
STOPPED_WITHIN_S = 5
CYCLES = 10


class Broker(LotCase):
    def test_after_a_restart_of_the_broker_everything_retained_is_true_again(self):
        self.say("A-001", state(True))
        self.shows("A-001", "occupied")
        seq = self.board.shown[self.lot.zone("A")]["seq"]
        self.lot.broker.stop()  # it forgets everything: persistence is off
        self.lot.gateway.wait_for_log("connection lost")
        began = time.monotonic()
        self.lot.broker.start()
        with self.lot.watch() as board, self.lot.peer() as sensor:
            # A sensor that was heard first: what changed meanwhile is told to the new broker.
            sensor.publish(self.lot.state("A-002"), state(True), retain=True)
            board.until_status(self.lot, "A-002", "occupied")
            for slot in [*self.lot.slots(), "Z-001"]:
                board.until(self.lot.status(slot), lambda said: True)
            board.until_status(self.lot, "A-001", "occupied")
            board.until(self.lot.root + "gateway/status", lambda said: said["online"])
            board.until(self.lot.root + "availability", lambda lot: lot["occupied"] == 2)
            zone = board.until(self.lot.zone("A"), lambda zone: zone["occupied"] == 2)
            self.assertLess(time.monotonic() - began, TRUE_AGAIN_WITHIN_S)
            self.assertGreater(zone["seq"], seq)


class Gone(unittest.TestCase):
    def test_topics_of_slots_and_zones_that_no_longer_exist_are_cleared(self):
        gone = ["slots/GONE-1/status", "zones/GONE/availability"]
        with Lot() as lot:
            lot.stop_gateway()
            for topic in gone:
                lot.mosquitto_pub(lot.root + topic, '{"status":"free"}', "-r")
            lot.mosquitto_pub(lot.state("GONE-1"), state(True), "-r")  # not ours to clear
            with lot.watch() as board:
                for topic in gone:
                    board.until(lot.root + topic, lambda said: True)
                lot.start_gateway()
                while any(lot.root + topic in board.shown for topic in gone):
                    board.take()
            kept = lot.retained(lot.root + "#")
            self.assertIn(lot.state("GONE-1"), kept)
            self.assertFalse({lot.root + topic for topic in gone} & set(kept))


class Life(LotCase):
    def status(self):
        return self.board.shown[self.lot.root + "gateway/status"]

    def await_online(self, online):
        return self.board.until(self.lot.root + "gateway/status",
                                lambda said: said["online"] is online)

    def test_sigterm_says_goodbye_and_exits_with_0_within_five_seconds(self):
        birth = self.await_online(True)
        began = time.monotonic()
        self.assertEqual(self.lot.stop_gateway(signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - began, STOPPED_WITHIN_S)
        farewell = self.await_online(False)
        self.assertEqual(farewell["instance"], birth["instance"])
        kept = self.lot.retained(self.lot.root + "gateway/status")
        self.assertIs(json.loads(kept[self.lot.root + "gateway/status"])["online"], False)
        self.lot.start_gateway()

    def test_a_killed_gateway_leaves_its_last_will_and_its_next_life_another_birth(self):
        birth = self.await_online(True)
        self.assertEqual(self.lot.stop_gateway(signal.SIGKILL), -signal.SIGKILL)
        self.assertEqual(self.await_online(False)["instance"], birth["instance"])
        self.lot.start_gateway()
        again = self.await_online(True)
        self.assertNotEqual(again["instance"], birth["instance"])
        self.assertEqual(again["version"], birth["version"])
        self.assertGreater(again["started"], birth["started"])

    def test_a_second_gateway_on_the_same_store_is_refused(self):
        second = self.lot.command("run")
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertIn(str(self.lot.directory / "gatehouse.db"), second.stderr)
        self.assertEqual(self.lot.command("init").returncode, 1)
        self.say("A-001", state(True))
        self.shows("A-001", "occupied")

    def test_the_count_of_a_zones_changes_never_falls(self):
        for number, how in enumerate((signal.SIGKILL, signal.SIGTERM, signal.SIGKILL)):
            status = "occupied" if number % 2 == 0 else "free"
            self.say("A-002", state(status == "occupied"))
            self.shows("A-002", status)
            self.lot.stop_gateway(how)
            self.await_online(False)
            self.lot.start_gateway()
            self.await_online(True)
            self.shows("A-002", status)  # shown anew after all availabilities
        topics = (self.lot.zone("A"), self.lot.root + "availability")
        for topic in topics:
            # Every publication of both topics that this test has seen, in order.
            seqs = [json.loads(payload)["seq"] for said, payload in self.heard if said == topic]
            self.assertGreater(len(seqs), 3)
            self.assertEqual(seqs, sorted(seqs))

    def setUp(self):
        super().setUp()
        self.heard = []
        take = self.board.next_message

        def noting():
            message = take()
            if message.payload:
                self.heard.append((message.topic, message.payload))
            return message
        self.board.next_message = noting


# The sensors still speak when the gateway is back: a late state that the broker kept over a newer one
# while nobody listened cannot be known for late before its sensor's next word.
LOAD_EVENTS = "4000"


class KilledUnderLoad(unittest.TestCase):
    """kill -9 while a hundred sensors speak; the next life finds every slot as its sensor last
    said it, restarts, repetitions and late states included."""

    def test_every_slot_is_right_after_each_of_ten_kills(self):
        with Lot(zones={"A": 60, "B": 40}) as lot:
            for cycle in range(CYCLES):
                truth_file = lot.directory / f"truth-{cycle}.json"
                with subprocess.Popen(
                        [os.environ["GATEHOUSE_SIM_BIN"], "sensors", "--config", str(lot.config),
                         "--slots", "100", "--rate", "1000", "--speed", "1", "--events", LOAD_EVENTS,
                         "--seed", str(cycle), "--repeat", "5%", "--late", "5%",
                         "--truth", str(truth_file)], stdout=subprocess.PIPE, text=True) as load:
                    with lot.watch() as board:
                        before = board.until(lot.zone("A"), lambda zone: True)["seq"]
                        board.until(lot.zone("A"), lambda zone: zone["seq"] > before + 3)
                        lot.stop_gateway(signal.SIGKILL)
                        lot.start_gateway()
                    summary = json.loads(load.communicate(timeout=DEADLINE_S)[0])
                self.assertEqual(load.returncode, 0, summary)
                self.compare(lot, json.loads(truth_file.read_text())["slots"], cycle)

    def compare(self, lot, truth, cycle):
        with lot.watch() as board, lot.peer() as sensor:
            lot.catch_up(board, sensor)
            for slot, said in truth.items():
                if slot not in lot.slots() or said["sensor"] == "none":
                    continue
                with self.subTest(cycle=cycle, slot=slot):
                    board.until_status(lot, slot, said["sensor"], deadline_s=TRUE_AGAIN_WITHIN_S)


class WithoutBroker(unittest.TestCase):
    def test_a_gateway_that_starts_before_its_broker_waits_for_it(self):
        with Lot() as lot:
            self.assertEqual(lot.stop_gateway(), 0)
            lot.broker.stop()
            lot.gateway = Gateway(lot.config)
            lot.gateway.wait_for_log("listening on port")
            status, body = lot.curl("/api/public/health/")
            self.assertEqual((status, json.loads(body)["status"]), (200, "degraded"))
            lot.broker.start()
            began = time.monotonic()
            with lot.watch() as board:
                board.until(lot.root + "gateway/status", lambda said: said["online"])
                for slot in lot.slots():
                    board.until_status(lot, slot, "free")
            self.assertLess(time.monotonic() - began, TRUE_AGAIN_WITHIN_S)


if __name__ == "__main__":
    unittest.main()
