#!/usr/bin/env python3
"""From a scan to its decision and to the barrier's coil, beside what it is made of: a bare round
trip through the broker, a bare commit and a bare write of a coil.

    bench/run_gates.py                   # about 4 minutes
    bench/run_gates.py --rounds 1 --disk fast

Sixteen gates take turns, so that each arm is down again before its next scan. Every scan is a
ticket from the counter that was never used before, and every ticket opens once.
"""

import argparse
import json
import statistics
import urllib.request

from gateway import ROOT_TOPIC, GatewayLot, lot_of, slots_file
from lab import Failed, Lab, free_port, load_average, run, save, shown, wait_until

_GATES = 16
_SCANS = 500  # a round
_INTERVAL_US = 60_000
_LOAD_RATE = 5_000

_GATE = """
[[gates.lanes]]
id = "{gate}"
direction = "entry"
zones = ["G"]
barrier = "{gate}-arm"
[[barriers]]
id = "{gate}-arm"
url = "tcp://127.0.0.1:{port}"
pulse_ms = 100
poll_ms = 50
clear_ms = 100
"""


class Counter:
    """Where tickets are sold."""

    def __init__(self, url, password):
        self._url = url
        self._token = None
        self._token = self._post("/api/auth/login/", username="admin", password=password)["access"]

    def _post(self, path, **body):
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(
            self._url + path, data=json.dumps(body).encode(), headers=headers
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def ticket(self, number):
        sold = self._post(
            "/parking/entry/", vehicle_number=f"DL01B{number:05}", owner_name="Bench", zone_id="G"
        )
        return sold["data"]["qr_code"]


class Bench:
    def __init__(self, lab, disk, rounds):
        self._lab = lab
        self._environment = lab.slow_disk() if disk == "slow" else None
        self._commit_path = lab.folder / f"commit-{disk}.db"
        self._broker = lab.broker()
        gates = {f"GATE_{number:02}": free_port() for number in range(1, _GATES + 1)}
        load_zones = lot_of(1_000)
        self._load_file = slots_file(lab.folder, f"load-{disk}", load_zones)
        tickets = (2 * rounds) * _SCANS
        own_zone = {"G": [f"G-{slot:05}" for slot in range(tickets)]}
        lot = GatewayLot(
            lab, {**own_zone, **load_zones}, f"lot-{disk}",
            more="".join(_GATE.format(gate=gate, port=port) for gate, port in gates.items()),
        )  # fmt: skip
        gates_file = lab.folder / f"gates-{disk}"
        gates_file.write_text("".join(f"{gate} {port}\n" for gate, port in gates.items()))
        self._codes_file = lab.folder / f"codes-{disk}"
        self._probe = lab.peer(
            "gate_probe", "--port", self._broker.port, "--gates-file", gates_file,
            "--codes-file", self._codes_file,
        )  # fmt: skip
        self._probe.line()
        self.gateway = lot.run(self._broker, self._environment)
        self.gateway.await_connected()
        self.gateway.await_quiet()
        wait_until(self._barriers_work, "all barriers answer")
        self._counter = Counter(self.gateway.url, lot.password_of("admin"))
        self._sold = 0

    def _barriers_work(self):
        return self.gateway.health()["services"]["barriers"] == "ok"

    def _sell(self):
        codes = [self._counter.ticket(self._sold + number) for number in range(_SCANS)]
        self._sold += _SCANS
        with open(self._codes_file, "a", encoding="utf-8") as file:
            file.writelines(f"{code}\n" for code in codes)
        self.gateway.await_quiet()

    def _part(self, name, *words, environment=None):
        process = self._lab.peer(
            name, "--count", _SCANS, "--interval-us", _INTERVAL_US // 6, *words,
            environment=environment,
        )  # fmt: skip
        result = process.line()
        self._lab.end(process)
        return result

    def parts(self):
        return {
            "round_trip": self._part("round_trip", "--port", self._broker.port, "--qos", 1),
            "commit": self._part(
                "bare_commit", "--path", self._commit_path, environment=self._environment
            ),
            "coil": self._part("modbus_write", "--modbus-port", free_port()),
        }

    def scans(self):
        self._sell()
        return self._scan()

    def _scan(self):
        self._probe.say(f"{_SCANS} {_INTERVAL_US}")
        result = self._probe.line()
        if result["unanswered"] or result["pulses"] != _SCANS:
            raise Failed(f"{_SCANS} scans, {result['pulses']} pulses: {result}")
        return {**result, "load_average": load_average()}

    def loaded_scans(self):
        """The same while sensors say 5,000 states a second."""
        self._sell()
        seconds = _SCANS * _INTERVAL_US // 1_000_000 + 30
        load = self._lab.peer(
            "load_generator", "--port", self._broker.port, "--slots-file", self._load_file,
            "--qos", 1, "--events", _LOAD_RATE * seconds, "--rate", _LOAD_RATE,
        )  # fmt: skip
        load.line()
        self.gateway.await_quiet()
        load.say("go")
        result = self._scan()
        if not load.is_running():
            raise Failed("the load ended before the probe")
        self._lab.end(load)
        self.gateway.await_quiet()
        return result


def report(disk, when, what, results):
    cells = [shown([result[name] for result in results]) for name in ("p50_us", "p99_us", "max_us")]
    print(f"| {disk} | {when} | {what} | " + " | ".join(cells) + " |", flush=True)


def report_ratio(disk, what, rounds, name):
    ratios = [
        scan["coil"][name] / sum(parts[part][name] for part in ("round_trip", "commit", "coil"))
        for parts, scan in rounds
    ]
    print(f"| {disk} | idle | **{what}** | {shown(ratios, 2)} | | |", flush=True)


def measure(lab, disk, rounds):
    bench = Bench(lab, disk, rounds)
    idle = [(bench.parts(), bench.scans()) for _ in range(rounds)]
    for part in ("round_trip", "commit", "coil"):
        report(disk, "idle", f"bare {part}", [parts[part] for parts, _ in idle])
    for what in ("decision", "coil"):
        report(disk, "idle", f"scan → {what}", [scan[what] for _, scan in idle])
    report_ratio(disk, "coil / sum of the parts, p50", idle, "p50_us")
    report_ratio(disk, "coil / sum of the parts, p99", idle, "p99_us")
    loaded = [bench.loaded_scans() for _ in range(rounds)]
    for what in ("decision", "coil"):
        report(disk, f"{_LOAD_RATE:,} events/s", f"scan → {what}", [scan[what] for scan in loaded])
    idle_p99 = statistics.median(scan["coil"]["p99_us"] for _, scan in idle)
    ratios = [scan["coil"]["p99_us"] / idle_p99 for scan in loaded]
    print(f"| {disk} | {_LOAD_RATE:,} events/s | **p99 / idle p99** | | {shown(ratios, 1)} | |")
    return {"idle": idle, "loaded": loaded}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--disk", nargs="+", choices=["fast", "slow"], default=["fast", "slow"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="file for every figure of every round")
    arguments = parser.parse_args()
    results = {}
    print(f"{_SCANS} scans a round over {_GATES} gates of {ROOT_TOPIC}, µs\n")
    print("| disk | when | what | p50 | p99 | max |\n|---|---|---|---|---|---|")
    for disk in arguments.disk:
        with Lab(arguments.build) as lab:
            results[disk] = measure(lab, disk, arguments.rounds)
    save(results, arguments.json)
    return 0


if __name__ == "__main__":
    run(main)
