"""A report as a message short enough for a chat: counts, the worst faults, and who could not be seen."""

from __future__ import annotations

from collections import Counter

from punchdown.report import printable
from punchdown.report.groups import SEVERITIES, as_bad, report_groups, standing
from punchdown.report.printable import TITLE
from punchdown.values import Message, Report, Severity, Told, Unseen

FAULTS, NAMES, UNSEEN = 20, 10, 20
"""So many faults, devices of a fault, and devices that were not seen, are named; the rest is counted."""


def message_of(report: Report, least: Severity = Severity.LOW) -> Message:
    """The message. Faults that are less bad than ``least`` are counted and not told; what is unknown is told always."""
    new = frozenset(report.new)
    found = [group for group in report_groups(report) if as_bad(group, least)]
    found.sort(key=lambda group: (not group.ids & new, SEVERITIES.index(group.severity)))
    counts = Counter(item.severity for _, item in standing(report))
    failed = [row for row in report.devices if row.error]
    return Message(
        1, report.kind, printable(report.estate), report.generated, int(report.exit_code),
        dict(sorted(Counter(row.status for row in report.devices).items())),
        {severity.value: counts[severity] for severity in SEVERITIES}, len(report.new), len(report.gone),
        len(report.ignored), len(report.warnings),
        tuple(Told(group.severity, printable(group.title, TITLE), printable(group.meaning, TITLE), group.controls,
                   len(group.devices), tuple(f"{site}/{device}" for site, device in group.devices[:NAMES]),
                   bool(group.ids & new)) for group in found[:FAULTS]),
        max(len(found) - FAULTS, 0),
        tuple(Unseen(row.site, row.device, printable(row.error, TITLE)) for row in failed[:UNSEEN]))
