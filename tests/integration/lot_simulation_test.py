"""A whole lot, simulated: barriers, readers, drivers and a counter of `gatehouse-sim lot` against the
running gateway, and the same barriers and readers by hand (docs/contract/modbus.md, last paragraph;
mqtt.md, "Scans and presses"). pymodbus is the barriers' independent peer."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import Lot  # noqa: E402
from gateway import SANITIZER_WORDS  # noqa: E402
from peers import DEADLINE_S, free_port  # noqa: E402

from pymodbus.client import ModbusTcpClient  # noqa: E402

GATES = """
[billing]
minute_seconds = 1
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
barrier = "b1"
[[gates.lanes]]
id = "EXIT_GATE_01"
direction = "exit"
barrier = "b2"
[[barriers]]
id = "b1"
url = "tcp://127.0.0.1:{ports[0]}"
profile = "{profile}"
clear_ms = 200
[[barriers]]
id = "b2"
url = "tcp://127.0.0.1:{ports[1]}"
clear_ms = 200
"""


class Simulator:
    """One life of gatehouse-sim: lines in, lines out, read all the time."""

    def __init__(self, *arguments, environment=None):
        self.process = subprocess.Popen(
            [os.environ["GATEHOUSE_SIM_BIN"], *map(str, arguments)], text=True,
            env={**os.environ, **(environment or {})}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, errors="replace")
        self.lines, self.complaints = [], []
        self._ended = 0
        self._changed = threading.Condition()
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                         for pair in ((self.process.stdout, self.lines),
                                      (self.process.stderr, self.complaints))]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines):
        for line in stream:
            with self._changed:
                lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended += 1
            self._changed.notify_all()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def until(self, is_wanted, after=0, deadline_s=DEADLINE_S):
        """The number of the first line behind `after` that is wanted, from 1 on."""
        def found():
            return next((number for number, line in enumerate(self.lines[after:], after + 1)
                         if is_wanted(line)), 0)
        with self._changed:
            self._changed.wait_for(lambda: found() or self._ended == 2, deadline_s)
            if not found():
                raise AssertionError("\n".join(self.lines[-20:] + self.complaints[-20:]))
            return found()

    def end(self, how=signal.SIGINT):
        """Signals, waits, and gives back the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def wait(self, deadline_s=DEADLINE_S):
        code = self.process.wait(deadline_s)
        for reader in self._readers:
            reader.join(DEADLINE_S)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        reports = [line for line in self.complaints if any(w in line for w in SANITIZER_WORDS)]
        assert not reports, "\n".join(self.complaints[-60:])
        return code


class AnyLot(unittest.TestCase):
    profile = "generic"

    def make_lot(self, **options):
        self.ports = [free_port(), free_port()]
        lot = Lot(toml=GATES.format(ports=self.ports, profile=self.profile), **options)
        self.addCleanup(lot.close)
        return lot

    def simulator(self, *arguments, **options):
        simulator = Simulator(*arguments, **options)
        self.addCleanup(lambda: simulator.process.poll() is None and simulator.end(signal.SIGKILL))
        return simulator


class Barriers(AnyLot):
    """By hand, without a gateway: pymodbus says what it does on the wire."""

    def setUp(self):
        self.lot = self.make_lot()
        self.barriers = self.simulator("barriers", "--config", self.lot.config, "--arm-ms", "50")
        self.barriers.until(lambda line: line.startswith("b2 closed"))
        self.client = self.connect()

    def connect(self):
        client = ModbusTcpClient("127.0.0.1", port=self.ports[0], timeout=2, retries=0)
        self.addCleanup(client.close)
        self.assertTrue(client.connect())
        return client

    def inputs(self):
        return self.client.read_discrete_inputs(0, 5, slave=1).bits[:5]

    def test_the_arm_goes_up_and_down_and_is_counted(self):
        self.assertEqual(self.inputs(), [False, True, False, False, False])
        self.client.write_coil(0, True, slave=1)
        self.client.write_coil(0, False, slave=1)
        up = self.barriers.until(lambda line: re.match("b1 open .* cycles=1 ", line))
        self.assertEqual(self.inputs(), [True, False, False, False, False])
        self.assertEqual(self.client.read_input_registers(0, 2, slave=1).registers, [0, 1])
        self.barriers.say("b1 presence on")
        self.barriers.say("b1 safety on")
        self.barriers.until(lambda line: "presence=on safety=on" in line)
        self.assertEqual(self.inputs(), [True, False, True, True, False])
        self.barriers.say("b1 safety off")
        self.barriers.until(lambda line: "safety=off" in line, after=up + 1)
        self.client.write_coil(1, True, slave=1)
        self.barriers.until(lambda line: line.startswith("b1 closed"), after=up)
        self.assertEqual(self.barriers.end(), 0)

    def test_mischief_on_request(self):
        self.barriers.say("b1 exceptions")
        self.barriers.say("b1 show")
        self.barriers.until(lambda line: line.startswith("b1"), after=2)
        self.assertTrue(self.client.read_coils(0, 1, slave=1).isError())
        self.barriers.say("b1 heal")
        self.barriers.say("b1 fault")
        self.barriers.say("b1 show")
        self.barriers.until(lambda line: line.startswith("b1"), after=3)
        self.assertEqual(self.inputs(), [False, True, False, False, True])
        self.client.write_coil(0, True, slave=1)
        self.assertEqual(self.inputs(), [False, True, False, False, True])
        self.barriers.say("b1 heal")
        self.barriers.say("b1 hang-up")
        self.barriers.say("b1 show")
        self.barriers.until(lambda line: line.startswith("b1"), after=4)
        self.assertTrue(self.hangs_up())
        self.barriers.say("b1 dance")
        self.barriers.say("b9 stick")
        self.barriers.say("b1 heal")
        self.barriers.say("b1 show")
        self.barriers.until(lambda line: line.startswith("b1"), after=5)
        self.assertEqual(self.barriers.end(), 0)
        self.assertIn("gatehouse-sim: there is no barrier b9", self.barriers.complaints)
        self.assertTrue(any("expected stick" in line for line in self.barriers.complaints))

    def hangs_up(self):
        try:
            return self.client.read_coils(0, 1, slave=1).isError()
        except Exception:  # pymodbus has several names for it
            return True


class Readers(AnyLot):
    """By hand, with a broker and nobody else: the gateway is played here."""

    def test_a_scan_is_repeated_in_the_same_words_until_it_is_decided(self):
        lot = self.make_lot()
        lot.make()
        lot.broker.start()
        topic = lot.root + "gates/EXIT_GATE_01/"
        with lot.peer() as gateway:
            gateway.subscribe(topic + "scan")
            readers = self.simulator("readers", "--config", lot.config,
                                     "--payment-method", "CASH")
            readers.say("EXIT_GATE_01 scan PARK-7")
            first, second = gateway.next_message(), gateway.next_message()
            self.assertEqual(first.payload, second.payload)
            self.assertFalse(first.retain)
            scan = json.loads(first.payload)
            self.assertEqual((scan["code"], scan["payment_method"]), ("PARK-7", "CASH"))
            gateway.publish(topic + "decision", json.dumps(
                {"scan_id": scan["scan_id"], "gate": "EXIT_GATE_01", "decision": "open",
                 "reason": "paid", "message": "Thank you", "update": 0}))
            readers.until(lambda line: f"{scan['scan_id']} open paid" in line)
            readers.say("NO_GATE press")
            readers.process.stdin.close()
            self.assertEqual(readers.wait(), 0)
        self.assertIn("gatehouse-sim: there is no gate NO_GATE", readers.complaints)


class Cars(AnyLot):
    """The whole lot against a gateway."""
    profile = "relay8"

    def setUp(self):
        self.lot = self.make_lot(zones={"A": 5, "B": 3})
        done = self.lot.command("init", "--demo")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.password = dict(line.split(": ", 1) for line in done.stdout.splitlines()
                             if line.startswith("staff1: "))["staff1"]
        self.lot.make()
        self.lot.broker.start()

    def play(self, *options):
        return self.simulator(
            "lot", "--config", self.lot.config, "--seed", "3", "--speed", "4", "--stay", "16",
            "--arm-ms", "250",
            "--staff", "staff1", "--password-env", "GATEHOUSE_STAFF_PASSWORD",
            "--cars", self.lot.directory / "cars.csv", *options,
            environment={"GATEHOUSE_STAFF_PASSWORD": self.password})

    def test_cars_come_in_pay_and_leave_and_each_opening_is_one_passage(self):
        with self.lot.watch(self.lot.root + "gates/+/decision",
                            self.lot.root + "gates/+/barrier") as board:
            # The barriers first: a gateway that finds none waits before it looks again.
            simulator = self.play("--habits", "0")
            simulator.until(lambda line: line.startswith("lot demo"))
            self.lot.start_gateway()
            # Until two have paid and left; a line of figures comes every five seconds.
            simulator.until(lambda line: line.startswith("inside") and
                            int(re.search(r"exits (\d+)", line)[1]) >= 2, deadline_s=60)
            self.assertEqual(simulator.end(), 0)
            opened = self.openings(board)
        summary = json.loads(simulator.lines[-1])
        self.assertGreaterEqual(summary["entries"], summary["exits"])
        self.assertGreaterEqual(summary["payments"], summary["exits"])
        self.assertGreaterEqual(summary["takings_paise"], 2 * 5000)
        self.assertEqual((summary["stranded"], summary["turned_back"]), (0, 0))
        # The counter opens when the gateway is up, and may ask for a zone that is full.
        self.assertLessEqual(set(summary["refusals"]), {"no_login", "zone_full"})
        for gate, barrier, passed in (("ENTRY_GATE_01", "b1", summary["entries"]),
                                      ("EXIT_GATE_01", "b2", summary["exits"])):
            seen = summary["barriers"][barrier]
            self.assertEqual((seen["forced"], seen["closed_over_vehicle"]), (0, 0), barrier)
            # The last car may still stand before the arm, the last arm may still be on its way.
            self.assertIn(opened[gate] - seen["cycles"], (0, 1), barrier)
            self.assertIn(seen["cycles"] - passed, (0, 1), barrier)
        self.assertEqual(self.lot.stop_gateway(), 0)
        audit = self.lot.command("audit")
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)

    def openings(self, board):
        """How many questions were answered `open`, by gate."""
        opened = {"ENTRY_GATE_01": set(), "EXIT_GATE_01": set()}
        for message in board.waiting_messages():
            gate, what = message.topic.split("/")[-2:]
            said = json.loads(message.payload or "{}")
            if what == "decision" and said["decision"] == "open":
                opened[gate].add(said["scan_id"])
        return {gate: len(ids) for gate, ids in opened.items()}


if __name__ == "__main__":
    unittest.main()
