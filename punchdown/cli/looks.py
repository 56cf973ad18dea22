"""What all verbs that only look have in common: rules to ignore, which findings fail a pipeline, whom to tell.

What speaks to webhooks is loaded when somebody is to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib import import_module
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
              told: tuple[Span, ...] | None = None, tell: Path | None = None) -> ExitCode:
    """Print or write what is left of a report once the estate's rules to ignore are followed. ``writers``,
    ``lines`` and ``told`` are a verb's own, for formats that it shows in its own way; ``tell`` is the operator's folder
    whose webhooks shall hear of it. Gives the exit code."""
    left = leave(report, pipeline.ignore_rules(estate), date.fromisoformat(report.generated[:10]))
    write_out(outputs, {**report_writers(left), **(writers or {})}, lines or (lambda: report_lines(left)),
              told or summary(left))
    if tell is not None and not import_module("punchdown.cli.telling").notify(left, tell):
        return ExitCode.FAILED
    return exit_code(left, fail_on or "")
