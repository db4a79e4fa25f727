#!/usr/bin/env python3
"""Requests of the API per second and how long they take, beside RESTinio answering a constant and
beside Django with the same three steps, as its defaults are and tuned.

    bench/run_api.py
    bench/run_api.py --rounds 1 --seconds 2
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import urllib.request

from gateway import GatewayLot
from lab import ROOT, Failed, Lab, Process, free_port, load_average, run, save, shown, wait_until

_ZONE = "G"
_SLOTS = 1_000
_CONNECTIONS = (1, 10, 100, 500)
_STATUS = f"/parking/zone/{_ZONE}/status/"
_PEER = ROOT / "bench" / "peers" / "django_lot"


class Django(Process):
    """The peer: gunicorn with its defaults, or with workers, threads and a database set up well."""

    def __init__(self, lab, is_tuned):
        self.port = free_port()
        store = lab.folder / f"django-{self.port}.sqlite3"
        environment = {
            "DJANGO_LOT_STORE": str(store),
            "DJANGO_LOT_TUNED": "1" if is_tuned else "0",
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        made = subprocess.run(
            ["/usr/bin/python3", "make_store.py", _ZONE, str(_SLOTS)],
            cwd=_PEER, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise Failed(f"the peer's store is not made: {made.stderr[-500:]}")
        gunicorn = shutil.which("gunicorn")
        if not gunicorn:
            raise Failed("the peer is missing: apt-get install python3-django gunicorn")
        words = [gunicorn, "--chdir", _PEER, "--bind", f"127.0.0.1:{self.port}"]
        words += ["--log-level", "error", "--backlog", "1024"]
        if is_tuned:
            words += ["--workers", "3", "--threads", "8", "--worker-class", "gthread"]
            words += ["--keep-alive", "30"]
        super().__init__([*words, "wsgi:application"], lab.log(), environment)
        wait_until(self._listens, "the peer listens")

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Bench:
    def __init__(self, lab, seconds):
        self._lab = lab
        self._seconds = seconds
        self._series = 0
        self._lot = GatewayLot(
            lab, {_ZONE: [f"{_ZONE}-{slot:05}" for slot in range(1, _SLOTS + 1)]}
        )
        self.gateway = self._lot.run(lab.broker())
        self.gateway.await_connected()
        self._password = self._lot.password_of("admin")
        self._token = self._login()
        status = self._get(_STATUS)
        self._constant_port = free_port()
        lab.peer("constant_http", "--port", self._constant_port, "--bytes", len(status)).line()
        self.django = {
            kind: lab.started(Django(lab, kind == "tuned")) for kind in ("default", "tuned")
        }

    def _get(self, path):
        with urllib.request.urlopen(self.gateway.url + path, timeout=10) as answer:
            return answer.read()

    def _login(self):
        body = json.dumps({"username": "admin", "password": self._password}).encode()
        request = urllib.request.Request(
            self.gateway.url + "/api/auth/login/", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access"]

    def _port_of(self, server):
        if server == "gateway":
            return int(self.gateway.url.rpartition(":")[2])
        return self._constant_port if server == "constant" else self.django[server].port

    def load(self, server, mode, connections):
        """One run of clients; what they saw."""
        self._series += 1
        words = ["--mode", mode, "--port", self._port_of(server), "--connections", connections]
        words += ["--seconds", self._seconds, "--path", _STATUS, "--zone", _ZONE]
        words += ["--series", self._series]
        if server == "gateway":
            words += ["--token", self._token, "--user", "admin", "--password", self._password]
        client = self._lab.peer("api_load", *words)
        seen = client.line()
        self._lab.end(client)
        seen.update(server=server, mode=mode, connections=connections, load=load_average())
        return seen

    def idle(self, count):
        """So many clients that say nothing."""
        address = ("127.0.0.1", self._port_of("gateway"))
        return [socket.create_connection(address) for _ in range(count)]


def worst_p99_ms(seen):
    return max(step["p99_us"] for step in seen["steps"].values()) / 1000


class Report:
    """Rounds of the same runs, one after the other, so that a slow minute of the machine meets all."""

    def __init__(self, bench, rounds):
        self._bench = bench
        self._rounds = rounds
        self.seen = []

    def table(self, mode, unit, servers, connections):
        print(f"\n| {mode}: connections | " + " | ".join(servers) + " | gateway p99 ms | failed |")
        print("|---" * (len(servers) + 3) + "|")
        for count in connections:
            rounds = [
                {server: self._bench.load(server, mode, count) for server in servers}
                for _ in range(self._rounds)
            ]
            self.seen += [seen for each in rounds for seen in each.values()]
            cells = [shown([each[server][unit] for each in rounds]) for server in servers]
            p99 = shown([worst_p99_ms(each["gateway"]) for each in rounds], 1)
            failed = sum(each["gateway"]["failed"] for each in rounds)
            print(f"| {count} | " + " | ".join(cells) + f" | {p99} | {failed} |", flush=True)

    def beside_idle(self, active, idle):
        without = self._bench.load("gateway", "get", active)
        before_mb = self._bench.gateway.resident_mb()
        silent = self._bench.idle(idle)
        beside = self._bench.load("gateway", "get", active)
        grown_mb = self._bench.gateway.resident_mb() - before_mb
        for connection in silent:
            connection.close()
        ratio = beside["requests_per_s"] / without["requests_per_s"]
        self.seen += [without, {**beside, "idle": idle, "grown_mb": grown_mb}]
        print(
            f"\n{active} active clients beside {idle} idle ones: {ratio:.2f} of without; "
            f"memory grew by {grown_mb:.1f} MB"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    with Lab(arguments.build) as lab:
        bench = Bench(lab, arguments.seconds)
        report = Report(bench, arguments.rounds)
        peers = ("gateway", "tuned", "default")
        report.table("get", "requests_per_s", ("gateway", "constant", "tuned"), _CONNECTIONS)
        report.table("cycle", "cycles_per_s", peers, (1, 10, 100))
        report.table("cycle", "cycles_per_s", ("gateway", "tuned"), (500,))
        report.table("login", "requests_per_s", ("gateway",), (1, 10, 50))
        report.beside_idle(10, 1_000)
        save(report.seen, arguments.json)
    # The peer may give way under load; that is one of its figures.
    return 1 if any(seen["failed"] for seen in report.seen if seen["server"] == "gateway") else 0


if __name__ == "__main__":
    run(main)
