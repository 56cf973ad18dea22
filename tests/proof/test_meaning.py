"""Reports of drift and plans say what differences mean, from the devices' own text."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.loader import load_estate
from punchdown.pipeline.meaning import with_meaning
from punchdown.report import to_html, to_text
from punchdown.values import (
    Change,
    DeviceReport,
    Difference,
    Provenance,
    Report,
    RunningConfig,
    RunningDocument,
    Severity,
    Verdict,
)

from .conftest import ESTATE

NFT = "/etc/nftables.d/50-punchdown.nft"
DIFFERENCE = Difference(Verdict.EXTRA, "x", (), "a line", Provenance())


@pytest.fixture(scope="session")
def estate():
    return load_estate(Path(ESTATE))


def reported(ground, estate, kind, device, edit):
    """The report when one device's texts were edited by a function of document name and text."""
    running = {name: RunningConfig(name, config.platform, tuple(
        RunningDocument(item.name, edit(item.name, item.text) if name == device else item.text)
        for item in config.documents)) for name, config in ground.intended.items()}
    rows = tuple(DeviceReport(name, "lisbon", config.platform, "", "different" if name == device else "in-order",
                              change=Change(name, config.platform, (DIFFERENCE,) if name == device else (), (), ""))
                 for name, config in ground.intended.items())
    return with_meaning(Report(kind, "grand-hotels", "2026-01-01T00:00:00Z", rows), estate, running)


def a_hole(name, text):
    """Office may open HTTPS on the admin host; nobody asked for it."""
    rule = "\t\tip saddr 10.20.32.0/24 ip daddr 10.20.99.100 tcp dport 443 accept\n"
    return text.replace("\tchain from_inside {\n", f"\tchain from_inside {{\n{rule}") if name == NFT else text


def test_drift_says_who_can_reach_what_and_which_line_lets_it(ground, estate):
    report = reported(ground, estate, "drift", "fw-1", a_hole)
    (finding,) = report.findings
    assert finding.kind == "prove"
    assert finding.device == "fw-1"
    assert finding.severity is Severity.HIGH
    assert finding.title.startswith("10.20.32.")
    assert finding.title.endswith("can open TCP 443 on admin-1")
    assert "ip saddr 10.20.32.0/24 ip daddr 10.20.99.100 tcp dport 443 accept" in finding.line
    number = int(finding.line.split()[1].rstrip(":"))
    text = a_hole(NFT, next(item.text for item in ground.intended["fw-1"].documents if item.name == NFT))
    assert "10.20.99.100 tcp dport 443 accept" in text.splitlines()[number - 1]
    assert finding.title in to_text(report)
    assert finding.title in to_html(report)


def test_a_plan_says_what_stops_and_what_becomes_reachable(ground, estate):
    """The plan closes the hole and opens the collector's port, whose line is missing on the device."""
    def edit(name, text):
        text = a_hole(name, text)
        return "".join(line for line in text.splitlines(keepends=True)
                       if "tcp dport 1752" not in line) if name == NFT else text

    titles = [finding.title for finding in reported(ground, estate, "plan", "fw-1", edit).findings]
    assert "10.20.40.15 can open TCP 1752 on mivb-1" in titles
    assert any(title.endswith("can't open TCP 443 on admin-1 any more") for title in titles)
    assert len(titles) == 2


def test_a_difference_without_meaning_adds_nothing(ground, estate):
    report = reported(ground, estate, "drift", "fw-1", lambda _name, text: text.replace("log prefix", "log prefix"))
    assert report.findings == ()


def test_sites_beyond_the_limit_are_named(ground, estate, monkeypatch):
    monkeypatch.setattr("punchdown.pipeline.meaning.MOST_SITES", 0)
    report = reported(ground, estate, "drift", "fw-1", a_hole)
    assert report.findings == ()
    (warning,) = report.warnings
    assert "1 more site mean was not worked out" in warning.title
    assert warning.meaning == "lisbon"


def test_a_fault_of_the_proof_is_told_and_does_not_stop_the_report(ground, estate, monkeypatch):
    def broken(*_arguments):
        raise KeyError("somewhere")

    monkeypatch.setattr("punchdown.pipeline.meaning.prove", broken)
    (finding,) = reported(ground, estate, "drift", "fw-1", a_hole).findings
    assert finding.severity is Severity.UNKNOWN
    assert finding.title == "what this means could not be worked out: KeyError"


def test_a_site_of_which_a_device_could_not_be_read_is_not_asked(ground, estate):
    whole = reported(ground, estate, "drift", "fw-1", a_hole)
    rows = tuple(row for row in whole.devices)
    bare = Report("drift", "grand-hotels", "2026-01-01T00:00:00Z", tuple(
        DeviceReport(row.device, row.site, row.platform, row.role, row.status, change=row.change) for row in rows))
    assert with_meaning(bare, estate, {}) == bare


def test_the_switch_port_of_the_pbx_unbound(ground, estate):
    """Without its list the PBX's port answers everybody: but the firewall still lets only declared flows through."""
    def edit(_name, text):
        return text.replace(" ip access-group PD-from-mivb-2 in\n", "")

    report = reported(ground, estate, "drift", "sw-acc-1", edit)
    assert report.findings
    assert {finding.kind for finding in report.findings} == {"prove"}
