"""The broker of `gatehouse broker` does what docs/contract/mqtt.md, "Who may do what", says.

A real Mosquitto runs on the generated files. What counts is what arrives: to an MQTT 3.1.1 client a
publication that was denied is acknowledged like any other. Absence is proved by order, never by
waiting: the broker handles one packet after the other, so that whatever it let pass stands before a
later message or acknowledgement.
"""
import pathlib
import sys
import unittest

import paho.mqtt.client as mqtt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from broker_case import (ACCOUNTS, BrokerCase, END_TOPIC, OTHER_READER, OTHER_SENSOR,  # noqa: E402
                         READER, ROOT, SENSOR)
from peers import Mosquitto, Refused  # noqa: E402

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


if __name__ == "__main__":
    unittest.main()
