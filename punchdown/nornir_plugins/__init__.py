"""Nornir tasks over the pipeline, for runbooks that already live in nornir.

    nornir.run(task=plan, context=context)

Each task works on its own host, whose name must be the device's name in the estate. Findings that the estate leaves
alone do not count; ``fail_on`` (low, medium, high, never) is how bad a finding fails a host. Whoever wants waves, a
canary and one lock per site calls :func:`punchdown.pipeline.apply` once instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nornir.core.task import Result, Task

from punchdown import pipeline
from punchdown.report import device_fails, device_lines
from punchdown.values import Report

if TYPE_CHECKING:
    from punchdown.pipeline import Context, Selection

__all__ = ["apply", "drift", "plan", "verify"]


def plan(task: Task, context: Context, fail_on: str = "") -> Result:
    """What would change on this host; ``changed`` means that something would. Writes nothing."""
    return _result(task, context, pipeline.plan(context, _only(task))[1], fail_on)


def apply(task: Task, context: Context, fail_on: str = "") -> Result:
    """Bring this host to the definition; in nornir's dry run it is only planned."""
    if task.is_dry_run():
        return plan(task, context, fail_on)
    return _result(task, context, pipeline.apply(context, _only(task)), fail_on)


def verify(task: Task, context: Context, fail_on: str = "low") -> Result:
    """The host's operational state; fails when it differs or can't be known. Writes nothing."""
    return _result(task, context, pipeline.verify(context, _only(task)), fail_on, changes=False)


def drift(task: Task, context: Context, fail_on: str = "") -> Result:
    """What the host runs against what it should; ``changed`` means that they differ. Writes nothing."""
    return _result(task, context, pipeline.drift(context, _only(task)), fail_on)


def _only(task: Task) -> Selection:
    return pipeline.Selection(devices=(task.host.name,))


def _result(task: Task, context: Context, report: Report, fail_on: str, *, changes: bool = True) -> Result:
    """The host's row of a report as nornir's result; ``result`` holds the DeviceReport itself."""
    left = pipeline.leave_known(report, context.estate)
    row = next(device for device in left.devices if device.device == task.host.name)
    text = "".join("".join(span.text for span in line).rstrip() + "\n" for line in device_lines(row))
    return Result(host=task.host, result=row, diff=text if row.change is not None and not row.change.empty else "",
                  changed=changes and row.status in {"changed", "different"}, failed=device_fails(row, fail_on))
