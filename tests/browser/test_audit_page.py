"""The audit page in a real browser: the search finds controls, coverage stays, and no text runs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from punchdown.report import audit_html
from punchdown.values import Audit, ControlResult, ControlState, LineEvidence, Position, SiteAudit
from tests.browser.conftest import Opener

EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def result(name: str, state: ControlState, line: str) -> ControlResult:
    """A control with one line of evidence."""
    lines = (LineEvidence("sw-1", "running-config", "acls", "hosts.a", Position(), (line,)),)
    return ControlResult(name, "acl", "mivb", "Section", f"Title of {name}", "high", state, EVIL, lines)


PAGE = audit_html(Audit(
    "grand-hotels", "2026-11-21T10:00:00Z", "2026-11-21", {"acl": "Access lists"}, {"mivb": "Guidelines"},
    (SiteAudit("lisbon", (result("acl-smdr", ControlState.ENFORCED, f"permit tcp any eq 1752 {EVIL}"),
                          result("acl-pms", ControlState.ENFORCED, "permit tcp any eq 1753"),
                          result("acl-admin-https", ControlState.MISSING, "permit tcp any eq 443"))),)))


def visible(page: Page) -> list[str]:
    """The controls whose row of the table is shown."""
    rows = page.locator("tbody tr[data-device]:visible").all()
    return [(row.get_attribute("data-device") or "").removeprefix("lisbon/") for row in rows]


def test_text_of_devices_and_people_does_not_run_and_the_search_finds_controls_by_their_lines(
    opened: Opener, tmp_path: Path,
) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    page = opened(tmp_path / "page.html")
    assert page.title() == "Audit · grand-hotels"
    assert visible(page) == ["acl-smdr", "acl-pms", "acl-admin-https"]
    page.locator("#search").fill("1753")
    assert visible(page) == ["acl-pms"]
    expect(page.locator("#matches")).to_have_text("1 of 3 controls")
    expect(page.locator("tr", has=page.locator("th", has_text="Access lists")).first).to_be_visible()
