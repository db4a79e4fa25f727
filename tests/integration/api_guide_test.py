"""docs/api-guide.md is true: its lines are pasted into one bash, in order, against a gateway with the
lot that ./run makes, and each call is answered with the status that the guide says; every call of
openapi.json has a line, and the lot is afterwards what it was."""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from barrier import Barrier  # noqa: E402
from lot import Lot  # noqa: E402
from staff_api_test import passwords_in  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "api-guide.md"
ADDRESS = "http://127.0.0.1:8080"
PATIENCE_S = 540

# What is about a provider's money (docs/contract/http.md): the guide may leave it out.
OF_PROVIDERS = re.compile(r"/api/payment/(?!\{session_id\}/status/).*|/api/user/extend-booking/"
                          r"|/parking/api/booking/payment/|/parking/api/payment/additional/")

# bash reads this first: curl says what it did, and a command that fails says where it stands.
# BASH_LINENO ends with the line of the guide, also where a function of the guide calls.
WITNESS = r"""
curl() {
  local line=${BASH_LINENO[-2]}
  command curl "$@" --write-out "\n%{stderr}call $line %{method} %{http_code} %{url_effective}\n" \
    2>>"$GUIDE_RECORD" || true
}
failed() {
  echo "failed $1 ${*:2}" >>"$GUIDE_RECORD"
}
set -o errtrace
trap 'failed "$((${#BASH_LINENO[@]} > 1 ? BASH_LINENO[-2] : LINENO))" "$BASH_COMMAND"' ERR
"""


def shell_of(text):
    """The blocks that are run, each line where it stands in the guide."""
    lines, runs = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            runs = line == "```sh"
            lines.append("")
        else:
            lines.append(line if runs else "")
    return lines


def calls_in(line):
    """Whether a line makes calls itself, and is not a comment or a function."""
    return re.search(r"\bcurl \S", line.split("#")[0]) and not re.match(r"\w+\(\)", line)


class GuideLot(Lot):
    """The lot of ./run, with the barriers that the test brings; in var/demo, as ./run has it."""

    def __init__(self, *barriers):
        self.barriers = barriers
        super().__init__()
        self.clone = self.directory / "clone"
        (self.clone / "var").mkdir(parents=True)
        (self.clone / "var" / "demo").symlink_to(self.directory)

    def write_config(self):
        ports = [self.port, self.http_port, *(each.port for each in self.barriers)]
        made = subprocess.run(
            ["bash", "-c", 'root=$1; source "$root/packaging/setup.sh"; demo_lot "${@:2}"', "bash",
             str(ROOT), *map(str, ports)], check=True, text=True, stdout=subprocess.PIPE)
        self.config.write_text(made.stdout)

    def make(self):
        done = self.command("init", "--demo")
        assert done.returncode == 0, done.stdout + done.stderr
        (self.directory / "accounts.txt").write_text(done.stdout)
        self.passwords = passwords_in(done.stdout)
        done = self.command("broker", "--out", self.directory / "broker")
        assert done.returncode == 0, done.stdout + done.stderr


class Guide(unittest.TestCase):
    def setUp(self):
        way_in, way_out = self.enterContext(Barrier()), self.enterContext(Barrier())
        self.lot = GuideLot(way_in, way_out)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()
        with self.lot.watch(self.lot.root + "gates/+/barrier") as barriers:
            for gate in ("ENTRY_GATE_01", "EXIT_GATE_01"):
                barriers.until(f"{self.lot.root}gates/{gate}/barrier",
                               lambda shown: shown["state"] == "closed")
        self.lines = shell_of(GUIDE.read_text(encoding="utf-8"))

    def test_every_line_is_answered_as_the_guide_says(self):
        before = self.the_lot()
        made, problems, output = self.run_the_guide()
        called = {line for line, *_ in made}
        for number, line in enumerate(self.lines, 1):
            if calls_in(line) and number not in called:
                problems.append(self.named(number, "made no call"))
        for number, _, status, _ in made:
            wanted = re.search(r"# (\d{3})$", self.lines[number - 1])
            if not (status == wanted[1] if wanted else status in ("200", "201", "202", "204")):
                problems.append(self.named(number, f"was answered {status}"))
        problems += [f"{call} has no line" for call in self.calls_without_a_line(made)]
        if problems:
            self.fail("\n" + "\n".join(problems) + "\n\n" + output[-4000:])
        self.assertEqual(self.the_lot(), before)
        done = self.lot.command("audit")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def named(self, number, what):
        return f"docs/api-guide.md:{number} {what}: {self.lines[number - 1].strip()}"

    def run_the_guide(self):
        """(line, method, status, path) of each call, what failed, and what was printed."""
        text = "\n".join(self.lines) + "\n"
        self.assertEqual(text.count(ADDRESS), 1)
        script, witness, record = (self.lot.directory / name
                                   for name in ("guide.sh", "witness.sh", "record"))
        script.write_text(text.replace(ADDRESS, f"http://127.0.0.1:{self.lot.http_port}"))
        witness.write_text(WITNESS)
        record.touch()
        done = subprocess.run(
            ["bash", str(script)], cwd=self.lot.clone, timeout=PATIENCE_S, check=False,
            env={**os.environ, "BASH_ENV": str(witness), "GUIDE_RECORD": str(record)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        made, problems = [], []
        for line in record.read_text().splitlines():
            said = re.match(r"call (\d+) (\w+) (\d{3}) http://[^/]+([^?]*)", line)
            if said:
                made.append((int(said[1]), said[2], said[3], said[4]))
                continue
            failed = re.match(r"failed (\d+) (.*)", line)
            if failed:  # else a word of curl's, as that it tries again
                problems.append(self.named(int(failed[1]), "failed"))
        problems = list(dict.fromkeys(problems))  # a pipe fails, and what it stands in
        return made, problems, done.stdout.decode(errors="replace")

    def calls_without_a_line(self, made):
        status, text = self.lot.curl("/openapi.json")
        self.assertEqual(status, 200)
        missing = []
        for path, operations in json.loads(text)["paths"].items():
            wanted = re.compile(re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(path)))
            missing += [f"{method.upper()} {path}" for method in operations
                        if not OF_PROVIDERS.fullmatch(path)
                        and not any(asked == method.upper() and wanted.fullmatch(at)
                                    for _, asked, _, at in made)]
        return missing

    def the_lot(self):
        """What the guide is to leave as it was."""
        token = self.ask("/api/auth/login/", "--json", json.dumps({
            "username": "admin", "password": self.lot.passwords["admin"]}))["access"]

        def data(path):
            return self.ask(path, "--header", f"Authorization: Bearer {token}")["data"]
        return {
            "zones": data("/api/admin/zones/"), "slots": data("/api/admin/slots/?page_size=200"),
            "settings": data("/api/admin/settings/"),
            "open sessions": data("/api/staff/active-sessions/"),
            "open shifts": data("/api/admin/shifts/?open=true"),
            "accounts": [user["username"] for user in
                         data("/api/admin/users/?disabled=false")["users"]],
            "barriers held": [gate["gate"] for gate in data("/api/staff/gates/")["gates"]
                              if gate["barrier"]["state"] in ("held", "locked")]}

    def ask(self, path, *options):
        # The gateway may be about to read the lot anew.
        status, text = self.lot.curl(path, "--retry", "20", "--retry-delay", "1",
                                     "--retry-all-errors", *options)
        self.assertEqual(status, 200, text)
        return json.loads(text)


if __name__ == "__main__":
    unittest.main()
