"""``punchdown history``: which runs there were, and the journal of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from itertools import starmap
from pathlib import Path

import click

from punchdown import pipeline
from punchdown.cli.names import completes, runs
from punchdown.cli.options import operator_option
from punchdown.cli.terminal import print_lines
from punchdown.errors import ExitCode
from punchdown.report import Span, Style, printable
from punchdown.values import AuditEntry, JournalEntry, RunRecord, to_json

RUNS = ("run", "site", "who", "started", "ended", "result")
STEPS = ("device", "step", "at", "detail")
AUDIT = ("at", "who", "what", "site", "run", "plan", "result")


@click.command()
@click.argument("run", shell_complete=completes(runs), required=False)
@operator_option
@click.option("--store", envvar="PUNCHDOWN_STORE", metavar="URL", help="State store.")
@click.option("--audit", is_flag=True, help="The audit log: who did what, with which plan and result.")
@click.option("-n", "--count", type=click.IntRange(1), default=20, show_default=True, help="So many runs.")
@click.option("-o", "--output", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True,
              envvar="PUNCHDOWN_HISTORY_OUTPUT")
def history(run: str | None, operator: Path, store: str | None, audit: bool, count: int, kind: str) -> ExitCode:
    """List the last runs; with RUN every step that it took, device by device.

    A run without an end stopped in the middle: `punchdown apply --resume RUN` finishes or undoes it. A run that
    ended well can be brought back: `punchdown rollback RUN`.

    \b
    punchdown history
    punchdown history 3f0c9a1b77de
    punchdown history --audit -o json
    """
    entries: tuple[RunRecord, ...] | tuple[JournalEntry, ...] | tuple[AuditEntry, ...]
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    if run is not None:
        entries = pipeline.journal(operator, store, run)
        heads, rows = STEPS, [(item.device, item.step, item.at, item.detail) for item in entries]
    elif audit:
        entries = pipeline.audit_log(operator, store)
        heads, rows = AUDIT, list(map(astuple, entries))
    else:
        entries = pipeline.runs(operator, store, count)
        heads, rows = RUNS, [(*astuple(item)[:4], item.ended or "-", item.result or "not ended") for item in entries]
    if kind == "json":
        click.echo(to_json(entries))
    else:
        print_lines(columns(heads, rows))
    return ExitCode.OK


def columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[tuple[Span, ...]]:
    """A table without frames, each column as wide as its longest cell."""
    texts = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]

    def line(style: Style, cells: Sequence[str]) -> tuple[Span, ...]:
        return (Span("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip(), style),)

    return starmap(line, [(Style.HEADING, heads), *((Style.PLAIN, row) for row in texts)])
