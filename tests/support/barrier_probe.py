"""The program barrier_probe (tests/integration/barrier_probe.cpp): real barriers, ordered and heard.

    with Probe(f"id=b1 url={device.url}") as probe:
        probe.wait_for("b1 closed")
        probe.say("open b1 7")
        probe.wait_for("b1 opening 7 seen_open")

Every wait blocks on a line, with a deadline. Needs GATEHOUSE_BARRIER_PROBE.
"""
import os
import queue
import subprocess
import threading

DEADLINE_S = 20


class Probe:
    """One life of the program; its settings as one text. Its lines are read all the time."""

    def __init__(self, settings):
        self._process = subprocess.Popen(
            [os.environ["GATEHOUSE_BARRIER_PROBE"], *settings.split()], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)
        self._lines = queue.Queue()
        self._errors = []
        self._readers = [
            threading.Thread(target=self._read, args=(self._process.stdout, self._lines.put)),
            threading.Thread(target=self._read, args=(self._process.stderr, self._errors.append))]
        for reader in self._readers:
            reader.daemon = True
            reader.start()
        self.heard = []

    @staticmethod
    def _read(stream, take):
        for line in stream:
            take(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        self._process.stdin.close()
        try:
            code = self._process.wait(DEADLINE_S)
        finally:
            self._process.kill()
        for reader in self._readers:
            reader.join(DEADLINE_S)
        self._process.stdout.close()
        self._process.stderr.close()
        if failed is None:
            assert code == 0, "\n".join(self._errors[-40:])

    def say(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def wait_for(self, *lines):
        """Takes lines until these came, in this order; `…` at the end stands for anything."""
        for wanted in lines:
            while True:
                try:
                    line = self._lines.get(timeout=DEADLINE_S)
                except queue.Empty:
                    raise AssertionError("\n".join(
                        [f"never said {wanted!r}", *self.heard[-40:], *self._errors[-40:]])) from None
                self.heard.append(line)
                if line == wanted or (wanted[-1] == "…" and line.startswith(wanted[:-1])):
                    break
        return line

    def figures(self):
        self.say("figures")
        start = len(self.heard)
        self.wait_for("figures done")
        lines = [line.rpartition(" ") for line in self.heard[start:] if line.startswith("gatehouse")]
        return {name: int(value) for name, _, value in lines}
