"""The report page in a real browser: nothing loads, nothing runs but our own script, and the search finds."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from punchdown.report import to_html
from punchdown.values import DeviceReport, Finding, Report, Severity

CHROMIUM = shutil.which("chromium")
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
DRIVER = """<script>window.addEventListener("load", () => {
  const search = document.getElementById("search");
  search.value = "%s";
  search.dispatchEvent(new Event("input"));
});</script></body>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def device(name: str, status: str, title: str = "") -> DeviceReport:
    """A switch with at most one finding."""
    findings = (Finding(f"{name:0<12}"[:12], name, "drift", Severity.HIGH, title, line=EVIL),) if title else ()
    return DeviceReport(name, "lisbon", "cisco_ios", "access-switch", status, findings)


DEVICES = (device("sw-1", "different", "802.1X is off"), device("sw-2", "in-order"),
           device("sw-3", "different", "VLAN is gone"))
PAGE = to_html(Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", DEVICES))


def after_load(page: str, folder: Path) -> str:
    """The document as the browser leaves it after its scripts ran."""
    assert CHROMIUM is not None
    (folder / "page.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=2000", "--dump-dom", (folder / "page.html").as_uri()],
        capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def visible(dom: str) -> list[str]:
    """The devices whose row of the table is shown."""
    rows = re.findall(r"<tr ([^>]*data-device=\"lisbon/[^>]*)>", dom)
    return [re.findall(r"lisbon/([^\"]+)", row)[0] for row in rows if not re.search(r"\bhidden\b", row)]


def searching(words: str) -> str:
    """The page with a script that types into the search box; the policy is taken off, since it rightly forbids that."""
    without_policy = re.sub(r"<meta http-equiv[^>]*>", "", PAGE)
    return without_policy.replace("</body>", DRIVER % words)


def test_device_text_does_not_run(tmp_path: Path) -> None:
    dom = after_load(PAGE, tmp_path)
    assert "<title>Drift report · grand-hotels</title>" in dom
    assert visible(dom) == ["sw-1", "sw-2", "sw-3"]


def test_even_unescaped_device_text_is_stopped_by_the_policy(tmp_path: Path) -> None:
    dom = after_load(PAGE.replace("<footer", f"{EVIL}<footer"), tmp_path)
    assert "<title>Drift report" in dom


def test_without_the_policy_it_would_have_run(tmp_path: Path) -> None:
    page = re.sub(r"<meta http-equiv[^>]*>", "", PAGE).replace("<footer", f"{EVIL}<footer")
    assert "<title>owned</title>" in after_load(page, tmp_path)


@pytest.mark.parametrize(("words", "devices"), [
    ("802.1x", ["sw-1"]), ("vlan gone", ["sw-3"]), ("sw-2", ["sw-2"]), ("access-switch", ["sw-1", "sw-2", "sw-3"]),
    ("nowhere", []),
])
def test_search_leaves_what_matches(tmp_path: Path, words: str, devices: list[str]) -> None:
    assert visible(after_load(searching(words), tmp_path)) == devices
