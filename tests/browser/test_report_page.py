"""The report page in a real browser: nothing loads, nothing runs but our own script, and the search finds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from punchdown.report import to_html
from punchdown.values import DeviceReport, Finding, Report, Severity
from tests.browser.conftest import Opener

EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def device(name: str, status: str, title: str = "") -> DeviceReport:
    """A switch with at most one finding."""
    findings = (Finding(f"{name:0<12}"[:12], name, "drift", Severity.HIGH, title, line=EVIL),) if title else ()
    return DeviceReport(name, "lisbon", "cisco_ios", "access-switch", status, findings)


DEVICES = (device("sw-1", "different", "802.1X is off"), device("sw-2", "in-order"),
           device("sw-3", "different", "VLAN is gone"))
PAGE = to_html(Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", DEVICES))


FOLLOW = """() => {
  let last = null;
  window.stop = () => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    const later = !last || here === document.body || Boolean(last.compareDocumentPosition(here) & 4);
    last = here;
    const name = here === document.body ? "" : here.id || here.getAttribute("aria-label") || here.textContent.trim();
    return [name, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, later];
  };
}"""
"""What has the focus: its name, whether that is seen, and whether it stands behind the stop before."""


def visible(page: Page) -> list[str]:
    """The devices whose row of the table is shown."""
    return [row.get_attribute("data-device") or "" for row in page.locator("tbody tr[data-device]:visible").all()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a page is put."""
    return tmp_path / "page.html"


def test_device_text_does_not_run(opened: Opener, file: Path) -> None:
    file.write_text(PAGE)
    page = opened(file)
    assert page.title() == "Drift report · grand-hotels"
    assert visible(page) == ["lisbon/sw-1", "lisbon/sw-3", "lisbon/sw-2"], "worst first"


def test_even_unescaped_device_text_is_stopped_by_the_policy(opened: Opener, file: Path) -> None:
    file.write_text(PAGE.replace("<footer", f"{EVIL}<footer"))
    assert opened(file).title().startswith("Drift report")
    assert sum("Content Security Policy" in told for told in opened.bad) >= 2
    opened.bad.clear()


def test_without_the_policy_it_would_have_run(opened: Opener, file: Path) -> None:
    file.write_text(re.sub(r"<meta http-equiv[^>]*>", "", PAGE).replace("<footer", f"{EVIL}<footer"))
    page = opened(file)
    assert page.title() == "owned"
    page.evaluate("document.title = ''")
    opened.bad.clear()


def test_search_leaves_what_matches(opened: Opener, file: Path) -> None:
    file.write_text(PAGE)
    page = opened(file)
    for words, devices in (("802.1x", ["sw-1"]), ("vlan gone", ["sw-3"]), ("sw-2", ["sw-2"]),
                           ("access-switch", ["sw-1", "sw-3", "sw-2"]), ("nowhere", [])):
        page.locator("#search").fill(words)
        assert visible(page) == [f"lisbon/{name}" for name in devices]


def test_a_thousand_devices_and_what_is_told_of_many(opened: Opener, file: Path) -> None:
    wide = Finding("0" * 12, "", "drift", Severity.HIGH, "VLAN 110 is gone")
    rows = tuple(replace(device(f"sw-{number}", "different" if number < 5 else "in-order"), findings=(
        (replace(wide, id=f"{number:012}"),) if number < 5 else ())) for number in range(1000))
    file.write_text(to_html(Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", rows, gone=(wide,))))
    page = opened(file)
    assert len(visible(page)) == 100
    page.locator("#search").fill("sw-99")
    assert len(visible(page)) == 11
    for told in ("The same on several devices", "Gone since the last look"):
        expect(page.get_by_role("heading", name=told)).to_be_hidden()
    page.locator("#search").fill("gone")
    expect(page.get_by_role("heading", name="Gone since the last look")).to_be_visible()
    page.locator("#search").fill("")
    page.get_by_role("button", name="Show all 1000").click()
    assert page.locator("tbody tr[data-device]:visible").count() == 1000


def test_by_keyboard_alone_every_stop_is_seen_and_in_order(opened: Opener, file: Path) -> None:
    file.write_text(PAGE)
    page = opened(file)
    page.evaluate(FOLLOW)
    stops = []
    for _ in range(10):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("stop()"))
    assert [name for name, _, _ in stops if name] == [
        "Skip to the content", "1in order", "2different", "search", "Devices", "sw-1", "sw-3", "sw-2",
        "sw-100000000-sw-1", "sw-300000000-sw-3"]
    assert [name for name, seen, _ in stops if name and not seen] == []
    assert all(later for _, _, later in stops)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
