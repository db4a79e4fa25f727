"""A broker that takes its time over the subscriptions, or refuses one: the gateway is born when it
can hear, not before. The broker is a socket of the test's, which says when it answers what.

MQTT 5, section 3: types of packets 1 CONNECT, 2 CONNACK, 3 PUBLISH, 8 SUBSCRIBE, 9 SUBACK.
"""
import json
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import Gateway  # noqa: E402
from lot import Lot  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8
NOT_AUTHORIZED = 0x87


class Conversation:
    """One connection of the gateway's to the broker that the test plays."""

    def __init__(self, listening):
        self._socket, _ = listening.accept()
        self._socket.settimeout(DEADLINE_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _read(self, count):
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            assert more, "the gateway hung up"
            data += more
        return data

    def packet(self):
        """Type, body."""
        kind = self._read(1)[0] >> 4
        length, shift = 0, 0
        while True:
            byte = self._read(1)[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return kind, self._read(length)

    def take_connect(self):
        kind, _ = self.packet()
        assert kind == CONNECT, kind
        self._socket.sendall(bytes([0x20, 3, 0, 0, 0]))

    def take_subscribe(self):
        """The packet's id, and how many filters it names."""
        kind, body = self.packet()
        assert kind == SUBSCRIBE, kind
        at, filters = 2 + 1 + body[2], 0
        while at < len(body):
            at += 2 + int.from_bytes(body[at:at + 2], "big") + 1
            filters += 1
        return body[:2], filters

    def answer(self, packet_id, reasons):
        self._socket.sendall(bytes([0x90, 3 + len(reasons)]) + packet_id + b"\x00" + reasons)


class SlowBroker(unittest.TestCase):
    def setUp(self):
        self.lot = Lot()
        self.addCleanup(self.lot.close)
        self.lot.make()
        self.listening = self.enterContext(socket.create_server(("127.0.0.1", self.lot.port)))
        self.listening.settimeout(DEADLINE_S)
        self.lot.gateway = Gateway(self.lot.config)

    def test_the_birth_is_told_when_the_subscriptions_are_granted(self):
        with Conversation(self.listening) as gateway:
            gateway.take_connect()
            packet_id, filters = gateway.take_subscribe()
            self.assertEqual(self.lot.metrics()["gatehouse_broker_connected"], 0)
            gateway.answer(packet_id, b"\x01" * filters)
            kind, body = gateway.packet()
            self.assertEqual(kind, PUBLISH)
            self.assertIn(b"gateway/status", body)
            self.assertIs(json.loads(body[body.index(b"{"):])["online"], True)

    def test_a_subscription_that_is_refused_is_named_and_the_rest_goes_on(self):
        with Conversation(self.listening) as gateway:
            gateway.take_connect()
            packet_id, filters = gateway.take_subscribe()
            gateway.answer(packet_id, bytes([NOT_AUTHORIZED]) + b"\x01" * (filters - 1))
            kind, _ = gateway.packet()
            self.assertEqual(kind, PUBLISH)
            self.lot.gateway.wait_for_log("the broker refuses the subscription to parking/v1/demo/")
            self.assertEqual(self.lot.metrics()["gatehouse_mqtt_subscriptions_refused"], 1)

    def test_a_broker_that_hangs_up_before_it_answers_is_called_again(self):
        with Conversation(self.listening) as gateway:
            gateway.take_connect()
            gateway.take_subscribe()
        with Conversation(self.listening) as gateway:
            gateway.take_connect()
            gateway.take_subscribe()


if __name__ == "__main__":
    unittest.main()
