"""One life of the gateway program, for integration tests.

    gateway = Gateway(directory / "lot.toml")
    gateway.wait_for_log("connected to the broker")
    assert gateway.end() == 0

Every wait blocks on a log line or on the process, with a deadline. Needs GATEHOUSE_BIN.
"""
import os
import pathlib
import signal
import subprocess
import threading

from peers import DEADLINE_S

# What a build with sanitizers writes when something is wrong.
SANITIZER_WORDS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:")


SUPPRESSIONS = pathlib.Path(__file__).with_name("lsan_suppressions.txt")


class Gateway:
    """One life of `gatehouse run`. Its log is read all the time, so that it can never block."""

    def __init__(self, config, *arguments):
        self.process = subprocess.Popen(
            [os.environ["GATEHOUSE_BIN"], "run", "--config", str(config), *arguments],
            env={**os.environ, "LSAN_OPTIONS": f"suppressions={SUPPRESSIONS}:print_suppressions=0"},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self._changed:
                self._lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def log(self):
        with self._changed:
            return list(self._lines)

    def wait_for_log(self, text, times=1):
        """Blocks until so many lines hold the text."""
        def holds():
            return sum(text in line for line in self._lines) >= times
        with self._changed:
            self._changed.wait_for(lambda: holds() or self._ended, DEADLINE_S)
            if not holds():
                raise AssertionError(f"the gateway never said {text!r}:\n"
                                     + "\n".join(self._lines[-40:]))

    def is_alive(self):
        return self.process.poll() is None

    def end(self, how=signal.SIGTERM):
        """Signals and waits; gives back the exit code, negative for the signal that killed it."""
        self.process.send_signal(how)
        code = self.process.wait(DEADLINE_S)
        self._reader.join(DEADLINE_S)
        self.process.stderr.close()
        reports = [line for line in self._lines if any(w in line for w in SANITIZER_WORDS)]
        assert not reports, "\n".join(self._lines[-80:])
        return code
