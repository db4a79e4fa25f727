"""The gateway under measurement: its lot.toml, its store, its process, its figures at /metrics."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request

from lab import Failed, Process, free_port, wait_until

LOT = "demo"
ROOT_TOPIC = f"parking/v1/{LOT}"

_HEAD = """\
[lot]
id = "{lot}"
name = "Bench lot"
timezone = "Asia/Kolkata"
[store]
path = "{folder}/gatehouse.db"
keys_path = "{folder}/gatehouse.keys"
[broker]
url = "mqtt://127.0.0.1:{broker_port}"
[broker.server]
development = true
listen = ["127.0.0.1:{broker_port}"]
[http]
listen = "127.0.0.1:{http_port}"
# Nobody is kept from measuring: every client has one address and one account.
rate_limit = {{ anonymous_per_hour = 0, user_per_hour = 0, staff_per_hour = 0, login_failures = 0 }}
"""
_ZONE = """
[[zones]]
id = "{zone}"
name = "Zone {zone}"
hourly_rate = "50.00"
slots = [{slots}]
"""

# What became of a slot state that arrived.
_FATES = (
    "gatehouse_sensor_states_total",
    "gatehouse_inbox_merged_total",
    "gatehouse_mqtt_rejected_total",
)


def lot_of(slots, prefix="Z", zones_max=100):
    """{zone: [slot ids]}: a hundred slots a zone, as a floor has; more only beyond a hundred zones."""
    zones = max(1, min(zones_max, slots // 100))
    size = slots // zones
    return {
        f"{prefix}{zone:03}": [f"{prefix}{zone:03}-{slot:04}" for slot in range(1, size + 1)]
        for zone in range(1, zones + 1)
    }


def slots_file(folder, name, zones):
    """The ids of all slots, one a line, as the load generator reads them."""
    path = folder / name
    path.write_text("".join(f"{slot}\n" for slots in zones.values() for slot in slots))
    return path


class GatewayLot:
    """A lot on disk: made once, run as often as wanted, with any broker."""

    def __init__(self, lab, zones, name="lot", more=""):
        """`more`: further tables of lot.toml."""
        self._lab = lab
        self._zones = zones
        self._more = more
        self._program = lab.binaries / "gatehouse"
        if not self._program.exists():
            raise Failed(f"{self._program} is not built")
        self._folder = lab.folder / name
        self._folder.mkdir()
        self._file = self._folder / "lot.toml"
        self._write(broker_port=1883, http_port=8080)
        words = [str(self._program), "init", "--config", str(self._file)]
        made = subprocess.run(words, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failed(f"gatehouse init: {made.stderr}")
        self._accounts = made.stdout

    def password_of(self, name):
        """`gatehouse init` prints it once."""
        found = re.search(rf"(?m)^{name}: (.+)$", self._accounts)
        if not found:
            raise Failed(f"no account {name} was made")
        return found.group(1)

    def _write(self, broker_port, http_port):
        text = _HEAD.format(
            lot=LOT, folder=self._folder, broker_port=broker_port, http_port=http_port
        )
        for zone, slots in self._zones.items():
            text += _ZONE.format(zone=zone, slots=", ".join(f'"{slot}"' for slot in slots))
        text += self._more
        self._file.write_text(text)

    def run(self, broker, environment=None):
        http_port = free_port()
        self._write(broker.port, http_port)
        words = [self._program, "run", "--config", self._file, "--log-level", "warning"]
        return self._lab.started(Gateway(words, self._lab.log(), environment, http_port))


class Gateway(Process):
    def __init__(self, words, log, environment, http_port):
        super().__init__(words, log, environment)
        self.url = f"http://127.0.0.1:{http_port}"

    def _get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return answer.read().decode()

    def health(self):
        """What it says of itself, or None while nobody answers."""
        if not self.is_running():
            raise Failed("the gateway ended; see its log")
        try:
            return json.loads(self._get("/api/public/health/"))
        except (urllib.error.URLError, ConnectionError):
            return None

    def figures(self):
        """{name: sum over its labels} and {name{labels}: value} of /metrics."""
        figures = {}
        for line in self._get("/metrics").splitlines():
            found = re.fullmatch(r"(\w+)(\{[^}]*\})? ([-+.e\d]+)", line)
            if not found:
                continue
            name, labels, value = found.group(1), found.group(2), float(found.group(3))
            figures[name] = figures.get(name, 0) + value
            if labels:
                figures[name + labels] = value
        return figures

    def await_connected(self):
        wait_until(self.health, "the gateway answers")
        wait_until(
            lambda: self.figures().get("gatehouse_broker_connected") == 1, "the gateway connects"
        )

    def await_fates(self, before, sent, timeout_s=60.0):
        """Waits until `sent` states more than in `before` have met their fate; then the instant."""

        def are_complete():
            figures = self.figures()
            return sum(figures[name] - before[name] for name in _FATES) >= sent

        wait_until(are_complete, f"all of {sent} states are accounted for", timeout_s)
        return time.monotonic_ns()

    def await_quiet(self, quiet_s=0.4, timeout_s=60.0):
        """Waits until nothing more is published; the instant of the last publication seen."""
        last, since = None, time.monotonic_ns()
        deadline = time.monotonic() + timeout_s
        while time.monotonic_ns() - since < quiet_s * 1e9:
            if time.monotonic() > deadline:
                raise Failed("the gateway never stops publishing")
            published = self.figures()["gatehouse_mqtt_published_total"]
            if published != last:
                last, since = published, time.monotonic_ns()
            time.sleep(0.02)
        return since


def fates(before, after):
    """What became of the states between two readings of the figures."""
    told = {name: after[name] - before[name] for name in _FATES}
    verdicts = {}
    for verdict in ("applied", "repeated", "late"):
        name = f'gatehouse_sensor_states_total{{verdict="{verdict}"}}'
        verdicts[verdict] = int(after.get(name, 0) - before.get(name, 0))
    return {
        **verdicts,
        "merged": int(told["gatehouse_inbox_merged_total"]),
        "rejected": int(told["gatehouse_mqtt_rejected_total"]),
    }
