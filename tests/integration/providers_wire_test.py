"""What the provider clients put on the wire, checked by Python's own hashlib, hmac and ssl."""
import base64
import hashlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from providers import Clients, Peer, ProviderCase  # noqa: E402

SALT = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399"
KEY_SECRET = "gatehouse-sandbox-key-secret"


class Bytes(ProviderCase):
    """What the clients put on the wire, checked by Python alone."""

    def setUp(self):
        self.peer = self.enter(Peer())

    def ask(self, line, **settings):
        with Clients(self.peer.url(), self.peer.url(), timeout_ms=700, **settings) as clients:
            return clients.say(line)

    def header(self, request, name):
        values = [value for each, value in request["headers"] if each == name]
        self.assertEqual(1, len(values), (name, request["headers"]))
        return values[0]

    def test_razorpay_is_asked_with_exact_credentials_and_nothing_more(self):
        self.ask("create razorpay order p-0001 5000 600")
        request = self.peer.request()
        wanted = base64.b64encode(f"rzp_test_gatehouse:{KEY_SECRET}".encode()).decode()
        self.assertEqual(f"Basic {wanted}", self.header(request, "Authorization"))
        self.assertEqual("application/json", self.header(request, "Content-Type"))
        self.assertEqual(("POST", "/v1/orders"), (request["method"], request["path"]))
        body = json.loads(request["body"])
        self.assertEqual((5000, "INR", "p-0001"),
                         (body["amount"], body["currency"], body["receipt"]))
        self.assertNotIn("Expect", dict(request["headers"]))

    def test_phonepe_is_asked_under_x_verify(self):
        self.ask("create phonepe lane_qr MT0001 5000 600")
        request = self.peer.request()
        encoded = json.loads(request["body"])["request"]
        wanted = hashlib.sha256((encoded + "/pg/v1/pay" + SALT).encode()).hexdigest() + "###1"
        self.assertEqual(wanted, self.header(request, "X-VERIFY"))
        self.assertEqual("/apis/pg-sandbox/pg/v1/pay", request["path"])
        self.assertEqual("UPI_QR", json.loads(base64.b64decode(encoded))["paymentInstrument"]["type"])
        self.ask("ask phonepe order MT0001")
        request = self.peer.request()
        path = "/pg/v1/status/PGTESTPAYUAT/MT0001"
        self.assertEqual(hashlib.sha256((path + SALT).encode()).hexdigest() + "###1",
                         self.header(request, "X-VERIFY"))
        self.assertEqual("PGTESTPAYUAT", self.header(request, "X-MERCHANT-ID"))

    def test_a_post_is_sent_once_though_the_line_breaks(self):
        """Also where a connection is kept from a question before: libcurl would send it again."""
        def hang_up(handler):
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        self.peer.answers.put((200, '{"entity":"collection","count":0,"items":[]}'))
        self.peer.answers.put(hang_up)
        with Clients(self.peer.url(), self.peer.url(), timeout_ms=2000) as clients:
            self.assertEqual("none", clients.say("ask razorpay order p-0001"))
            self.assert_trouble("unknown", clients.say("create razorpay order p-0001 5000 600"))
        self.assertEqual(["GET", "POST"],
                         [self.peer.request()["method"] for _ in range(self.peer.asked())])

    def test_questions_share_a_connection_and_each_post_has_its_own(self):
        for _ in range(3):
            self.peer.answers.put((200, '{"entity":"collection","count":0,"items":[]}'))
        with Clients(self.peer.url(), self.peer.url(), timeout_ms=2000) as clients:
            for _ in range(3):
                self.assertEqual("none", clients.say("ask razorpay order p-0001"))
            clients.say("create razorpay order p-0001 5000 600")
        asked = [self.peer.request() for _ in range(4)]
        questions = {each["connection"] for each in asked if each["method"] == "GET"}
        self.assertEqual(1, len(questions))
        self.assertEqual("POST", asked[3]["method"])
        self.assertNotIn(asked[3]["connection"], questions)

    def test_a_redirect_is_not_followed(self):
        with Peer() as elsewhere:
            self.peer.answers.put((302, "", {"Location": elsewhere.url() + "/v1/orders"}))
            self.assert_trouble("misconfigured", self.ask("create razorpay order p-0001 5000 600"))
            self.assertEqual(0, elsewhere.asked())

    def test_an_answer_that_never_ends_is_cut(self):
        self.peer.answers.put((200, "x" * (2 << 20)))
        self.assertIn("answer_too_long", self.ask("ask razorpay order p-0001 order_1"))

    def test_an_answer_that_drips_is_given_up_in_time(self):
        def drip(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            try:
                for _ in range(100):
                    handler.wfile.write(b" ")
                    handler.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
        self.peer.answers.put(drip)
        began = time.monotonic()
        self.assertIn("unknown 0 timeout", self.ask("create razorpay order p-0001 5000 600"))
        self.assertLess(time.monotonic() - began, 3)

    def test_no_proxy_of_the_environment_sees_a_key(self):

        with Peer() as proxy, unittest.mock.patch.dict(os.environ, http_proxy=proxy.url()):
            self.ask("create razorpay order p-0001 5000 600")
            self.assertEqual(0, proxy.asked())
            self.assertEqual(1, self.peer.asked())


class Certificates(ProviderCase):
    @classmethod
    def setUpClass(cls):
        cls._directory = tempfile.TemporaryDirectory(prefix="gatehouse-")
        cls.path = pathlib.Path(cls._directory.name)
        cls.certificate("right", "localhost")
        cls.certificate("other", "elsewhere.example")

    @classmethod
    def tearDownClass(cls):
        cls._directory.cleanup()

    @classmethod
    def certificate(cls, name, host):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
             "-keyout", cls.path / f"{name}.key", "-out", cls.path / f"{name}.pem"],
            check=True, capture_output=True)

    def ask(self, name, ca):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path / f"{name}.pem", self.path / f"{name}.key")
        with Peer(tls=context) as peer:
            url = peer.url("localhost")
            settings = {"ca": self.path / f"{ca}.pem"} if ca else {}
            with Clients(url, url, **settings) as clients:
                return clients.say("create razorpay order p-0001 5000 600"), peer.asked()

    def test_a_certificate_somebody_vouches_for_is_taken(self):
        answer, asked = self.ask("right", "right")
        self.assert_trouble("contradiction", answer)  # the peer's empty answer
        self.assertEqual(1, asked)

    def test_one_that_nobody_vouches_for_or_of_another_host_gets_no_key(self):
        for name, ca in (("right", None), ("right", "other"), ("other", "other")):
            with self.subTest(name=name, ca=ca):
                answer, asked = self.ask(name, ca)
                self.assert_trouble("misconfigured", answer)
                self.assertEqual("certificate", answer.split()[3])
                self.assertEqual(0, asked)


if __name__ == "__main__":
    unittest.main()
