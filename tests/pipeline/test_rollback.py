"""Apply, apply again, bring back, and finish what died: whole runs over real SSH on an emulated switch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from punchdown import pipeline
from punchdown.cli import main
from punchdown.errors import PlanError
from punchdown.lab.emulated import Fleet
from punchdown.pipeline import Context, Selection
from punchdown.state import Store
from punchdown.state import store as store_module
from tests.probes.prometheus import prometheus

from .conftest import FEW, MORE


def applied(context: Context) -> str:
    report = pipeline.apply(context, Selection())
    assert [(row.status, row.error) for row in report.devices] == [("changed", "")]
    (run,) = report.runs
    return run


def open_ports(fleet: Fleet) -> int:
    return fleet.appliances["sw-1"].running_config().count("description pc")


def test_a_run_is_brought_back(context: Context, write: Callable[[str], None], fleet: Fleet) -> None:
    write(FEW)
    first = applied(context)
    write(MORE)
    with prometheus() as server:
        (context.operator / "counts.yml").write_text(
            f"counts: {{phones: {{url: '{server.url}', query: 'up{{site=\"$site\"}}', settle_seconds: 0}}}}\n")
        second = applied(context)
    assert [query for query, _ in server.got] == ['up{site="faro"}'] * 3
    assert open_ports(fleet) == 5
    with pytest.raises(PlanError, match="phones: nobody answered"):
        pipeline.rollback(context, second)
    (context.operator / "counts.yml").unlink()
    report = pipeline.rollback(context, second)
    assert [row.status for row in report.devices] == ["changed"]
    assert open_ports(fleet) == 4
    with pytest.raises(PlanError, match=f"run {first} was the first on sw-1"):
        pipeline.rollback_plan(context, first)
    write(FEW)
    assert pipeline.drift(context, Selection()).exit_code == 0
    assert [entry.what for entry in pipeline.audit_log(context.operator, None)] == [
        "apply", "end", "apply", "end", "rollback", "end"]
    write(MORE)
    (plan,), _ = pipeline.plan(context, Selection())
    assert plan.way is not None
    assert plan.way.basis == "as 3 changes before took"


def test_what_a_change_saw_counts_in_audits(context: Context, write: Callable[[str], None], fleet: Fleet) -> None:
    """A device that was confirmed was verified; one that was put back was not."""
    write(FEW)
    applied(context)

    def sightings() -> dict[str, bool | None]:
        with Store.open(f"sqlite:///{context.operator / 'state.db'}") as store:
            return {item.key: item.holds for item in store.sightings()}
    before = sightings()
    assert before["port:GigabitEthernet1/0/6:mode"] is True
    assert set(before.values()) == {True}
    write(MORE)
    fleet.appliances["sw-1"].faults.refuse = "^ *spanning-tree portfast"
    report = pipeline.apply(context, Selection())
    assert [row.status for row in report.devices] != ["changed"]
    assert sightings() == before


def test_a_dead_run_is_finished_though_the_definition_went_on(
    context: Context, write: Callable[[str], None], fleet: Fleet, monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Crash(BaseException):
        """The process is gone."""

    def crash(self: Store, run: str, device: str, step: str, detail: str = "") -> None:
        if step == "read-back":
            raise Crash
        keep(self, run, device, step, detail)

    keep = Store.write
    write(MORE)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", crash)
        patch.setattr(Store, "end_run", lambda *_arguments: None)
        with pytest.raises(Crash):
            pipeline.apply(context, Selection())
    monkeypatch.setattr(store_module, "_alive", lambda _process: False)
    (run,) = [record.run for record in pipeline.runs(context.operator, None, 5) if not record.ended]
    write(FEW)
    report = pipeline.finish(context, run)
    assert [(row.status, row.error) for row in report.devices] == [("changed", "")]
    assert open_ports(fleet) == 5
    assert [record.result for record in pipeline.runs(context.operator, None, 5)] == ["resumed"]


def test_history_tells_the_steps(
    context: Context, write: Callable[[str], None], capsys: pytest.CaptureFixture[str],
) -> None:
    write(FEW)
    run = applied(context)
    assert main(["history", "--operator", str(context.operator)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [told[0].split()[0], told[1].split()[:3]] == ["run", [run, "faro", "alice"]]
    assert main(["history", run, "--operator", str(context.operator)]) == 0
    steps = [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert steps == ["connect", "fetch", "stage", "check", "commit", "reconnect", "verify", "confirm", "read-back",
                     "save", "done"]
    assert main(["history", "nowhere", "--operator", str(context.operator)]) == 1
    assert "there is no run nowhere" in capsys.readouterr().err
