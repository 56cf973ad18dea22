"""A report as styled lines: the one text view behind terminal, pipe and Ansible.

A line is a tuple of spans; whoever prints decides what a style looks like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from punchdown.report.group_lines import group_lines, news_text, past_lines
from punchdown.report.groups import told_once
from punchdown.report.ignoring import LOOKS
from punchdown.report.printable import printable
from punchdown.report.spans import SEVERITY_STYLES, Line, Span, Style
from punchdown.report.way_lines import way_texts
from punchdown.values import Change, DeviceReport, Difference, Finding, Position, Provenance, Report, Verdict

SIGNS = {
    Verdict.MISSING: ("+", Style.ADDED),
    Verdict.EXTRA: ("-", Style.REMOVED),
    Verdict.REORDERED: ("~", Style.MOVED),
    Verdict.UNKNOWN: ("?", Style.UNKNOWN),
}
QUIET = 12
"""Devices of a site that are named though there is nothing to say of them; more are counted."""
STATUS_STYLES = {
    "in-order": Style.GOOD, "changed": Style.GOOD, "unchanged": Style.GOOD,
    "different": Style.WARN, "unknown": Style.UNKNOWN, "skipped": Style.MUTED,
    "failed": Style.BAD, "rolled-back": Style.BAD,
}


def to_text(report: Report, *, commands: bool = False) -> str:
    """The report as plain text with a final newline; ``commands`` adds what would be sent, in order."""
    lines = report_lines(report, commands=commands)
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)


def report_lines(report: Report, *, commands: bool = False) -> tuple[Line, ...]:
    """Title, warnings, faults of many devices, devices grouped by site, and the summary as last line."""
    lines: list[Line] = [
        (Span(f"punchdown {report.kind}", Style.HEADING),
         Span(f"  estate {printable(report.estate)}  {report.generated}", Style.MUTED)),
    ]
    for warning in report.warnings:
        lines += _finding_lines(warning, "  ")
    wide, rows = told_once(report) if report.kind in LOOKS else ((), report.devices)
    lines += group_lines(wide)
    for site, devices in groupby(rows, key=lambda device: device.site):
        lines += [(), (Span(printable(site), Style.HEADING),)]
        lines += _site_lines(tuple(devices), commands=commands)
        lines += _way_lines(report, site)
    return (*lines, *past_lines(report), (), summary(report))


def _site_lines(devices: tuple[DeviceReport, ...], *, commands: bool) -> Iterator[Line]:
    """Each device; many of which there is nothing to say are counted."""
    silent = [device for device in devices if not weight(device) and not device.error]
    above = [device for device in silent if device.status in {"different", "unknown"}]
    quiet = [device for device in silent if device.status == "in-order"]
    counted = {device.device for group in (above, quiet) if len(group) > QUIET for device in group}
    for device in devices:
        if device.device not in counted:
            yield from device_lines(device, commands=commands)
    if len(above) > QUIET:
        yield (Span(f"  {len(above)} devices "), Span("as told above", Style.WARN))
    if len(quiet) > QUIET:
        yield (Span(f"  {len(quiet)} devices "), Span("in order", Style.GOOD))


def _way_lines(report: Report, site: str) -> Iterator[Line]:
    """What holds after every command of a site's plan."""
    for way in report.ways if report.kind in {"plan", "rollback"} else ():
        if way.site == site:
            yield (Span(f"  on the way, {' then '.join(map(printable, way.order))}:", Style.HEADING),)
            for text, good in way_texts(way):
                yield (Span("    "), Span(text, Style.GOOD if good else Style.WARN))


def summary(report: Report) -> Line:
    """``5 devices: 3 in order, 1 different, 1 failed; 2 warnings``."""
    counts = Counter(device.status for device in report.devices)
    total = len(report.devices)
    spans = [Span(f"{total} device{'' if total == 1 else 's'}", Style.HEADING), Span(": " if counts else "")]
    for index, status in enumerate(status for status in STATUS_STYLES if counts[status]):
        spans += [Span(", " if index else ""), Span(f"{counts[status]} {spoken(status)}", STATUS_STYLES[status])]
    if report.warnings:
        count = len(report.warnings)
        spans.append(Span(f"; {count} warning{'' if count == 1 else 's'}", Style.WARN))
    if news := news_text(report):
        spans.append(Span(f"; {news}", Style.MUTED))
    if report.runs:
        spans.append(Span(f"; run {', '.join(report.runs)}", Style.MUTED))
    if report.interrupted:
        spans.append(Span("; interrupted", Style.BAD))
    return tuple(spans)


def spoken(status: str) -> str:
    """``in-order`` as people say it."""
    return status.replace("-", " ")


def device_lines(device: DeviceReport, *, commands: bool = False) -> tuple[Line, ...]:
    """One device: its status, its error, then its changes (when there are any) or its findings."""
    lines: list[Line] = [_device_heading(device)]
    if device.error:
        lines.append((Span("    "), Span(printable(device.error), Style.BAD)))
    change = device.change
    if change is not None and not change.empty:
        lines += _change_lines(change, commands=commands)
    for finding in untold(device):
        lines += _finding_lines(finding, "    ")
    return tuple(lines)


def untold(device: DeviceReport) -> tuple[Finding, ...]:
    """The findings that the device's change does not already tell, line by line."""
    differences = device.change.differences if device.change is not None else ()
    told = {(difference.document, difference.line) for difference in differences}
    return tuple(finding for finding in device.findings if (finding.document, finding.line) not in told)


def weight(device: DeviceReport) -> int:
    """How many things there are to say about a device, none of them twice."""
    return len(untold(device)) + (len(device.change.differences) if device.change is not None else 0)


def _device_heading(device: DeviceReport) -> Line:
    what = "  ".join(word for word in (device.role, device.platform) if word)
    spans = [
        Span(f"  {printable(device.device):<16} "),
        Span(spoken(device.status), STATUS_STYLES.get(device.status, Style.PLAIN)),
        Span(f"  {printable(what)}", Style.MUTED),
    ]
    change = device.change
    if change is not None and not change.empty:
        why = f": {printable(change.risk_why)}" if change.risk_why else ""
        spans.append(Span(f"  risk {change.risk}{why}", SEVERITY_STYLES.get(change.risk, Style.WARN)))
    return tuple(spans)


def _change_lines(change: Change, *, commands: bool) -> Iterator[Line]:
    several = len({difference.document for difference in change.differences}) > 1
    shown: tuple[str, tuple[str, ...]] | None = None
    for (place, source), differences in groupby(
            change.differences, key=lambda item: ((item.document, item.path), item.source)):
        if place != shown:
            yield from _place_lines(place, shown, several=several)
            shown = place
        indent = "  " * len(place[1])
        yield from _source_lines(source, indent)
        for difference in differences:
            yield from _difference_lines(difference, indent)
    if commands:
        yield from _command_lines(change)
    if change.unmanaged:
        count = len(change.unmanaged)
        text = f"    {count} line{' is' if count == 1 else 's are'} unmanaged: reported, never removed"
        yield (Span(text, Style.MUTED),)


def _place_lines(
    place: tuple[str, tuple[str, ...]], shown: tuple[str, tuple[str, ...]] | None, *, several: bool,
) -> Iterator[Line]:
    document, path = place
    if several and (shown is None or shown[0] != document):
        yield (Span(f"    {printable(document)}", Style.HEADING),)
    for depth, enclosing in enumerate(path):
        yield (Span(f"      {'  ' * depth}{printable(enclosing)}"),)


def _source_lines(source: Provenance, indent: str) -> Iterator[Line]:
    """Why the lines below exist, once for all of them."""
    origin = _origin(source.feature, source.field, source.position, source.controls)
    for text in (origin, printable(source.note)):
        if text:
            yield (Span(f"      {indent}# {text}", Style.MUTED),)


def _difference_lines(difference: Difference, indent: str) -> Iterator[Line]:
    sign, style = SIGNS[difference.verdict]
    yield (Span(f"    {sign} {indent}{printable(difference.line.strip())}", style),)
    if difference.meaning:
        yield (Span(f"      {indent}  {printable(difference.meaning)}",
                    SEVERITY_STYLES.get(difference.severity, Style.WARN)),)


def _command_lines(change: Change) -> Iterator[Line]:
    yield (Span("    commands, in order", Style.HEADING),)
    for step in change.steps:
        why = Span(f"   ! {printable(step.why)}" if step.why else "", Style.MUTED)
        for number, line in enumerate(step.text.splitlines() or [""]):
            yield (Span(f"      {printable(line)}"), *((why,) if number == 0 else ()))


def _finding_lines(finding: Finding, indent: str) -> Iterator[Line]:
    style = SEVERITY_STYLES[finding.severity]
    yield (Span(indent), Span(f"{finding.severity:<7} ", style), Span(printable(finding.title)),
           Span(f"  [{finding.id}]", Style.MUTED))
    inner = f"{indent}        "
    if finding.meaning and finding.meaning != finding.title:
        yield (Span(inner), Span(printable(finding.meaning), style))
    for label, text in (("found", finding.line), ("expected", finding.expected)):
        if text:
            yield (Span(f"{inner}{label:<9}", Style.MUTED), Span(printable(text)))
    origin = _origin("", finding.field, finding.position, finding.controls)
    if origin:
        yield (Span(inner), Span(origin, Style.MUTED))
    for text in finding.excerpt.splitlines():
        yield (Span(inner), Span(printable(text), Style.MUTED))
    if finding.hint:
        yield (Span(inner), Span(f"try: {printable(finding.hint)}", Style.MUTED))


def _origin(feature: str, field: str, position: Position, controls: tuple[str, ...]) -> str:
    parts = [part for part in (feature, field, str(position) if position.file else "", " ".join(controls)) if part]
    return printable(" · ".join(parts))
