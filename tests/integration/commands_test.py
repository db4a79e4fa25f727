"""`gatehouse check`, `init`, `broker` and `run` as a shell sees them: exit codes, and errors that name
file, line and key (docs/contract/config-and-cli.md)."""
import csv
import hashlib
import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from gateway import Gateway  # noqa: E402
from lot import Lot, LotCase, state  # noqa: E402

DONE, NOT_SO, WRONG_USAGE, UNREACHABLE = 0, 1, 2, 3


class Files(unittest.TestCase):
    """A lot that is never started."""

    def setUp(self):
        self.lot = Lot(zones={"A": 3})
        self.addCleanup(self.lot.close)
        self.store = self.lot.directory / "gatehouse.db"

    def refuses(self, command, code, *said):
        done = self.lot.command(*command)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for each in said:
            self.assertIn(each, done.stdout + done.stderr)

    def line_of(self, text):
        lines = self.lot.config.read_text().splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def test_a_wrong_file_is_refused_with_file_line_and_key(self):
        good = self.lot.config.read_text()
        wrong = [('hourly_rate = "50.00"', "hourly_rate = 50", "hourly_rate"),
                 ("slots = 3", "slots = -3", "slots"),
                 ("stale_after_s = 86400", 'stale_after_s = "a day"', "stale_after_s"),
                 ("stale_after_s = 86400", "stale_after = 86400", "stale_after"),
                 ("development = true", "development = 1", "development"),
                 ('id = "demo"', 'id = "de mo"', "id")]
        for number, (before, after, key) in enumerate(wrong):
            with self.subTest(after):
                self.assertIn(before, good)
                self.lot.config.write_text(good.replace(before, after, 1))
                place = f"{self.lot.config}:{self.line_of(after)}"
                # All of them read it in the same way; each word of it once.
                for command in ("check", "run", "init") if number == 0 else ("check",):
                    self.refuses([command], WRONG_USAGE, place, key, "expected")
        self.assertFalse(self.store.exists())

    def test_a_file_that_is_not_toml_is_refused_with_its_line(self):
        self.lot.config.write_text('[lot]\nid = "demo\n')
        self.refuses(["check"], WRONG_USAGE, f"{self.lot.config}:2")

    def test_run_does_not_make_a_store(self):
        self.refuses(["run"], NOT_SO, str(self.store), "gatehouse init")
        self.assertFalse(self.store.exists())

    def test_another_lots_store_is_refused(self):
        self.assertEqual(self.lot.command("init").returncode, DONE)
        self.lot.config.write_text(self.lot.config.read_text().replace('id = "demo"', 'id = "next"'))
        for command in ("run", "check", "init"):
            self.refuses([command], NOT_SO, "demo", "next")

    def test_check_before_and_after_init(self):
        self.refuses(["check"], DONE, "does not exist yet")
        self.assertFalse(self.store.exists())
        self.refuses(["init"], DONE, "added 2 zones and 4 slots")
        self.assertEqual(stat.S_IMODE(self.store.stat().st_mode) & 0o077, 0)
        self.refuses(["check"], DONE, "4 slots", "schema")

    def test_init_on_a_store_that_exists_adds_new_zones_and_slots_only(self):
        self.refuses(["init"], DONE)
        self.refuses(["init"], DONE, "nothing to add")
        self.lot.zones = {"A": 5, "B": ["north", "south"], "Z": 1}
        self.lot.write_config()
        self.refuses(["init"], DONE, "added 1 zones and 4 slots")
        # Fewer slots and another rate in the file: the store's word holds, and check says so.
        self.lot.zones = {"A": 2, "B": ["north", "south"], "Z": 1}
        self.lot.write_config()
        self.lot.config.write_text(self.lot.config.read_text().replace("50.00", "75.00", 1))
        self.refuses(["init"], DONE, "nothing to add")
        self.refuses(["check"], DONE, "notice", "A-005")

    def test_a_store_of_a_newer_version_is_refused_and_not_touched(self):
        self.refuses(["init"], DONE)
        database = sqlite3.connect(self.store)
        database.execute("PRAGMA user_version = 9999")
        database.close()
        before = hashlib.sha256(self.store.read_bytes()).hexdigest()
        for command in (["run"], ["init"], ["check"]):
            self.refuses(command, NOT_SO, "newer")
        self.assertEqual(hashlib.sha256(self.store.read_bytes()).hexdigest(), before)

    def test_a_damaged_store_is_refused(self):
        self.refuses(["init"], DONE)
        self.store.write_bytes(b"not a database, but longer than the header of one " * 100)
        for command in (["run"], ["init"], ["check"]):
            self.refuses(command, NOT_SO, str(self.store))

    def test_a_number_of_messages_may_be_none(self):
        self.lot.make()
        self.lot.broker.start()
        done = subprocess.run(
            [os.environ["GATEHOUSE_SIM_BIN"], "sensors", "--config", str(self.lot.config),
             "--events", "0"], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(json.loads(done.stdout)["sent"], 0)

    def test_broker_files_are_made_with_secrets_for_their_owners_only(self):
        self.lot.config.write_text(
            self.lot.config.read_text().replace("development = true", "development = false"))
        out = self.lot.directory / "out"
        self.refuses(["broker"], WRONG_USAGE, "--out")
        self.refuses(["broker", "--out", str(out)], WRONG_USAGE, "GATEHOUSE_MQTT_PASSWORD")
        self.assertFalse(out.exists() and any(out.iterdir()))

    def test_development_broker_files_have_no_accounts(self):
        self.refuses(["broker", "--out", str(self.lot.directory / "out")], DONE)
        self.assertIn("allow_anonymous true",
                      (self.lot.directory / "out" / "mosquitto.conf").read_text())
        self.assertFalse((self.lot.directory / "out" / "passwd").exists())

    def test_broker_accounts_of_a_lot(self):
        self.lot.config.write_text(
            self.lot.config.read_text().replace("development = true", 'dashboards = ["hall"]'))
        out = self.lot.directory / "out"
        with unittest.mock.patch.dict(os.environ, GATEHOUSE_MQTT_PASSWORD="the gateway's own"):
            self.refuses(["broker", "--out", str(out)], DONE)
        self.assertEqual(stat.S_IMODE((out / "credentials.csv").stat().st_mode), 0o600)
        with open(out / "credentials.csv", encoding="utf-8", newline="") as file:
            names = {row["name"] for row in csv.DictReader(file)}
        self.assertLessEqual({*self.lot.slots(), "Z-001", "dashboard-hall"}, names)
        self.assertNotIn("gateway", names)


PROFILE = """
[[sensor_profiles]]
name = "bare"
topic = "oldlot/{{slot}}/{last}"
occupied = ""
occupied_values = [1]
free_values = [0]
"""


class Signals(unittest.TestCase):
    """Signals that come while the gateway is still reading its file, and those that change nothing."""

    def setUp(self):
        self.lot = Lot(zones={"A": 3})
        self.addCleanup(self.lot.close)
        self.lot.make()
        self.lot.broker.start()

    def test_a_signal_that_comes_first_of_all_is_not_lost_and_kills_nobody(self):
        # Reading this takes far longer than a process takes to come to main().
        self.lot.toml = "\n".join(["# " + 120 * "x"] * 60_000)
        self.lot.write_config()
        gateway = Gateway(self.lot.config)
        self.addCleanup(gateway.process.kill)
        stat_file = pathlib.Path(f"/proc/{gateway.process.pid}/stat")
        enough = os.sysconf("SC_CLK_TCK") / 10  # a tenth of a second of its own

        def has_used():
            return int(stat_file.read_text().rsplit(")", 1)[1].split()[11])
        while gateway.is_alive() and not gateway.log() and has_used() < enough:
            pass
        self.assertEqual(gateway.log(), [])  # it is not up yet
        gateway.process.send_signal(signal.SIGHUP)
        self.assertEqual(gateway.end(signal.SIGTERM), 0)
        said = "\n".join(gateway.log())
        self.assertIn("its sensor profiles have not changed", said)
        self.assertIn("told to stop by SIGTERM", said)
        self.assertIn("stopped", said.splitlines()[-1])

    def test_reading_an_unchanged_file_again_leaves_the_broker_alone(self):
        gateway = self.lot.start_gateway()
        gateway.process.send_signal(signal.SIGHUP)
        gateway.wait_for_log("have not changed")
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assertEqual(sum("connected to the broker" in line for line in gateway.log()), 1)
        self.assertEqual(sum("trying again" in line for line in gateway.log()), 0)


class Reload(LotCase):
    options = {"toml": PROFILE.format(last="old")}

    def hang_up(self):
        self.lot.gateway.process.send_signal(signal.SIGHUP)

    def test_sighup_reads_profiles_again_and_a_bad_file_changes_nothing(self):
        self.sensor.publish("oldlot/A-001/old", "1")
        self.shows("A-001", "occupied")

        self.lot.toml = PROFILE.format(last="new").replace("free_values", "free_value")
        self.lot.write_config()
        self.hang_up()
        self.lot.gateway.wait_for_log("the configuration stays as it was")
        self.assertTrue(any(f"{self.lot.config}:" in line and "free_value" in line
                            for line in self.lot.gateway.log()))
        self.sensor.publish("oldlot/A-001/old", "0")
        self.shows("A-001", "free")

        self.lot.toml = PROFILE.format(last="new")
        self.lot.write_config()
        self.hang_up()
        self.lot.gateway.wait_for_log("sensor profiles are as it says")
        self.lot.gateway.wait_for_log("connected to the broker", times=2)
        # Kept by the broker: it is handed over whenever the gateway has subscribed.
        self.sensor.publish("oldlot/A-002/new", "1", retain=True)
        self.shows("A-002", "occupied")
        self.sensor.publish("oldlot/A-001/old", "1")
        self.still_shows("A-001", "free")
        self.say("A-003", state(True))
        self.shows("A-003", "occupied")


if __name__ == "__main__":
    unittest.main()
