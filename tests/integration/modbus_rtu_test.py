"""Barriers over Modbus RTU on a pseudo-terminal, with pymodbus as an independent peer
(docs/contract/modbus.md): shared lines, late answers, noise, and adapters that hear themselves."""
import contextlib
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from barrier_peers import (DEADLINE_S, OFF, ON, SAFETY, SerialDevice, SerialLine,  # noqa: E402
                           Unit)
from barrier_probe import Probe  # noqa: E402

QUICK = "poll_ms=50 pulse_ms=200 clear_ms=200 profile=relay8"


@contextlib.contextmanager
def barriers(settings=QUICK, *, units=(1,), echoes=False):
    """A line with a device of so many units, and the probe that polls them as b1, b2, …"""
    served = {unit: Unit() for unit in units}
    with SerialLine(echoes) as line, SerialDevice(line.device_path, served):
        texts = [f"id=b{unit} unit={unit} url=rtu://{line.path} {settings}" for unit in units]
        with Probe(" ".join(texts)) as probe:
            yield line, served, probe


class Rtu(unittest.TestCase):
    def _let_through(self, unit, probe, name, opening):
        probe.say(f"open {name} {opening}")
        unit.wait_for_write(0x0200, 2)
        unit.set_arm("open")
        probe.wait_for(f"{name} opening {opening} seen_open")
        unit.set_input(SAFETY, True)
        probe.wait_for(f"{name} open under")
        unit.set_input(SAFETY, False)
        probe.wait_for(f"{name} opening {opening} passed")
        unit.wait_for_write(0x0201, 2)
        unit.set_arm("closed")
        probe.wait_for(f"{name} closed")

    def test_two_barriers_share_a_line_in_turn(self):
        with barriers(units=(1, 2)) as (_, units, probe):
            probe.wait_for("b1 closed", "b2 closed")
            self._let_through(units[1], probe, "b1", 7)
            self._let_through(units[2], probe, "b2", 8)
            figures = probe.figures()
            self.assertEqual(sum(value for name, value in figures.items() if "errors" in name), 0)

    def test_an_adapter_that_hears_itself_is_recognised(self):
        for settings in (QUICK, QUICK.replace("relay8", "generic")):
            with self.subTest(settings), barriers(settings, echoes=True) as (_, units, probe):
                probe.wait_for("b1 closed…")
                probe.say("open b1 7")
                units[1].wait_for_write(*((0x0200, 2) if "relay8" in settings else (0, ON)))
                units[1].set_arm("open")
                probe.wait_for("b1 opening 7 seen_open")
                figures = probe.figures()
                self.assertEqual(sum(v for name, v in figures.items() if "errors" in name), 0)

    def test_an_echo_alone_is_no_barrier(self):
        with SerialLine(echoes=True) as line, \
                Probe(f"id=b1 url=rtu://{line.path} {QUICK}") as probe:
            probe.wait_for("b1 unreachable")
            self.assertEqual([l for l in probe.heard if l.startswith("b1")], ["b1 unreachable"])

    def test_a_late_answer_is_waited_out_and_never_taken_for_another(self):
        with barriers() as (line, units, probe):
            probe.wait_for("b1 closed")
            late = []

            def on_answer(_, answer):
                if len(late) < 3:
                    late.append(answer)
                    return [(0.7, answer)]
                return answer
            units[1].set_input(SAFETY, True)
            probe.wait_for("b1 closed under")
            line.on_answer = on_answer
            while len(late) < 3:
                line.requests.get(timeout=DEADLINE_S)
            units[1].set_input(SAFETY, False)
            probe.wait_for("b1 closed")
            figures = probe.figures()
            self.assertEqual(figures["gatehouse_barrier_errors_total b1 timed_out"], 3)
            self.assertEqual(figures["gatehouse_barrier_errors_total b1 garbled"], 0)

    def test_noise_is_counted_and_never_an_input(self):
        with barriers() as (line, units, probe):
            probe.wait_for("b1 closed")
            answers = []

            def on_answer(_, answer):
                # Every bit of an answer in turn, each after a good one.
                answers.append(answer)
                bit = len(answers) // 2
                if len(answers) % 2 or bit >= 8 * len(answer):
                    return answer
                broken = bytearray(answer)
                broken[bit // 8] ^= 1 << bit % 8
                return bytes(broken)
            line.on_answer = on_answer
            while len(answers) < 2 * 48 + 2:
                line.requests.get(timeout=DEADLINE_S)
            figures = probe.figures()
            self.assertGreater(figures["gatehouse_barrier_errors_total b1 garbled"], 30)
            self.assertEqual([l for l in probe.heard if l.startswith("b1")], ["b1 closed"])

    def test_a_dead_neighbour_costs_nobody_his_barrier(self):
        with barriers(units=(1, 2)) as (line, units, probe):
            probe.wait_for("b1 closed", "b2 closed")
            line.on_answer = lambda request, answer: None if request[0] == 2 else answer
            probe.wait_for("b2 unreachable")
            self._let_through(units[1], probe, "b1", 7)
            line.on_answer = lambda request, answer: answer
            probe.wait_for("b2 closed")
            self.assertNotIn("b1 unreachable", probe.heard)

    def test_an_adapter_that_is_plugged_in_again_is_found(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "adapter"
            unit = Unit()
            with contextlib.ExitStack() as first:
                line = first.enter_context(SerialLine())
                first.enter_context(SerialDevice(line.device_path, {1: unit}))
                os.symlink(line.path, path)
                probe = Probe(f"id=b1 url=rtu://{path} {QUICK}")
                probe.wait_for("b1 closed")
                path.unlink()
            with probe:
                probe.wait_for("b1 unreachable")
                with SerialLine() as line, SerialDevice(line.device_path, {1: unit}):
                    os.symlink(line.path, path)
                    probe.wait_for("b1 closed")
                    probe.say("open b1 7")
                    unit.wait_for_write(0x0200, 2)

    def test_coils_that_the_gateway_pulses_are_written_0_first(self):
        with barriers(QUICK.replace("relay8", "generic")) as (_, units, probe):
            probe.wait_for("b1 closed…")
            self.assertEqual(units[1].take_written(), [(0, OFF), (1, OFF)])


if __name__ == "__main__":
    unittest.main()
