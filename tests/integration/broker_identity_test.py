"""Who the broker of `gatehouse broker` takes for whom, and what it bears (docs/contract/mqtt.md).

Absence is proved by order, never by waiting, as in broker_acl_test.py.
"""
import contextlib
import pathlib
import socket
import ssl
import sys
import unittest

import paho.mqtt.client as mqtt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from broker_case import BrokerCase, OTHER_SENSOR, READER, ROOT, SENSOR  # noqa: E402
from peers import Peer, Refused  # noqa: E402


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

    def test_who_connects_and_says_nothing_keeps_no_device_out(self):
        with contextlib.ExitStack() as silent:
            for _ in range(200):
                silent.enter_context(
                    socket.create_connection(("127.0.0.1", self.port), timeout=20))
            for name in (SENSOR, READER, "gateway", "dashboard-hall"):
                with self.subTest(name), self.peer(name):
                    pass

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
