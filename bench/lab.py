"""What the benches share: a broker, the peers and the gateway as processes that end with the bench.

    with Lab(build) as lab:
        broker = lab.broker()
        peer = lab.peer("noop_subscriber", "--port", broker.port)
        peer.line()                      # what it prints, as JSON

Every process is started here and ended here, by its own id; nothing else is touched.
"""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")

# As `gatehouse broker` writes it for a development broker (broker/mosquitto.cpp).
_BROKER_CONFIGURATION = """\
persistence false
set_tcp_nodelay true
max_inflight_messages 1000
max_queued_messages 0
log_dest stderr
log_type error
log_type warning
log_type notice
listener {port} 127.0.0.1
allow_anonymous true
"""


class Failed(Exception):
    """A bench that cannot be run to its end; the text says why."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_true, what, timeout_s=30.0, pause_s=0.01):
    """Polls; returns when `is_true` gives something true, and gives it back."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = is_true()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failed(f"waited {timeout_s:.0f} s in vain: {what}")
        time.sleep(pause_s)


class Process:
    """One process of ours. Its standard output is read as lines of JSON."""

    def __init__(self, words, log, environment=None):
        self.words = [str(word) for word in words]
        self.began_ns = time.monotonic_ns()
        self._process = subprocess.Popen(
            self.words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    @property
    def pid(self):
        return self._process.pid

    def is_running(self):
        return self._process.poll() is None

    def say(self, text):
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def line(self):
        text = self._process.stdout.readline()
        if not text:
            raise Failed(f"{self.words[0]} ended early; see its log")
        return json.loads(text)

    def end(self):
        """Asks to end, then insists. Returns the exit code."""
        if self.is_running():
            self._process.terminate()
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            for stream in (self._process.stdin, self._process.stdout):
                try:
                    stream.close()
                except BrokenPipeError:
                    pass  # it ended with something of ours unread

    def cpu_s(self):
        """User and system time of the whole process so far (proc(5): utime, stime)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / _TICKS_PER_S, int(fields[12]) / _TICKS_PER_S

    def resident_mb(self):
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise Failed(f"no VmRSS of {self.words[0]}")


class Cpu:
    """Processor time that several processes take while it is open."""

    def __init__(self, **processes):
        self._processes = processes

    def __enter__(self):
        self._before = {name: p.cpu_s() for name, p in self._processes.items()}
        return self

    def __exit__(self, *_):
        self.user_s, self.system_s = {}, {}
        for name, process in self._processes.items():
            user, system = process.cpu_s()
            self.user_s[name] = user - self._before[name][0]
            self.system_s[name] = system - self._before[name][1]

    def us_per(self, name, events):
        return (self.user_s[name] + self.system_s[name]) * 1e6 / events

    def system_us_per(self, name, events):
        return self.system_s[name] * 1e6 / events


class Broker(Process):
    def __init__(self, folder, log):
        self.port = free_port()
        configuration = folder / f"mosquitto-{self.port}.conf"
        configuration.write_text(_BROKER_CONFIGURATION.format(port=self.port))
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        super().__init__([program, "-c", configuration], log)
        wait_until(self._listens, "mosquitto listens")

    def _listens(self):
        if not self.is_running():
            raise Failed("mosquitto does not start")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def retained(self, topic):
        """What the broker hands to a new subscriber of the topic, or None."""
        words = ["mosquitto_sub", "-p", str(self.port), "-t", topic, "-C", "1", "-W", "5"]
        got = subprocess.run(words, capture_output=True, text=True, check=False)
        return json.loads(got.stdout) if got.returncode == 0 and got.stdout else None


class Lab:
    """A folder and the processes of one bench; leaving it ends them and removes it."""

    def __init__(self, build):
        self.binaries = (ROOT / build / "bin").resolve()
        self._processes = []

    def __enter__(self):
        # Told to end, leave in order: what was started must not outlive the bench.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = Path(tempfile.mkdtemp(prefix="gatehouse-bench-", dir=scratch_folder()))
        self._log = open(self.folder / "log", "w", encoding="utf-8")
        return self

    def __exit__(self, failure, *_):
        for process in reversed(self._processes):
            process.end()
        self._log.close()
        if failure is not None:
            print((self.folder / "log").read_text(encoding="utf-8")[-4000:])
        shutil.rmtree(self.folder)

    def started(self, process):
        self._processes.append(process)
        return process

    def log(self):
        return self._log

    def end(self, process):
        self._processes.remove(process)
        return process.end()

    def broker(self):
        return self.started(Broker(self.folder, self._log))

    def peer(self, name, *words, environment=None):
        program = self.binaries / name
        if not program.exists():
            raise Failed(f"{program} is not built: cmake --preset bench && ninja -C build/bench")
        return self.started(Process([program, *words], self._log, environment))

    def slow_disk(self):
        """The environment in which every fsync of a process takes 5 ms longer."""
        return {"LD_PRELOAD": str(self.binaries / "slow_fsync.so"), "SLOW_FSYNC_US": "5000"}


def scratch_folder():
    """On the file system of the build, so that an fsync is one of the disk and not of memory."""
    folder = ROOT / "build" / "bench-scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def load_average():
    return round(os.getloadavg()[0], 2)


def summary(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def shown(values, digits=0, unit=1.0):
    """`median [min..max]` of the values in `unit`s."""
    low, middle, high = (f"{f(values) / unit:.{digits}f}" for f in (min, statistics.median, max))
    return f"{middle} [{low}..{high}]"


def save(results, path):
    """Every figure of every round; no path: nowhere."""
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


def run(main):
    """A bench's main: what it cannot do is said in a line, and ends in 1."""
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"{Path(sys.argv[0]).stem}: {failure}")
