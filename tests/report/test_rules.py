"""The same fault is told once; rules leave findings alone until their day; severities decide what fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from prometheus_client.parser import text_string_to_metric_families

from punchdown.errors import ExitCode
from punchdown.model.attest import Ignore
from punchdown.report import exit_code, leave, proofs_report, report_groups, to_markdown, to_prometheus, to_text
from punchdown.values import (
    Change,
    DeviceReport,
    Difference,
    Finding,
    Proof,
    Proofs,
    Provenance,
    Report,
    Severity,
    Verdict,
    difference_id,
    finding_id,
)
from punchdown.values.policy import LineRef
from punchdown.values.proof import Answer, Claim, Hop, Packet, UnreadLine

DAY = date(2026, 3, 2)
EVIL = 'x"} 1\npunchdown_evil 666\n\x1b[2J'


def finding(device: str, title: str, severity: Severity = Severity.HIGH, **more: object) -> Finding:
    return Finding(finding_id(device, title), device, "drift", severity, title, **more)  # type: ignore[arg-type]


def row(device: str, *findings: Finding, status: str = "") -> DeviceReport:
    return DeviceReport(device, "lisbon", "cisco_ios", "access-switch",
                        status or ("different" if findings else "in-order"), findings)


def drift(*rows: DeviceReport, **more: object) -> Report:
    return Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", rows, **more)  # type: ignore[arg-type]


def ports(device: str) -> tuple[Finding, ...]:
    return tuple(finding(device, f"802.1X is off on port Gi1/0/{port} of {device}") for port in (1, 2))


WIDE = drift(*(row(f"sw-{number}", *ports(f"sw-{number}")) for number in range(1, 41)),
             row("sw-99", finding("sw-99", "VLAN 110 is gone")), *(row(f"sw-1{number:02}") for number in range(20)))


def test_a_fault_of_many_devices_and_ports_is_one_line() -> None:
    wide, alone = report_groups(WIDE)
    assert (wide.title, len(wide.devices), len(wide.ids)) == ("802.1X is off on port * of *", 40, 80)
    assert (alone.title, alone.devices) == ("VLAN 110 is gone", (("lisbon", "sw-99"),))


def test_text_tells_it_once_and_counts_whom_there_is_nothing_else_to_say_of() -> None:
    text = to_text(WIDE)
    assert text.count("802.1X is off") == 1
    assert "40 devices, 80 places: sw-1, sw-10, sw-11, sw-12, sw-13, sw-14 and 34 more" in text
    assert "40 devices as told above" in text
    assert "20 devices in order" in text
    assert "VLAN 110 is gone" in text
    assert len(text.splitlines()) < 15


def test_markdown_tells_it_once() -> None:
    text = to_markdown(WIDE)
    assert text.count("802\\.1X is off") == 1
    assert text.count("<details>") == 1


def test_a_plan_shows_every_device() -> None:
    text = to_text(replace(WIDE, kind="plan"))
    assert text.count("802.1X is off") == 80


def test_a_look_without_anything_is_short() -> None:
    assert len(to_text(drift(*(row(f"sw-{number}") for number in range(1000)))).splitlines()) == 6


def rule(**more: object) -> Ignore:
    return Ignore.model_validate({"reason": "new switches in April", "until": "2026-03-31", **more})


LEFT = ports("sw-1")[0]


@pytest.mark.parametrize(("said", "count"), [
    ({"finding": LEFT.id}, 1), ({"device": "sw-1"}, 2), ({"device": "sw-?"}, 18), ({"title": "802.1X*"}, 80),
    ({"site": "lis*", "title": "VLAN*"}, 1), ({"control": "dot1x"}, 0), ({"device": "sw-1", "title": "VLAN*"}, 0),
    ({}, 0),
])
def test_a_rule_leaves_what_meets_all_that_it_says(said: dict[str, str], count: int) -> None:
    report = leave(WIDE, [rule(**said)], DAY)
    assert len(report.ignored) == count
    assert len(report.findings) == len(WIDE.findings) - count


def test_what_is_left_alone_does_not_count_and_is_told() -> None:
    report = leave(drift(row("sw-1", *ports("sw-1"))), [rule(device="sw-1")], DAY)
    assert report.exit_code is ExitCode.OK
    assert report.devices[0].status == "in-order"
    assert "2 until 2026-03-31: new switches in April" in to_text(report)


def test_what_is_left_alone_is_no_news() -> None:
    found = ports("sw-1")
    report = leave(drift(row("sw-1", *found), new=tuple(item.id for item in found)), [rule(finding=found[0].id)], DAY)
    assert report.new == (found[1].id,)
    assert "1 new, 1 left alone" in to_text(report)


def test_a_device_that_failed_counts_no_findings_in_markdown() -> None:
    text = to_markdown(drift(replace(row("sw-1", status="failed"), error="no answer")))
    assert "<b>sw-1</b> failed</summary>" in text


def test_only_what_is_unknown_is_left() -> None:
    blank = finding("sw-1", "can't be compared", Severity.UNKNOWN)
    report = leave(drift(row("sw-1", *ports("sw-1"), blank)), [rule(title="802*")], DAY)
    assert report.devices[0].status == "unknown"


def test_a_failure_is_never_left() -> None:
    failed = replace(row("sw-1", status="failed"), error="no answer")
    assert leave(drift(failed), [rule(device="*sw*")], DAY).exit_code is ExitCode.FAILED


def test_a_rule_counts_on_its_last_day_and_not_on_the_next() -> None:
    report, rules = drift(row("sw-1", *ports("sw-1"))), [rule(device="sw-1")]
    assert leave(report, rules, date(2026, 3, 31)).findings == ()
    late = leave(report, rules, date(2026, 4, 1))
    assert len(late.findings) == 2
    assert late.exit_code is ExitCode.DIFFERENT
    assert [(item.title, item.meaning) for item in late.warnings] == [
        ("a rule to ignore ended on 2026-03-31: new switches in April", "2 findings count again")]


def test_a_rule_without_a_name_is_not_followed_and_said_so() -> None:
    (warning,) = leave(WIDE, [rule()], DAY).warnings
    assert "names nothing" in warning.title


def test_a_plan_is_never_shortened_by_a_rule() -> None:
    plan = replace(WIDE, kind="plan")
    assert leave(plan, [rule(device="*sw*")], DAY) == plan


def test_the_line_of_a_difference_goes_with_its_finding() -> None:
    lines = tuple(Difference(Verdict.EXTRA, "running-config", (), line, Provenance())
                  for line in ("banner x", "vlan 6"))
    found = tuple(replace(finding("sw-1", item.line), id=difference_id("sw-1", item)) for item in lines)
    report = drift(replace(row("sw-1", *found), change=Change("sw-1", "cisco_ios", lines, (), "0")))
    left = leave(report, [rule(title="banner*")], DAY)
    assert left.devices[0].change is not None
    assert [item.line for item in left.devices[0].change.differences] == ["vlan 6"]


@pytest.mark.parametrize(("severity", "bounds"), [
    (Severity.LOW, {"low": 2, "medium": 0, "high": 0, "never": 0}),
    (Severity.MEDIUM, {"low": 2, "medium": 2, "high": 0, "never": 0}),
    (Severity.HIGH, {"low": 2, "medium": 2, "high": 2, "never": 0}),
    (Severity.UNKNOWN, {"low": 2, "medium": 2, "high": 2, "never": 0}),
])
def test_severity_decides_what_fails(severity: Severity, bounds: dict[str, int]) -> None:
    report = drift(row("sw-1", finding("sw-1", "off", severity)))
    assert {bound: int(exit_code(report, bound)) for bound in bounds} == bounds
    warned = Report("check", "grand-hotels", "2026-03-02T04:05:06Z", (row("sw-1"),), (finding("", "wide", severity),))
    assert {bound: int(exit_code(warned, bound)) for bound in bounds} == bounds
    assert exit_code(warned) is ExitCode.OK


def test_a_device_that_failed_fails_whatever_the_bound() -> None:
    report = drift(replace(row("sw-1", status="failed"), error="no answer"))
    assert exit_code(report, "never") is ExitCode.FAILED
    assert exit_code(replace(report, interrupted=True), "never") is ExitCode.INTERRUPTED


def test_metrics_count_and_repeat_no_text_of_a_device() -> None:
    evil = replace(row("sw-2", finding("sw-2", EVIL, line=EVIL)), site="porto")
    text = to_prometheus(replace(WIDE, devices=(*WIDE.devices, evil), new=("a", "b"), gone=(LEFT,)))
    samples = {(item.name, *sorted(value for name, value in item.labels.items() if name != "estate")): item.value
               for family in text_string_to_metric_families(text)
               for item in family.samples}
    assert samples["punchdown_devices", "different", "drift", "lisbon"] == 41
    assert samples["punchdown_devices", "drift", "failed", "porto"] == 0
    assert samples["punchdown_findings", "drift", "high", "lisbon"] == 81
    assert samples["punchdown_new", "drift"] == 2
    assert samples["punchdown_exit_code", "drift"] == 2
    assert samples["punchdown_timestamp_seconds", "drift"] == 1772424306
    assert not {name for name, *_ in samples if "evil" in name}
    assert "\x1b" not in text


def test_metrics_are_named_as_promtool_asks_and_no_two_estates_share_a_series() -> None:
    """The rules of https://github.com/prometheus/client_golang, prometheus/testutil/promlint."""
    families = list(text_string_to_metric_families(to_prometheus(WIDE)))
    for family in families:
        assert family.documentation
        assert (family.type, family.name.islower(), ":" in family.name) == ("gauge", True, False)
        words = family.name.split("_")
        assert words[-1] not in {"total", "count", "sum", "bucket", "info"}
        assert not {"gauge", "counter", "histogram", "summary", "s", "ms", "milliseconds", "minutes", "kb"} & set(words)
        assert {item.timestamp for item in family.samples} == {None}, "node exporter takes no times"

    def series(report: Report) -> set[tuple[str, ...]]:
        return {(item.name, *item.labels.values()) for family in text_string_to_metric_families(to_prometheus(report))
                for item in family.samples}

    assert not series(WIDE) & series(replace(WIDE, estate="other"))
    assert not series(WIDE) & series(replace(WIDE, kind="verify"))


def claim(kind: str, answer: Answer, **more: object) -> Claim:
    return Claim(f"{kind}-{answer}"[:12], kind, "office", "mivb-1", f"{kind} of office", answer, **more)  # type: ignore[arg-type]


def test_a_proof_is_a_report_on_its_site() -> None:
    packet = Packet(4, "tcp", "10.20.32.7", "10.20.10.10", 40000, 1752)
    way = (Hop("sw-1", "in by p4", passed=True, line=LineRef("acl", 3, "permit ip any any")),)
    claims = (claim("flow", Answer.PROVED), claim("rest", Answer.REFUTED, packet=packet, hops=way),
              claim("flow", Answer.REFUTED), claim("spoofed", Answer.UNKNOWN, unread=(
                  UnreadLine("sw-2", LineRef("acl", 9, "evaluate X")),)), claim("query", Answer.REFUTED))
    report = proofs_report(Proofs("grand-hotels", "2026-03-02T04:05:06Z",
                                  (Proof("lisbon", "running", unauthenticated=False, claims=claims),
                                   Proof("porto", "running", unauthenticated=False, claims=claims[:1])),
                                  {"sw-9": "no answer"}))
    assert [(item.device, item.status) for item in report.devices] == [
        ("lisbon", "different"), ("porto", "in-order"), ("sw-9", "failed")]
    assert [(item.severity.value, item.device, item.line) for item in report.findings] == [
        ("high", "sw-1", "permit ip any any"), ("medium", "", ""), ("unknown", "sw-2", "evaluate X"), ("low", "", "")]
    assert "10.20.32.7:40000 -> 10.20.10.10:1752" in report.findings[0].meaning
