"""Other makers' sensors, each read by a [[sensor_profiles]] entry of one lot.toml: payloads as their
network servers really send them, published with mosquitto_pub."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import LotCase  # noqa: E402

# The entries of docs/sensor-profiles.md, with topics of their own where two servers would share one.
PROFILES = """
[[sensor_profiles]]
name = "ttn-parking"
topic = "v3/parking/devices/{device}/up"
occupied = "/uplink_message/decoded_payload/occupied"
occupied_values = [true]
free_values = [false]
port = "/uplink_message/f_port"
ports = [1]
absent = "free"
ts = "/received_at"
seq = "/uplink_message/f_cnt"
map = { "dev1" = "A-001" }
[[sensor_profiles]]
name = "chirpstack-parking"
topic = "application/parking/device/{device}/event/up"
occupied = "/object/occupied"
occupied_values = [true]
free_values = [false]
port = "/fPort"
ports = [1, 2]
ts = "/time"
seq = "/fCnt"
map = { "0102030405060708" = "A-002" }
[[sensor_profiles]]
name = "zigbee2mqtt-parking"
topic = "zigbee2mqtt/{device}"
occupied = "/occupancy"
occupied_values = [true]
free_values = [false]
ts = "/last_seen"
battery = "/battery"
map = { "slot A3" = "A-003" }
[[sensor_profiles]]
name = "bare-parking"
topic = "oldlot/{slot}/occupied"
occupied = ""
occupied_values = [1, true, "ON", "occupied"]
free_values = [0, false, "OFF", "free"]
"""

RAW_THINGS_STACK = """
[[sensor_profiles]]
name = "ttn-{decoder}"
topic = "v3/{decoder}/devices/{{device}}/up"
decoder = "{decoder}"
bytes = "/uplink_message/frm_payload"
port = "/uplink_message/f_port"
ts = "/received_at"
seq = "/uplink_message/f_cnt"
"""

RAW_CHIRPSTACK = """
[[sensor_profiles]]
name = "chirpstack-{decoder}"
topic = "application/{decoder}/device/{{device}}/event/up"
decoder = "{decoder}"
bytes = "/data"
port = "/fPort"
ts = "/time"
seq = "/fCnt"
"""


def things_stack(received_at="2020-02-12T15:15:46.014773143Z", **uplink):
    """The uplink that The Things Stack documents, with another frame in it."""
    return json.dumps({
        "end_device_ids": {"device_id": "dev1", "application_ids": {"application_id": "app1"},
                           "dev_eui": "0004A30B001C0530", "dev_addr": "00BCB929"},
        "correlation_ids": ["as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"], "received_at": received_at,
        "uplink_message": {
            "session_key_id": "AXA50tHUGUucuzS/bCGMNw==", **uplink,
            "rx_metadata": [{"gateway_ids": {"gateway_id": "gtw1", "eui": "9C5C8E00001A05C4"},
                             "rssi": -35, "snr": 5}],
            "settings": {"frequency": "868300000"},
            "received_at": "2020-02-12T15:15:45.789585559Z"}, "simulated": True})


def chirpstack(frame_count, **frame):
    """ChirpStack's event "up" by its JSON marshaler."""
    return json.dumps({
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-11-20T10:02:11.582+00:00",
        "deviceInfo": {"tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242", "deviceName": "slot",
                       "devEui": "0102030405060708"},
        "devAddr": "00189440", "adr": True, "dr": 3, "fCnt": frame_count, "confirmed": False,
        **frame, "rxInfo": [{"gatewayId": "a1b2c3d4e5f67890", "rssi": -89, "snr": 10.5}]})


class Formats(LotCase):
    options = {"zones": {"A": 12}, "toml": PROFILES
               + RAW_THINGS_STACK.format(decoder="bosch_tps110")
               + RAW_THINGS_STACK.format(decoder="nwave_nps405")
               + RAW_CHIRPSTACK.format(decoder="pni_placepod")
               + RAW_CHIRPSTACK.format(decoder="libelium_v2")}

    def play(self, slot, topic, *scene):
        """Publishes payload after payload; each must leave the slot at the status beside it."""
        for payload, status in scene:
            with self.subTest(topic, payload=payload):
                before = self.board.until(self.lot.status(slot), lambda said: True)["status"]
                self.lot.mosquitto_pub(topic, payload)
                if status == before:
                    self.still_shows(slot, status)
                else:
                    self.shows(slot, status)

    def rejected(self, reason):
        return self.lot.metrics()[f'gatehouse_mqtt_rejected_total{{reason="{reason}"}}']

    def test_the_things_stack_with_its_own_decoder(self):
        missing = self.rejected("missing_member")
        self.play(
            "A-001", "v3/parking/devices/dev1/up",
            (things_stack(f_cnt=1, f_port=1, frm_payload="AQ==",
                          decoded_payload={"occupied": True}), "occupied"),
            # Another port: a temperature, which keeps alive and frees nothing.
            (things_stack(f_cnt=2, f_port=2, frm_payload="gkHe",
                          decoded_payload={"temperature": 1.0}), "occupied"),
            # Their decoder failed.
            (things_stack(f_cnt=3, f_port=1, frm_payload="AQ=="), "occupied"),
            # False is left out.
            (things_stack(f_cnt=4, f_port=1, frm_payload="AA==", decoded_payload={}), "free"))
        self.assertEqual(self.rejected("missing_member"), missing + 1)

    def test_a_device_of_the_things_stack_that_joined_again_counts_from_zero(self):
        taken = {"f_port": 1, "decoded_payload": {"occupied": True}}
        self.play(
            "A-001", "v3/parking/devices/dev1/up",
            (things_stack("2020-03-01T00:00:00Z", f_cnt=500, **taken), "occupied"),
            (things_stack("2020-03-01T00:01:00Z", f_port=1, decoded_payload={}), "free"))

    def test_chirpstack_with_its_own_decoder(self):
        self.play(
            "A-002", "application/parking/device/0102030405060708/event/up",
            (chirpstack(4, fPort=1, data="AQ==",
                        object={"type": "parking status", "occupied": True}), "occupied"),
            (chirpstack(5, fPort=6, data="AA==", object={"type": "debug"}), "occupied"),
            (chirpstack(3, fPort=1, data="AA==", object={"occupied": False}), "occupied"),
            (chirpstack(6, fPort=2, data="AA==", object={"occupied": False}), "free"))

    def test_zigbee2mqtt(self):
        unknown = self.rejected("unknown_value")
        self.play(
            "A-003", "zigbee2mqtt/slot A3",
            ('{"occupancy":true,"linkquality":94,"last_seen":"2019-12-14T15:39:01.292Z"}',
             "occupied"),
            ('{"occupancy":null,"linkquality":94}', "occupied"),
            ('{"battery":97,"occupancy":false,"linkquality":94}', "free"))
        self.assertEqual(self.rejected("unknown_value"), unknown + 1)

    def test_bare_values(self):
        unknown = self.rejected("unknown_value")
        self.play("A-004", "oldlot/A-004/occupied", ("1", "occupied"), ("0", "free"),
                  ("ON", "occupied"), ("maybe", "occupied"), ("OFF", "free"), ("true", "occupied"))
        self.assertEqual(self.rejected("unknown_value"), unknown + 1)

    def test_raw_frames_of_bosch(self):
        self.play(
            "A-005", "v3/bosch_tps110/devices/A-005/up",
            (things_stack(f_port=1, frm_payload="AQ=="), "occupied"),
            (things_stack(f_cnt=9, f_port=2, frm_payload="AP8="), "free"),
            (things_stack("2020-02-12T15:16:00Z", f_cnt=1, f_port=3,
                          frm_payload="JAMAAHUDAAAAAAAAAB0CAwE="), "occupied"))

    def test_raw_frames_of_nwave(self):
        self.play(
            "A-006", "v3/nwave_nps405/devices/A-006/up",
            (things_stack(f_cnt=9, f_port=1, frm_payload="lQ=="), "occupied"),
            (things_stack(f_cnt=10, f_port=2, frm_payload="ANPYAFkL"), "free"))

    def test_raw_frames_of_placepod(self):
        self.play(
            "A-007", "application/pni_placepod/device/A-007/event/up",
            (chirpstack(4, fPort=1, data="FWYB"), "occupied"),
            (chirpstack(5, fPort=1, data="AwIBbAJnANw="), "occupied"),
            (chirpstack(6, fPort=1, data="FWYA"), "free"))

    def test_raw_frames_of_libelium(self):
        bad = self.rejected("bad_base64")
        self.play(
            "A-008", "application/libelium_v2/device/A-008/event/up",
            (chirpstack(4, fPort=3, data="gAoBAgMEBQYHCAk="), "occupied"),
            (chirpstack(5, fPort=3, data="no base64"), "occupied"),
            (chirpstack(6, fPort=3, data="QQoAAAAAAAAAAAA="), "free"))
        self.assertEqual(self.rejected("bad_base64"), bad + 1)

    def test_a_device_that_no_slot_has_is_counted(self):
        unknown = self.rejected("unknown_slot")
        self.lot.mosquitto_pub("v3/parking/devices/somebody-else/up",
                               things_stack(f_cnt=1, f_port=1, decoded_payload={}))
        self.lot.catch_up(self.board, self.sensor)
        self.assertEqual(self.rejected("unknown_slot"), unknown + 1)


if __name__ == "__main__":
    unittest.main()
