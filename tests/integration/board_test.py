"""The live board, in a real Chromium: every slot in its zone, a change without a reload, a word when
the gateway is gone, and no sideways scrolling on a desk or in a hand."""
import pathlib
import signal
import sys
import unittest

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from chromium import broken_rules, open_chromium, set_width  # noqa: E402
from lot import LotCase, state  # noqa: E402
from peers import DEADLINE_S  # noqa: E402


class Board(LotCase):
    options = {"zones": {"A": 12, "B": ["north", "south"]}, "name": "Station car park"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = open_chromium(cls)

    def setUp(self):
        super().setUp()
        self.page.set_window_size(1280, 900)
        self.page.get(f"http://127.0.0.1:{self.lot.http_port}/")
        self.wait_for(lambda: len(self.tiles()) == len(self.lot.slots()) + 1)

    def wait_for(self, is_so):
        return WebDriverWait(self.page, DEADLINE_S, poll_frequency=0.05).until(lambda _: is_so())

    def tiles(self):
        """Slot → status, as drawn; in one script, so that it is one moment of the page."""
        return dict(self.page.execute_script(
            "return [...document.querySelectorAll('li.slot')]"
            ".map(tile => [tile.firstChild.textContent, tile.dataset.status])"))

    def text(self, name):
        return self.page.find_element(By.ID, name).text

    def test_every_slot_of_every_zone_is_shown(self):
        tiles = self.tiles()
        self.assertEqual(set(tiles), {*self.lot.slots(), "Z-001"})
        self.assertLessEqual(set(tiles.values()), {"free", "occupied"})
        zones = self.page.find_elements(By.CSS_SELECTOR, "section.zone h2")
        self.assertEqual([zone.text for zone in zones], ["Zone A", "Zone B", "Zone Z"])
        self.assertEqual(self.text("lot-name"), "Station car park")

    def test_a_change_is_drawn_without_a_reload(self):
        self.page.execute_script("window.notReloaded = true")
        for occupied, status in ((True, "occupied"), (False, "free"), (True, "occupied")):
            self.say("A-007", state(occupied))
            self.wait_for(lambda status=status: self.tiles()["A-007"] == status)
        self.wait_for(lambda: self.text("count-occupied") == "1")
        self.assertTrue(self.page.execute_script("return window.notReloaded"))
        self.say("A-007", state(False))
        self.wait_for(lambda: self.tiles()["A-007"] == "free")

    def test_when_the_gateway_dies_the_board_says_so_and_comes_back_by_itself(self):
        banner = self.page.find_element(By.ID, "lost")
        self.assertFalse(banner.is_displayed())
        self.lot.stop_gateway(signal.SIGKILL)
        self.wait_for(banner.is_displayed)
        self.assertIn("Connection lost", banner.text)
        self.assertEqual(len(self.tiles()), len(self.lot.slots()) + 1)  # the last known state
        self.say("north", state(True))  # the broker keeps it
        self.lot.start_gateway()
        self.wait_for(lambda: not banner.is_displayed())
        self.wait_for(lambda: self.tiles()["north"] == "occupied")

    def test_when_the_broker_is_gone_the_board_says_that_sensors_cannot_be_heard(self):
        banner = self.page.find_element(By.ID, "lost")
        self.wait_for(lambda: self.text("live-text").startswith("Live"))
        self.lot.broker.stop()
        self.wait_for(banner.is_displayed)
        self.assertIn("Sensors cannot be heard", banner.text)
        self.assertIn("Showing what was known at", banner.text)
        self.assertNotIn("Live", self.text("live-text").split(" · ")[0])
        # Whoever opens the page now is told the same, and not from when.
        self.page.refresh()
        self.wait_for(lambda: self.page.find_element(By.ID, "lost").is_displayed())
        self.assertIn("may be old", self.text("lost"))
        self.lot.broker.start()
        self.wait_for(lambda: not self.page.find_element(By.ID, "lost").is_displayed())
        self.wait_for(lambda: self.text("live-text").startswith("Live"))

    def test_a_lot_without_gates_counts_no_cars_and_usual_minutes_are_not_mentioned(self):
        self.assertFalse(self.page.find_element(By.ID, "traffic").is_displayed())
        self.assertFalse(self.page.find_element(By.ID, "quick").is_displayed())

    def test_nothing_is_wider_than_the_window(self):
        for width in (1280, 390):
            with self.subTest(width=width):
                set_width(self.page, width)
                inner, needed = self.page.execute_script(
                    "return [innerWidth, document.documentElement.scrollWidth]")
                self.assertEqual(inner, width)
                self.assertLessEqual(needed, width)
        self.page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_the_page_breaks_none_of_its_own_rules(self):
        self.assertEqual(broken_rules(self.page), [])


class Gates(Board):
    """A demo lot with a gate, whose minutes are seconds."""
    options = {"zones": {"A": 3}, "toml": """
[billing]
minute_seconds = 1
[[gates.lanes]]
id = "ENTRY_GATE_01"
direction = "entry"
"""}
    # What is the same of every lot is tested above.
    test_every_slot_of_every_zone_is_shown = None
    test_a_change_is_drawn_without_a_reload = None
    test_when_the_gateway_dies_the_board_says_so_and_comes_back_by_itself = None
    test_when_the_broker_is_gone_the_board_says_that_sensors_cannot_be_heard = None
    test_a_lot_without_gates_counts_no_cars_and_usual_minutes_are_not_mentioned = None

    def test_entries_are_counted_and_the_minute_is_told(self):
        self.assertEqual(self.text("quick"),
                         "A demo lot: a minute of parking passes in 1 second here.")
        self.assertEqual(self.text("traffic-entries"), "0")
        with self.lot.peer() as reader:
            reader.publish(self.lot.root + "gates/ENTRY_GATE_01/button", '{"press_id":"p1"}')
            self.wait_for(lambda: self.text("traffic-entries") == "1")
            self.assertEqual((self.text("traffic-inside"), self.text("traffic-exits")), ("1", "0"))


if __name__ == "__main__":
    unittest.main()
