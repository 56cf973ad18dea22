"""Every verb that makes a report tells webhooks of it, writes it for Prometheus, and follows --fail-on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from punchdown import notify, pipeline
from punchdown.report import device_fails
from punchdown.values import DeviceReport, Finding, Report, Severity

from .conftest import CHANGE, NOW, PLAN, Engine, Run, report

HIGH = Finding("1" * 12, "sw-1", "plan", Severity.HIGH, "802.1X is off on port Gi1/0/7")
LOW = Finding("2" * 12, "sw-1", "plan", Severity.LOW, "missing: ntp server")
VERBS: dict[str, tuple[str, ...]] = {
    "check": (), "plan": (), "apply": ("--yes",), "rollback": ("3f0c9a1b77de", "--yes"), "verify": (), "drift": ()}


def with_findings(kind: str, status: str, *findings: Finding) -> Report:
    row = DeviceReport("sw-1", "lisbon", "cisco_ios", "access-switch", status, findings, change=CHANGE)
    return Report(kind, "grand-hotels", NOW, (row,))


@pytest.fixture
def told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Report, Path]]:
    """What webhooks were told, by which operator's folder; the engine can also bring back."""
    heard: list[tuple[Report, Path]] = []

    def tell(made: Report, operator: Path) -> tuple[str, ...]:
        heard.append((made, operator))
        return ()

    monkeypatch.setattr(notify, "tell", tell)
    engine.answers |= {"rollback_plan": ((PLAN,), report("plan", "different", CHANGE)),
                       "rollback": with_findings("rollback", "changed", HIGH)}
    engine.answers["apply"] = with_findings("apply", "changed", HIGH)
    for name in ("rollback_plan", "rollback"):
        monkeypatch.setattr(pipeline, name, engine.verb(name))
    return heard


@pytest.mark.parametrize("verb", VERBS)
def test_webhooks_hear_of_every_verb(run: Run, told: list[tuple[Report, Path]], tmp_path: Path, verb: str) -> None:
    run(verb, *VERBS[verb])
    assert told == []
    code = run(verb, *VERBS[verb], "--notify", "--operator", str(tmp_path / "me"), "--fail-on", "high")[0]
    ((heard, operator),) = told
    assert (heard.kind, operator) == (verb, tmp_path / "me")
    assert code == 0
    file = tmp_path / "node.prom"
    run(verb, *VERBS[verb], "-o", f"prometheus={file}")
    assert f'punchdown_exit_code{{estate="grand-hotels",verb="{verb}"}}' in file.read_text()


@pytest.mark.parametrize("verb", VERBS)
def test_whom_a_webhook_does_not_reach_ends_it_with_1(
    run: Run, told: list[Any], monkeypatch: pytest.MonkeyPatch, verb: str,
) -> None:
    monkeypatch.setattr(notify, "tell", lambda _report, _operator: ("the webhook ops was not told\x1b[2J",))
    code, _out, err = run(verb, *VERBS[verb], "--notify")
    assert code == 1
    assert "error: the webhook ops was not told\\x1b[2J" in err


@pytest.mark.parametrize(("verb", "finding", "bound", "code"), [
    ("plan", HIGH, "high", 2), ("plan", LOW, "high", 0), ("plan", LOW, "low", 2), ("plan", HIGH, "never", 0)])
def test_a_plan_fails_by_its_worst(
    run: Run, engine: Engine, verb: str, finding: Finding, bound: str, code: int,
) -> None:
    engine.answers[verb] = ((PLAN,), with_findings(verb, "different", finding))
    assert run(verb, "--fail-on", bound)[0] == code
    assert run("apply", "--dry-run", "--fail-on", bound)[0] == code


def test_what_was_mended_is_no_fault_any_more(run: Run, told: list[Any], tmp_path: Path) -> None:
    code, _out, _err = run("apply", "--yes", "--fail-on", "low", "-o", f"prometheus={tmp_path}/p",
                           "-o", f"sarif={tmp_path}/s")
    assert code == 0
    series = 'punchdown_findings{estate="grand-hotels",severity="high",site="lisbon",verb="apply"} 0.0'
    assert series in (tmp_path / "p").read_text()
    assert HIGH.title not in (tmp_path / "s").read_text()


@pytest.mark.parametrize(("status", "findings", "bound", "fails"), [
    ("different", (LOW,), "", False), ("different", (LOW,), "low", True), ("different", (LOW,), "high", False),
    ("different", (LOW, HIGH), "high", True), ("different", (HIGH,), "never", False),
    ("changed", (HIGH,), "low", False),
    ("failed", (), "never", True), ("rolled-back", (), "", True), ("in-order", (), "low", False)])
def test_a_device_by_itself_fails_as_it_would_on_the_command_line(
    status: str, findings: tuple[Finding, ...], bound: str, fails: bool,
) -> None:
    assert device_fails(with_findings("drift", status, *findings).devices[0], bound) is fails
