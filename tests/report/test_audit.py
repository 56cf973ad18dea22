"""An audit in every format: each control once, and hostile text printed, never obeyed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.report import audit_html, audit_markdown, audit_text
from punchdown.report.audit_html import SHOWN_LINES
from punchdown.values import (
    Audit,
    ControlResult,
    ControlState,
    Gap,
    LineEvidence,
    Position,
    Sighting,
    SiteAudit,
    Statement,
    from_json,
    to_json,
)

EVIL = "<img src=x onerror=alert(1)> | `x` \x1b[2J"
PLACE = Position("sites/lisbon.yml", 7, 3)
LINES = LineEvidence("sw-1", "running-config", "acls", "hosts.mivb-1", PLACE,
                     tuple(f"permit {number} {EVIL}" for number in range(SHOWN_LINES + 5)))
WORD = Statement("attestation", "evil", EVIL, "2026-01-01", EVIL, "2026-02-01", valid=False, position=PLACE)


def result(name: str, state: ControlState, **more: object) -> ControlResult:
    """One control of a made-up domain."""
    return ControlResult(name, "acl", "mivb", "SMDR Options", f"Title of {name}", "high", state, f"why {EVIL}",
                         **more)  # type: ignore[arg-type]


RESULTS = (
    result("acl-verified", ControlState.VERIFIED, lines=(LINES,),
           sightings=(Sighting("sw-1", "vlan:110", EVIL, "true", True, "2026-11-20T10:00:00Z"),)),
    result("acl-enforced", ControlState.ENFORCED, lines=(LINES,)),
    result("acl-attested", ControlState.ATTESTED), result("acl-waived", ControlState.WAIVED),
    result("acl-not-applicable", ControlState.NOT_APPLICABLE),
    result("acl-expired", ControlState.EXPIRED, statements=(WORD,)),
    result("acl-missing", ControlState.MISSING, gaps=(Gap(f"p1 {EVIL}", PLACE),)),
)
AUDIT = Audit("grand-hotels", "2026-11-21T10:00:00Z", "2026-11-21", {"acl": "Access lists"}, {"mivb": "Guidelines"},
              (SiteAudit("lisbon", RESULTS, (WORD,)), SiteAudit("porto", RESULTS)))


def test_markdown_that_would_be_too_long_keeps_what_is_wrong() -> None:
    sites = tuple(SiteAudit(f"site-{number}", RESULTS) for number in range(400))
    text = audit_markdown(replace(AUDIT, sites=sites))
    assert len(text) <= 60_000
    assert "`acl-missing`" in text
    assert "`acl-verified`" not in text
    assert re.search(r"\*\d+ more lines\*", text)


def test_text_has_each_control_once_for_each_site_and_counts_them() -> None:
    text = audit_text(AUDIT)
    for item in RESULTS:
        assert len(re.findall(rf" {item.id}  why", text)) == 2
    assert "    4 of 6    Access lists" not in text
    assert "     6 of 12   Access lists  2 verified, 2 enforced, 2 attested, 2 waived, 2 not applicable" in text
    assert "sites/lisbon.yml:7:3" in text
    assert text.endswith("14 controls on 2 sites: 2 verified, 2 enforced, 2 attested, 2 waived, 2 not applicable, "
                         "2 expired, 2 missing; 1 expired attestation or waiver\n")


@pytest.mark.parametrize("write", [audit_text, audit_markdown, audit_html])
def test_no_control_character_comes_through(write: object) -> None:
    page = write(AUDIT)  # type: ignore[operator]
    assert "\x1b" not in page
    assert "\\x1b" in page or "\\\\x1b" in page


def test_markdown_keeps_its_tables_and_obeys_nothing() -> None:
    page = audit_markdown(AUDIT)
    rows = [line for line in page.splitlines() if line.startswith("| `acl-")]
    assert len(rows) == 2 * len(RESULTS)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {5}
    assert "<img" not in page.replace(r"\<img", "")
    assert "| **missing** |" in page


def test_page_has_each_control_once_and_loads_nothing() -> None:
    page = audit_html(AUDIT)
    rows = re.findall(r"<tr data-device=\"([^\"]+)\" data-status=\"([^\"]+)\"", page)
    assert rows == [(f"{site}/{item.id}", item.state.value) for site in ("lisbon", "porto") for item in RESULTS]
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert "and 5 more; the JSON has all of them" in page
    assert page.count('<section class="device" id="control-lisbon-') == 4


def test_json_reads_back_with_all_evidence() -> None:
    text = to_json(AUDIT)
    assert from_json(Audit, text) == AUDIT
    assert text.count("permit 44 ") == 4


def test_what_is_open_is_a_finding_with_a_stable_id() -> None:
    findings = AUDIT.sites[0].findings
    assert [item.title for item in findings] == [
        "acl-expired: Title of acl-expired", "acl-missing: Title of acl-missing", "the attestation evil has expired"]
    assert findings[1].position == PLACE
    again = SiteAudit("lisbon", (result("acl-missing", ControlState.MISSING),)).findings
    assert again[0].id == findings[1].id
    assert AUDIT.exit_code == 2
    assert Audit("x", "", "", {}, {}, (SiteAudit("lisbon", RESULTS[:5]),)).exit_code == 0
