"""The pages of staff and administrators in a real Chromium, by what a person does: signs in, opens
a shift, takes a car in and out with cash, counts, and looks at the figures. What drivers are called
is shown as text, whatever it is; nothing is wider than a hand; no page breaks its own rules."""
import pathlib
import sys
import unittest

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import staff_api_test as counter  # noqa: E402
from barrier import Barrier  # noqa: E402
from chromium import broken_rules, open_chromium, set_width  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

HOSTILE_NAME = "<img src=x onerror=alert(1)>"


class PagesCase(unittest.TestCase):
    """A lot with an entry and an exit, whose minutes are seconds; one for the class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.way_in, cls.way_out = Barrier(), Barrier()
        for barrier in (cls.way_in, cls.way_out):
            barrier.__enter__()
            cls.addClassCleanup(barrier.__exit__, None, None, None)
        toml = counter.GATES + cls.way_in.toml("b1") + cls.way_out.toml("b2")
        cls.lot = counter.DemoLot(zones={"A": 4}, toml=toml)
        cls.addClassCleanup(cls.lot.close)
        cls.lot.__enter__()
        cls.page = open_chromium(cls)

    def setUp(self):
        super().setUp()
        set_width(self.page, 1280)
        self.page.delete_all_cookies()

    def tearDown(self):
        self.assertEqual(broken_rules(self.page), [])
        super().tearDown()

    # ---- What a person does

    def go(self, path):
        self.page.get("about:blank")  # also where only the part after # is different
        self.page.get(f"http://127.0.0.1:{self.lot.http_port}{path}")

    def wait_for(self, is_so):
        return WebDriverWait(self.page, DEADLINE_S, poll_frequency=0.05,
                             ignored_exceptions=(WebDriverException,)).until(lambda _: is_so())

    def find(self, css):
        """The first that is shown; looked for in one script, because pages draw themselves anew."""
        return self.wait_for(lambda: self.page.execute_script(
            "return [...document.querySelectorAll(arguments[0])]"
            ".find((each) => each.getClientRects().length > 0)", css))

    def fill(self, css, text):
        def is_filled():
            field = self.find(css)
            field.clear()
            field.send_keys(text)
            return True
        self.wait_for(is_filled)

    def choose(self, css, value):
        Select(self.find(css)).select_by_value(value)

    def press(self, css):
        def is_pressed():
            there = self.find(css)
            self.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", there)
            there.click()
            return True
        self.wait_for(is_pressed)

    def shows(self, css, text):
        try:
            self.wait_for(lambda: text in self.find(css).text)
        except TimeoutException:
            shown = self.page.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"{css} does not show {text!r}:\n{shown}") from None

    def sign_in(self, name):
        self.go("/login/")
        self.fill("[name=username]", name)
        self.fill("[name=password]", self.lot.passwords[name])
        self.press("[type=submit]")
        self.shows("#who", name)

    def issue(self, vehicle, owner="John Doe", gate=""):
        """The code of a new ticket."""
        self.go("/parking/entry/")
        self.fill("[name=vehicle_number]", vehicle)
        self.fill("[name=owner_name]", owner)
        if gate:
            self.choose("[name=gate]", gate)
        self.press("[type=submit]")
        return self.find("#ticket-code").text

    def settle(self, code, tendered):
        self.go("/parking/exit-qr-scan/")
        self.assertEqual(self.find("#find"), self.page.switch_to.active_element)
        # The first of the lot's short minutes costs nothing.
        self.wait_for(lambda: self.amount_due(code) == "₹50.00")
        self.fill("[name=tendered]", tendered)

    def amount_due(self, code):
        self.fill("#find", code + "\n")
        return self.find("#amount-due").text

    def done(self, script):
        """What `script`, which may wait, gives back in the page."""
        return self.page.execute_async_script(
            "const done = arguments[0];"
            f"(async () => {{ {script} }})().then(done, (wrong) => done(String(wrong)))")

    def is_narrow(self, path, css):
        for width in (1280, 390):
            set_width(self.page, width)
            self.go(path)
            self.find(css)
            needed = self.page.execute_script("return document.documentElement.scrollWidth")
            self.assertLessEqual(needed, width, path)


class Calls(PagesCase):
    def test_a_post_keeps_its_name_while_nobody_knows_what_became_of_it(self):
        self.go("/login/")
        self.find("[name=username]")
        said = self.done("""
            const { once } = await import("/assets/common/api.js");
            const answers = [
              [503, '{"code":"no_answer"}'],
              [502, "<html>a proxy's own</html>"],
              [409, '{"code":"in_progress"}'],
              [200, '{"success":tr'],  // it breaks off
              null,                    // the line is lost
              [200, '{"success":true}'],
              [400, '{"code":"validation_failed"}'],
              [200, '{"success":true}'],
            ];
            const names = [];
            window.fetch = async (path, { headers }) => {
              names.push(headers["Idempotency-Key"]);
              const next = answers.shift();
              if (!next) throw new TypeError("lost");
              return new Response(next[1], { status: next[0] });
            };
            const send = once();
            const told = [];
            while (answers.length > 0) {
              try {
                await send("/api/staff/exit/", { qr_code: "x" });
                told.push("done");
              } catch (wrong) {
                told.push(wrong.status);
              }
            }
            return { names, told };""")
        self.assertEqual(said["told"], [503, 502, 409, 0, 0, "done", 400, "done"])
        names = said["names"]
        self.assertTrue(names[0])
        self.assertEqual(set(names[:6]), {names[0]})
        self.assertEqual(len({names[0], names[6], names[7]}), 3)


class StaffPages(PagesCase):
    def test_a_shift_from_its_float_to_its_z_report(self):
        self.sign_in("staff1")
        self.go("/staff/#shift")
        self.fill("[name=float]", "500")
        self.press("#shift [type=submit]")
        self.shows("#shift", "₹500.00")

        code = self.issue("DL 01 AB 1234")
        self.assertTrue(code.startswith("PARK-"))
        picture = self.find("#ticket img")
        self.wait_for(lambda: self.page.execute_script("return arguments[0].naturalWidth", picture))
        # As a scanner types: the code, then return; the field waits for it.
        self.go("/parking/entry-qr-scan/")
        self.assertEqual(self.find("[name=qr_code]"), self.page.switch_to.active_element)
        self.fill("[name=qr_code]", code + "\n")
        self.shows("#entered", "DL01AB1234 is in")
        self.fill("[name=qr_code]", code + "\n")
        self.shows(".told", "Entry QR already scanned. Cannot scan twice!")

        self.settle(code, "20")
        self.shows("#change-due", "₹30.00 are missing")
        self.fill("[name=tendered]", "500")
        self.shows("#change-due", "Change ₹450.00")
        self.press("#settle")
        self.shows("#change", "Change ₹450.00")
        self.shows("#receipt", "CGST")

        self.go("/staff/#shift")
        self.fill("[name=counted]", "540")
        self.press("form [type=submit]")
        self.shows("#z-report", "Z report 1")
        report = self.find("#z-report").text
        for line in ("₹500.00", "1 · ₹50.00", "₹550.00", "₹540.00", "₹10.00"):
            self.assertIn(line, report)

    def test_a_printer_gets_the_ticket_and_nothing_else(self):
        self.sign_in("staff1")
        code = self.issue("DL01PP0001")
        self.page.execute_script("window.print = () => { window.printed = true; }")
        self.press("#ticket button")
        self.wait_for(lambda: self.page.execute_script("return window.printed"))
        self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.shows(".sheet", code)
        self.assertFalse(self.page.find_element(By.CSS_SELECTOR, "main").is_displayed())
        self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        self.page.execute_script("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.page.find_elements(By.CSS_SELECTOR, ".sheet"), [])

    def test_what_a_driver_is_called_is_text(self):
        self.sign_in("staff1")
        self.issue("DL01XX0001", owner=HOSTILE_NAME)
        self.sign_in("admin")
        self.go("/admin/#sessions")
        self.shows("tbody", HOSTILE_NAME)
        self.assertEqual(self.page.find_elements(By.CSS_SELECTOR, "img[src=x]"), [])

    def test_a_barrier_is_opened_by_hand_and_seen_moving(self):
        self.sign_in("staff1")
        self.go("/staff/#lanes")
        self.shows("#live", "Live")
        lane = "#lane-EXIT_GATE_01"
        self.shows(f"{lane} .state", "Closed")
        self.press(f"{lane} [data-act=hold]")
        self.fill("dialog [name=reason]", "A lorry")
        self.press("dialog [type=submit]")
        self.shows(f"{lane} .state", "Held open")
        self.press(f"{lane} [data-act=release]")
        self.fill("dialog [name=reason]", "The lorry is gone")
        self.press("dialog [type=submit]")
        self.shows(f"{lane} .state", "Closed")

    def test_a_lost_ticket_is_replaced_and_the_new_one_leaves(self):
        self.sign_in("staff1")
        old = self.issue("DL01YY0001", gate="ENTRY_GATE_01")
        self.go("/parking/exit-qr-scan/")
        self.fill("#find", "DL01YY0001\n")
        self.done("""
            const real = window.fetch;
            window.posted = [];
            window.fetch = (path, asked) => {
              if (asked?.method === "POST") posted.push(asked.headers["Idempotency-Key"]);
              return real(path, asked);
            };""")
        self.press("details summary")
        self.press("details button")
        self.fill("dialog [name=reason]", "Blown away")
        self.press("dialog [type=submit]")
        new = self.find("#ticket-code").text
        self.assertNotEqual(new, old)
        posted = self.done("return posted;")
        self.assertTrue(posted and all(posted), posted)
        self.fill("#find", old + "\n")
        self.shows(".notice", "Invalid QR code. Session not found.")

    def test_an_incident_is_noted(self):
        self.sign_in("staff1")
        self.go("/staff/#incidents?slot=A-002")
        self.assertEqual(self.find("[name=slot]").get_attribute("value"), "A-002")
        self.choose("[name=kind]", "damage")
        self.fill("[name=description]", "A scratch")
        self.press("form [type=submit]")
        self.shows("tbody", "A scratch")

    def test_who_is_not_signed_in_is_asked_to_and_comes_back(self):
        self.page.get("about:blank")
        self.go("/staff/#shift")
        self.fill("[name=username]", "staff1")
        self.fill("[name=password]", "wrong password")
        self.press("[type=submit]")
        self.shows(".told", "Wrong user name or password")
        self.fill("[name=password]", self.lot.passwords["staff1"])
        self.press("[type=submit]")
        self.shows("#who", "staff1")
        self.assertTrue(self.page.current_url.endswith("/staff/#shift"))
        self.press("#sign-out")
        self.find("[name=password]")

    def cookies(self):
        kept = self.page.execute_cdp_cmd("Network.getAllCookies", {})["cookies"]
        return sorted(each["name"] for each in kept)

    def test_who_was_away_for_a_day_signs_out_all_the_same(self):
        self.sign_in("staff1")
        self.assertEqual(self.cookies(), ["gh_access", "gh_csrf", "gh_refresh"])
        self.page.delete_cookie("gh_access")
        self.press("#sign-out")
        self.find("[name=password]")
        self.assertEqual(self.cookies(), [])

    def test_a_page_that_cannot_sign_out_says_so(self):
        self.sign_in("staff1")
        self.done("""
            window.real = window.fetch;
            window.fetch = async () => { throw new TypeError("lost"); };""")
        self.press("#sign-out")
        self.shows("#sign-out-told", "could not be told")
        self.assertIn("gh_access", self.cookies())
        self.done("window.fetch = window.real;")
        self.press("#sign-out")
        self.find("[name=password]")
        self.assertEqual(self.cookies(), [])

    def test_the_pages_fit_a_desk_and_a_hand(self):
        self.sign_in("staff1")
        for path, css in (("/staff/", "#find"), ("/staff/#lanes", ".lane"),
                          ("/staff/#slots", "td"), ("/staff/#shift", "form"),
                          ("/staff/#incidents", "form"), ("/parking/entry/", "form"),
                          ("/parking/exit-qr-scan/", "#find"), ("/entry-qr-scan/", "form")):
            with self.subTest(path=path):
                self.is_narrow(path, css)


class AdminPages(PagesCase):
    def test_an_administrator_sees_the_lot(self):
        self.sign_in("staff1")
        code = self.issue("DL01ZZ0001", gate="ENTRY_GATE_01")
        self.settle(code, "50")
        self.press("#settle")
        self.find("#settled")
        self.sign_in("admin")
        self.wait_for(lambda: self.page.current_url.endswith("/admin/"))
        self.shows("#today", "₹50.00")
        self.assertGreaterEqual(len(self.page.find_elements(By.CSS_SELECTOR, "svg.chart .bar")), 30)
        self.go("/admin/#sessions?q=DL01ZZ")
        self.shows("tbody", "DL01ZZ0001")
        self.press("td.actions button")
        self.shows("dialog", "Receipt")
        session = self.page.execute_async_script(
            "const done = arguments[0];"
            "fetch('/api/admin/all-sessions/?q=DL01ZZ').then((said) => said.json())"
            ".then((said) => done(said.data.sessions[0].session_id))")
        # The driver's own page needs no account.
        self.page.delete_all_cookies()
        self.go(f"/pay/{session}")
        self.shows(".notice", "Paid. Thank you")
        self.shows("#receipt", "SGST")

    def test_the_audit_says_what_each_entry_was_about(self):
        self.sign_in("admin")
        self.go("/admin/#alerts")
        self.find("[data-section=alerts]")
        targets = self.done("""
            const { post, read } = await import("/assets/common/api.js");
            await post("/api/staff/gates/EXIT_GATE_01/hold/", { reason: "A lorry" });
            await post("/api/staff/gates/EXIT_GATE_01/release/", { reason: "It is gone" });
            const { audit } = await read("/api/admin/audit/", { page_size: 50 });
            return audit.map((row) => row.targets).filter(Boolean)[0];""")
        self.assertTrue(targets)
        self.go("/admin/#audit")
        self.shows("tbody", targets)

    def test_every_section_opens_and_fits(self):
        self.sign_in("admin")
        for section in ("revenue", "payments", "refunds", "sessions", "users", "zones", "slots",
                        "shifts", "exceptions", "alerts", "devices", "scans", "audit", "settings"):
            with self.subTest(section=section):
                self.is_narrow(f"/admin/#{section}", f"[data-section={section}]")
                told = self.page.find_elements(By.CSS_SELECTOR, ".notice")
                self.assertEqual([each.text for each in told], [])

    def test_the_z_report_of_any_shift_is_shown(self):
        self.sign_in("staff1")
        self.go("/staff/#shift")
        # One is open already where cash was taken before.
        if self.find("[name=float], [name=counted]").get_attribute("name") == "float":
            self.fill("[name=float]", "100")
            self.press("#shift [type=submit]")
        self.fill("[name=counted]", "100")
        self.press("form [type=submit]")
        self.find("#z-report")
        self.sign_in("admin")
        self.go("/admin/#shifts")
        self.press("td.actions button")
        self.shows("dialog", "Z report")


if __name__ == "__main__":
    unittest.main()
