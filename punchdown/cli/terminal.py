"""Printing: colours on terminals, none elsewhere; progress on the error channel only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from punchdown import report as reports
from punchdown.cli.live import watched
from punchdown.cli.options import ESTATE_FILE, EVENTS, Output
from punchdown.errors import ExitCode
from punchdown.report import (
    Span,
    Style,
    exit_code,
    report_lines,
    summary,
    to_html,
    to_junit,
    to_markdown,
    to_text,
)
from punchdown.values import Report, to_json

if TYPE_CHECKING:
    from punchdown.pipeline import Context

COLOURS = {
    Style.PLAIN: "", Style.HEADING: "bold", Style.MUTED: "dim", Style.ADDED: "green", Style.REMOVED: "red",
    Style.MOVED: "yellow", Style.UNKNOWN: "magenta", Style.GOOD: "green", Style.BAD: "bold red", Style.WARN: "yellow",
}


def print_lines(lines: Iterable[tuple[Span, ...]], *, err: bool = False) -> None:
    """Styled lines, unwrapped, so that a line of configuration stays one line. ``FORCE_COLOR``: for logs that show
    colours; ``NO_COLOR`` wins."""
    stream = sys.stderr if err else sys.stdout
    if stream is None or not (stream.isatty() or os.environ.get("FORCE_COLOR")):
        click.echo("\n".join("".join(span.text for span in line).rstrip() for line in lines), err=err)
        return
    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((span.text, COLOURS[span.style]) for span in line)))


def write_out(outputs: Iterable[Output], writers: Mapping[str, Callable[[], str]],
              lines: Callable[[], Iterable[tuple[Span, ...]]], told: tuple[Span, ...]) -> None:
    """Print or write in every format asked for. ``writers`` give the text of a format, ``lines`` what a terminal shows
    for ``text``; ``told`` is the line of summary where nothing is printed (empty: none)."""
    printed = False
    for output in outputs:
        if output.path is not None:
            _write(output.path, writers[output.format](), whole=output.format == "prometheus")
            continue
        printed = True
        if output.format == "text":
            print_lines(lines())
        else:
            click.echo(writers[output.format](), nl=False)
    if not printed and told:
        print_lines([told], err=True)


def _write(path: Path, text: str, *, whole: bool) -> None:
    """``whole``: whoever reads the file at this moment sees the old text or the new one, never a part."""
    place = path.with_name(f".{path.name}.new") if whole else path
    place.write_text(text, encoding="utf-8")
    if whole:
        place.replace(path)


def emit(report: Report, outputs: Iterable[Output], *, commands: bool = False, fail_on: str | None = None,
         tell: Path | None = None) -> ExitCode:
    """Print or write the report in every format asked for. Ends as :func:`end`."""
    write_out(outputs, report_writers(report, commands=commands), lambda: report_lines(report, commands=commands),
              summary(report))
    return end(report, fail_on, tell)


def end(report: Report, fail_on: str | None, tell: Path | None) -> ExitCode:
    """Let the webhooks of the operator's folder ``tell`` hear of the report; what speaks to them is loaded for that
    alone. Gives the exit code, by ``fail_on`` where that is given."""
    faults = import_module("punchdown.notify").tell(report, tell) if tell is not None else ()
    for fault in faults:
        click.echo(f"error: {reports.printable(fault)}", err=True)
    return ExitCode.FAILED if faults else exit_code(report, fail_on or "")


def report_writers(report: Report, *, commands: bool = False) -> dict[str, Callable[[], str]]:
    """Format to what writes the report in it."""
    return {
        "text": lambda: to_text(report, commands=commands), "json": lambda: to_json(report) + "\n",
        "html": lambda: to_html(report), "markdown": lambda: to_markdown(report), "junit": lambda: to_junit(report),
        "sarif": lambda: reports.to_sarif(report, _head()), "prometheus": lambda: reports.to_prometheus(report),
    }


def _head() -> str:
    """The estate's own file, named as all files are: from here where it lies below."""
    context = click.get_current_context(silent=True)
    folder = (context.params.get("estate") if context is not None else None) or Path()
    path = (Path(folder) / ESTATE_FILE).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


@contextmanager
def progress(context: Context) -> Iterator[Context]:
    """The same context, telling its steps live on the error channel while that is a terminal, and to the file of
    ``--events``."""
    with watched(context, click.get_current_context().meta.get(EVENTS)) as told:
        yield told


def ask(question: str, way_out: str) -> bool:
    """Yes or no from a person.

    Raises:
        click.UsageError: nobody is there to ask; says how to do without.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(f"nobody to ask ({question}): standard input is no terminal; {way_out}")
    return click.confirm(question, err=True)
