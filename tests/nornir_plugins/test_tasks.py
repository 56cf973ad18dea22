"""Nornir tasks: each host its own row, dry run never applies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.state import GlobalState
from nornir.plugins.runners import SerialRunner

from punchdown import pipeline
from punchdown.nornir_plugins import apply, drift, plan, verify
from punchdown.values import Change, DeviceReport, Difference, Finding, Provenance, Report, Severity, Verdict

CHANGE = Change("sw-1", "cisco_ios", (Difference(Verdict.EXTRA, "c", (), "no shutdown", Provenance()),), (), "0" * 64)
FINDING = Finding("0" * 12, "sw-1", "drift", Severity.MEDIUM, "a port is open")
NOW = "2026-03-02T04:05:06Z"
STATUS = {"sw-1": "different", "sw-2": "in-order", "sw-3": "failed"}


@pytest.fixture
def context(tmp_path: Path) -> pipeline.Context:
    """An estate that leaves nothing alone."""
    (tmp_path / "punchdown.yml").write_text("estate: x\n")
    return pipeline.Context(estate=tmp_path, operator=tmp_path, now=NOW, user="ana")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """The engine's calls; it answers by the name of the one selected device."""
    made: list[tuple[str, tuple[str, ...]]] = []

    def verb(name: str) -> Any:
        def call(_context: pipeline.Context, selection: pipeline.Selection) -> Any:
            made.append((name, selection.devices))
            (device,) = selection.devices
            row = DeviceReport(device, "x", "cisco_ios", "access-switch", STATUS[device],
                               (FINDING,) if device == "sw-1" else (), change=CHANGE if device == "sw-1" else None)
            report = Report(name, "x", NOW, (row,))
            return ((), report) if name == "plan" else report
        return call

    for name in ("plan", "apply", "verify", "drift"):
        monkeypatch.setattr(pipeline, name, verb(name))
    return made


def nornir(*, dry_run: bool = False) -> Nornir:
    """Three hosts, one after the other."""
    hosts = Hosts({name: Host(name=name, defaults=Defaults()) for name in STATUS})
    inventory = Inventory(hosts, Groups(), Defaults())
    return Nornir(inventory=inventory, runner=SerialRunner(), data=GlobalState(dry_run=dry_run))


@pytest.mark.parametrize("task", [plan, apply, drift])
def test_each_host_has_its_own_result(calls: list[Any], context: pipeline.Context, task: Any) -> None:
    results = nornir().run(task=task, context=context)
    assert [(results[name][0].changed, results[name][0].failed) for name in STATUS] == [
        (True, False), (False, False), (False, True)]
    assert "- no shutdown" in results["sw-1"][0].diff
    assert results["sw-2"][0].diff == ""
    assert calls == [(task.__name__, (name,)) for name in STATUS]


def test_verify_fails_where_the_state_differs(calls: list[Any], context: pipeline.Context) -> None:
    results = nornir().run(task=verify, context=context)
    assert [results[name][0].failed for name in STATUS] == [True, False, True]
    assert not any(results[name][0].changed for name in STATUS)


def test_dry_run_plans(calls: list[Any], context: pipeline.Context) -> None:
    nornir(dry_run=True).run(task=apply, context=context)
    assert {name for name, _devices in calls} == {"plan"}


@pytest.mark.parametrize(("bound", "fails"), [("high", False), ("medium", True), ("never", False)])
def test_a_host_fails_by_its_worst_finding(
    calls: list[Any], context: pipeline.Context, bound: str, *, fails: bool,
) -> None:
    for task in (plan, apply, verify, drift):
        results = nornir().run(task=task, context=context, fail_on=bound)
        assert [results[name][0].failed for name in STATUS] == [fails, False, True]


@pytest.mark.parametrize("task", [verify, drift])
def test_what_the_estate_leaves_alone_does_not_count(calls: list[Any], context: pipeline.Context, task: Any) -> None:
    (context.estate / "punchdown.yml").write_text(
        "estate: x\nignore: [{title: a port*, reason: known, until: 2026-03-31}]\n")
    result = nornir().run(task=task, context=context, fail_on="low")["sw-1"][0]
    assert (result.result.status, result.changed, result.failed) == ("in-order", False, False)
