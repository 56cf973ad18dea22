"""Lines of the command line as patterns: abbreviations, and the refusals in the device's own words.

A pattern is words with ``<type>`` parameters, ``(a|b)`` choices and ``[optional]`` parts; ``^`` ends what names the
setting, the rest is its value and not needed to negate it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from punchdown.lab.emulated.hp_procurve.words import WordType, word_type
from punchdown.lab.emulated.patterns import expand


@dataclass(frozen=True, slots=True)
class Command:
    """One line. ``hook`` names what it does besides being kept; ``default`` is the value that hides it; ``on``: a flag
    that is on by default, so that its ``no`` shows; ``key`` names the setting where the first words do not."""

    pattern: str
    hook: str = ""
    default: str | None = None
    on: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line that fits: canonical words, and how many of them name the setting."""

    command: Command
    words: tuple[str, ...]
    split: int

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def key(self) -> str:
        return " ".join(self.words[: self.split])

    @property
    def value(self) -> str:
        return " ".join(self.words[self.split :])


class Refused(Exception):
    """The device refuses a line in these words."""


@dataclass(slots=True)
class _Node:
    keywords: dict[str, _Node] = field(default_factory=dict)
    parameters: dict[str, tuple[WordType, _Node]] = field(default_factory=dict)
    command: Command | None = None
    split: int = 0


class Grammar:
    """The lines of one mode; ``commands`` in the order in which a configuration prints them."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self.rank = {command.pattern: rank for rank, command in enumerate(self.commands)}
        self._set, self._no = _Node(), _Node()
        for command in self.commands:
            for pieces in expand(command.pattern):
                words = [piece for piece in pieces if piece != "^"]
                split = pieces.index("^") if "^" in pieces else len(words)
                _grow(self._set, words, command, split)
                for length in {len(words), split}:
                    _grow(self._no, words[:length], command, split)

    def parse(self, words: Sequence[str], *, negated: bool = False) -> Parsed:
        """Fit words (without ``no``) to a pattern. Raises Refused."""
        place, result = _step(self._no if negated else self._set, words, 0, ())
        if isinstance(result, Parsed):
            return result
        shown = words[min(place, len(words) - 1)] if words else ""
        raise Refused(f"{result} input: {shown}")


def _grow(node: _Node, words: Sequence[str], command: Command, split: int) -> None:
    for word in words:
        if word.startswith("<"):
            node = node.parameters.setdefault(word, (word_type(word[1:-1]), _Node()))[1]
        else:
            node = node.keywords.setdefault(word, _Node())
    if node.command is None:
        node.command, node.split = command, min(split, len(words))


def _step(node: _Node, words: Sequence[str], place: int, done: tuple[str, ...]) -> tuple[int, Parsed | str]:
    """Where it ended, and the line or the kind of refusal; the one that got furthest is reported."""
    if place == len(words):
        return place, Parsed(node.command, done, node.split) if node.command else "Incomplete"
    word = words[place]
    keywords = [text for text in node.keywords if text.lower() == word.lower()] or [
        text for text in node.keywords if text.lower().startswith(word.lower())]
    if len(keywords) > 1 and not node.parameters:
        return place, "Ambiguous"
    options = [(text, node.keywords[text]) for text in keywords]
    options += [(text, child) for eat, child in node.parameters.values() if (text := eat(word)) is not None]
    best: tuple[int, Parsed | str] = (place, "Invalid")
    for text, child in options:
        found = _step(child, words, place + 1, (*done, text))
        if isinstance(found[1], Parsed):
            return found
        best = found if found[0] >= best[0] else best
    return best
