"""The audit page in a real browser: the search finds controls, coverage stays, and no text runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from punchdown.report import audit_html
from punchdown.values import Audit, ControlResult, ControlState, LineEvidence, Position, SiteAudit

CHROMIUM = shutil.which("chromium")
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
DRIVER = """<script>window.addEventListener("load", () => {
  const search = document.getElementById("search");
  search.value = "%s";
  search.dispatchEvent(new Event("input"));
});</script></body>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def result(name: str, state: ControlState, line: str) -> ControlResult:
    """A control with one line of evidence."""
    lines = (LineEvidence("sw-1", "running-config", "acls", "hosts.a", Position(), (line,)),)
    return ControlResult(name, "acl", "mivb", "Section", f"Title of {name}", "high", state, EVIL, lines)


PAGE = audit_html(Audit(
    "grand-hotels", "2026-11-21T10:00:00Z", "2026-11-21", {"acl": "Access lists"}, {"mivb": "Guidelines"},
    (SiteAudit("lisbon", (result("acl-smdr", ControlState.ENFORCED, f"permit tcp any eq 1752 {EVIL}"),
                          result("acl-pms", ControlState.ENFORCED, "permit tcp any eq 1753"),
                          result("acl-admin-https", ControlState.MISSING, "permit tcp any eq 443"))),)))


def after_load(page: str, folder: Path) -> str:
    """The document as the browser leaves it after its scripts ran."""
    assert CHROMIUM is not None
    (folder / "page.html").write_text(page, encoding="utf-8")
    return subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=2000", "--dump-dom", (folder / "page.html").as_uri()],
        capture_output=True, text=True, timeout=60, check=True).stdout


def visible(dom: str) -> list[str]:
    """The controls whose row of the table is shown."""
    rows = re.findall(r"<tr ([^>]*data-device=\"lisbon/[^>]*)>", dom)
    return [re.findall(r"lisbon/([^\"]+)", row)[0] for row in rows if not re.search(r"\bhidden\b", row)]


def test_text_of_devices_and_people_does_not_run(tmp_path: Path) -> None:
    dom = after_load(PAGE, tmp_path)
    assert "<title>Audit · grand-hotels</title>" in dom
    assert visible(dom) == ["acl-smdr", "acl-pms", "acl-admin-https"]


def test_the_search_finds_controls_by_their_lines_and_leaves_coverage_alone(tmp_path: Path) -> None:
    without_policy = re.sub(r"<meta http-equiv[^>]*>", "", PAGE)
    dom = after_load(without_policy.replace("</body>", DRIVER % "1753"), tmp_path)
    assert visible(dom) == ["acl-pms"]
    assert "1 of 3 controls" in dom
    coverage = re.search(r"<tr([^>]*)><th scope=\"row\" class=\"wrap\">Access lists", dom)
    assert coverage is not None
    assert "hidden" not in coverage.group(1)
