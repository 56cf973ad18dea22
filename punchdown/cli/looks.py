"""What all verbs that only look have in common: rules to ignore, which findings fail a pipeline, whom to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from punchdown import pipeline
from punchdown.cli.options import Output
from punchdown.cli.terminal import end, report_writers, write_out
from punchdown.errors import ExitCode
from punchdown.report import Span, report_lines, summary
from punchdown.values import Report

Lines = Callable[[], Iterable[tuple[Span, ...]]]


def emit_look(report: Report, outputs: Iterable[Output], estate: Path, fail_on: str | None, *,
              writers: Mapping[str, Callable[[], str]] | None = None, lines: Lines | None = None,
              told: tuple[Span, ...] | None = None, tell: Path | None = None) -> ExitCode:
    """Print or write what is left of a report once the estate's rules to ignore are followed. ``writers``,
    ``lines`` and ``told`` are a verb's own, for formats that it shows in its own way; ``tell`` is the operator's folder
    whose webhooks shall hear of it. Gives the exit code."""
    left = pipeline.leave_known(report, estate)
    write_out(outputs, {**report_writers(left), **(writers or {})}, lines or (lambda: report_lines(left)),
              told or summary(left))
    return end(left, fail_on, tell)
