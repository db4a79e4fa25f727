"""A lot's broker as `gatehouse broker` makes it, with its accounts, for one test at a time."""
import csv
import pathlib
import subprocess
import unittest

from peers import Mosquitto, Peer, directory_for_broker, free_port, gatehouse

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
