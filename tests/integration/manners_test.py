"""The manners of every request, over real sockets: limits by the hour, proxies, cookies, TLS with
certificates that change, the way from HTTP to HTTPS, and clients that are slow on purpose
(docs/contract/http.md, head)."""
import http.client
import json
import pathlib
import socket
import ssl
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import Lot  # noqa: E402
from peers import DEADLINE_S, free_port  # noqa: E402

IDLE = 1000
# http.md says nothing of seconds: the server gives up a handshake after 10 and a request after 15.
PATIENCE_S = 40


def make_certificate(directory, name, subject="lot.example"):
    """A self-signed pair, by openssl: the paths of certificate and key."""
    cert, key = directory / f"{name}.crt", directory / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", f"/CN={subject}",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(key), "-out", str(cert)],
                   check=True, capture_output=True, timeout=60)
    return cert, key


class MannersLot(Lot):
    """`http`: lines of its table."""

    def __init__(self, http="", certificate=None, **more):
        self.http, self.certificate = http, certificate
        super().__init__(zones={"A": 2}, **more)

    def write_config(self):
        super().write_config()
        if self.certificate:
            cert, key = self.certificate(self.directory)
            self.cert, self.key = self.directory / "lot.crt", self.directory / "lot.key"
            cert.rename(self.cert)
            key.rename(self.key)
            self.http += f'tls_cert_file = "{self.cert}"\ntls_key_file = "{self.key}"\n'
        text = self.config.read_text()
        before = "rate_limit = { anonymous_per_hour = 0 }\n"
        assert before in text
        self.config.write_text(text.replace(before, self.http))

    def make(self):
        done = self.command("init", "--demo")
        assert done.returncode == 0, done.stdout + done.stderr
        self.passwords = dict(line.split(": ") for line in done.stdout.splitlines()
                              if line.split(": ")[0] in ("admin", "staff1", "user123"))
        done = self.command("broker", "--out", self.directory / "broker")
        assert done.returncode == 0, done.stdout + done.stderr


class MannersCase(unittest.TestCase):
    http = ""
    certificate = None

    def setUp(self):
        self.lot = MannersLot(self.http, self.certificate)
        self.addCleanup(self.lot.close)
        self.lot.__enter__()

    def ask(self, method, path, body=None, headers=(), connection=None):
        """Status, headers and JSON (or text)."""
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.lot.http_port,
                                                              timeout=DEADLINE_S)
        words = dict(headers)
        if body is not None:
            words["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection.request(method, path, body, words)
        answer = connection.getresponse()
        text = answer.read().decode()
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return answer.status, answer.headers, json.loads(text) if is_json and text else text

    def login(self, name, **more):
        return self.ask("POST", "/api/auth/login/",
                        {"username": name, "password": self.lot.passwords[name]}, **more)


class Limits(MannersCase):
    http = ('rate_limit = { anonymous_per_hour = 5, user_per_hour = 3 }\n'
            'trusted_proxies = ["127.0.0.1"]\n')

    def test_addresses_users_and_proxies_are_counted_apart(self):
        left = []
        for _ in range(5):
            status, headers, _ = self.ask("GET", "/api/public/zones/")
            self.assertEqual((status, headers["X-RateLimit-Limit"]), (200, "5"))
            left.append(headers["X-RateLimit-Remaining"])
        self.assertEqual(left, ["4", "3", "2", "1", "0"])
        status, headers, said = self.ask("GET", "/api/public/zones/")
        self.assertEqual((status, said["code"]), (429, "rate_limited"))
        self.assertGreater(int(headers["Retry-After"]), 3000)
        # Behind the proxy it is the client that counts, whatever it writes itself.
        for _ in range(5):
            self.assertEqual(self.ask("GET", "/api/public/zones/", headers={
                "X-Forwarded-For": "8.8.8.8, 192.0.2.1"})[0], 200)
        self.assertEqual(self.ask("GET", "/api/public/zones/", headers={
            "X-Forwarded-For": "9.9.9.9, 192.0.2.1"})[0], 429)
        # Nobody is kept from what does not count.
        self.assertEqual(self.ask("GET", "/api/public/health/")[0], 200)
        self.assertEqual(self.ask("GET", "/")[0], 200)

        by_proxy = {"X-Forwarded-For": "192.0.2.9"}
        status, _, said = self.login("user123", headers=by_proxy)
        self.assertEqual(status, 200)
        mine = {"Authorization": f"Bearer {said['access']}"}
        answers = [self.ask("GET", "/api/user/history/", headers=mine)[0] for _ in range(4)]
        self.assertEqual(answers, [200, 200, 200, 429])
        status, _, said = self.login("staff1", headers=by_proxy)
        mine = {"Authorization": f"Bearer {said['access']}"}
        answers = [self.ask("GET", "/api/staff/gates/", headers=mine)[0] for _ in range(20)]
        self.assertEqual(answers, 20 * [200])
        figures = self.ask("GET", "/metrics", headers=mine)[2]
        self.assertIn("gatehouse_http_rate_limited_total 3", figures)
        self.assertEqual(self.ask("GET", "/metrics", headers=by_proxy)[0], 403)


class Cookies(MannersCase):
    http = 'trusted_proxies = ["127.0.0.1"]\n'

    def test_a_browser_signs_in_and_only_our_own_pages_change_anything(self):
        status, headers, _ = self.login("staff1")
        self.assertEqual(status, 200)
        cookies = {}
        for cookie in headers.get_all("Set-Cookie"):
            self.assertIn("SameSite=Strict", cookie)
            self.assertNotIn("Secure", cookie)
            name, _, value = cookie.split(";")[0].partition("=")
            cookies[name] = value
        self.assertEqual(set(cookies), {"gh_access", "gh_refresh", "gh_csrf"})
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.assertEqual(self.ask("GET", "/api/staff/gates/", headers={"Cookie": sent})[0], 200)

        order = ("POST", "/parking/entry/",
                 {"vehicle_number": "DL01AB1234", "owner_name": "x", "zone_id": "A"})
        status, _, said = self.ask(*order, headers={"Cookie": sent})
        self.assertEqual((status, said["code"]), (403, "csrf_failed"))
        ours = {"Cookie": sent, "X-CSRF-Token": cookies["gh_csrf"],
                "Origin": f"http://127.0.0.1:{self.lot.http_port}"}
        for wrong in ({"X-CSRF-Token": "x"}, {"Origin": "https://evil.example"}):
            self.assertEqual(self.ask(*order, headers={**ours, **wrong})[0], 403)
        self.assertEqual(self.ask(*order, headers=ours)[0], 200)

        # Behind a proxy that speaks TLS.
        _, headers, _ = self.login("staff1", headers={
            "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"})
        for cookie in headers.get_all("Set-Cookie"):
            self.assertTrue(cookie.endswith("; Secure"), cookie)
        self.assertIn("max-age=31536000", headers["Strict-Transport-Security"])


class Tls(MannersCase):
    def certificate(self, directory):
        return make_certificate(directory, "first")

    def setUp(self):
        self.redirect_port = free_port()
        self.http = f'redirect_listen = "127.0.0.1:{self.redirect_port}"\n'
        super().setUp()

    def trusting(self):
        context = ssl.create_default_context(cafile=str(self.lot.cert))
        return http.client.HTTPSConnection("127.0.0.1", self.lot.http_port, timeout=DEADLINE_S,
                                           context=context)

    def shake_hands(self, context=None):
        if context is None:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection(("127.0.0.1", self.lot.http_port), DEADLINE_S)
        try:
            return context.wrap_socket(raw)
        except BaseException:
            raw.close()
            raise

    def shown(self):
        """The certificate that a new connection gets."""
        with self.shake_hands() as client:
            return client.getpeercert(binary_form=True)

    def test_pages_and_json_come_encrypted_with_what_protects_a_browser(self):
        connection = self.trusting()
        for path in ("/", "/api/public/zones/", "/nothing/"):
            _, headers, _ = self.ask("GET", path, connection=connection)
            self.assertEqual(headers["Strict-Transport-Security"], "max-age=31536000", path)
        _, headers, _ = self.login("staff1", connection=connection)
        for cookie in headers.get_all("Set-Cookie"):
            self.assertTrue(cookie.endswith("; Secure"), cookie)
        # A body of many records, and answers one after the other on one connection.
        status, _, said = self.ask("POST", "/parking/entry/", {"x": 60_000 * "x"},
                                   connection=connection)
        self.assertEqual((status, said["code"]), (401, "not_signed_in"))
        with self.shake_hands() as client:
            request = b"GET /api/public/zones/ HTTP/1.1\r\nHost: x\r\n"
            client.sendall(20 * (request + b"\r\n") + request + b"Connection: close\r\n\r\n")
            heard = b"".join(iter(lambda: client.recv(65536), b""))
            self.assertEqual(heard.count(b"HTTP/1.1 200 OK\r\n"), 21)

    def test_what_is_no_request_is_answered_and_the_end_is_said(self):
        with self.shake_hands() as client:
            client.sendall(b"nonsense\r\n\r\n")
            heard = b"".join(iter(lambda: client.recv(65536), b""))
        self.assertTrue(heard.startswith(b"HTTP/1.1 400 Bad Request\r\n"), heard)

    def test_a_stream_is_open_to_those_with_tls(self):
        with self.shake_hands() as client:
            client.sendall(b"GET /api/public/stream/ HTTP/1.1\r\nHost: x\r\n\r\n")
            heard = b""
            while b"event: alive" not in heard:
                got = client.recv(65536)
                self.assertTrue(got, heard)
                heard += got

    def test_old_versions_and_weak_ciphers_are_refused(self):
        def client(low, high, ciphers="ALL:@SECLEVEL=0"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_ciphers(ciphers)
            context.minimum_version, context.maximum_version = low, high
            return context

        versions = ssl.TLSVersion
        for version in (versions.TLSv1, versions.TLSv1_1):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.shake_hands(client(version, version))
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.shake_hands(client(versions.TLSv1_2, versions.TLSv1_2, "AES128-SHA:@SECLEVEL=0"))
        for version, name in ((versions.TLSv1_2, "TLSv1.2"), (versions.TLSv1_3, "TLSv1.3")):
            with self.shake_hands(client(version, version)) as spoken:
                self.assertEqual(spoken.version(), name)

    def test_a_new_certificate_is_shown_without_a_restart_and_half_of_one_is_not(self):
        first = self.shown()
        standing = self.shake_hands()
        cert, key = make_certificate(self.lot.directory, "second")
        self.lot.cert.write_bytes(cert.read_bytes())
        self.lot.gateway.wait_for_log("still get the certificate of before")
        self.assertEqual(self.shown(), first)
        self.lot.key.write_bytes(key.read_bytes())
        self.lot.gateway.wait_for_log("has changed, and new connections get it")
        second = self.shown()
        self.assertNotEqual(second, first)
        # Whoever was there goes on with what they had.
        standing.sendall(b"GET /api/public/health/ HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(standing.recv(4096).startswith(b"HTTP/1.1 200 OK"))
        standing.close()

    def test_plain_http_is_sent_to_https_and_to_no_other_host(self):
        def plain(host, path="/a?b=c"):
            connection = http.client.HTTPConnection("127.0.0.1", self.redirect_port, timeout=20)
            return self.ask("GET", path, headers={"Host": host}, connection=connection)

        status, headers, _ = plain("lot.example")
        self.assertEqual((status, headers["Location"]),
                         (308, f"https://lot.example:{self.lot.http_port}/a?b=c"))
        self.assertEqual(plain("user@evil.example")[0], 400)
        self.assertEqual(plain("lot.example", "//evil.example/")[1]["Location"],
                         f"https://lot.example:{self.lot.http_port}//evil.example/")

    def test_clients_that_are_slow_on_purpose_are_cut_and_hold_up_nobody(self):
        began = time.monotonic()
        silent = socket.create_connection(("127.0.0.1", self.lot.http_port), PATIENCE_S)
        half = socket.create_connection(("127.0.0.1", self.lot.http_port), PATIENCE_S)
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
        slow = self.shake_hands()
        slow.settimeout(PATIENCE_S)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        self.assertEqual(self.ask("GET", "/api/public/health/", connection=self.trusting())[0], 200)
        for client in (silent, half, slow):
            try:
                while client.recv(4096):
                    pass
            except (ConnectionError, ssl.SSLError):
                pass
            client.close()
        self.assertLess(time.monotonic() - began, PATIENCE_S)

    def test_a_thousand_idle_connections_do_no_harm(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        before = self.memory_kib()
        clients = [self.shake_hands(context) for _ in range(IDLE)]
        self.assertEqual(self.ask("GET", "/api/public/health/", connection=self.trusting())[0], 200)
        # A sanitizer's own books are many times larger than what they are kept about.
        self.assertLess(self.memory_kib() - before, 600 * 1024)
        for client in clients:
            client.close()
        self.assertEqual(self.ask("GET", "/api/public/health/", connection=self.trusting())[0], 200)

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.lot.gateway.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines()
                        if line.startswith("VmRSS:")).split()[1])

    def test_check_says_what_is_wrong_with_the_files(self):
        self.assertEqual(self.lot.command("check").returncode, 0)
        self.lot.key.chmod(0o644)
        self.assertIn("can be used by others", self.lot.command("check").stdout)
        _, other = make_certificate(self.lot.directory, "other")
        self.lot.key.write_bytes(other.read_bytes())
        done = self.lot.command("check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the key does not belong to the certificate", done.stdout)
        self.lot.gateway.wait_for_log("still get the certificate of before")


if __name__ == "__main__":
    unittest.main()
