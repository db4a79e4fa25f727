"""`gatehouse backup` and `restore`, and the daily backup, against a gateway that runs and one that
was killed (docs/contract/config-and-cli.md, docs/operating.md)."""
import pathlib
import re
import sqlite3
import stat
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import signal  # noqa: E402

from gateway import Gateway  # noqa: E402
from lot import Lot, state  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

GATES = """
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
"""


def until(holds, what):
    """Polls for what happens in a thread that says nothing."""
    end = time.monotonic() + DEADLINE_S
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"it never came that {what}")
        time.sleep(0.05)


class BackupCase(unittest.TestCase):
    toml = ""

    def setUp(self):
        self.lot = Lot(zones={"A": 20}, toml=GATES + self.toml)
        self.addCleanup(self.lot.close)
        self.store = self.lot.directory / "gatehouse.db"
        self.backup = self.lot.directory / "saved.db"

    def done(self, *words):
        done = self.lot.command(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def refused(self, *words, code=1):
        done = self.lot.command(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def ask(self, query, path=None):
        database = sqlite3.connect(f"file:{path or self.store}?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def press(self, sensor, number):
        """A walk-in at the button: a session that is answered for is a session that is kept."""
        topic = self.lot.root + "gates/ENTRY_GATE_01/button"
        sensor.publish(topic, f'{{"press_id":"p-{number}"}}')


class WhileItRuns(BackupCase):
    def test_a_backup_under_load_holds_everything_that_was_answered_before(self):
        with self.lot, self.lot.watch(self.lot.root + "gates/+/decision") as gates, \
                self.lot.peer() as sensor:
            answered = set()
            for number in range(8):
                self.press(sensor, number)
                said = gates.until(self.lot.root + "gates/ENTRY_GATE_01/decision",
                                   lambda said: said["scan_id"] == f"p-{number}")
                answered.add(said["session_id"])
            for turn in range(200):  # and slots go on changing meanwhile
                sensor.publish(self.lot.state(f"A-{turn % 20 + 1:03}"), state(turn % 2 == 0))
            said = self.done("backup", "--to", self.backup, "--with-keys")
            self.assertIn(str(self.backup), said)
            self.assertEqual(stat.S_IMODE(self.backup.stat().st_mode), 0o600)
            keys = pathlib.Path(f"{self.backup}.keys")
            self.assertEqual(stat.S_IMODE(keys.stat().st_mode), 0o600)
            self.assertIn("exists already", self.refused("backup", "--to", self.backup))
            self.assertIn("a gateway runs", self.refused("restore", "--from", self.backup))
            self.press(sensor, 99)
            late = gates.until(self.lot.root + "gates/ENTRY_GATE_01/decision",
                               lambda said: said["scan_id"] == "p-99")["session_id"]
            self.assertEqual(self.lot.stop_gateway(), 0)

            said = self.done("restore", "--from", self.backup)
            self.assertIn("epoch 2", said)
            self.done("audit")
            kept = {row[0] for row in self.ask("SELECT id FROM sessions")}
            self.assertEqual(kept & (answered | {late}), answered)
            aside = self.lot.directory / "gatehouse.db.before-epoch-2"
            self.assertIn((late,), self.ask("SELECT id FROM sessions", aside))
            self.lot.start_gateway()
            self.press(sensor, 100)
            gates.until(self.lot.root + "gates/ENTRY_GATE_01/decision",
                        lambda said: said["scan_id"] == "p-100")
            self.assertEqual(self.lot.stop_gateway(), 0)
            self.done("audit")
            self.assertEqual(self.ask("SELECT type, data FROM outbox WHERE epoch = 2 "
                                      "ORDER BY sequence LIMIT 1")[0][0], "parking.lot.restored.v1")

    def test_a_killed_gateways_store_is_backed_up_and_put_back_by_hand(self):
        with self.lot, self.lot.peer() as sensor:
            with self.lot.watch() as board:
                sensor.publish(self.lot.state("A-001"), state(True), retain=True)
                board.until_status(self.lot, "A-001", "occupied")
            self.assertEqual(self.lot.stop_gateway(signal.SIGKILL), -signal.SIGKILL)
            self.done("backup", "--to", self.backup)
            # An older file in the store's place, as somebody in a hurry does it.
            old = self.store.with_name("old.db")
            for ending in ("-wal", "-shm"):
                pathlib.Path(f"{self.store}{ending}").unlink(missing_ok=True)
            self.done("restore", "--from", self.backup)
            old.write_bytes(self.store.read_bytes())
            mark = pathlib.Path(f"{self.store}.mark")
            self.assertEqual(mark.read_text(), "2 1\n")
            mark.write_text("2 5000\n")
            self.lot.start_gateway()
            self.assertTrue(any("epoch 3" in line for line in self.lot.gateway.log()))
            self.assertEqual(self.lot.stop_gateway(), 0)
            self.done("audit")


class Refusals(BackupCase):
    def test_what_is_damaged_newer_or_another_lots_is_refused(self):
        self.done("init")
        self.done("backup", "--to", self.backup)
        before = self.store.read_bytes()
        whole = self.backup.read_bytes()
        for place in (0, 100, len(whole) // 2, len(whole) - 100, len(whole) - 2):
            damaged = bytearray(whole)
            damaged[place] ^= 1
            other = self.lot.directory / "damaged.db"
            other.write_bytes(damaged)
            with self.subTest(place):
                self.refused("restore", "--from", other)
        self.assertIn("no backup", self.refused("restore", "--from", self.store))
        self.refused("restore", "--from", self.lot.directory / "missing.db")
        text = self.lot.config.read_text()
        self.lot.config.write_text(text.replace('id = "demo"', 'id = "next"'))
        self.assertIn("of the lot demo", self.refused("restore", "--from", self.backup))
        self.lot.config.write_text(text)
        self.assertEqual(self.store.read_bytes(), before)
        leftovers = [path.name for path in self.lot.directory.iterdir() if "restoring" in path.name]
        self.assertEqual(leftovers, [])

    def test_a_restore_that_was_cut_short_is_finished_at_the_start(self):
        self.lot.make()
        self.lot.broker.start()
        self.done("backup", "--to", self.backup)
        self.done("restore", "--from", self.backup)
        # As the power may have left it: decided, and the old store moved away.
        self.store.rename(f"{self.store}.restoring")
        pathlib.Path(f"{self.store}.mark").unlink()
        self.lot.start_gateway()
        self.assertTrue(any("finished the restore" in line for line in self.lot.gateway.log()))
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assertEqual(self.ask("SELECT action, outcome FROM audit_log WHERE targets = 'epoch 2' "
                                  "ORDER BY sequence"),
                         [("gatehouse restore", "done"), ("gatehouse run", "restored")])
        self.done("audit")

    def test_a_store_that_was_put_back_is_told_to_the_audit_log(self):
        self.lot.make()
        self.lot.broker.start()
        old = self.store.read_bytes()
        self.lot.start_gateway()
        with self.lot.peer() as sensor:
            sensor.publish(self.lot.state("A-001"), state(True))
            until(lambda: self.ask("SELECT count(*) FROM outbox WHERE type LIKE '%slot%'")[0][0],
                  "the slot was written down")
        self.assertEqual(self.lot.stop_gateway(), 0)
        for left in self.lot.directory.glob("gatehouse.db-*"):
            left.unlink()
        self.store.write_bytes(old)
        self.lot.start_gateway()
        self.assertEqual(self.lot.stop_gateway(), 0)
        self.assertEqual(self.ask("SELECT outcome FROM audit_log WHERE action = 'gatehouse run' "
                                  "ORDER BY sequence"),
                         [("cut_off",), ("put_back",), ("started",), ("stopped",)])
        self.assertEqual(self.ask("SELECT count(*) FROM alerts WHERE kind = 'audit_cut_off'"),
                         [(1,)])

    def test_keys_come_back_only_where_there_are_none(self):
        self.done("init")
        self.done("backup", "--to", self.backup, "--with-keys")
        keys = self.lot.directory / "gatehouse.keys"
        before = keys.read_bytes()
        keys.unlink()
        self.assertIn("keys", self.done("restore", "--from", self.backup))
        self.assertEqual(keys.read_bytes(), before)
        self.assertEqual(stat.S_IMODE(keys.stat().st_mode), 0o600)


class Daily(BackupCase):
    toml = """
[backup]
dir = "backups"
keep_days = 2
copy_command = ["/bin/cp", "-t", "away"]
[log]
dir = "logs"
"""

    def test_the_missing_backup_is_made_at_the_start_and_copied(self):
        done = self.lot.command("check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("backup.dir", done.stdout)
        self.assertIn("log.dir", done.stdout)
        away = self.lot.directory / "away"
        # The copy command runs in the gateway's working directory.
        self.lot.config.write_text(self.lot.config.read_text().replace('"away"', f'"{away}"'))
        away.mkdir()
        with self.lot:
            self.assertEqual(self.lot.command("check").returncode, 0)
            until(lambda: list(away.glob("*.db")), "the backup is copied")
            made = [path.name for path in (self.lot.directory / "backups").glob("*.db")]
            self.assertEqual(len(made), 1)
            self.assertRegex(made[0], r"^gatehouse-demo-\d{4}-\d\d-\d\d\.db$")
            mark = self.lot.directory / "backups" / f"{made[0]}.copied"
            until(mark.exists, "the backup is marked as copied")
            metrics = self.lot.metrics()
            self.assertEqual(metrics['gatehouse_backups_total{result="made"}'], 1)
            self.assertIn("gatehouse_outbox_bytes", metrics)
            self.assertEqual(self.lot.stop_gateway(), 0)
            log = (self.lot.directory / "logs" / "parking.log").read_text()
            self.assertTrue(re.search(r"made the backup .*gatehouse-demo", log), log)
            self.assertFalse((self.lot.directory / "logs" / "payments.log").exists())
            # What was not copied before the end is copied after the next start.
            (away / made[0]).unlink()
            mark.unlink()
            self.lot.start_gateway()
            until(mark.exists, "the backup is copied by the next process")
            self.assertEqual((away / made[0]).read_bytes(),
                             (self.lot.directory / "backups" / made[0]).read_bytes())
            self.assertEqual(self.lot.stop_gateway(), 0)
            self.assertIn("no backup", self.refused("restore", "--from", mark))

    def test_a_backup_that_cannot_be_made_is_an_alert(self):
        with self.lot, self.lot.watch(self.lot.root + "alerts/#") as alerts:
            (self.lot.directory / "away").mkdir(exist_ok=True)
            self.assertEqual(self.lot.stop_gateway(), 0)
            for path in (self.lot.directory / "backups").iterdir():
                path.unlink()
            (self.lot.directory / "backups").rmdir()
            self.lot.start_gateway()
            raised = alerts.until(self.lot.root + "alerts/backup_failed",
                                  lambda said: not said["cleared"])
            self.assertEqual((raised["severity"], raised["subject"]), ("critical", "backup"))
            self.assertEqual(self.lot.stop_gateway(), 0)


if __name__ == "__main__":
    unittest.main()
