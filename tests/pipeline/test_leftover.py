"""A change that was killed between commit and confirm: every later look says so, and the next change waits for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from punchdown import pipeline
from punchdown.errors import StateError
from punchdown.pipeline import Context, Selection
from punchdown.state import Store
from punchdown.state import store as store_module
from punchdown.values import Report

from .conftest import FEW, MORE


class Killed(BaseException):
    """SIGKILL, as far as a process can feel it."""


def kill(context: Context, monkeypatch: pytest.MonkeyPatch, at: str) -> str:
    """A change that ends at a step of the journal; its run."""
    written = Store.write

    def write(self: Store, run: str, device: str, step: str, detail: str = "") -> None:
        if step == at:
            raise Killed
        written(self, run, device, step, detail)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", write)
        patch.setattr(Store, "end_run", lambda *_: None)
        with pytest.raises(Killed):
            pipeline.apply(context, Selection())
    (record,) = [item for item in pipeline.runs(context.operator, None, 9) if not item.ended]
    return record.run


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(row.status, item.severity, item.hint) for row in report.devices for item in row.findings
            if "stopped in the middle" in item.title]


def test_a_device_left_armed_is_told_until_it_is_finished(
        context: Context, write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    write(FEW)
    run = kill(context, monkeypatch, "confirm")
    assert told(pipeline.drift(context, Selection())) == [], "its process is there and may be at work"
    monkeypatch.setattr(store_module, "_alive", lambda _process: False)
    expected = [("unknown", "high", f"punchdown apply --resume {run}")]
    _, planned = pipeline.plan(context, Selection())
    reports = (planned, pipeline.drift(context, Selection()))
    assert [told(report) for report in reports] == [expected, expected]
    assert {report.exit_code for report in reports} == {2}
    assert [item[1:] for item in told(pipeline.verify(context, Selection()))] == [expected[0][1:]]
    write(MORE)
    with pytest.raises(StateError, match=f"finish or undo it first: punchdown apply --resume {run}"):
        pipeline.apply(context, Selection())
    write(FEW)
    pipeline.finish(context, run)
    assert told(pipeline.drift(context, Selection())) == []
    assert [row.status for row in pipeline.apply(context, Selection()).devices] == ["changed"]


def test_a_device_that_was_not_touched_is_not_left(
        context: Context, write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    write(FEW)
    kill(context, monkeypatch, "stage")
    monkeypatch.setattr(store_module, "_alive", lambda _process: False)
    assert told(pipeline.drift(context, Selection())) == []
    assert [row.status for row in pipeline.apply(context, Selection()).devices] == ["changed"]


