"""A definition that is wrong, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from punchdown.cli.options import Output
from punchdown.errors import InputError
from punchdown.model import Diagnostic
from punchdown.report import printable
from punchdown.values import to_plain


def refusal_lines(error: InputError) -> Iterator[str]:
    """Every diagnostic in lines that hold no control characters, and how many there were."""
    placed = [item for item in error.diagnostics if isinstance(item, Diagnostic)]
    for item in error.diagnostics:
        if isinstance(item, Diagnostic):
            yield from map(printable, str(item).split("\n"))
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


def write_refusal(error: InputError, outputs: Iterable[Output]) -> None:
    """The diagnostics as JSON wherever JSON was asked for: code, name, place, message, expected, hint, excerpt."""
    told = [to_plain(item) if isinstance(item, Diagnostic) else {"message": str(item)} for item in error.diagnostics]
    text = json.dumps({"kind": "refusal", "diagnostics": told}, indent=2) + "\n"
    for output in outputs:
        if output.format == "json" and output.path is None:
            click.echo(text, nl=False)
        elif output.format == "json" and output.path is not None:
            output.path.write_text(text, encoding="utf-8")
