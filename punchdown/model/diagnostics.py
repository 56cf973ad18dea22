"""An error or warning at a place of a file, and the places of everything that was read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from punchdown.model.codes import Code
from punchdown.model.codes import code as registered
from punchdown.values import NOWHERE, Position

Path = tuple[str, ...]
SHOWN = 100
"""Characters of a source line that are shown around a fault."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """``code`` is the printed one (PD1201), ``name`` its name, ``excerpt`` the line of the file with a caret below it,
    ``expected`` what should stand there, ``hint`` the likely fix (empty when none is likely). ``waived_until``: the
    last day (ISO 8601) on which a waiver keeps it from being told, empty = none does."""

    code: str
    name: str
    position: Position
    message: str
    expected: str = ""
    hint: str = ""
    severity: str = "error"
    excerpt: str = ""
    waived_until: str = ""

    def counts(self, day: str) -> bool:
        """Whether it is told on a day, ISO 8601."""
        return not self.waived_until or self.waived_until < day

    def __str__(self) -> str:
        told = [f"{self.position}: {self.severity}[{self.code}]: {self.message}"]
        told += [self.excerpt] if self.excerpt else []
        told += [f"  expected: {self.expected}"] if self.expected else []
        told += [f"  hint: {self.hint}"] if self.hint else []
        return "\n".join(told)


def make_diagnostic(name: str, position: Position, message: str, *, hint: str = "", expected: str = "",
                    excerpt: str = "") -> Diagnostic:
    """A diagnostic of a registered code; severity, and what was expected unless given, are the code's."""
    code: Code = registered(name)
    return Diagnostic(str(code), code.name, position, message, expected or code.expected, hint, code.severity, excerpt)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each once, sorted by place."""
    return sorted(dict.fromkeys(diagnostics),
                  key=lambda item: (item.position.file, item.position.line, item.position.column, item.code))


def suggest(word: str, known: Iterable[str]) -> str:
    """The likely fix of a misspelt word, or what is known; empty when nothing is."""
    names = sorted(known)
    close = difflib.get_close_matches(word[:SHOWN], names, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    more = ", ..." if len(names) > 20 else ""
    return f"known: {', '.join(names[:20])}{more}" if names else ""


class Positions:
    """Where each path of the merged definition was written, keys and values alike.

    ``hidden`` are paths whose lines are never shown: a secret stands there in clear.
    """

    def __init__(self, places: Mapping[Path, Position], lines: Mapping[str, tuple[str, ...]],
                 hidden: Iterable[Path] = ()) -> None:
        self._places = places
        self._lines = lines
        self._hidden = {(place.file, place.line) for place in map(self.at, hidden)}

    def at(self, path: Path) -> Position:
        """The place of a path, or of its nearest ancestor that was written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return NOWHERE

    def excerpt(self, position: Position) -> str:
        """The source line with its number and a caret, empty when unknown; long lines are cut around the caret."""
        lines = self._lines.get(position.file, ())
        if not 0 < position.line <= len(lines) or (position.file, position.line) in self._hidden:
            return ""
        return excerpt_of(lines[position.line - 1], position)

    def diagnostic(self, name: str, path: Path, message: str, hint: str = "", expected: str = "") -> Diagnostic:
        """A diagnostic at the place of a path, with its excerpt."""
        position = self.at(path)
        return make_diagnostic(name, position, message, hint=hint, expected=expected, excerpt=self.excerpt(position))


def excerpt_of(line: str, position: Position) -> str:
    """One source line with its number and a caret below the column; what can't be printed is replaced."""
    column = max(position.column - 1, 0)
    start = max(column - SHOWN // 2, 0) if len(line) > SHOWN else 0
    part = line[start:start + SHOWN]
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in part.expandtabs(1)).rstrip()
    cut = "..." if start else ""
    margin = f"{position.line:>5} | "
    return f"{margin}{cut}{shown}\n{' ' * (len(margin) - 2)}| {' ' * (len(cut) + column - start)}^"
