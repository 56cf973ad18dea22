"""A report as Markdown short enough for a pull-request comment: the summary, then one fold per device that matters."""

from __future__ import annotations

import re

from punchdown.report.group_lines import devices_text
from punchdown.report.groups import Group, told_once
from punchdown.report.ignoring import LOOKS
from punchdown.report.lines import device_lines, spoken, summary, weight
from punchdown.report.printable import printable
from punchdown.values import DeviceReport, Finding, Report

LIMIT = 60_000
"""Characters. GitHub takes comments of up to 65,536, GitLab notes of up to 1,000,000."""

WIDE = 50
"""Faults of many devices that are told; they are sorted by severity."""
QUIET = frozenset({"in-order", "unchanged", "changed"})
TOLD = frozenset({"different", "unknown"})
"""Statuses of devices of which there is nothing to say beyond what was said for many."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~@=&:.-])")


def escape(text: str) -> str:
    r"""Text from outside as Markdown that shows it: no link, no mention, no HTML, one line.

    >>> escape("<b>@ops [x](http://evil)")
    '\\<b\\>\\@ops \\[x\\]\\(http\\://evil\\)'
    """
    return _SPECIAL.sub(r"\\\1", printable(text).strip())


def to_markdown(report: Report, *, limit: int = LIMIT) -> str:
    """The report; folds that would make it longer than ``limit`` are counted instead."""
    head = [f"### punchdown {report.kind}: {escape(report.estate)}", "",
            escape("".join(span.text for span in summary(report))), ""]
    head += [_warning(finding) for finding in report.warnings]
    wide, rows = told_once(report) if report.kind in LOOKS else ((), report.devices)
    head += [_group(group) for group in wide[:WIDE]]
    loud = [device for device in rows if weight(device) or device.error or device.status not in QUIET | TOLD]
    parts, left = [], limit - sum(len(line) + 1 for line in head) - 200
    for device in loud:
        fold = _fold(device)
        if len(fold) > left:
            break
        parts.append(fold)
        left -= len(fold)
    tail = [f"*{len(loud) - len(parts)} more devices: see the whole report.*"] if len(parts) < len(loud) else []
    return "\n".join([*head, *parts, *tail, f"<sub>{report.generated}</sub>"]) + "\n"


def _group(group: Group) -> str:
    return f"- **{group.severity}** {escape(group.title)}: {escape(devices_text(group))}"


def _warning(finding: Finding) -> str:
    return f"- :warning: `{_code(str(finding.position))}` {escape(finding.title)}"


def _fold(device: DeviceReport) -> str:
    lines = ["".join(span.text for span in line).rstrip() for line in device_lines(device)[1:]]
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    title = f"<b>{_html(device.device)}</b> {_html(spoken(device.status))} ({weight(device)})"
    return "\n".join([f"<details><summary>{title}</summary>", "", f"{fence}diff",
                      *(line.removeprefix("    ") for line in lines), fence, "", "</details>", ""])


def _code(text: str) -> str:
    return printable(text).replace("`", "'")


def _html(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
