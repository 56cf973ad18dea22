"""The text view: complete, stable, and harmless on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchdown.notify import message_of
from punchdown.report import (
    printable,
    summary,
    to_html,
    to_junit,
    to_markdown,
    to_prometheus,
    to_sarif,
    to_text,
)
from punchdown.values import Finding, Report, Severity, from_json, to_json

from .conftest import ACCESS, FIREWALL


@given(st.text())
def test_printable_leaves_nothing_effective(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable() or shown == ""
    assert "\n" not in shown


@given(st.from_regex(r"[ -~äöüé·]*", fullmatch=True))
def test_printable_leaves_plain_text_alone(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("write", [to_text, to_html, to_markdown, to_junit, to_sarif, to_prometheus,
                                   lambda report: to_json(message_of(report))])
def test_a_line_of_a_million_characters_makes_no_report_too_long(
    report: Report, write: Callable[[Report], str],
) -> None:
    line = "remark " + "so it goes " * 90_000
    row = replace(ACCESS, findings=(replace(ACCESS.findings[1], title=f"extra: {line}", line=line, meaning=line),))
    text = write(replace(report, devices=(row, replace(row, device="sw-acc-2", status="failed", error=line))))
    assert len(text) < 200_000
    assert "more characters" in text or write in {to_prometheus, to_markdown}


def test_hostile_device_text_is_written_out(report: Report) -> None:
    text = to_text(report)
    assert "alert(1)</script>\\x1b[2J\\u202e\\x07" in text
    assert not {"\x1b", "\u202e", "\x07"} & set(text)


def test_lines_carry_sign_meaning_and_provenance(report: Report) -> None:
    text = to_text(report)
    assert "    -     ip saddr 10.20.32.7 tcp dport 1752 accept\n" in text
    assert "# filter · hosts.smdr-taker.uses · inventory/sites/lisbon.yml:31:88 · segregate-smdr\n" in text
    assert "10.20.32.7 can open TCP 1752 (SMDR) on mivb-1\n" in text
    assert "inventory/sites/lisbon.yml:61:13 · dot1x-every-port" in text
    assert "1 line is unmanaged: reported, never removed" in text


def test_lines_of_one_provenance_share_its_heading(report: Report) -> None:
    assert to_text(report).count("# filter · hosts.smdr-taker.uses") == 1
    assert FIREWALL.change is not None
    first, second = FIREWALL.change.differences
    elsewhere = replace(second, source=replace(second.source, field="flows[0]"))
    mixed = replace(FIREWALL, change=replace(FIREWALL.change, differences=(first, elsewhere, first)))
    lines = [line.strip() for line in to_text(replace(report, devices=(mixed,))).splitlines()]
    headings = [line.split(" · ")[1] for line in lines if line.startswith("# ")]
    assert headings == ["hosts.smdr-taker.uses", "flows[0]", "hosts.smdr-taker.uses"]


def test_a_note_stands_below_the_heading(report: Report) -> None:
    assert FIREWALL.change is not None
    noted = tuple(replace(item, source=replace(item.source, note="replies only"))
                  for item in FIREWALL.change.differences)
    text = to_text(replace(report, devices=(replace(FIREWALL, change=replace(FIREWALL.change, differences=noted)),)))
    assert text.count("# replies only\n") == 1


def test_commands_only_when_asked(report: Report) -> None:
    assert "nft -f new/ruleset" not in to_text(report)
    assert "nft -f new/ruleset   ! one transaction" in to_text(report, commands=True)


def test_summary_counts_by_status(report: Report) -> None:
    assert "".join(span.text for span in summary(report)) == (
        "5 devices: 1 in order, 2 different, 1 unknown, 1 failed; 1 warning")


def test_a_finding_that_a_change_tells_is_not_told_twice(report: Report) -> None:
    assert FIREWALL.change is not None
    difference = FIREWALL.change.differences[0]
    told = Finding("f" * 12, "fw-1", "drift", Severity.HIGH, "told", document=difference.document, line=difference.line)
    other = replace(told, title="another", line="something else")
    text = to_text(replace(report, devices=(replace(FIREWALL, findings=(told, other)),)))
    assert "told  [" not in text
    assert "another  [" in text


def test_same_report_same_bytes(report: Report) -> None:
    assert to_text(report) == to_text(from_json(Report, to_json(report)))


def test_a_report_without_devices() -> None:
    assert to_text(Report("drift", "e", "2026-03-02T04:05:06Z", ())).endswith("0 devices\n")
