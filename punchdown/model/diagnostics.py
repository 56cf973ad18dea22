"""An error or warning at a place of a file, and the places of everything that was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from punchdown.values import NOWHERE, Position

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """``severity`` is error or warning, ``excerpt`` the line of the file with a caret below it."""

    code: str
    position: Position
    message: str
    hint: str = ""
    severity: str = "error"
    excerpt: str = ""

    def __str__(self) -> str:
        text = f"{self.position}: {self.severity}[{self.code}]: {self.message}"
        if self.excerpt:
            text += f"\n{self.excerpt}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class Positions:
    """Where each path of the merged definition was written, keys and values alike."""

    def __init__(self, places: Mapping[Path, Position], lines: Mapping[str, tuple[str, ...]]) -> None:
        self._places = places
        self._lines = lines

    def at(self, path: Path) -> Position:
        """The place of a path, or of its nearest ancestor that was written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return NOWHERE

    def excerpt(self, position: Position) -> str:
        """The source line with a caret, empty when unknown."""
        lines = self._lines.get(position.file, ())
        if not 0 < position.line <= len(lines):
            return ""
        line = lines[position.line - 1]
        shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)[:160]
        return f"    {shown}\n    {' ' * (position.column - 1)}^"

    def diagnostic(self, code: str, path: Path, message: str, hint: str = "", severity: str = "error") -> Diagnostic:
        """A diagnostic at the place of a path, with its excerpt."""
        position = self.at(path)
        return Diagnostic(code, position, message, hint, severity, self.excerpt(position))
