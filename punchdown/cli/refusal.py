"""A definition that is wrong, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from punchdown.cli.options import Output
from punchdown.cli.terminal import report_writers, write_out
from punchdown.errors import InputError
from punchdown.model import Diagnostic
from punchdown.report import printable
from punchdown.values import DeviceReport, Finding, Position, Report, Severity, finding_id, to_plain


def refusal_lines(error: InputError) -> Iterator[str]:
    """Every diagnostic in lines that hold no control characters, and how many there were."""
    placed = [item for item in error.diagnostics if isinstance(item, Diagnostic)]
    for item in error.diagnostics:
        if isinstance(item, Diagnostic):
            place = replace(item.position, file=printable(item.position.file))
            yield from map(printable, str(replace(item, position=place)).split("\n"))
        else:
            yield f"error: {printable(str(item))}"
    if placed:
        errors = sum(item.severity == "error" for item in placed)
        warnings = len(placed) - errors
        counts = [_count(errors, "error"), *([_count(warnings, "warning")] if warnings else [])]
        first = next((item for item in placed if item.severity == "error"), placed[0])
        yield f"{', '.join(counts)}; more on the first: punchdown explain {first.code}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def write_refusal(error: InputError, outputs: Iterable[Output], estate: str, now: str) -> None:
    """The diagnostics in every format that was asked for, but for text, which is told anyway. As JSON: code, name,
    place, message, expected, hint, excerpt."""
    report = refusal_report(error, estate, now)
    told = [to_plain(item) if isinstance(item, Diagnostic) else {"message": str(item)} for item in error.diagnostics]
    text = json.dumps({"kind": "refusal", "diagnostics": told}, indent=2) + "\n"
    asked = [output for output in outputs if output.format != "text"]
    if asked:
        write_out(asked, {**report_writers(report), "json": lambda: text}, lambda: (), ())


def refusal_report(error: InputError, estate: str, now: str) -> Report:
    """The diagnostics as a report that has failed, by file; code scanning finds their lines."""
    placed = sorted((_finding(item) for item in error.diagnostics), key=_place)
    rows = tuple(DeviceReport(file or estate, "definition", "", "", "failed", tuple(items))
                 for file, items in groupby(placed, key=lambda item: item.position.file))
    return Report("check", estate, now, rows)


def _place(item: Finding) -> tuple[str, int, int]:
    return item.position.file, item.position.line, item.position.column


def _finding(item: object) -> Finding:
    if not isinstance(item, Diagnostic):
        return Finding(finding_id("check", str(item)), "", "check", Severity.HIGH, str(item), position=Position(""))
    severity = Severity.HIGH if item.severity == "error" else Severity.LOW
    return Finding(finding_id("check", item.code, item.position.file, item.message), "", "check", severity,
                   item.message, item.hint, expected=item.expected, controls=(item.code,), position=item.position,
                   excerpt=item.excerpt)
