"""What all verbs that only look have in common: rules to ignore, and which findings fail a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from punchdown import pipeline
from punchdown.cli.options import Output
from punchdown.cli.terminal import report_writers, write_out
from punchdown.errors import ExitCode
from punchdown.report import Span, exit_code, leave, report_lines, summary
from punchdown.values import Report

Lines = Callable[[], Iterable[tuple[Span, ...]]]


def emit_look(report: Report, outputs: Iterable[Output], estate: Path, fail_on: str | None, *,
              writers: Mapping[str, Callable[[], str]] | None = None, lines: Lines | None = None,
              told: tuple[Span, ...] | None = None) -> ExitCode:
    """Print or write what is left of a report once the estate's rules to ignore are followed. ``writers``,
    ``lines`` and ``told`` are a verb's own, for formats that it shows in its own way. Gives the exit code."""
    left = leave(report, pipeline.ignore_rules(estate), date.fromisoformat(report.generated[:10]))
    write_out(outputs, {**report_writers(left), **(writers or {})}, lines or (lambda: report_lines(left)),
              told or summary(left))
    return exit_code(left, fail_on or "")
