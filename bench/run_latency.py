#!/usr/bin/env python3
"""From a sensor's publish to the availability of its zone, beside what it is made of: a bare round
trip through the broker and a bare commit.

    bench/run_latency.py                 # about 5 minutes, both disks
    bench/run_latency.py --rounds 1 --disk fast

Availability is published at most 20 times a second and zone, so the probed slots stand alone in
zones of their own, 500 of them, and the load of 20,000 events/s goes to other zones.
"""

import argparse
import statistics

from gateway import GatewayLot, lot_of, slots_file
from lab import Failed, Lab, load_average, run, save, shown

_PROBED_ZONES = 500
_LOAD_SLOTS = 1_000
_LOAD_RATE = 20_000
# Everybody once each way: afterwards every probed slot is free again.
_COUNT = 2 * _PROBED_ZONES
# Long enough that nothing else is under way when a probe starts.
_IDLE_INTERVAL_US = 4_000


def probed_zones():
    return {f"P{zone:03}": [f"P{zone:03}-1"] for zone in range(1, _PROBED_ZONES + 1)}


class Bench:
    def __init__(self, lab, disk, qos):
        self._lab = lab
        self._qos = qos
        self._environment = lab.slow_disk() if disk == "slow" else None
        load_zones = lot_of(_LOAD_SLOTS)
        self._load_file = slots_file(lab.folder, f"load-{disk}", load_zones)
        self._probed_file = lab.folder / f"probed-{disk}"
        self._probed_file.write_text(
            "".join(f"{slots[0]} {zone}\n" for zone, slots in probed_zones().items())
        )
        self._commit_path = lab.folder / f"commit-{disk}.db"
        self._broker = lab.broker()
        lot = GatewayLot(lab, {**load_zones, **probed_zones()}, f"lot-{disk}")
        self.gateway = lot.run(self._broker, self._environment)
        self.gateway.await_connected()
        self.gateway.await_quiet()
        self._probe("latency_probe", "--slots-file", self._probed_file)  # everybody's first words

    def _probe(self, name, *words, environment=None, interval_us=0):
        words = ["--count", _COUNT, "--interval-us", interval_us, *words]
        if name != "bare_commit":
            words += ["--port", self._broker.port, "--qos", self._qos]
        process = self._lab.peer(name, *words, environment=environment)
        result = process.line()
        self._lab.end(process)
        if result.get("unanswered"):
            raise Failed(f"{result['unanswered']} of {_COUNT} probes had no answer")
        return {**result, "load_average": load_average()}

    def idle(self, interval_us):
        """The parts and the whole, one after the other, at the same pace."""
        return {
            "round_trip": self._probe("round_trip", interval_us=interval_us),
            "commit": self._probe(
                "bare_commit", "--path", self._commit_path,
                environment=self._environment, interval_us=interval_us,
            ),
            "availability": self._probe(
                "latency_probe", "--slots-file", self._probed_file, interval_us=interval_us
            ),
        }  # fmt: skip

    def loaded(self):
        """The same probe while other sensors say 20,000 states a second."""
        events = _LOAD_RATE * 30
        load = self._lab.peer(
            "load_generator", "--port", self._broker.port, "--slots-file", self._load_file,
            "--qos", self._qos, "--events", events, "--rate", _LOAD_RATE,
        )  # fmt: skip
        load.line()
        self.gateway.await_quiet()
        load.say("go")
        before = self.gateway.figures()["gatehouse_mqtt_received_total"]
        began = _uptime_s()
        result = {
            "round_trip": self._probe("round_trip", interval_us=_IDLE_INTERVAL_US),
            "availability": self._probe(
                "latency_probe", "--slots-file", self._probed_file, interval_us=_IDLE_INTERVAL_US
            ),
        }
        received = self.gateway.figures()["gatehouse_mqtt_received_total"] - before
        result["events_per_s"] = received / (_uptime_s() - began)
        if not load.is_running():
            raise Failed("the load ended before the probe")
        self._lab.end(load)
        self.gateway.await_quiet()
        return result


def _uptime_s():
    with open("/proc/uptime", encoding="ascii") as file:
        return float(file.read().split()[0])


def of(results, part, name):
    return [result[part][name] for result in results]


def report(disk, when, parts, results):
    for part in parts:
        cells = [shown(of(results, part, name)) for name in ("p50_us", "p99_us", "max_us")]
        load = max(of(results, part, "load_average"))
        print(f"| {disk} | {when} | {part} | " + " | ".join(cells) + f" | {load} |", flush=True)


def report_idle(disk, when, results):
    report(disk, when, ("round_trip", "commit", "availability"), results)
    ratios = [
        r["availability"]["p50_us"] / (r["round_trip"]["p50_us"] + r["commit"]["p50_us"])
        for r in results
    ]
    print(f"| {disk} | {when} | **availability / (round_trip + commit)** | {shown(ratios, 2)} | | | |")


def report_loaded(disk, idle, loaded):
    rate = statistics.median(result["events_per_s"] for result in loaded)
    when = f"{rate:,.0f} events/s"
    report(disk, when, ("round_trip", "availability"), loaded)
    idle_p99 = statistics.median(of(idle, "availability", "p99_us"))
    ratios = [p99 / idle_p99 for p99 in of(loaded, "availability", "p99_us")]
    print(f"| {disk} | {when} | **p99 / idle p99** | | {shown(ratios, 1)} | | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--disk", nargs="+", choices=["fast", "slow"], default=["fast", "slow"])
    parser.add_argument("--qos", type=int, choices=[0, 1], default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="file for every figure of every round")
    arguments = parser.parse_args()
    results = {}
    print(f"QoS {arguments.qos}, {_COUNT} probes a round, µs\n")
    print("| disk | when | what | p50 | p99 | max | load average |\n|---|---|---|---|---|---|---|")
    for disk in arguments.disk:
        with Lab(arguments.build) as lab:
            bench = Bench(lab, disk, arguments.qos)
            rounds = range(arguments.rounds)
            idle = [bench.idle(_IDLE_INTERVAL_US) for _ in rounds]
            report_idle(disk, "idle", idle)
            back_to_back = [bench.idle(0) for _ in rounds]
            report_idle(disk, "back to back", back_to_back)
            loaded = [bench.loaded() for _ in rounds]
            report_loaded(disk, idle, loaded)
            results[disk] = {"idle": idle, "back_to_back": back_to_back, "loaded": loaded}
    save(results, arguments.json)
    return 0


if __name__ == "__main__":
    run(main)
