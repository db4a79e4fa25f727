#!/usr/bin/env python3
"""Whole parking cycles a second through the engine and the store, and whether a long past makes them
dearer.

    bench/run_cycles.py                          # 1,000 and 1,000,000 past sessions: many minutes
    bench/run_cycles.py --past 1000 100000
"""

import argparse

from lab import Lab, load_average, run, save


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--past", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--cycles", type=int, default=5_000)
    parser.add_argument("--json", help="file for every figure")
    arguments = parser.parse_args()
    results = []
    print("| past sessions | cycles/s, 100 cars at once | cycles/s, one car | store MB | load |")
    print("|---|---|---|---|---|")
    with Lab(arguments.build) as lab:
        for past in arguments.past:
            process = lab.peer(
                "cycles", "--path", lab.folder / f"cycles-{past}.db", "--past", past,
                "--cycles", arguments.cycles,
            )  # fmt: skip
            result = process.line()
            lab.end(process)
            results.append(result)
            print(
                f"| {past:,} | {result['together_per_s']:,} | {result['alone_per_s']:,} "
                f"| {result['store_mb']:,} | {load_average()} |",
                flush=True,
            )
    for what in ("together_per_s", "alone_per_s"):
        print(f"\n{what}: {results[0][what] / results[-1][what]:.2f} times as dear at the end")
    save(results, arguments.json)
    return 0


if __name__ == "__main__":
    run(main)
