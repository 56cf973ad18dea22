"""A report as Markdown short enough for a pull-request comment: the summary, then one fold per device that matters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from punchdown.report.group_lines import devices_text
from punchdown.report.groups import Group, told_once
from punchdown.report.ignoring import LOOKS
from punchdown.report.lines import device_lines, spoken, summary, weight
from punchdown.report.printable import printable
from punchdown.values import DeviceReport, Finding, Report

LIMIT = 60_000
"""Characters. GitHub takes comments of up to 65,536, GitLab notes of up to 1,000,000."""

CLIP = 400
"""Characters of a title or of a device's line that are shown."""
FOLD = 15_000
"""Characters of one device."""
QUIET = frozenset({"in-order", "unchanged", "changed"})
TOLD = frozenset({"different", "unknown"})
"""Statuses of devices of which there is nothing to say beyond what was said for many."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~@=&:.-])")
_NAMING = re.compile(r"[@#]|[!$&~%^](?=[\w\"])|:(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
DOLLAR = "&#36;"
"""What Markdown shows as a dollar sign and no forge takes for the beginning of a formula."""
NOTHING = "&#8203;"
"""A space without width. Forges look for names, numbers and addresses in what Markdown has become, where a backslash is
gone already."""


def escape(text: str) -> str:
    r"""Text from outside as Markdown that shows it: no link, no mention, no HTML, one line.

    >>> escape("<b>@ops [x](http://evil) #7")
    '\\<b\\>\\@&#8203;ops \\[x\\]\\(http\\:&#8203;//evil\\) \\#&#8203;7'
    """
    parts = parted(printable(text).strip())
    return NOTHING.join(_SPECIAL.sub(r"\\\1", part).replace("$", DOLLAR) for part in parts)


def parted(text: str) -> list[str]:
    """Cut behind every character that could make a name, a number or an address of what follows."""
    ends = [match.end() for match in _NAMING.finditer(text)]
    return [text[begin:end] for begin, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def to_markdown(report: Report, *, limit: int = LIMIT) -> str:
    """The report in at most so many characters; what does not fit is counted."""
    head = [f"### punchdown {report.kind}: {_said(report.estate)}", "",
            escape("".join(span.text for span in summary(report))), ""]
    foot = [f"<sub>{report.generated}</sub>"]
    room = limit - sum(len(line) + 1 for line in (*head, *foot))
    warnings = fitting(map(_warning, report.warnings), room // 4, "more warnings")
    wide, rows = told_once(report) if report.kind in LOOKS else ((), report.devices)
    groups = fitting(map(_group, wide), room // 3, "more faults of several devices")
    room -= sum(len(line) + 1 for line in (*warnings, *groups))
    loud = [device for device in rows if weight(device) or device.error or device.status not in QUIET | TOLD]
    folds = fitting(map(_fold, loud), room, "more devices: see the whole report.")
    return "\n".join([*head, *warnings, *groups, *folds, *foot]) + "\n"


def fitting(parts: Iterable[str], room: int, rest: str) -> list[str]:
    """The first parts, a line each, that fit into so many characters; then how many there are of the ``rest``."""
    told: list[str] = []
    parts = iter(parts)
    room -= len(rest) + 20
    for part in parts:
        room -= len(part) + 1
        if room < 0:
            return [*told, f"*{1 + sum(1 for _ in parts)} {rest}*"]
        told.append(part)
    return told


def _said(text: str) -> str:
    return escape(text if len(text) <= CLIP else f"{text[:CLIP]}…")


def _group(group: Group) -> str:
    return f"- **{group.severity}** {_said(group.title)}: {_said(devices_text(group))}"


def _warning(finding: Finding) -> str:
    return f"- :warning: `{_code(str(finding.position))}` {_said(finding.title)}"


def _fold(device: DeviceReport) -> str:
    lines = ["".join(span.text for span in line).rstrip().removeprefix("    ") for line in device_lines(device)[1:]]
    lines = fitting((line if len(line) <= CLIP else f"{line[:CLIP]}…" for line in lines), FOLD, "more lines")
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    count = f" ({weight(device)})" if weight(device) else ""
    title = f"<b>{_html(device.device[:CLIP])}</b> {_html(spoken(device.status))}{count}"
    return "\n".join([f"<details><summary>{title}</summary>", "", f"{fence}diff", *lines, fence, "", "</details>", ""])


def _code(text: str) -> str:
    return printable(text).replace("`", "'")


def _html(text: str) -> str:
    safe = [part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for part in parted(printable(text))]
    return NOTHING.join(safe).replace("$", DOLLAR)
