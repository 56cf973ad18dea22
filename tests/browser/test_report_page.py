"""The report page in a real browser: nothing loads, nothing runs but our own script, and the search finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

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
    assert visible(page) == ["lisbon/sw-1", "lisbon/sw-2", "lisbon/sw-3"]


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
                           ("access-switch", ["sw-1", "sw-2", "sw-3"]), ("nowhere", [])):
        page.locator("#search").fill(words)
        assert visible(page) == [f"lisbon/{name}" for name in devices]
