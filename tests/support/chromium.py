"""A real Chromium without a screen, that can reach nothing but this machine.

    cls.page = open_chromium(cls)       # in setUpClass; it ends with the class
"""
import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage",
         # Nothing but this machine: the pages need no internet, and ask for none.
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


def open_chromium(case):
    # Chromium may still write a moment after it was told to end.
    profile = tempfile.mkdtemp(prefix="gatehouse-chromium-")
    case.addClassCleanup(shutil.rmtree, profile, ignore_errors=True)
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    page = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    case.addClassCleanup(page.quit)
    return page


def set_width(page, width):
    """What the page sees, whatever the window's frame takes."""
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": False})


def broken_rules(page):
    """What a page did that its content security policy forbids, and what it did not catch."""
    return [entry["message"] for entry in page.get_log("browser")
            if "Content Security Policy" in entry["message"] or "Uncaught" in entry["message"]]
