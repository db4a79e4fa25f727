#!/usr/bin/env python3
"""Resident memory, and how long the gateway takes from its start until it is there for the lot.

    bench/run_footprint.py               # 1,000, 10,000 and 100,000 slots in the store: a minute

Ready: health answers and the birth message is retained. Complete: every retained topic of the lot
has been said. Memory: when complete, after every sensor has spoken, and after 100,000 events.
"""

import argparse
import time

from gateway import ROOT_TOPIC, GatewayLot, lot_of, slots_file
from lab import Failed, Lab, Process, load_average, run, save, shown, wait_until


def heard_birth(lab, broker):
    """A process that prints the gateway's birth when it comes."""
    words = ["mosquitto_sub", "-p", broker.port, "-t", f"{ROOT_TOPIC}/gateway/status", "-C", "1"]
    return lab.started(Process(words, lab.log()))


def measure(lab, lot, file, slots):
    broker = lab.broker()
    listener = heard_birth(lab, broker)
    gateway = lot.run(broker)
    wait_until(gateway.health, "health answers", pause_s=0.002)
    if not listener.line()["online"]:
        raise Failed("the birth says offline")
    ready_ms = (time.monotonic_ns() - gateway.began_ns) / 1e6
    complete_ms = (gateway.await_quiet() - gateway.began_ns) / 1e6
    result = {"ready_ms": ready_ms, "complete_ms": complete_ms, "idle_mb": gateway.resident_mb()}

    before = gateway.figures()
    load = lab.peer("load_generator", "--port", broker.port, "--slots-file", file)
    load.line()
    gateway.await_fates(before, slots)
    gateway.await_quiet()
    result["spoken_mb"] = gateway.resident_mb()
    load.say("go")
    gateway.await_fates(before, slots + load.line()["sent"])
    gateway.await_quiet()
    result["loaded_mb"] = gateway.resident_mb()
    result["load_average"] = load_average()
    for process in (load, gateway, listener, broker):
        lab.end(process)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--slots", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="file for every figure of every round")
    arguments = parser.parse_args()
    results = {}
    print("| slots | ready ms | complete ms | MB idle | MB all have spoken | MB after 100,000 events |")
    print("|---|---|---|---|---|---|")
    with Lab(arguments.build) as lab:
        for slots in arguments.slots:
            zones = lot_of(slots)
            file = slots_file(lab.folder, f"slots-{slots}", zones)
            lot = GatewayLot(lab, zones, f"lot-{slots}")
            rounds = [measure(lab, lot, file, slots) for _ in range(arguments.rounds)]
            results[slots] = rounds
            cells = [
                shown([r[name] for r in rounds], digits)
                for name, digits in (
                    ("ready_ms", 0), ("complete_ms", 0),
                    ("idle_mb", 1), ("spoken_mb", 1), ("loaded_mb", 1),
                )
            ]  # fmt: skip
            print(f"| {slots:,} | " + " | ".join(cells) + " |", flush=True)
    save(results, arguments.json)
    return 0


if __name__ == "__main__":
    run(main)
