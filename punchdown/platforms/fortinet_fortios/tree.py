"""The block language of FortiOS, ``config``, ``edit``, ``set``, ``next``, ``end``, as a tree.

A configuration is what its own commands would make, so one reader serves what templates print, what the device shows
and what a remediation sends. Source: vendor's CLI reference, "Subcommands".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from punchdown.values import Provenance

Key = tuple[str, ...]
"""Enclosing lines: ``("config firewall policy", "edit 10001")``."""

_TOKEN = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+""", re.DOTALL)
_PIECE = re.compile(r""""((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|([^\s"'\\]+)""", re.DOTALL)
_NEXT = {"": re.compile(r"""\\.|["']"""), '"': re.compile(r'\\.|"'), "'": re.compile("'")}
"""What may open or close a quote, by the one that is open; what a backslash takes its meaning from is stepped over."""
_DEEPEST = 50
"""Blocks within blocks, at most; the vendor's tables nest to seven."""
_SPECIAL = frozenset("'\\")
_WORD = re.compile(r"[A-Za-z0-9_.:/*+-]+")
NOWHERE = Provenance()
ANY4 = (str(IPv4Address(0)),) * 2
"""Address and mask of everything; also how the device shows that there is no address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a name is set to, quotes and escapes undone. ``number`` counts lines from 1."""

    values: tuple[str, ...]
    number: int = 0
    source: Provenance = NOWHERE


@dataclass(slots=True)
class Node:
    """A block: its settings and the blocks in it (``config ...`` or ``edit ...``), in order; and what was deleted or
    unset in it on the way."""

    settings: dict[str, Setting] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    unset: set[str] = field(default_factory=set)
    number: int = 0
    source: Provenance = NOWHERE

    def value(self, name: str, default: str = "") -> str:
        """The first value of a setting."""
        found = self.settings.get(name)
        return found.values[0] if found and found.values else default

    def values(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """All values of a setting."""
        found = self.settings.get(name)
        return found.values if found else default

    def at(self, *path: str) -> Node:
        """The block of that path below, an empty one when there is none."""
        node = self
        for line in path:
            node = node.children.get(line, _EMPTY)
        return node

    def entries(self, path: str) -> dict[str, Node]:
        """The entries of a table, by name, in order: ``entries("firewall policy")``."""
        return {name_of(line): node for line, node in self.at(f"config {path}").children.items()
                if line.startswith("edit ")}


_EMPTY = Node()


@dataclass(frozen=True, slots=True)
class Stray:
    """A line that is none of the language's commands, or stands where it can't."""

    number: int
    text: str


def words(line: str) -> tuple[str, ...]:
    r"""The words of a command, quotes and escapes undone.

    >>> words(r'set comment "say \"a\"" x')
    ('set', 'comment', 'say "a"', 'x')
    """
    if not _SPECIAL & set(line):
        bare = line.split('"')
        # Each quoted word with blanks around it: what nearly every line is.
        if all(_apart(bare, place) for place in range(0, len(bare), 2)):
            return tuple(word for place, part in enumerate(bare) for word in ((part,) if place % 2 else part.split()))
    return tuple("".join(_piece(piece) for piece in _PIECE.finditer(token)) for token in _TOKEN.findall(line))


def _apart(parts: list[str], place: int) -> bool:
    """Whether what stands outside of quotes has a blank towards each of them."""
    part = parts[place]
    return (place == 0 or part[:1].isspace() or (place + 1 == len(parts) and not part)) and (
        place + 1 == len(parts) or part[-1:].isspace() or (place == 0 and not part))


def _piece(piece: re.Match[str]) -> str:
    quoted, single, escaped, bare = piece.groups()
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
    return next(text for text in (single, escaped, bare) if text is not None)


def quoted(text: str) -> str:
    r"""A word between double quotes.

    >>> quoted('say "a"')
    '"say \\"a\\""'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def edit(name: str) -> str:
    """The heading of an entry: numbers stand bare, names between quotes.

    >>> edit("1"), edit("lan110")
    ('edit 1', 'edit "lan110"')
    """
    return f"edit {name}" if name.isdigit() else f"edit {quoted(name)}"


def name_of(line: str) -> str:
    """The name in a heading ``edit ...``."""
    return words(line)[1]


def heading(path: Iterable[str]) -> str:
    """``config system replacemsg admin x``; a word that is no plain one stands between quotes."""
    return " ".join(("config", *(word if _WORD.fullmatch(word) else quoted(word) for word in path)))


def set_line(name: str, values: Iterable[str]) -> str:
    """A setting as a command; words with anything special in them between quotes."""
    return " ".join(("set", name, *(value if _WORD.fullmatch(value) else quoted(value) for value in values)))


def statements(lines: Iterable[tuple[str, Provenance]]) -> Iterator[tuple[int, str, Provenance]]:
    """(number of its first line, text, source): lines joined as long as a quote is open, comments left out."""
    parts: list[str] = []
    first, origin, quote = 0, NOWHERE, ""
    for number, (line, source) in enumerate(lines, 1):
        if not parts:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            first, origin = number, source
        parts.append(line)
        quote = _open(line, quote)
        if not quote:
            yield first, "\n".join(parts).strip(), origin
            parts.clear()
    if parts:
        yield first, "\n".join(parts).strip(), origin


def _open(line: str, quote: str) -> str:
    r"""The quote that is open behind a line, empty for none; ``quote`` is open before it.

    >>> _open('set a "b', ""), _open('it is \\" not', '"'), _open('end" x', '"'), _open("set a \\'", "")
    ('"', '"', '', '')
    """
    if not quote and not _SPECIAL & set(line):
        return '"' if line.count('"') % 2 else ""
    place = 0
    while found := _NEXT[quote].search(line, place):
        place = found.end()
        if found[0] in {'"', "'"}:
            quote = "" if quote else found[0]
    return quote


class Editor:
    """Takes commands one by one. ``strays`` are those that it could not follow; they change nothing."""

    def __init__(self, root: Node | None = None) -> None:
        self.root = root or Node()
        self.strays: list[Stray] = []
        self._stack: list[tuple[str, Node]] = [("", self.root)]

    def feed(self, text: str, number: int = 0, source: Provenance = NOWHERE) -> None:
        """One command."""
        said = words(text)
        kind, inside = said[0] if said else "", self._stack[-1]
        if not self._step(kind, said[1:], inside, number, source):
            self.strays.append(Stray(number, text))

    def _step(self, kind: str, said: tuple[str, ...], inside: tuple[str, Node], number: int,
              source: Provenance) -> bool:
        line, node = inside
        if kind in {"config", "edit"} and len(self._stack) > _DEEPEST:
            return False
        if kind == "config" and said:
            self._enter(heading(said), number, source)
        elif kind == "edit" and len(said) == 1 and line.startswith("config"):
            self._enter(edit(said[0]), number, source)
        elif kind in {"next", "end", "abort"} and len(self._stack) > 1 and not said:
            if (kind == "next") != line.startswith("edit"):
                return kind == "end" and self._leave(2)
            self._leave(1)
        elif kind == "set" and len(said) > 1 and line:
            node.settings[said[0]] = Setting(said[1:], number, source)
        elif kind in {"append", "unselect"} and len(said) > 1 and line:
            self._members(kind, said[0], said[1:], node, number, source)
        elif kind == "unset" and len(said) == 1 and line:
            node.settings.pop(said[0], None)
            node.unset.add(said[0])
        elif kind == "delete" and len(said) == 1 and line.startswith("config"):
            node.children.pop(edit(said[0]), None)
            node.deleted.append(said[0])
        elif kind == "purge" and not said and line.startswith("config"):
            node.children.clear()
        elif kind == "move" and len(said) == 3 and said[1] in {"before", "after"}:
            return _move(node, edit(said[0]), edit(said[2]), after=said[1] == "after")
        else:
            return False
        return True

    def _enter(self, line: str, number: int, source: Provenance) -> None:
        node = self._stack[-1][1].children.setdefault(line, Node(number=number, source=source))
        self._stack.append((line, node))

    def _leave(self, count: int) -> bool:
        """``end`` inside of an entry leaves entry and table."""
        del self._stack[-count:]
        return True

    def _members(self, kind: str, name: str, said: tuple[str, ...], node: Node, number: int,
                 source: Provenance) -> None:
        had = node.values(name)
        left = (*had, *(word for word in said if word not in had)) if kind == "append" else tuple(
            word for word in had if word not in said)
        node.settings[name] = Setting(left, number, source)


def _move(node: Node, line: str, other: str, *, after: bool) -> bool:
    if line not in node.children or other not in node.children or line == other:
        return False
    moved = node.children.pop(line)
    order = list(node.children.items())
    place = next(at for at, (name, _) in enumerate(order) if name == other) + after
    node.children.clear()
    node.children.update([*order[:place], (line, moved), *order[place:]])
    return True


def read(lines: Iterable[tuple[str, Provenance]]) -> Editor:
    """The tree of a text, and what was not followed."""
    editor = Editor()
    for number, text, source in statements(lines):
        editor.feed(text, number, source)
    return editor


def read_text(text: str) -> Editor:
    """As :func:`read`, of a text that came from nowhere."""
    return read((line, NOWHERE) for line in text.splitlines())


def printed(node: Node, depth: int = 0) -> Iterator[str]:
    """The commands that make this tree, indented as the device indents."""
    margin = " " * 4 * depth
    for name, setting in node.settings.items():
        yield f"{margin}{set_line(name, setting.values)}"
    for line, child in node.children.items():
        yield f"{margin}{line}"
        yield from printed(child, depth + 1)
        yield f"{margin}{'next' if line.startswith('edit') else 'end'}"


def flat(node: Node, above: Key = ()) -> Iterator[tuple[Key, Node]]:
    """Every block with its path, outer ones first."""
    for line, child in node.children.items():
        key = (*above, line)
        yield key, child
        yield from flat(child, key)
