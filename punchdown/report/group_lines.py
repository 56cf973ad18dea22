"""Faults of many devices as one line each, and what a look found to be gone or left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from punchdown.report.groups import Group
from punchdown.report.printable import printable
from punchdown.report.spans import SEVERITY_STYLES, Line, Span, Style
from punchdown.values import Report

NAMES = 6
"""Devices that are named in a line; the rest is counted."""
GONE = 10
"""Faults that are gone and told one by one; the rest is counted."""


def group_lines(wide: Sequence[Group]) -> Iterator[Line]:
    """Each fault with its devices."""
    if wide:
        yield ()
        yield (Span("The same on several devices", Style.HEADING),)
    for group in wide:
        style = SEVERITY_STYLES[group.severity]
        yield (Span(f"  {group.severity:<7} ", style), Span(printable(group.title)))
        yield (Span(f"          {printable(devices_text(group))}", Style.MUTED),)
        if group.meaning and group.meaning != group.title:
            yield (Span(f"          {printable(group.meaning)}", style),)
        if group.controls:
            yield (Span(f"          {printable(' '.join(group.controls))}", Style.MUTED),)


def devices_text(group: Group) -> str:
    """``412 devices, 800 places: sw-1, sw-2 and 410 more``."""
    count, places = len(group.devices), len(group.ids)
    names = ", ".join(device for _, device in group.devices[:NAMES])
    more = f" and {count - NAMES} more" if count > NAMES else ""
    where = f", {places} places" if places > count else ""
    return f"{count} device{'' if count == 1 else 's'}{where}: {names}{more}"


def past_lines(report: Report) -> Iterator[Line]:
    """What is gone since the last look, and what rules leave alone."""
    if report.gone:
        yield ()
        yield (Span("Gone since the last look", Style.HEADING),)
    gone = gone_texts(report)
    for device, text in gone[:GONE]:
        yield (Span(f"  {printable(device):<16} ", Style.MUTED), Span(printable(text), Style.GOOD))
    if len(gone) > GONE:
        yield (Span(f"  and {len(gone) - GONE} more", Style.MUTED),)
    by_rule: dict[tuple[str, str], int] = {}
    for item in report.ignored:
        by_rule[item.until, item.reason] = by_rule.get((item.until, item.reason), 0) + 1
    if by_rule:
        yield ()
        yield (Span("Left alone", Style.HEADING),)
    for (until, reason), count in sorted(by_rule.items()):
        yield (Span(f"  {count} until {until}: {printable(reason)}", Style.MUTED),)


def gone_texts(report: Report) -> list[tuple[str, str]]:
    """(device, what is gone) of a few faults; of many a line for each device, those with the most first."""
    if len(report.gone) <= GONE:
        return [(item.device, item.title) for item in report.gone]
    titles: dict[str, list[str]] = {}
    for item in report.gone:
        titles.setdefault(item.device, []).append(item.title)
    told = sorted(titles.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(device, own[0] if len(own) == 1 else f"{len(own):,} faults") for device, own in told]


def news_text(report: Report) -> str:
    """``2 new, 1 gone, 3 left alone``; empty when there is nothing of it."""
    counts = ((len(report.new), "new"), (len(report.gone), "gone"), (len(report.ignored), "left alone"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)
