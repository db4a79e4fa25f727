"""A parking lot to test from the outside: lot.toml, store, a real Mosquitto and the gateway.

    with Lot(zones={"A": 10}) as lot, lot.watch() as board, lot.peer() as sensor:
        sensor.publish(lot.state("A-001"), '{"occupied":true}', retain=True)
        board.until(lot.status("A-001"), lambda slot: slot["status"] == "occupied")

Everything lies in a temporary directory and listens on free loopback ports. Every wait blocks on a
message, a log line or a process, with a deadline. Needs GATEHOUSE_BIN.
"""
import contextlib
import json
import pathlib
import signal
import subprocess
import threading
import time
import unittest

from gateway import Gateway
from peers import DEADLINE_S, Mosquitto, Peer, directory_for_broker, free_port, gatehouse

# The last slot of every lot, which tests leave alone: Lot.catch_up() uses it.
SENTINEL_ZONE, SENTINEL = "Z", "Z-001"


class Watch(Peer):
    """What the lot's board would show: the newest payload of each topic of the gateway's."""

    def __init__(self, lot, *filters):
        super().__init__(None, None, lot.port)
        self._filters = filters or (lot.root + "availability", lot.root + "zones/+/availability",
                                    lot.root + "slots/+/status", lot.root + "gateway/status")
        self.shown = {}

    def __enter__(self):
        super().__enter__()
        self.subscribe(*self._filters)
        return self

    def take(self):
        """Blocks for one message; gives it back after noting it."""
        message = self.next_message()
        if message.payload:
            self.shown[message.topic] = json.loads(message.payload)
        else:
            self.shown.pop(message.topic, None)
        return message

    def until(self, topic, is_wanted, deadline_s=DEADLINE_S):
        """Blocks until the topic shows what is wanted, and gives it back."""
        left_s = deadline_s
        while topic not in self.shown or not is_wanted(self.shown[topic]):
            if left_s < 0:
                raise AssertionError(f"{topic} stays at {self.shown.get(topic)}")
            began = time.monotonic()
            self.take()
            # However long the machine itself stood still.
            left_s -= min(time.monotonic() - began, 1)
        return self.shown[topic]

    def until_status(self, lot, slot, status, deadline_s=DEADLINE_S):
        return self.until(lot.status(slot), lambda said: said["status"] == status, deadline_s)


class Lot:
    """`zones`: id → number of slots, or a list of names. `toml` is added to lot.toml at its end."""

    def __init__(self, zones=None, *, toml="", stale_after_s=86400, name="Demo lot"):
        self.id, self.root = "demo", "parking/v1/demo/"
        self.name = name
        self.zones = {**(zones or {"A": 10}), SENTINEL_ZONE: 1}
        self.stale_after_s = stale_after_s
        self.toml = toml
        self.port, self.http_port = free_port(), free_port()
        self.gateway = None
        self._sentinel = False
        self._cleanup = contextlib.ExitStack()
        self.directory = pathlib.Path(self._cleanup.enter_context(directory_for_broker()))
        self.config = self.directory / "lot.toml"
        self.write_config()
        self.broker = Mosquitto(self.directory / "broker" / "mosquitto.conf")

    # ---- Files and commands

    def write_config(self):
        text = [f'[lot]\nid = "{self.id}"\nname = "{self.name}"\n',
                f'[broker]\nurl = "mqtt://127.0.0.1:{self.port}"\n',
                "[broker.server]\ndevelopment = true\n"
                f'listen = ["127.0.0.1:{self.port}"]\n',
                f'[http]\nlisten = "127.0.0.1:{self.http_port}"\n'
                "rate_limit = { anonymous_per_hour = 0 }\n",
                f"[sensors]\nstale_after_s = {self.stale_after_s}\n"]
        for zone, slots in self.zones.items():
            text.append(f'[[zones]]\nid = "{zone}"\nname = "Zone {zone}"\n'
                        f'hourly_rate = "50.00"\nslots = {json.dumps(slots)}\n')
        self.config.write_text("".join(text) + self.toml)

    def command(self, *arguments):
        return gatehouse(*arguments, "--config", self.config, directory=self.directory)

    def make(self):
        """Store and broker files."""
        for arguments in (("init",), ("broker", "--out", self.directory / "broker")):
            done = self.command(*arguments)
            assert done.returncode == 0, done.stdout + done.stderr

    # ---- Lives

    def __enter__(self):
        self.make()
        self.broker.start()
        self.start_gateway()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.gateway is not None and self.gateway.is_alive():
                code = self.stop_gateway()
                assert code == 0, f"exit code {code}"
        finally:
            self.broker.stop()
            self._cleanup.close()

    def start_gateway(self, *arguments):
        """Returns when its birth stands on the broker."""
        with Watch(self, self.root + "gateway/status") as watch:
            self.gateway = Gateway(self.config, *arguments)
            self.gateway.wait_for_log("connected to the broker")
            # A birth of this life, not the one that an earlier life left.
            watch.until(self.root + "gateway/status", self._is_born_now)
        return self.gateway

    def _is_born_now(self, said):
        if not said["online"] or said["instance"] == getattr(self, "instance", None):
            return False
        self.instance = said["instance"]
        return True

    def stop_gateway(self, how=signal.SIGTERM):
        return self.gateway.end(how)

    # ---- Peers and topics

    def peer(self, **options):
        return Peer(None, None, self.port, **options)

    def watch(self, *filters):
        return Watch(self, *filters)

    def state(self, slot):
        return f"{self.root}slots/{slot}/state"

    def status(self, slot):
        return f"{self.root}slots/{slot}/status"

    def device(self, name):
        return f"{self.root}devices/{name}/status"

    def zone(self, zone):
        return f"{self.root}zones/{zone}/availability"

    def slots(self):
        """Every slot's name, the sentinel's left out."""
        names = []
        for zone, slots in self.zones.items():
            if zone == SENTINEL_ZONE:
                continue
            names += slots if isinstance(slots, list) else [
                f"{zone}-{number:03}" for number in range(1, slots + 1)]
        return names

    def mosquitto_pub(self, topic, payload, *options):
        """As a person would, by hand."""
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1",
                        "-t", topic, "-s", *options],
                       input=payload.encode() if isinstance(payload, str) else payload,
                       check=True, timeout=DEADLINE_S)

    def retained(self, *filters):
        """What the broker keeps, topic → payload, asked of mosquitto_sub: the end of it is proved
        by a retained message of ours, subscribed to last."""
        end = "witness/end"
        self.mosquitto_pub(end, "end", "-r")
        topics = [word for each in [*filters, end] for word in ("-t", each)]
        kept = {}
        with subprocess.Popen(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port),
                               "--retained-only", "-q", "1", "-F", "%r %t %x", *topics],
                              stdout=subprocess.PIPE, text=True) as sub:
            guard = threading.Timer(DEADLINE_S, sub.kill)
            guard.start()
            for line in sub.stdout:
                flag, topic, *payload = line.split()
                if topic == end:
                    break
                assert flag == "1", line
                kept[topic] = bytes.fromhex("".join(payload))
            guard.cancel()
            sub.terminate()
        return kept

    def catch_up(self, board, sensor):
        """Returns when the gateway has judged and shown all that the broker took before: states
        are judged in the order in which the broker took them, the sentinel's last."""
        self._sentinel = not self._sentinel
        sensor.publish(self.state(SENTINEL), json.dumps({"occupied": self._sentinel}))
        board.until_status(self, SENTINEL, "occupied" if self._sentinel else "free")

    # ---- HTTP

    def curl(self, path, *options):
        """Status, body."""
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", str(DEADLINE_S), "--write-out",
             "\n%{http_code}", *options, f"http://127.0.0.1:{self.http_port}{path}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
            check=False)
        assert done.returncode == 0, done.stderr
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    def metrics(self):
        """name{labels} → value."""
        status, text = self.curl("/metrics")
        assert status == 200, text
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))}


def state(occupied, **members):
    """A sensor's payload."""
    return json.dumps({"occupied": occupied, **members})


class LotCase(unittest.TestCase):
    """One lot for the class, each test with slots of its own."""
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.lot = Lot(**cls.options)
        cls.addClassCleanup(cls.lot.close)
        cls.lot.__enter__()

    def setUp(self):
        self.board = self.enterContext(self.lot.watch())
        self.sensor = self.enterContext(self.lot.peer())

    def say(self, slot, payload, retain=True):
        self.sensor.publish(self.lot.state(slot), payload, retain=retain)

    def shows(self, slot, status):
        return self.board.until_status(self.lot, slot, status)

    def still_shows(self, slot, status):
        self.lot.catch_up(self.board, self.sensor)
        self.assertEqual(self.board.shown[self.lot.status(slot)]["status"], status)

    def judged(self):
        metrics = self.lot.metrics()
        return {verdict: metrics[f'gatehouse_sensor_states_total{{verdict="{verdict}"}}']
                for verdict in ("applied", "repeated", "late")}
