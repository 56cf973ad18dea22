"""Nornir tasks over the pipeline, for runbooks that already live in nornir.

    nornir.run(task=plan, context=context)

Each task works on its own host, whose name must be the device's name in the estate. Whoever wants waves, a canary
and one lock per site calls :func:`punchdown.pipeline.apply` once instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nornir.core.task import Result, Task

from punchdown import pipeline
from punchdown.report import device_lines
from punchdown.values import Report

if TYPE_CHECKING:
    from punchdown.pipeline import Context, Selection

__all__ = ["apply", "drift", "plan", "verify"]


def plan(task: Task, context: Context) -> Result:
    """What would change on this host; ``changed`` means that something would. Writes nothing."""
    return _result(task, pipeline.plan(context, _only(task))[1])


def apply(task: Task, context: Context) -> Result:
    """Bring this host to the definition; in nornir's dry run it is only planned."""
    if task.is_dry_run():
        return plan(task, context)
    return _result(task, pipeline.apply(context, _only(task)))


def verify(task: Task, context: Context) -> Result:
    """The host's operational state; fails when it differs or can't be known. Writes nothing."""
    report = pipeline.verify(context, _only(task))
    return _result(task, report, bad=frozenset({"failed", "different", "unknown"}))


def drift(task: Task, context: Context) -> Result:
    """What the host runs against what it should; ``changed`` means that they differ. Writes nothing."""
    return _result(task, pipeline.drift(context, _only(task)))


def _only(task: Task) -> Selection:
    return pipeline.Selection(devices=(task.host.name,))


def _result(task: Task, report: Report, bad: frozenset[str] = frozenset({"failed", "rolled-back"})) -> Result:
    """The host's row of a report as nornir's result; ``result`` holds the DeviceReport itself."""
    row = next(device for device in report.devices if device.device == task.host.name)
    failed = row.status in bad
    text = "".join("".join(span.text for span in line).rstrip() + "\n" for line in device_lines(row))
    return Result(host=task.host, result=row, diff=text if row.change is not None and not row.change.empty else "",
                  changed=not failed and row.status in {"changed", "different"}, failed=failed)
