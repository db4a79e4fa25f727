"""Payment providers for tests: the simulator as a program, the real clients as a program, and a peer
that shows every byte it was sent.

    with Simulator() as simulator, Clients(simulator.razorpay, simulator.phonepe) as clients:
        clients.say("create razorpay order p-0001 5000 300")

Every wait blocks with a deadline. Needs GATEHOUSE_SIM_BIN and GATEHOUSE_PROVIDERS_PROBE.
"""
import http.client
import http.server
import json
import os
import queue
import signal
import subprocess
import threading
import unittest
import urllib.parse

DEADLINE_S = 20


class Simulator:
    """`gatehouse-sim payments` on free ports; summary holds its last line once it has ended."""

    def __init__(self, *arguments):
        self._arguments = arguments
        self.summary = None

    def __enter__(self):
        self._process = subprocess.Popen(
            [os.environ["GATEHOUSE_SIM_BIN"], "payments", "--port", "0", "--phonepe-port", "0",
             *map(str, self._arguments)], stdout=subprocess.PIPE, text=True)
        self.razorpay = self._process.stdout.readline().split()[1]
        self.phonepe = self._process.stdout.readline().split()[1]
        return self

    def __exit__(self, failed, *_):
        self._process.send_signal(signal.SIGTERM)
        rest, _ = self._process.communicate(timeout=DEADLINE_S)
        if failed is None:
            assert self._process.returncode == 0, self._process.returncode
            self.summary = json.loads(rest)

    def control(self, path, who="razorpay", **body):
        """One call of /_sim/…; an error of it is an error of the test."""
        status, answer = call(getattr(self, who) + "/_sim/" + path, json.dumps(body))
        assert status == 200, answer
        return json.loads(answer)

    def pay(self, order, outcome="pay", who="razorpay", **more):
        return self.control("pay", who, order=order, outcome=outcome, **more)

    def next(self, *words, who="razorpay"):
        self.control("mischief", who, next=words)

    def ledger(self, who="razorpay"):
        return self.control("ledger", who)


def call(url, body=None, headers=None):
    """Status and text of one GET, or POST where there is a body; redirects are not followed."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)
    target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    connection.request("POST" if body is not None else "GET", target, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status == 303:
        return answer.status, answer.headers["Location"]
    return answer.status, text


class Clients:
    """The program providers_probe: one answer to each line."""

    def __init__(self, razorpay, phonepe, **settings):
        self._settings = {"razorpay": razorpay, "phonepe": phonepe, **settings}

    def __enter__(self):
        self._process = subprocess.Popen(
            [os.environ["GATEHOUSE_PROVIDERS_PROBE"],
             *(f"{name}={value}" for name, value in self._settings.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        return self

    def __exit__(self, failed, *_):
        self._process.stdin.close()
        code = self._process.wait(DEADLINE_S)
        self._process.stdout.close()
        if failed is None:
            assert code == 0, code

    def say(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")


class Peer:
    """An HTTP server that keeps every request and answers what it is told, else an empty object.

    An answer is (status, body) or (status, body, headers), or a function of the handler."""

    def __init__(self, tls=None):
        self.requests = queue.Queue()
        self.answers = queue.Queue()
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                peer.requests.put({"method": self.command, "path": self.path, "body": body,
                                   "headers": list(self.headers.items()),
                                   "connection": self.client_address[1]})
                try:
                    answer = peer.answers.get_nowait()
                except queue.Empty:
                    answer = (200, "{}")
                if callable(answer):
                    answer(self)
                    return
                status, text, headers = (*answer, {})[:3]
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # clients hang up when they have seen enough
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(DEADLINE_S)

    def url(self, host="127.0.0.1"):
        return f"{self._scheme}://{host}:{self._server.server_address[1]}"

    def request(self):
        return self.requests.get(timeout=DEADLINE_S)

    def asked(self):
        """So many requests wait to be looked at."""
        return self.requests.qsize()


class ProviderCase(unittest.TestCase):
    """Beginnings that the tests of providers share."""

    def enter(self, context):
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def simulated(self, *arguments, **settings):
        self.simulator = self.enter(Simulator(*arguments))
        self.clients = self.enter(
            Clients(self.simulator.razorpay, self.simulator.phonepe, timeout_ms=700, **settings))
        self.say = self.clients.say

    def create(self, who, kind, our_id, paise=5000, life_s=600):
        """The provider's id, and what a payer is shown."""
        words = self.say(f"create {who} {kind} {our_id} {paise} {life_s}").split()
        self.assertEqual(["order", our_id], words[:2], words)
        self.assertEqual(["open", str(paise)], words[3:5])
        return words[2], dict(word.split("=", 1) for word in words[5:7])

    def assert_trouble(self, kind, answer):
        self.assertEqual(["trouble", kind], answer.split()[:2], answer)
