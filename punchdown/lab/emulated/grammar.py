"""A small grammar for command lines: patterns, abbreviations and the refusals of the platform's parser.

A pattern is words with ``<type>`` parameters, ``(a|b)`` choices and ``[optional]`` parts. ``^`` ends the part that
names the setting: what follows is its value, replaced when given again and not needed to negate it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from punchdown.lab.emulated.patterns import expand

WordType = Callable[[Sequence[str]], tuple[int, str] | None]
"""Takes the remaining words of a line; how many it eats and their canonical text, or None."""


@dataclass(frozen=True, slots=True)
class Command:
    """One configuration line. ``default`` is the value text that hides the line again; ``on`` marks a flag that is on
    by default, so that only its ``no`` shows; ``key`` names a setting that is not a prefix of its line, with ``{n}``
    for the n-th word; ``enters`` is the mode the line opens; ``hook`` names special behaviour; ``needs`` lists
    conditions checked before the line is taken; ``both`` prints the line and its ``no`` alike; ``rewrite`` is the form
    it is stored in; ``unseen`` lines act but never show."""

    pattern: str
    default: str | None = None
    on: bool = False
    key: str = ""
    enters: str = ""
    hook: str = ""
    needs: tuple[str, ...] = ()
    both: bool = False
    rewrite: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line that fits: its command, the canonical words, and how many of them name the setting."""

    command: Command
    words: tuple[str, ...]
    split: int

    @property
    def text(self) -> str:
        """The line as the device writes it."""
        return " ".join(self.words)

    @property
    def key(self) -> str:
        """What the line sets."""
        if self.command.key:
            return self.command.key.format(*self.words)
        return " ".join(self.words[: self.split])

    @property
    def value(self) -> str:
        """What it is set to; empty for flags."""
        return " ".join(self.words[self.split :])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line does not fit. ``place`` is the word at fault; ``kind`` is invalid, incomplete or ambiguous."""

    kind: str
    place: int


@dataclass(slots=True)
class _Node:
    keywords: dict[str, _Node] = field(default_factory=dict)
    parameters: list[tuple[str, WordType, _Node]] = field(default_factory=list)
    command: Command | None = None
    split: int = 0


class Grammar:
    """The lines of one mode, in the order in which the running configuration prints them. ``types`` are the family's
    parameters."""

    def __init__(self, commands: Iterable[Command], types: Callable[[str], WordType]) -> None:
        self._types = types
        self.commands = tuple(commands)
        self.rank = {id(command): rank for rank, command in enumerate(self.commands)}
        self._set = _Node()
        self._no = _Node()
        for command in self.commands:
            for pieces in expand(command.pattern):
                self._add(command, pieces)

    def _add(self, command: Command, pieces: Sequence[str]) -> None:
        words = [piece for piece in pieces if piece != "^"]
        split = pieces.index("^") if "^" in pieces else len(words)
        _grow(self._set, words, command, split, self._types)
        _grow(self._no, words, command, split, self._types)
        if split:
            _grow(self._no, words[:split], command, split, self._types)

    def parse(self, words: Sequence[str], *, negated: bool = False) -> Parsed | Refusal:
        """Fit words (without ``no``) to a pattern."""
        return _walk(self._no if negated else self._set, words)


def _grow(node: _Node, words: Sequence[str], command: Command, split: int, types: Callable[[str], WordType]) -> None:
    for word in words:
        node = _parameter(node, word, types) if word.startswith("<") else node.keywords.setdefault(word, _Node())
    if node.command is None:
        node.command, node.split = command, min(split, len(words))


def _parameter(node: _Node, word: str, types: Callable[[str], WordType]) -> _Node:
    for name, _, child in node.parameters:
        if name == word:
            return child
    child = _Node()
    node.parameters.append((word, types(word[1:-1]), child))
    return child


def _walk(node: _Node, words: Sequence[str]) -> Parsed | Refusal:
    """Depth first: keywords before parameters; the refusal that got furthest is the one reported."""
    return _step(node, words, 0, ())


def _step(node: _Node, words: Sequence[str], place: int, done: tuple[str, ...]) -> Parsed | Refusal:
    if place == len(words):
        return Parsed(node.command, done, node.split) if node.command else Refusal("incomplete", place)
    branches = _keyword_branches(node, words[place])
    if isinstance(branches, Refusal):
        return Refusal(branches.kind, place)
    best: Refusal = Refusal("invalid", place)
    exact = bool(branches) and branches[0][0] == words[place].lower()
    options = [(1, text, child) for text, child in branches]
    for _, eat, child in () if exact else node.parameters:
        eaten = eat(words[place:])
        if eaten:
            options.append((eaten[0], eaten[1], child))
    for count, text, child in options:
        result = _step(child, words, place + count, (*done, text))
        if isinstance(result, Parsed):
            return result
        best = result if result.place >= best.place else best
    return best


def _keyword_branches(node: _Node, word: str) -> list[tuple[str, _Node]] | Refusal:
    lowered = word.lower()
    if lowered in node.keywords:
        return [(lowered, node.keywords[lowered])]
    found = [(text, child) for text, child in node.keywords.items() if text.lower().startswith(lowered)]
    if len(found) > 1:
        exact = [pair for pair in found if pair[0].lower() == lowered]
        return exact or ([] if node.parameters else Refusal("ambiguous", 0))
    return found
