"""Barriers over Modbus TCP, with pymodbus and mbpoll as independent peers (docs/contract/modbus.md):
all three profiles, and what a bad line or a bad server must not lead to."""
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from barrier_peers import (DEADLINE_S, FAULT, OFF, ON, PRESENCE, SAFETY, TcpDevice,  # noqa: E402
                           TcpLine, Unit)
from barrier_probe import Probe  # noqa: E402

QUICK = "poll_ms=50 pulse_ms=200 clear_ms=200"


def mbpoll(device, *arguments, values=()):
    """Zero-based, once; gives back what it prints."""
    command = ["mbpoll", "-m", "tcp", "-p", str(device.port), "-a", "1", "-0", "-1", "-q",
               *arguments, "127.0.0.1", *map(str, values)]
    return subprocess.run(command, check=True, timeout=DEADLINE_S, text=True,
                          stdout=subprocess.PIPE).stdout


class Profiles(unittest.TestCase):
    def test_generic_lets_a_vehicle_through(self):
        with TcpDevice() as device, Probe(f"id=b1 url={device.url} {QUICK}") as probe:
            device.set_registers(0, [1, 2], function=4)
            probe.wait_for("b1 closed cycles=65538")
            self.assertEqual(device.take_written(), [(0, OFF), (1, OFF)])
            probe.say("open b1 7")
            probe.wait_for("b1 opening cycles=65538")
            self.assertEqual(device.wait_for_write(0, ON), 0)
            self.assertIn("1", mbpoll(device, "-t", "0", "-r", "0").split())
            self.assertEqual(device.wait_for_write(0, OFF), 0)
            device.set_arm("open")
            probe.wait_for("b1 opening 7 seen_open", "b1 open …")
            device.set_input(PRESENCE, True)
            device.set_input(SAFETY, True)
            probe.wait_for("b1 open present under …")
            device.set_input(PRESENCE, False)
            device.set_input(SAFETY, False)
            probe.wait_for("b1 opening 7 passed", "b1 closing …")
            self.assertEqual(device.wait_for_write(1, ON), 0)
            self.assertEqual(device.wait_for_write(1, OFF), 0)
            device.set_arm("closed")
            probe.wait_for("b1 closed …")

    def test_relay8_lets_the_module_time_its_pulses(self):
        with TcpDevice() as device, \
                Probe(f"id=b1 url={device.url} profile=relay8 pulse_ms=500 poll_ms=50") as probe:
            probe.wait_for("b1 closed")
            self.assertEqual(device.take_written(), [])
            probe.say("open b1 7")
            device.wait_for_write(0x0200, 5)
            device.set_arm("open")
            probe.wait_for("b1 opening 7 seen_open")
            probe.say("close b1")
            device.wait_for_write(0x0201, 5)
            device.set_arm("closed")
            probe.wait_for("b1 opening 7 closed_unpassed", "b1 closed")
            self.assertEqual(device.take_written(), [])

    def test_came_is_read_from_its_registers_which_another_peer_writes(self):
        with TcpDevice() as device:
            device.set_registers(100, [17, 0, 0, 0, 0x0002, 0x0001])
            with Probe(f"id=b1 url={device.url} profile=came {QUICK}") as probe:
                probe.wait_for("b1 closed cycles=65538")
                self.assertEqual(device.take_written(), [])
                probe.say("open b1 7")
                self.assertEqual(device.wait_for_write(1, ON), 0)
                mbpoll(device, "-t", "4", "-r", "100", values=[32])
                mbpoll(device, "-t", "4", "-r", "100", values=[16])
                probe.wait_for("b1 opening 7 seen_open", "b1 open …")
                mbpoll(device, "-t", "4", "-r", "103", values=[9])
                probe.wait_for("b1 fault …")
                mbpoll(device, "-t", "4", "-r", "103", values=[0])
                probe.wait_for("b1 open …")
                mbpoll(device, "-t", "4", "-r", "100", values=[17])
                # Neither loop: what was open and is closed has let one vehicle through.
                probe.wait_for("b1 opening 7 passed", "b1 closed …")
                self.assertEqual(device.take_written(), [])


class BadLines(unittest.TestCase):
    def setUp(self):
        self.device = self._enter(TcpDevice())
        self.line = self._enter(TcpLine(self.device))
        self.probe = self._enter(
            Probe(f"id=b1 url={self.line.url} {QUICK} open_timeout_ms=3000 offline_after_ms=1500"))
        self.probe.wait_for("b1 closed …")
        self.device.take_written()

    def _enter(self, context):
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def _open_pulses(self):
        return self.device.take_written().count((0, ON))

    def _answer_once(self, is_the_one, change):
        """The first request that `is_the_one` is answered as `change` says, all others as they
        should be."""
        done = []

        def on_answer(request, answer):
            if not done and is_the_one(request):
                done.append(True)
                return change(answer)
            return answer
        self.line.on_answer = on_answer

    def test_a_pulse_that_is_answered_late_was_one_pulse(self):
        self._answer_once(lambda request: request[7:] == b"\x05\x00\x00\xff\x00",
                          lambda answer: [(0.7, answer)])
        self.probe.say("open b1 7")
        self.device.wait_for_write(0, ON)
        self.device.set_arm("open")
        self.probe.wait_for("b1 opening 7 seen_open")
        self.assertEqual(self._open_pulses(), 0)
        self.assertEqual(self.line.connections, 2)
        self.assertEqual(self.probe.figures()["gatehouse_barrier_errors_total b1 timed_out"], 1)

    def test_a_pulse_that_was_never_answered_and_did_nothing_is_made_once_more(self):
        self._answer_once(lambda request: request[7:] == b"\x05\x00\x00\xff\x00",
                          lambda answer: None)
        self.probe.say("open b1 7")
        self.device.wait_for_write(0, ON)
        began = time.monotonic()
        self.device.wait_for_write(0, ON)
        self.assertGreater(time.monotonic() - began, 2.5)
        self.probe.wait_for("b1 opening 7 failed", "b1 fault …")
        self.assertEqual(self._open_pulses(), 0)

    def test_what_is_no_answer_is_counted_and_never_an_input(self):
        forced_open = b"\x03"  # both end switches, had it been believed
        cases = {
            "wrong unit": lambda a: a[:6] + b"\x09" + a[7:9] + forced_open,
            "wrong transaction": lambda a: b"\x12\x34" + a[2:9] + forced_open,
            "wrong function": lambda a: a[:7] + b"\x01" + a[8:9] + forced_open,
            "wrong length": lambda a: a[:4] + b"\x00\x05" + a[6:8] + b"\x02\x03\x03",
            "two at once": lambda a: a + a[:9] + forced_open,
        }
        for number, (case, change) in enumerate(cases.items(), 1):
            with self.subTest(case):
                connections = self.line.connections
                self._answer_once(lambda request: request[7] == 2, change)
                while self.line.connections == connections:
                    self.line.requests.get(timeout=DEADLINE_S)
                figures = self.probe.figures()
                self.assertEqual(figures["gatehouse_barrier_errors_total b1 garbled"], number)
                # The counter is read after the inputs: a whole reading before the next trouble.
                while self.line.requests.get(timeout=DEADLINE_S)[7] != 4:
                    pass
        self.assertEqual([line for line in self.probe.heard if line.startswith("b1")],
                         ["b1 closed cycles=0"])

    def test_a_short_frame_is_waited_for_no_longer_than_a_whole_one(self):
        self._answer_once(lambda request: request[7] == 2, lambda answer: answer[:7])
        while self.line.connections == 1:
            self.line.requests.get(timeout=DEADLINE_S)
        self.assertEqual(self.probe.figures()["gatehouse_barrier_errors_total b1 timed_out"], 1)
        self.assertNotIn("b1 unreachable", self.probe.heard)

    def test_exceptions_are_counted_and_make_the_barrier_unreachable_in_time(self):
        self.line.on_answer = lambda request, answer: (
            answer[:4] + b"\x00\x03" + answer[6:7] + bytes([request[7] | 0x80, 4]))
        began = time.monotonic()
        self.probe.wait_for("b1 unreachable …")
        self.assertLess(time.monotonic() - began, 3)
        self.line.on_answer = lambda request, answer: answer
        self.probe.wait_for("b1 closed …")
        self.assertEqual(self.line.connections, 1)
        self.assertGreater(self.probe.figures()["gatehouse_barrier_errors_total b1 refused"], 5)

    def test_a_cut_connection_is_made_anew_before_anybody_notices(self):
        self.line.cut()
        while self.line.connections == 1:
            self.line.requests.get(timeout=DEADLINE_S)
        self.probe.say("open b1 7")
        self.device.wait_for_write(0, ON)
        self.assertNotIn("b1 unreachable", self.probe.heard)


class Outages(unittest.TestCase):
    def test_a_barrier_that_was_away_carries_out_nothing_old(self):
        with TcpDevice() as device, Probe(f"id=b1 url={device.url} {QUICK}") as probe:
            probe.wait_for("b1 closed …")
            device.stop()
            probe.say("open b1 6")
            probe.wait_for("b1 unreachable …")
            probe.say("open b1 7")
            probe.wait_for("b1 opening 7 refused")
            # Too old, or lost on a connection that nobody had known to be dead.
            probe.wait_for("b1 opening 6 …")
            device.take_written()
            device.start()
            probe.wait_for("b1 closed …")
            self.assertEqual(device.take_written(), [(0, OFF), (1, OFF)])
            probe.say("open b1 8 5200")
            probe.wait_for("b1 opening 8 too_old")
            probe.say("open b1 9")
            device.wait_for_write(0, ON)

    def test_a_barrier_comes_back_with_1500_descriptors_open(self):
        with TcpDevice() as device, Probe(f"id=b1 url={device.url} {QUICK}") as probe:
            probe.wait_for("b1 closed …")
            probe.say("descriptors 1500")
            probe.wait_for("descriptors open")
            device.stop()
            probe.wait_for("b1 unreachable …")
            device.start()
            probe.wait_for("b1 closed …")
            probe.say("open b1 7")
            device.wait_for_write(0, ON)
            device.set_arm("open")
            probe.wait_for("b1 opening 7 seen_open")

    def test_the_end_comes_soon_although_a_barrier_is_silent_and_leaves_no_pulse_on(self):
        with TcpDevice() as device, TcpLine(device) as line:
            with Probe(f"id=b1 url={line.url} pulse_ms=10000 id=b2 url={device.url} "
                       "pulse_ms=10000") as probe:
                probe.wait_for("b2 closed …")
                line.on_answer = lambda request, answer: None
                probe.say("open b2 7")
                device.wait_for_write(0, ON)
                began = time.monotonic()
            self.assertLess(time.monotonic() - began, 3)
            self.assertEqual(device.getValues(1, 0, 1), [False])

    def test_units_behind_one_address_share_a_connection_in_turn(self):
        units = {1: Unit(), 7: Unit()}
        with TcpDevice(units) as device, TcpLine(device) as line, \
                Probe(f"id=b1 url={line.url} {QUICK} id=b2 unit=7 url={line.url} {QUICK}") as probe:
            probe.wait_for("b1 closed …", "b2 closed …")
            probe.say("open b2 8")
            units[7].wait_for_write(0, ON)
            units[7].set_input(FAULT, True)
            probe.wait_for("b2 opening 8 failed", "b2 fault …")
            self.assertEqual(line.connections, 1)
            self.assertEqual(units[1].take_written(), [(0, OFF), (1, OFF)])


if __name__ == "__main__":
    unittest.main()
