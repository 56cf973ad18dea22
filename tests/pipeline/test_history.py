"""What drifts, since when, who applied last and why: looks over real SSH at an emulated switch, then the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from punchdown import pipeline
from punchdown.cli.report import write_pages
from punchdown.lab.emulated import Fleet
from punchdown.pipeline import Context, Selection
from punchdown.report.pages import Overview, estate_pages
from punchdown.values import Report

from .conftest import FEW, MORE, NOW

NIGHTS = ("2026-03-03T02:00:00Z", "2026-03-04T02:00:00Z", "2026-03-05T02:00:00Z", "2026-03-06T02:00:00Z")


def look(context: Context, night: int) -> Report:
    return pipeline.drift(replace(context, now=NIGHTS[night]), Selection())


def test_four_nights(context: Context, write: Callable[[str], None], tmp_path: Path) -> None:
    write(FEW)
    first = look(context, 0)
    assert len(first.new) == len(first.findings) > 0
    assert overview(context).past.latest[0].cause == "never-applied"
    assert [row.status for row in pipeline.apply(context, Selection()).devices] == ["changed"]
    second = look(context, 1)
    assert (second.new, {item.id for item in second.gone}) == ((), {item.id for item in first.findings})
    write(MORE)
    third, fourth = look(context, 2), look(context, 3)
    assert third.new
    assert fourth.new == fourth.gone == ()
    past = overview(context).past
    (latest,) = past.latest
    assert (latest.cause, latest.at) == ("not-applied-yet", NIGHTS[3])
    assert {fault.since for fault in past.faults if not fault.until} == {NIGHTS[2]}
    assert {(fault.since, fault.until) for fault in past.faults if fault.until} == {(NIGHTS[0], NIGHTS[1])}
    (applied,) = past.applied
    assert (applied.device, applied.who) == ("sw-1", "alice")
    write_pages(tmp_path / "public", estate_pages(overview(context)))
    page = (tmp_path / "public" / "devices" / "faro.sw-1.html").read_text()
    assert "as applied last; the definition moved on and was not applied" in page
    assert "by alice" in page
    assert "2026-03-05 02:00" in page
    assert "sites/faro.yml" in page


def test_somebody_changes_a_switch_by_hand(context: Context, write: Callable[[str], None], fleet: Fleet) -> None:
    write(FEW)
    pipeline.apply(context, Selection())
    hand = fleet.appliances["sw-1"].session()
    for command in ("configure terminal", "interface GigabitEthernet1/0/1", "switchport access vlan 199", "end"):
        hand.feed(command)
    report = look(context, 0)
    assert "switchport access vlan 199" in {item.line.strip() for item in report.findings}
    (latest,) = overview(context).past.latest
    assert latest.cause == "changed-outside"


def overview(context: Context) -> Overview:
    return pipeline.overview(context.estate, (), context.operator, context.store_url, NIGHTS[3])


def test_a_verification_is_part_of_the_past(context: Context, write: Callable[[str], None]) -> None:
    write(FEW)
    assert pipeline.verify(context, Selection()).new
    past = overview(context).past
    assert {fault.kind for fault in past.faults} == {"verify"}
    assert [(item.kind, item.at, item.who) for item in past.looks] == [("verify", NOW, "alice")]
