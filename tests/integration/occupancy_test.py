"""Sensors in, availability out: docs/contract/mqtt.md, played from the outside with
mosquitto_pub, mosquitto_sub and Paho against the running gateway."""
import datetime
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import LotCase, state  # noqa: E402

# The contract's 250 ms, and ten times as much for a busy machine under sanitizers.
SHOWN_WITHIN_S = 2.5

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
COUNTS = ["occupied", "reserved", "unknown", "out_of_service", "available"]
ZONE_MEMBERS = ["zone", "name", "total", *COUNTS, "occupancy_percent", "hourly_rate_paise",
                "active", "seq", "ts"]
SLOT_MEMBERS = ["slot", "zone", "status", "occupied", "since", "ts"]


def at(seconds):
    """An instant of today, so many seconds from now, as sensors write it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class ByHand(LotCase):
    options = {"zones": {"A": 3, "B": 2}}

    def test_a_state_published_by_hand_is_shown_within_the_time_promised(self):
        before = self.board.until(self.lot.zone("A"), lambda zone: zone["total"] == 3)
        lot_before = self.board.until(self.lot.root + "availability", lambda lot: True)
        began = time.monotonic()
        self.lot.mosquitto_pub(self.lot.state("A-001"), '{"occupied":true}')
        zone = self.board.until(self.lot.zone("A"),
                                lambda zone: zone["occupied"] == before["occupied"] + 1)
        lot = self.board.until(self.lot.root + "availability",
                               lambda lot: lot["occupied"] == lot_before["occupied"] + 1)
        slot = self.shows("A-001", "occupied")
        self.assertLess(time.monotonic() - began, SHOWN_WITHIN_S)
        self.assertEqual(zone["available"], before["available"] - 1)
        self.assertEqual(lot["available"], lot_before["available"] - 1)
        self.assertGreater(zone["seq"], before["seq"])
        self.assertIs(slot["occupied"], True)

    def test_payloads_have_exactly_the_members_of_the_contract(self):
        zone = self.board.until(self.lot.zone("B"), lambda zone: True)
        self.assertEqual(list(zone), ZONE_MEMBERS)
        self.assertEqual((zone["zone"], zone["name"], zone["total"], zone["hourly_rate_paise"],
                          zone["active"]), ("B", "Zone B", 2, 5000, True))
        lot = self.board.until(self.lot.root + "availability", lambda lot: True)
        self.assertEqual(set(ZONE_MEMBERS) - set(lot), {"zone"})
        self.assertEqual((lot["name"], lot["total"]), ("Demo lot", 6))
        slot = self.board.until(self.lot.status("B-001"), lambda slot: True)
        self.assertEqual(list(slot), SLOT_MEMBERS)
        self.assertEqual((slot["slot"], slot["zone"]), ("B-001", "B"))
        birth = self.board.until(self.lot.root + "gateway/status", lambda said: said["online"])
        self.assertEqual(list(birth), ["online", "instance", "version", "started", "ts"])
        for ts in (zone["ts"], lot["ts"], slot["ts"], birth["ts"], birth["started"]):
            self.assertRegex(ts, TIME)

    def test_what_the_gateway_says_is_kept_by_the_broker(self):
        self.say("B-001", state(True))
        self.shows("B-001", "occupied")
        kept = self.lot.retained(self.lot.root + "#")
        for slot in [*self.lot.slots(), "Z-001"]:
            self.assertIn(self.lot.status(slot), kept)
        for zone in "ABZ":
            self.assertIn(self.lot.zone(zone), kept)
        self.assertIn(self.lot.root + "availability", kept)
        self.assertIn(self.lot.root + "gateway/status", kept)
        self.assertEqual(json.loads(kept[self.lot.status("B-001")])["status"], "occupied")

    def test_zones_add_up_to_the_lot_and_their_counts_to_their_total(self):
        self.say("A-002", state(True))
        self.say("B-002", state(True))
        self.shows("A-002", "occupied")
        self.shows("B-002", "occupied")
        # The lot's totals may follow its zones' by one interval of publication.
        for _ in range(100):
            kept = {topic: json.loads(payload) for topic, payload in
                    self.lot.retained(self.lot.root + "+", self.lot.root + "zones/#").items()}
            lot = kept[self.lot.root + "availability"]
            zones = [kept[self.lot.zone(zone)] for zone in "ABZ"]
            if lot["occupied"] == sum(zone["occupied"] for zone in zones):
                break
        for member in ["total", *COUNTS]:
            self.assertEqual(lot[member], sum(zone[member] for zone in zones), member)
        for each in [lot, *zones]:
            self.assertEqual(each["total"], sum(each[member] for member in COUNTS))
            self.assertEqual(each["occupancy_percent"],
                             round(100 * each["occupied"] / each["total"], 1))


class NewestWins(LotCase):
    def test_with_a_counter_repetitions_and_late_states_change_nothing(self):
        self.say("A-001", state(True, seq=17, ts=at(-5)))
        self.shows("A-001", "occupied")
        before = self.judged()
        self.say("A-001", state(False, seq=17, ts=at(-60)))
        self.say("A-001", state(False, seq=16, ts=at(-60)))
        self.still_shows("A-001", "occupied")
        after = self.judged()
        self.assertEqual((after["repeated"] - before["repeated"], after["late"] - before["late"],
                          after["applied"] - before["applied"]), (1, 1, 1))  # 1: the sentinel's
        self.say("A-001", state(False, seq=18))
        self.shows("A-001", "free")

    def test_a_counter_that_starts_anew_is_believed_with_a_later_time(self):
        self.say("A-002", state(True, seq=900, ts=at(-60)))
        self.shows("A-002", "occupied")
        self.say("A-002", state(False, seq=0, ts=at(-30)))
        self.shows("A-002", "free")

    def test_a_counter_that_starts_anew_is_believed_without_times(self):
        self.say("A-003", state(True, seq=900))
        self.shows("A-003", "occupied")
        self.say("A-003", state(False, seq=5))
        self.still_shows("A-003", "occupied")
        self.say("A-003", state(False, seq=0))
        self.shows("A-003", "free")

    def test_without_a_counter_an_older_time_is_late(self):
        self.say("A-004", state(True, ts=at(-10)))
        self.shows("A-004", "occupied")
        self.say("A-004", state(False, ts=at(-20)))
        self.still_shows("A-004", "occupied")
        self.say("A-004", state(False, ts=at(-5)))
        self.shows("A-004", "free")

    def test_without_counter_and_time_the_newest_message_counts(self):
        for occupied, status in ((True, "occupied"), (False, "free"), (True, "occupied")):
            self.say("A-005", state(occupied))
            self.shows("A-005", status)

    def test_a_time_far_ahead_is_read_as_absent(self):
        self.say("A-006", state(True, ts=at(3600)))
        self.shows("A-006", "occupied")
        self.say("A-006", state(False, ts=at(-1)))
        self.shows("A-006", "free")

    def test_members_that_nobody_knows_are_ignored(self):
        self.say("A-007", state(True, magnet=[1, 2], seq=1, battery=0.87, rssi=-71, note=None))
        self.shows("A-007", "occupied")


class Away(LotCase):
    def test_a_slot_whose_device_goes_offline_is_unknown_until_its_next_state(self):
        slot = "A-001"
        self.say(slot, state(True, seq=40))
        self.shows(slot, "occupied")
        self.sensor.publish(self.lot.device(slot), '{"online":false}', retain=True)
        self.assertIsNone(self.shows(slot, "unknown")["occupied"])
        self.sensor.publish(self.lot.device(slot), '{"online":true}', retain=True)
        self.still_shows(slot, "unknown")
        self.say(slot, state(False, seq=3))
        self.shows(slot, "free")

    def test_a_sensor_that_loses_its_power_leaves_its_last_will(self):
        slot = "A-002"
        will = (self.lot.device(slot), '{"online":false}', 1, True)
        with self.lot.peer(client_id=slot, will=will) as sensor:
            sensor.publish(self.lot.device(slot), '{"online":true}', retain=True)
            sensor.publish(self.lot.state(slot), state(True, seq=1), retain=True)
            self.shows(slot, "occupied")
            sensor.vanish()
            self.shows(slot, "unknown")
        zone = self.board.until(self.lot.zone("A"), lambda zone: zone["unknown"] >= 1)
        self.assertEqual(zone["total"], sum(zone[member] for member in COUNTS))

    def test_a_slot_that_no_sensor_ever_spoke_for_has_none_to_go_offline(self):
        self.sensor.publish(self.lot.device("A-003"), '{"online":false}', retain=True)
        self.still_shows("A-003", "free")

    def test_the_state_the_broker_kept_counts_when_its_device_came_back_meanwhile(self):
        slot = "A-004"
        self.say(slot, state(True, seq=40))
        self.shows(slot, "occupied")
        self.sensor.publish(self.lot.device(slot), '{"online":false}', retain=True)
        self.shows(slot, "unknown")
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.sensor.publish(self.lot.device(slot), '{"online":true}', retain=True)
        self.lot.start_gateway()
        self.shows(slot, "occupied")


class Silence(LotCase):
    options = {"stale_after_s": 1}

    def test_a_silent_sensor_makes_its_slot_unknown_until_it_speaks_again(self):
        self.say("A-001", state(True, seq=7))
        self.shows("A-001", "occupied")
        self.assertIsNone(self.shows("A-001", "unknown")["occupied"])
        zone = self.board.until(self.lot.zone("A"), lambda zone: zone["unknown"] == 1)
        self.assertEqual(zone["available"], 9)
        self.say("A-001", state(False, seq=8))
        self.shows("A-001", "free")

    def test_after_a_silence_a_counter_that_started_anew_is_believed(self):
        self.say("A-002", state(True, seq=700))
        self.shows("A-002", "occupied")
        self.shows("A-002", "unknown")
        self.say("A-002", state(False, seq=5), retain=False)
        self.shows("A-002", "free")


if __name__ == "__main__":
    unittest.main()
