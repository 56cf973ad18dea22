"""One side of a comparison: statements by scope, terms of filters as what they say, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from punchdown.platforms.juniper_junos.ownership import scope_of
from punchdown.platforms.juniper_junos.statements import Words, canonical, lines_of, tokens, vlan_numbers
from punchdown.values import ConfigLine, Provenance

NOWHERE = Provenance()
_ORDERED = ("authentication-order", "authentication-server", "accounting-server", "order")
_FROM_THEN = 7
_DEEPEST = 64
"""Words of the longest path: no hierarchy is that deep, only a text is longer."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is compared: below its scope, the words that count, and where they come from. ``place`` is the list whose
    order counts, empty where none does; ``lines`` say it."""

    scope: Words
    words: Words
    source: Provenance
    place: str = ""
    lines: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[Words, Words]:
        """What makes two items the same."""
        return self.scope, self.words

    @property
    def text(self) -> str:
        """The words below the scope; the scope itself where nothing stands below."""
        return " ".join(self.words or self.scope)


@dataclass(slots=True)
class Side:
    """``items`` by scope in order; ``inactive`` and ``absent`` paths; ``every`` active statement with its line, scoped
    or not; ``written``: how a scope is spelt, one way or several."""

    items: dict[Words, list[Item]] = field(default_factory=dict)
    inactive: list[Words] = field(default_factory=list)
    absent: dict[Words, Provenance] = field(default_factory=dict)
    every: list[tuple[Words, str]] = field(default_factory=list)
    written: dict[Words, list[Words]] = field(default_factory=dict)

    def all_items(self) -> list[Item]:
        """Every item, scope by scope."""
        return [item for items in self.items.values() for item in items]


def intended_side(lines: Iterable[ConfigLine]) -> Side:
    """What was rendered; a ``delete`` line is a path that must be empty."""
    rows = [(verb, words, line.source, line.text) for line in lines
            for verb, _, rest in [line.text.strip().partition(" ")] for words in tokens(rest)]
    return _side(rows)


def running_side(text: str) -> Side:
    """What the device shows; what is inactive is not there."""
    return _side([(line.verb, line.words, NOWHERE, line.text) for line in lines_of(text)])


def _side(rows: list[tuple[str, Words, Provenance, str]]) -> Side:
    side, numbers = Side(), vlan_numbers((verb, words) for verb, words, _, _ in rows)
    kept: list[tuple[Words, Provenance, str]] = []
    spelt: dict[Words, Words] = {}
    for verb, words, source, text in rows:
        for one in canonical(words, numbers):
            if verb == "deactivate":
                side.inactive.append(one)
            elif verb == "delete":
                side.absent[one] = source
            elif verb == "set":
                kept.append((one, source, text))
                spelt[one] = words
    active = [row for row in kept if not any(row[0][:len(path)] == path for path in side.inactive)]
    parents = {words[:length] for words, _, _ in active for length in range(1, min(len(words), _DEEPEST))}
    terms: dict[tuple[Words, str], list[tuple[Words, Provenance, str]]] = {}
    for words, source, text in active:
        side.every.append((words, text))
        scope = scope_of(words)
        if not scope or (words in parents and words != scope):
            continue
        if (written := spelt[words][:len(scope)]) not in side.written.setdefault(scope, []):
            side.written[scope].append(written)
        items = side.items.setdefault(scope, [])
        if scope[0] == "firewall" and words[5:6] == ("term",):
            terms.setdefault((scope, words[6]), []).append((words, source, text))
        elif words == scope and words in parents:
            continue
        elif all(item.words != words[len(scope):] for item in items):
            place = " ".join(words[:-1]) if words[-2] in _ORDERED else " ".join(scope) if _is_server(words) else ""
            items.append(Item(scope, words[len(scope):], source, place, (text,)))
    for (scope, _), found in terms.items():
        side.items[scope].append(_term(scope, found))
    return side


def _is_server(words: Words) -> bool:
    """Whether it is the one line of a login server that every one has, so that their order can be told by it."""
    return words[:2] in {("system", "radius-server"), ("system", "tacplus-server")} and words[-2] == "source-address"


def _term(scope: Words, found: list[tuple[Words, Provenance, str]]) -> Item:
    """A term by what it says: its conditions, then its actions, each sorted; counters are names and say nothing."""
    said = sorted({words[_FROM_THEN:] for words, _, _ in found}, key=lambda words: (words[0] != "from", words))
    words = tuple(word for part in said if part[:2] != ("then", "count") for word in part)
    counted = any(part[:2] == ("then", "count") for part in said)
    return Item(scope, (*words, *(("then", "count") if counted else ())), found[0][1], " ".join(scope),
                tuple(dict.fromkeys(text for _, _, text in found)))
