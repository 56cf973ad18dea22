"""Apply, apply again, bring back, and finish what died: whole runs over real SSH on an emulated switch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown import pipeline
from punchdown.cli import main
from punchdown.devices import Target
from punchdown.errors import PlanError
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, Fleet, ScaledClock
from punchdown.model import Site
from punchdown.pipeline import Context, Selection, changing, work
from punchdown.pipeline.work import target_of
from punchdown.state import Store
from punchdown.state import store as store_module

SITE = """\
site: faro
segments:
  office: {{vlan: 130, prefix: 10.20.32.0/24, zone: data}}
  management: {{vlan: 199, prefix: 10.20.99.0/24, zone: management}}
hosts:
  admin-1: {{kind: admin, segment: management, address: 10.20.99.9}}
management:
  credential: switches
devices:
  sw-1: {{role: access-switch, platform: cisco_ios, management: 10.20.99.11,
         ports: {{1-4: pc, 5: admin-1, {more}24: unused}}}}
"""
FEW, MORE = "6-23: unused, ", "6: pc, 7-23: unused, "
CREDENTIALS = """\
credentials:
  switches: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""
NOW = "2026-03-02T04:05:06Z"


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = Fleet(ScaledClock(1.0))
    asyncio.run_coroutine_threadsafe(
        found.start([ApplianceSpec("sw-1", username="punchdown", password="pw-9")]), loop).result(20)
    yield found
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def context(fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Alice's context; whatever is sent to the switch's address reaches the emulated one on the loopback."""
    def here(site: Site, intent: DeviceIntent) -> Target:
        return replace(target_of(site, intent), address="127.0.0.1", port=fleet.ports[intent.device])

    monkeypatch.setattr(work, "target_of", here)
    monkeypatch.setattr(changing, "target_of", here)
    operator, estate = tmp_path / "operator", tmp_path / "estate"
    (operator / "secrets").mkdir(parents=True)
    (estate / "sites").mkdir(parents=True)
    (operator / "secrets" / "login").write_text("pw-9")
    (operator / "credentials.yml").write_text(CREDENTIALS)
    (operator / "known_hosts").write_text(fleet.known_hosts())
    (estate / "punchdown.yml").write_text("estate: hotels\n")
    return Context(estate, operator, NOW, "alice")


@pytest.fixture
def write(context: Context) -> Callable[[str], None]:
    def call(more: str) -> None:
        (context.estate / "sites" / "faro.yml").write_text(SITE.format(more=more))
    return call


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
    second = applied(context)
    assert open_ports(fleet) == 5
    report = pipeline.rollback(context, second)
    assert [row.status for row in report.devices] == ["changed"]
    assert open_ports(fleet) == 4
    with pytest.raises(PlanError, match=f"run {first} was the first on sw-1"):
        pipeline.rollback_plan(context, first)
    write(FEW)
    assert pipeline.drift(context, Selection()).exit_code == 0
    assert [entry.what for entry in pipeline.audit_log(context.operator, None)] == [
        "apply", "end", "apply", "end", "rollback", "end"]


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
