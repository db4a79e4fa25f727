"""The provider clients over HTTP against the simulated Razorpay and PhonePe, with everything that can
go wrong between them."""
import base64
import hashlib
import hmac
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from providers import Clients, Peer, ProviderCase, call  # noqa: E402

SALT = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399"
WEBHOOK_SECRET = "gatehouse-sandbox-webhook-secret"
AWAY = "http://127.0.0.1:1"  # nobody listens there


class RazorpaySimulated(ProviderCase):
    def setUp(self):
        self.simulated()

    def test_an_order_is_paid_at_the_checkout_and_refunded(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        self.assertEqual(f"order p-0001 {order} open 5000 url=- upi=-",
                         self.say(f"ask razorpay order p-0001 {order}"))
        status, page = call(f"{self.simulator.razorpay}/pay/{order}", "outcome=pay")
        self.assertEqual(200, status)
        proof = page[page.index("?razorpay_order_id="):page.index("</code>")]
        fields = dict(part.split("=") for part in proof[1:].replace("&amp;", "&").split("&"))
        payment, signature = fields["razorpay_payment_id"], fields["razorpay_signature"]
        self.assertEqual("proven", self.say(f"proof {order} {payment} {signature}"))
        self.assertEqual("not proven", self.say(f"proof {order}x {payment} {signature}"))
        self.assertEqual(f"order p-0001 {order} paid 5000 url=- upi=- {payment}:captured:5000:0:INR",
                         self.say(f"ask razorpay order p-0001 {order}"))
        refund = self.say(f"refund razorpay rf-0000001 p-0001 {payment} 2000").split()
        self.assertEqual(["refund", "rf-0000001", refund[2], "pending", "2000"], refund)
        again = self.say(f"refund razorpay rf-0000001 p-0001 {payment} 2000").split()
        self.assertEqual(refund, again)
        self.assert_trouble("refused", self.say(f"refund razorpay rf-0000001 p-0001 {payment} 2001"))
        self.assert_trouble("refused", self.say(f"refund razorpay rf-0000002 p-0001 {payment} 3001"))
        self.simulator.control("pass", seconds=10)
        self.assertEqual(f"refund rf-0000001 {refund[2]} done 2000",
                         self.say(f"ask_refund razorpay rf-0000001 {payment}"))
        self.assertEqual("none", self.say(f"ask_refund razorpay rf-0000009 {payment}"))
        self.assertEqual(3000, self.simulator.ledger()["balance"])
        now = int(time.time())
        self.assertEqual(f"list {payment}:captured:5000:2000:INR {refund[2]}:2000",
                         self.say(f"list razorpay {now - 3600} {now + 3600}"))
        day = time.gmtime()
        self.assertIn(f"{payment}:4900:0",
                      self.say(f"settled {day.tm_year} {day.tm_mon} {day.tm_mday}").split())

    def test_a_link_is_paid_on_its_page_and_leads_back_with_a_proof(self):
        link, shown = self.create("razorpay", "link", "p-0001", life_s=10)
        status, back = call(shown["url"], "outcome=decline")
        self.assertEqual((303, "http://127.0.0.1:1/pay/1"), (status, back))
        status, back = call(shown["url"], "outcome=pay")
        fields = dict(part.split("=") for part in back.split("?")[1].split("&"))
        payment = fields["razorpay_payment_id"]
        self.assertEqual("proven", self.say(
            f"proof {link} {payment} {fields['razorpay_signature']} p-0001 paid"))
        words = self.say(f"ask razorpay link p-0001 {link}").split()
        self.assertEqual("paid", words[3])
        self.assertIn(f"{payment}:captured:5000:0:INR", words)
        self.assertEqual(2, len(words[7:]), "the failed attempt is told too")

    def test_a_lane_code_is_paid_by_phone_or_closed_or_runs_out(self):
        code, shown = self.create("razorpay", "lane_qr", "q-0001", life_s=300)
        self.assertIn("am=50.00", shown["upi"])
        status, page = call(f"{self.simulator.razorpay}/upi?uri="
                            + shown["upi"].replace("&", "%26").replace("?", "%3F"))
        self.assertEqual((303, f"/pay/{code}"), (status, page))
        call(f"{self.simulator.razorpay}/pay/{code}", "outcome=pay")
        self.assertIn(":captured:5000:0:INR", self.say("ask razorpay lane_qr q-0001"))
        closed, _ = self.create("razorpay", "lane_qr", "q-0002")
        self.assertEqual("closed", self.say(f"close razorpay lane_qr q-0002 {closed}").split()[3])
        self.assertEqual("paid", self.say(f"close razorpay lane_qr q-0001 {code}").split()[3])
        expired, _ = self.create("razorpay", "lane_qr", "q-0003")
        self.simulator.control("pass", seconds=700)
        self.assertEqual("closed", self.say(f"ask razorpay lane_qr q-0003 {expired}").split()[3])

    def test_after_a_lost_answer_the_order_is_found_and_not_made_twice(self):
        for number, (mischief, kind) in enumerate(
                (m, k) for m in ("lost_answer", "hang_up", "error_after", "garbled")
                for k in ("order", "link", "lane_qr")):
            with self.subTest(mischief=mischief, kind=kind):
                our_id = f"p-{number:04}"
                self.simulator.next(mischief)
                self.assert_trouble("unknown", self.say(f"create razorpay {kind} {our_id} 5000 600"))
                found = self.say(f"ask razorpay {kind} {our_id}").split()
                self.assertEqual(["order", our_id], found[:2])
                if kind != "lane_qr":
                    self.assert_trouble("refused",
                                        self.say(f"create razorpay {kind} {our_id} 5000 600"))
        self.assertEqual(12, self.simulator.ledger()["orders"])

    def test_what_was_not_done_is_told_as_such(self):
        self.simulator.next("error", "busy")
        self.assert_trouble("unknown", self.say("create razorpay order p-0001 5000 600"))
        busy = self.say("create razorpay order p-0001 5000 600")
        self.assert_trouble("busy", busy)
        self.assertEqual("2", busy.split()[4], "Retry-After")
        self.assertEqual("none", self.say("ask razorpay order p-0001"))
        self.create("razorpay", "order", "p-0001")

    def test_a_refund_whose_answer_was_lost_is_the_same_refund(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        payment = self.simulator.pay(order)["payment_id"]
        for mischief in ("lost_answer", "hang_up", "error_after", "error"):
            self.simulator.next(mischief)
            self.assert_trouble("unknown",
                                self.say(f"refund razorpay rf-0000001 p-0001 {payment} 2000"))
        self.assertEqual("2000", self.say(f"refund razorpay rf-0000001 p-0001 {payment} 2000").split()[4])
        self.assertEqual(1, self.simulator.ledger()["refunds"])

    def test_money_may_come_late_and_be_held(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        late = self.simulator.pay(order, "late")["payment_id"]
        self.assertIn(f"{late}:failed:5000:0:INR", self.say(f"ask razorpay order p-0001 {order}"))
        self.simulator.control("pass", seconds=61)
        self.assertIn(f"{late}:captured:5000:0:INR", self.say(f"ask razorpay order p-0001 {order}"))
        held_order, _ = self.create("razorpay", "order", "p-0002")
        held = self.simulator.pay(held_order, "authorize")["payment_id"]
        self.assertIn(f"{held}:authorized:5000:0:INR", self.say("ask razorpay order p-0002"))
        self.assert_trouble("refused", self.say(f"capture razorpay {held} 4999"))
        for _ in range(2):
            self.assertEqual(f"payment {held}:captured:5000:0:INR",
                             self.say(f"capture razorpay {held} 5000"))

    def test_another_amount_is_told_as_it_is(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        self.simulator.pay(order, amount=4900)
        self.assertIn(":captured:4900:0:INR", self.say(f"ask razorpay order p-0001 {order}"))

    def test_a_provider_that_is_away_was_asked_nothing(self):
        with Clients(AWAY, AWAY) as clients:
            for line in ("create razorpay order p-0001 5000 600", "ask phonepe order p-0001"):
                self.assert_trouble("not_sent", clients.say(line))


class PhonePeSimulated(ProviderCase):
    def assert_one_life(self):
        self.create("phonepe", "order", "MT0001")
        self.assertEqual("open", self.say("ask phonepe order MT0001").split()[3])
        payment = self.simulator.pay("MT0001", who="phonepe")["payment_id"]
        self.assertIn(f"{payment}:captured:5000:0:INR", self.say("ask phonepe order MT0001"))
        refund = self.say(f"refund phonepe RF-0000001 MT0001 {payment} 5000").split()
        self.assertEqual(["pending", "5000"], refund[3:])
        self.assertEqual(refund, self.say(f"refund phonepe RF-0000001 MT0001 {payment} 5000").split())
        self.assert_trouble("refused", self.say(f"refund phonepe RF-0000002 MT0001 {payment} 100"))
        self.simulator.control("pass", "phonepe", seconds=10)
        self.assertEqual("done", self.say("ask_refund phonepe RF-0000001").split()[3])
        self.assertEqual("none", self.say("ask_refund phonepe RF-0000009"))
        self.assertEqual("none", self.say("ask phonepe order MT0009"))
        self.assertEqual(0, self.simulator.ledger("phonepe")["balance"])

    def assert_lost_answers(self):
        for number, mischief in enumerate(("lost_answer", "hang_up", "error_after", "garbled")):
            self.simulator.next(mischief, who="phonepe")
            self.assert_trouble("unknown", self.say(f"create phonepe lane_qr MT000{number} 5000 600"))
            self.assertEqual("open", self.say(f"ask phonepe lane_qr MT000{number}").split()[3])
            self.assert_trouble("refused", self.say(f"create phonepe lane_qr MT000{number} 5000 600"))
        self.assertEqual(4, self.simulator.ledger("phonepe")["orders"])

    def assert_codes(self):
        _, shown = self.create("phonepe", "lane_qr", "MT1001")
        self.assertTrue(shown["upi"].startswith("upi://pay?"), shown)
        self.simulator.control("pass", "phonepe", seconds=1300)
        self.assertEqual("closed", self.say("ask phonepe lane_qr MT1001").split()[3])

    def test_version_1(self):
        self.simulated(api="v1")
        self.assert_one_life()

    def test_version_1_loses_nothing(self):
        self.simulated(api="v1")
        self.assert_lost_answers()

    def test_version_1_codes(self):
        self.simulated(api="v1")
        self.assert_codes()

    def test_version_2(self):
        self.simulated(api="v2")
        self.assert_one_life()

    def test_version_2_loses_nothing(self):
        self.simulated(api="v2")
        self.say("ask phonepe order warm-up")  # the token, so that mischief meets the order
        self.assert_lost_answers()

    def test_version_2_codes_and_tokens_that_end(self):
        self.simulated(api="v2")
        self.assert_codes()
        self.simulator.control("pass", "phonepe", seconds=4000)
        self.assertEqual("none", self.say("ask phonepe order MT0009"), "under a new token")


class Webhooks(ProviderCase):
    """The simulator's notifications, received by a peer, read by the clients."""

    def setUp(self):
        self.lot = self.enter(Peer())
        self.simulated("--gateway", self.lot.url(), notify=self.lot.url() + "/callback")

    def read(self, who, request, body=None):
        headers = {name.lower(): value for name, value in request["headers"]}
        signature = headers.get("x-razorpay-signature") or headers.get("x-verify") \
            or headers.get("authorization")
        encoded = base64.b64encode(body or request["body"]).decode()
        return self.say(f"read {who} {encoded} {signature} {headers.get('x-razorpay-event-id', '-')}")

    def test_razorpay_tells_what_it_signed(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        payment = self.simulator.pay(order)["payment_id"]
        request = self.lot.request()
        self.assertEqual("/api/payment/webhook/", request["path"])
        wanted = hmac.new(WEBHOOK_SECRET.encode(), request["body"], hashlib.sha256).hexdigest()
        self.assertIn(("X-Razorpay-Signature", wanted), request["headers"])
        answer = self.read("razorpay", request)
        self.assertEqual(["notification", "payment.captured"], answer.split()[:2])
        self.assertEqual(["fact", f"{payment}:captured:5000:0:INR"], answer.split()[3:])
        changed = request["body"].replace(b"5000", b"5001", 1)
        self.assertEqual("bad_signature", self.read("razorpay", request, changed))

    def test_phonepe_tells_hints(self):
        self.create("phonepe", "order", "MT0001")
        self.simulator.pay("MT0001", who="phonepe")
        request = self.lot.request()
        self.assertEqual("/callback", request["path"])
        encoded = json.loads(request["body"])["response"]
        wanted = hashlib.sha256((encoded + SALT).encode()).hexdigest() + "###1"
        self.assertIn(("X-VERIFY", wanted), request["headers"])
        self.assertEqual(["hint"], self.read("phonepe", request).split()[3:4])

    def test_copies_share_an_event_and_forgeries_are_noticed(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        self.simulator.next("duplicate", "forged")  # payment.captured, order.paid
        self.simulator.pay(order)
        seen = {}
        while {"payment.captured", "order.paid", "bad_signature"} - seen.keys() \
                or seen["payment.captured"][0] < 2:
            words = self.read("razorpay", self.lot.request()).split()
            what = words[1] if words[0] == "notification" else words[0]
            count, ids = seen.get(what, (0, set()))
            seen[what] = (count + 1, ids | set(words[2:3]))
        self.assertEqual(1, len(seen["payment.captured"][1]))

    def test_what_nobody_takes_comes_again(self):
        self.lot.answers.put((500, ""))
        order, _ = self.create("razorpay", "order", "p-0001")
        self.simulator.pay(order)
        first = self.lot.request()
        self.assertEqual(b"order.paid" in self.lot.request()["body"], True)
        self.simulator.control("pass", seconds=6)
        self.assertEqual(first["body"], self.lot.request()["body"])

    def test_what_is_missing_is_found_by_asking(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        self.simulator.next("missing", "missing")
        self.simulator.pay(order)
        self.assertEqual("paid", self.say(f"ask razorpay order p-0001 {order}").split()[3])
        self.assertEqual(0, self.lot.asked())

    def test_a_payment_may_be_told_before_its_order_is_known(self):
        self.simulator.control("mischief", next=["early"], slow_ms=400)
        began = time.monotonic()
        order, _ = self.create("razorpay", "order", "p-0001")
        self.assertGreater(time.monotonic() - began, 0.3)
        request = self.lot.request()
        self.assertIn(order.encode(), request["body"])
        self.assertEqual("paid", self.say("ask razorpay order p-0001").split()[3])

    def test_later_ones_overtake(self):
        order, _ = self.create("razorpay", "order", "p-0001")
        self.simulator.control("mischief", next=["late"], slow_ms=300)
        self.simulator.pay(order)
        events = [json.loads(self.lot.request()["body"])["event"] for _ in range(2)]
        self.assertEqual(["order.paid", "payment.captured"], events)


class Chaos(ProviderCase):
    """Hundreds of payments while everything goes wrong a little; at the end every order's money as
    the clients tell it is the provider's own."""

    def test_every_order_is_known_at_the_end(self):
        words = ("busy", "error", "error_after", "garbled", "hang_up")
        self.simulated("--seed", "7", "--mischief", *(f"{word}=8%" for word in words))
        settled = 0
        for number in range(60):
            our_id = f"p-{number:04}"
            self.patiently(f"create razorpay order {our_id} 5000 600", our_id)
            order = self.patiently(f"ask razorpay order {our_id}").split()[2]
            outcome = ("pay", "decline", "late", "pay")[number % 4]
            payment = self.simulator.pay(order, outcome)["payment_id"]
            if number % 8 == 0:
                self.patiently(f"refund razorpay rf-{number:07} {our_id} {payment} 1000")
        self.simulator.control("pass", seconds=120)
        for number in range(60):
            for word in self.patiently(f"ask razorpay order p-{number:04}").split()[7:]:
                _, state, amount, refunded, _ = word.split(":")
                settled += int(amount) - int(refunded) if state == "captured" else 0
        ledger = self.simulator.ledger()
        self.assertEqual("", ledger["fault"])
        self.assertEqual(60, ledger["orders"])
        self.assertEqual(8, ledger["refunds"])
        self.assertEqual(ledger["balance"], settled)
        self.assertEqual(45 * 5000 - 8 * 1000, settled)

    def patiently(self, line, our_id=None):
        """As an engine would: after trouble it asks before it does anything again."""
        for _ in range(40):
            answer = self.say(line)
            if not answer.startswith("trouble"):
                return answer
            self.assertIn(answer.split()[1], ("unknown", "busy"), answer)
            if our_id is not None:
                known = "trouble"
                while known.startswith("trouble"):
                    known = self.say(f"ask razorpay order {our_id}")
                if known != "none":
                    return known
        self.fail(line)


if __name__ == "__main__":
    unittest.main()
