#!/usr/bin/env python3
"""Events per second and processor time per event, from the broker to the durable commit and the
retained availability, beside a subscriber that does nothing.

    bench/run_sensors.py                 # the figures of docs/performance.md: about 10 minutes
    bench/run_sensors.py --slots 1000 --rounds 1
    bench/run_sensors.py --slow-disk     # every fsync of the gateway takes 5 ms longer

Gateway and peer run in turn, each with a broker of its own, the same load and the same options.
Exits 1 when one event is unaccounted for.
"""

import argparse
import statistics
import time

from gateway import ROOT_TOPIC, GatewayLot, fates, lot_of, slots_file
from lab import Cpu, Failed, Lab, load_average, run, save, shown

_EVENTS = {0: 300_000, 1: 100_000}


class Load:
    """The sensors of one run: said their first words, ready for the storm."""

    def __init__(self, lab, broker, run, file):
        self.events = run["events"]
        self._process = lab.peer(
            "load_generator", "--port", broker.port, "--slots-file", file,
            "--events", self.events, "--qos", run["qos"], "--change-every", run["change_every"],
            "--retain", run["retain"],
        )  # fmt: skip
        self._process.line()

    def start(self):
        self._process.say("go")

    def sent(self):
        return self._process.line()

    @property
    def process(self):
        return self._process


def measure_peer(lab, run, slots, file):
    broker = lab.broker()
    peer = lab.peer("noop_subscriber", "--port", broker.port)
    peer.line()
    peer.say(slots)
    load = Load(lab, broker, run, file)
    if peer.line()["reached_ns"] == 0:
        raise Failed("the peer has not heard the first words")
    peer.say(load.events)
    time.sleep(0.1)
    with Cpu(subscriber=peer, broker=broker) as cpu:
        load.start()
        sent = load.sent()
        reached_ns = peer.line()["reached_ns"]
    if reached_ns == 0:
        raise Failed("the peer has not heard everything")
    result = rates(load.events, sent, reached_ns, cpu)
    for process in (load.process, peer, broker):
        lab.end(process)
    return result


def measure_gateway(lab, run, slots, file, lot, environment):
    broker = lab.broker()
    gateway = lot.run(broker, environment)
    gateway.await_connected()
    gateway.await_quiet()
    first = gateway.figures()
    load = Load(lab, broker, run, file)
    gateway.await_fates(first, slots)
    gateway.await_quiet()
    before = gateway.figures()
    with Cpu(subscriber=gateway, broker=broker) as cpu:
        load.start()
        sent = load.sent()
        reached_ns = gateway.await_fates(before, load.events)
        quiet_ns = gateway.await_quiet()
    after = gateway.figures()
    result = rates(load.events, sent, reached_ns, cpu)
    told = fates(before, after)
    told["lost"] = load.events - sum(told.values())
    shown_lot = broker.retained(f"{ROOT_TOPIC}/availability")
    result.update(
        fates=told,
        availability_is_right=shown_lot is not None and shown_lot["occupied"] == sent["occupied"],
        settled_ms=(quiet_ns - reached_ns) / 1e6,
        published=int(grown(before, after, "gatehouse_mqtt_published_total")),
        commits=int(grown(before, after, "gatehouse_commits_total")),
    )
    for process in (load.process, gateway, broker):
        lab.end(process)
    return result


def grown(before, after, name):
    return after[name] - before[name]


def rates(events, sent, reached_ns, cpu):
    return {
        "events_per_s": events * 1e9 / (reached_ns - sent["began_ns"]),
        "cpu_us": cpu.us_per("subscriber", events),
        "system_us": cpu.system_us_per("subscriber", events),
        "broker_us": cpu.us_per("broker", events),
        "load_average": load_average(),
    }


def measure(lab, run, rounds, environment):
    slots = run["slots"]
    zones = lot_of(slots)
    file = slots_file(lab.folder, f"slots-{slots}", zones)
    name = f"lot-{slots}-{run['qos']}-{run['change_every']}"
    lot = GatewayLot(lab, zones, name)
    pairs = []
    for turn in range(rounds):
        pair = {}
        # The one that goes first changes, so that neither profits from what the machine does.
        for who in ("peer", "gateway") if turn % 2 == 0 else ("gateway", "peer"):
            if who == "peer":
                pair["peer"] = measure_peer(lab, run, slots, file)
            else:
                pair["gateway"] = measure_gateway(lab, run, slots, file, lot, environment)
        pair["ratio"] = pair["gateway"]["events_per_s"] / pair["peer"]["events_per_s"]
        pairs.append(pair)
    return {**run, "pairs": pairs}


_HEADER = (
    "| slots | QoS | one change in | no-op events/s | gateway events/s | ratio | CPU µs/event: "
    "gateway (system) | no-op | broker with gateway / no-op | events a commit | published per 1,000 events | lost | load |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def row(result):
    def of(who, name):
        return [pair[who][name] for pair in result["pairs"]]

    events = result["events"]
    lost = sum(pair["gateway"]["fates"]["lost"] for pair in result["pairs"])
    middle = statistics.median
    cells = (
        f"{result['slots']:,}", result["qos"], result["change_every"],
        shown(of("peer", "events_per_s"), 1, 1000) + "k",
        shown(of("gateway", "events_per_s"), 1, 1000) + "k",
        shown([pair["ratio"] for pair in result["pairs"]], 2),
        f"{shown(of('gateway', 'cpu_us'), 1)} ({middle(of('gateway', 'system_us')):.1f})",
        shown(of("peer", "cpu_us"), 1),
        f"{middle(of('gateway', 'broker_us')):.1f} / {middle(of('peer', 'broker_us')):.1f}",
        f"{events / max(1, middle(of('gateway', 'commits'))):.0f}",
        f"{1000 * middle(of('gateway', 'published')) / events:.1f}",
        lost,
        f"{max(of('gateway', 'load_average')):.1f}",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def is_sound(result):
    return all(
        pair["gateway"]["fates"]["lost"] == 0 and pair["gateway"]["availability_is_right"]
        for pair in result["pairs"]
    )


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--slots", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    parser.add_argument("--qos", type=int, nargs="+", choices=[0, 1], default=[0, 1])
    parser.add_argument("--change-every", type=int, nargs="+", default=[10, 1])
    parser.add_argument("--events", type=int, help="of a run; default: by QoS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--not-retained", action="store_true", help="sensors publish without retain")
    parser.add_argument("--slow-disk", action="store_true")
    parser.add_argument("--json", help="file for every figure of every round")
    return parser.parse_args()


def main():
    arguments = parse()
    results = []
    with Lab(arguments.build) as lab:
        environment = lab.slow_disk() if arguments.slow_disk else None
        print(_HEADER, flush=True)
        for change_every in arguments.change_every:
            for slots in arguments.slots:
                for qos in arguments.qos:
                    run = {
                        "slots": slots,
                        "qos": qos,
                        "change_every": change_every,
                        "retain": 0 if arguments.not_retained else 1,
                        "events": arguments.events or _EVENTS[qos],
                    }
                    results.append(measure(lab, run, arguments.rounds, environment))
                    print(row(results[-1]), flush=True)
    save(results, arguments.json)
    return 0 if all(is_sound(result) for result in results) else 1


if __name__ == "__main__":
    run(main)
