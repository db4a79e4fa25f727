"""The broker of `gatehouse broker` does what docs/contract/mqtt.md, "Who may do what", says.

A real Mosquitto runs on the generated files. What counts is what arrives: to an MQTT 3.1.1 client a
publication that was denied is acknowledged like any other. Absence is proved by order, never by
waiting: the broker handles one packet after the other, so that whatever it let pass stands before a
later message or acknowledgement.
"""
import csv
import pathlib
import socket
import ssl
import subprocess
import sys
import unittest

import paho.mqtt.client as mqtt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from peers import (Mosquitto, Peer, Refused, directory_for_broker, free_port,  # noqa: E402
                   gatehouse)

ROOT = "parking/v1/demo/"
GATEWAY_PASSWORD = "the gateway's own"
WITNESS_PASSWORD = "sees everything"
END_TOPIC = "witness/end"

LOT = """
[lot]
id = "demo"
[store]
path = "{directory}/gatehouse.db"
keys_path = "{directory}/gatehouse.keys"
[broker]
url = "mqtt://127.0.0.1:{port}"
[broker.server]
listen = ["127.0.0.1:{port}"]
tls_listen = ["127.0.0.1:{tls_port}"]
cert_file = "{directory}/lot.crt"
key_file = "{directory}/lot.key"
dashboards = ["hall", "roof"]
integrations = [
  {{ name = "ttn", write = ["v3/#"] }},
  {{ name = "zigbee", write = ["zigbee2mqtt/+"] }},
]
[[zones]]
id = "A"
name = "Zone A"
hourly_rate = "50.00"
slots = 3
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
barrier = ""
[[gates.lanes]]
id = "EXIT_GATE_01"
direction = "exit"
barrier = ""
[[sensor_profiles]]
name = "ttn-parking"
topic = "v3/+/devices/{{device}}/up"
occupied = "/uplink_message/decoded_payload/occupied"
occupied_values = [true]
free_values = [false]
"""

SENSOR, OTHER_SENSOR = "A-001", "A-002"
READER, OTHER_READER = "EXIT_GATE_01", "ENTRY_GATE_01"
ACCOUNTS = ["gateway", "bridge", "dashboard-hall", "integration-ttn", "integration-zigbee",
            READER, SENSOR]

BOARD = {ROOT + "availability", ROOT + "zones/A/availability", ROOT + "slots/A-001/status",
         ROOT + "slots/A-002/status", ROOT + "gateway/status"}


def device_topics(name):
    """Every topic with a device's name in it, whether or not it is a device."""
    return {ROOT + f"slots/{name}/state", ROOT + f"slots/{name}/status",
            ROOT + f"devices/{name}/status"} | {
                ROOT + f"gates/{name}/{last}"
                for last in ("scan", "frame", "button", "decision", "barrier")}


LOT_TOPICS = BOARD | {ROOT + "zones/" + SENSOR + "/availability",
                      ROOT + "events/parking.slot.changed.v1", ROOT + "alerts/clock_skew",
                      ROOT + "uplink", ROOT + "relay/request", ROOT + "anything/else", ROOT[:-1]}
for account in [*ACCOUNTS, OTHER_SENSOR, OTHER_READER, "dashboard-roof"]:
    LOT_TOPICS |= device_topics(account)
FOREIGN_TOPICS = {"v3/app/devices/eui-70b3d5/up", "v3/app/devices/eui-70b3d5/join", "v3",
                  "zigbee2mqtt/A-001", "zigbee2mqtt/A-001/set", "elsewhere",
                  "parking/v1/other/slots/A-001/state", "parking/v1/demo2/slots/A-001/state",
                  "slots/A-001/state"}
TOPICS = sorted(LOT_TOPICS | FOREIGN_TOPICS)

MAY_WRITE = {
    "gateway": LOT_TOPICS,
    "bridge": set(),
    "dashboard-hall": set(),
    "integration-ttn": {"v3/app/devices/eui-70b3d5/up", "v3/app/devices/eui-70b3d5/join", "v3"},
    "integration-zigbee": {"zigbee2mqtt/A-001"},
    READER: {ROOT + f"gates/{READER}/{last}" for last in ("scan", "frame", "button")}
            | {ROOT + f"devices/{READER}/status"},
    SENSOR: {ROOT + f"slots/{SENSOR}/state", ROOT + f"devices/{SENSOR}/status"},
}
ALL_STATUSES = {topic for topic in LOT_TOPICS
                if topic.startswith(ROOT + "slots/") and topic.endswith("/status")}
MAY_READ = {
    "gateway": LOT_TOPICS | {"v3/app/devices/eui-70b3d5/up"},
    "bridge": BOARD | ALL_STATUSES | {ROOT + "zones/" + SENSOR + "/availability"},
    "dashboard-hall": BOARD | ALL_STATUSES | {ROOT + "zones/" + SENSOR + "/availability"},
    "integration-ttn": set(),
    "integration-zigbee": set(),
    READER: {ROOT + f"gates/{READER}/decision", ROOT + f"gates/{READER}/barrier"},
    SENSOR: set(),
}


def write_certificate(directory):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", directory / "lot.key", "-out", directory / "lot.crt"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (directory / "lot.key").chmod(0o644)


class BrokerCase(unittest.TestCase):
    """A lot's files, written once, and a broker that lives for one test."""

    @classmethod
    def setUpClass(cls):
        temporary = directory_for_broker()
        cls.addClassCleanup(temporary.cleanup)
        cls.directory = pathlib.Path(temporary.name)
        cls.out = cls.directory / "broker"
        cls.port, cls.tls_port = free_port(), free_port()
        cls.config = cls.directory / "lot.toml"
        cls.config.write_text(LOT.format(directory=cls.directory, port=cls.port,
                                         tls_port=cls.tls_port))
        write_certificate(cls.directory)
        init = gatehouse("init", "--config", cls.config, directory=cls.directory)
        assert init.returncode == 0, init.stderr
        cls.write_files()
        cls.passwords = cls.read_credentials() | {"gateway": GATEWAY_PASSWORD,
                                                  "witness": WITNESS_PASSWORD}
        cls.add_witness()

    @classmethod
    def write_files(cls, *arguments):
        written = gatehouse("broker", "--config", cls.config, "--out", cls.out, *arguments,
                            environment={"GATEHOUSE_MQTT_PASSWORD": GATEWAY_PASSWORD},
                            directory=cls.directory)
        assert written.returncode == 0, written.stderr

    @classmethod
    def read_credentials(cls):
        with open(cls.out / "credentials.csv", encoding="utf-8", newline="") as file:
            return {row["name"]: row["password"] for row in csv.DictReader(file)}

    @classmethod
    def add_witness(cls):
        """An account that the lot does not have, which may do everything: it sees what passes."""
        subprocess.run(["mosquitto_passwd", "-b", cls.out / "passwd", "witness", WITNESS_PASSWORD],
                       check=True)
        with open(cls.out / "acl", "a", encoding="utf-8") as file:
            file.write("\nuser witness\ntopic readwrite #\ntopic readwrite $SYS/#\n")
        # mosquitto_passwd writes a new file, which belongs to whoever runs this test.
        (cls.out / "passwd").chmod(0o644)

    def setUp(self):
        self.broker = Mosquitto(self.out / "mosquitto.conf")
        self.broker.start()
        self.addCleanup(self.broker.stop)

    def peer(self, name, **options):
        return Peer(name, self.passwords[name], self.port, **options)

    def arrived(self, witness):
        """The (topic, payload) pairs that the witness was sent before this call."""
        witness.publish(END_TOPIC, "end")
        return [(message.topic, message.payload.decode(errors="replace"))
                for message in witness.messages_until(END_TOPIC, "end")]


class AccessMatrix(BrokerCase):
    def test_each_account_writes_its_own_topics_and_no_other(self):
        for name in ACCOUNTS:
            for version, qos in ((mqtt.MQTTv311, 0), (mqtt.MQTTv311, 1), (mqtt.MQTTv5, 2)):
                with self.subTest(account=name, version=version, qos=qos), \
                        self.peer("witness") as witness, self.peer(name, version=version) as peer:
                    witness.subscribe("#")
                    for topic in TOPICS:
                        peer.publish(topic, name, qos=qos)
                    peer.publish(END_TOPIC, name, qos=1)  # denied; it is the last to be handled
                    self.assertEqual({topic for topic, _ in self.arrived(witness)},
                                     MAY_WRITE[name])

    def test_what_an_account_may_not_write_is_not_retained_either(self):
        for name in ACCOUNTS:
            with self.peer(name) as peer:
                for topic in set(TOPICS) - MAY_WRITE[name]:
                    peer.publish(topic, name, retain=True)
        with self.peer("witness") as witness:
            witness.subscribe("#")
            self.assertEqual(self.arrived(witness), [])

    def test_each_account_reads_its_own_topics_and_no_other(self):
        for name in ACCOUNTS:
            for version in (mqtt.MQTTv311, mqtt.MQTTv5):
                with self.subTest(account=name, version=version), \
                        self.peer("witness") as witness, self.peer(name, version=version) as peer:
                    peer.subscribe("#")
                    peer.subscribe("+/+/+/+/+/+", "parking/#", "v3/#", *TOPICS)
                    for topic in TOPICS:
                        witness.publish(topic, "live")
                    peer.subscribe("barrier")  # answered after whatever was routed to the peer
                    self.assertEqual({message.topic for message in peer.waiting_messages()},
                                     MAY_READ[name])

    def test_each_account_is_given_the_retained_messages_it_may_read_and_no_other(self):
        with self.peer("witness") as witness:
            for topic in TOPICS:
                witness.publish(topic, "kept", retain=True)
        for name in ACCOUNTS:
            with self.subTest(account=name), self.peer(name) as peer:
                peer.subscribe("#", *TOPICS)
                peer.subscribe("barrier")
                self.assertEqual({message.topic for message in peer.waiting_messages()},
                                 MAY_READ[name])

    def test_shared_subscriptions_are_no_way_round(self):
        for name in ACCOUNTS:
            with self.subTest(account=name), self.peer("witness") as witness, \
                    self.peer(name, version=mqtt.MQTTv5) as peer:
                peer.subscribe("$share/group/#")
                for topic in TOPICS:
                    witness.publish(topic, "live")
                peer.subscribe("barrier")
                self.assertLessEqual({message.topic for message in peer.waiting_messages()},
                                     MAY_READ[name])

    def test_the_brokers_own_topics_are_nobodys(self):
        # Ours publishes nothing under $SYS; this one does, so that there is something to be denied.
        self.broker.stop()
        talkative = self.out / "talkative.conf"
        talkative.write_text((self.out / "mosquitto.conf").read_text().replace(
            "sys_interval 0", "sys_interval 3600"))
        with Mosquitto(talkative), self.peer("witness") as witness:
            witness.subscribe("$SYS/#", END_TOPIC)
            self.assertTrue(witness.next_message().topic.startswith("$SYS/broker/"))
            for name in ACCOUNTS:
                with self.subTest(account=name), self.peer(name) as peer:
                    peer.subscribe("$SYS/#", "$SYS/broker/version", "#", "+/broker/version")
                    peer.publish("$SYS/broker/forged", name, retain=True)
                    peer.subscribe("barrier")
                    self.assertEqual(peer.waiting_messages(), [])
                    self.assertNotIn("$SYS/broker/forged",
                                     [topic for topic, _ in self.arrived(witness)])

    def test_a_last_will_is_held_to_the_same_rules(self):
        own, foreign = ROOT + f"devices/{SENSOR}/status", ROOT + f"devices/{OTHER_SENSOR}/status"
        with self.peer("witness") as witness:
            witness.subscribe("#")
            try:
                with self.peer(SENSOR, will=(foreign, "forged", 1, True)) as peer:
                    peer.vanish()
            except Refused:
                pass  # refusing the connection is as good
            with self.peer(SENSOR, will=(own, "offline", 1, True)) as peer:
                peer.vanish()
            message = witness.next_message()
            self.assertEqual((message.topic, message.payload), (own, b"offline"))


class Identity(BrokerCase):
    def test_an_account_that_calls_itself_gateway_does_not_push_the_gateway_off(self):
        state = ROOT + f"slots/{SENSOR}/state"
        for name in (SENSOR, READER, "dashboard-hall", "integration-ttn"):
            for stolen in ("gateway", OTHER_SENSOR):
                with self.subTest(account=name, stolen=stolen), \
                        self.peer("gateway") as gateway, self.peer(OTHER_SENSOR) as other, \
                        self.peer(name, client_id=stolen) as thief:
                    gateway.subscribe(ROOT + "slots/+/state")
                    thief.subscribe("barrier")
                    other.publish(ROOT + f"slots/{OTHER_SENSOR}/state", "still here")
                    self.assertEqual(gateway.next_message().payload, b"still here")
                    self.assertTrue(gateway.disconnected.empty())
                    self.assertTrue(other.disconnected.empty())
                    if name == SENSOR:
                        thief.publish(state, "mine")
                        self.assertEqual(gateway.next_message().topic, state)

    def test_a_name_does_not_lend_its_session_to_another_account(self):
        with self.peer("gateway", clean=False) as gateway:
            gateway.subscribe(ROOT + "slots/+/state")
        with self.peer(SENSOR) as sensor:
            sensor.publish(ROOT + f"slots/{SENSOR}/state", "queued for the gateway")
        with self.peer("dashboard-hall", client_id="gateway", clean=False) as thief:
            thief.subscribe("barrier")
            self.assertEqual(thief.waiting_messages(), [])
        with self.peer("gateway", clean=False) as gateway:
            self.assertEqual(gateway.next_message().payload, b"queued for the gateway")

    def test_without_a_name_or_with_a_wrong_password_nobody_gets_in(self):
        attempts = {
            "no name": (None, None), "no name, client id of the gateway": (None, None, "gateway"),
            "wrong password": ("gateway", "wrong"), "empty password": ("gateway", ""),
            "no password": (SENSOR, None), "another's password": (SENSOR, self.passwords[READER]),
            "no such account": ("A-999", "wrong"), "the witness of another lot": ("root", "root"),
            "wildcard as a name": ("+", "x"), "hash as a name": ("#", "x"),
        }
        for what, (user, password, *client_id) in attempts.items():
            for version in (mqtt.MQTTv311, mqtt.MQTTv5):
                with self.subTest(what, version=version), self.assertRaises(Refused):
                    with Peer(user, password, self.port, version=version,
                              client_id=client_id[0] if client_id else "someone"):
                        pass

    def test_a_renewed_password_replaces_the_old_one_and_no_other(self):
        old, reader = self.passwords[SENSOR], self.passwords[READER]
        self.write_files("--renew", SENSOR)
        renewed = self.read_credentials()
        self.assertEqual(list(renewed), [SENSOR])
        self.broker.stop()
        self.broker.start()
        with self.assertRaises(Refused), Peer(SENSOR, old, self.port):
            pass
        with Peer(SENSOR, renewed[SENSOR], self.port), Peer(READER, reader, self.port):
            pass
        type(self).passwords[SENSOR] = renewed[SENSOR]
        self.add_witness()


class Limits(BrokerCase):
    def test_a_camera_frame_of_two_mebibytes_passes_whole(self):
        frame = bytes(2 * 1024 * 1024)
        with self.peer("gateway", version=mqtt.MQTTv5) as gateway, \
                self.peer(READER, version=mqtt.MQTTv5) as reader:
            gateway.subscribe(ROOT + "gates/+/frame")
            reader.publish(ROOT + f"gates/{READER}/frame", frame,
                           user_properties=[("scan_id", "9f0c" * 16),
                                            ("ts", "2026-11-20T10:00:00.123Z")])
            self.assertEqual(gateway.next_message().payload, frame)

    def test_a_larger_message_never_arrives(self):
        topic = ROOT + f"gates/{READER}/frame"
        for size in (2 * 1024 * 1024 + 1, 4 * 1024 * 1024):
            with self.subTest(size=size), self.peer("gateway") as gateway:
                gateway.subscribe(ROOT + "gates/+/frame")
                with socket.create_connection(("127.0.0.1", self.port), timeout=20) as reader:
                    reader.sendall(connect_packet(READER, self.passwords[READER]))
                    self.assertEqual(reader.recv(4), b"\x20\x02\x00\x00")
                    try:
                        reader.sendall(publish_packet(topic, size))
                        reader.recv(4)  # an acknowledgement or the end: either way it was handled
                    except (ConnectionResetError, BrokenPipeError):
                        pass
                with self.peer(READER) as reader:
                    reader.publish(topic, "small")
                self.assertEqual(gateway.next_message().payload, b"small")

    def test_an_account_that_was_away_misses_nothing(self):
        states = 3000  # Mosquitto's own default keeps 1,000 and drops the rest in silence
        with self.peer("gateway", clean=False) as gateway:
            gateway.subscribe(ROOT + "slots/+/state")
        with self.peer(SENSOR) as sensor:
            for number in range(states):
                sensor.publish(ROOT + f"slots/{SENSOR}/state", str(number))
        with self.peer("gateway", clean=False) as gateway:
            self.assertEqual([int(gateway.next_message().payload) for _ in range(states)],
                             list(range(states)))


class Service(BrokerCase):
    def test_statuses_are_handed_over_before_states_in_the_order_they_are_asked_for(self):
        with self.peer("witness") as witness:
            for slot in ("A-001", "A-002", "A-003"):
                witness.publish(ROOT + f"slots/{slot}/state", "state", retain=True)
                witness.publish(ROOT + f"devices/{slot}/status", "status", retain=True)
        with self.peer("gateway") as gateway:
            gateway.subscribe(ROOT + "devices/+/status", ROOT + "slots/+/state")
            self.assertEqual([gateway.next_message().payload for _ in range(6)],
                             [b"status"] * 3 + [b"state"] * 3)

    def test_a_killed_broker_starts_again_whatever_lies_about(self):
        self.broker.kill()
        for name in ("mosquitto.db", "mosquitto.db.new"):
            (self.out / name).write_bytes(b"damaged")
        self.broker.start()
        with self.peer("gateway") as gateway, self.peer(SENSOR) as sensor:
            gateway.subscribe(ROOT + "slots/+/state")
            sensor.publish(ROOT + f"slots/{SENSOR}/state", "again")
            self.assertEqual(gateway.next_message().payload, b"again")

    def test_tls_1_2_and_newer_are_spoken_and_nothing_older(self):
        def context(version):
            made = ssl.create_default_context(cafile=str(self.directory / "lot.crt"))
            made.set_ciphers("DEFAULT@SECLEVEL=0")  # so that it is the broker that refuses
            made.minimum_version = made.maximum_version = version
            return made

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version=version):
                with Peer(SENSOR, self.passwords[SENSOR], self.tls_port, tls=context(version)):
                    pass
                with self.assertRaises(Refused):
                    with Peer(SENSOR, "wrong", self.tls_port, tls=context(version)):
                        pass
        with self.assertRaises((ssl.SSLError, ConnectionResetError)), \
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=20) as plain, \
                context(ssl.TLSVersion.TLSv1_1).wrap_socket(plain, server_hostname="127.0.0.1"):
            pass


def string_field(text):
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def packet(kind, body):
    length, digits = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        digits += bytes([digit | (0x80 if length else 0)])
        if not length:
            return bytes([kind]) + digits + body


def connect_packet(user, password):
    """MQTT 3.1.1 CONNECT, clean session, keep alive 60 s: Paho would not send what is too large."""
    return packet(0x10, string_field("MQTT") + b"\x04\xc2\x00\x3c" + string_field(user)
                  + string_field(user) + string_field(password))


def publish_packet(topic, size):
    return packet(0x32, string_field(topic) + b"\x00\x01" + bytes(size))


if __name__ == "__main__":
    unittest.main()
