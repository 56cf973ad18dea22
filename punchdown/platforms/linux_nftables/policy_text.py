"""nft's text as chains, sets and maps: ``nft list ruleset`` and files for ``nft -f`` alike.

Source: nft(8), "Lexical conventions", "Tables", "Chains", "Sets", "Maps".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from punchdown.values.policy import LineRef

_TOKEN = re.compile(r'"[^"]*"|#[^\n]*|\\\n|\n|[{};,()|&]|==|!=|<=|>=|<<|>>|[=<>]|[^\s{};,()|&=<>!"#]+|!')
_FAMILIES = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})
_BLOCKS = frozenset({"table", "chain", "set", "map", "counter", "quota", "limit", "flowtable", "secmark", "synproxy"})
_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100, "out": 100}


class Token(NamedTuple):
    """``text`` without quotes; ``line`` counts from 1."""

    text: str
    line: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of one rule."""

    line: LineRef
    words: tuple[str, ...]


@dataclass(slots=True)
class Chain:
    """A chain; ``hook`` is empty for one that is jumped to. ``priority`` as a number, ``policy`` accept or drop."""

    table: Table
    name: str
    line: LineRef
    kind: str = ""
    hook: str = ""
    priority: int = 0
    policy: str = "accept"
    hooked: LineRef | None = None
    rules: list[Statement] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its name among all chains of the ruleset."""
        return f"{self.table.family} {self.table.name} {self.name}"


@dataclass(slots=True)
class Elements:
    """A named set or map; each element a tuple of words, ``:`` before a map's value. ``changing``: packets or time
    alter it."""

    name: str
    elements: list[tuple[str, ...]] = field(default_factory=list)
    changing: bool = False


@dataclass(slots=True)
class Table:
    """A table with its chains and named sets. ``dormant`` ones judge nothing."""

    family: str
    name: str
    chains: dict[str, Chain] = field(default_factory=dict)
    sets: dict[str, Elements] = field(default_factory=dict)
    dormant: bool = False


@dataclass(slots=True)
class Ruleset:
    """All tables in order, and lines outside of them that were not understood."""

    tables: dict[tuple[str, str], Table] = field(default_factory=dict)
    unread: list[LineRef] = field(default_factory=list)


def read(document: str, text: str) -> Ruleset:
    """A whole text. What it deletes or flushes before it defines it is gone."""
    return _Parser(document, text).ruleset()


def tokens(text: str) -> Iterator[Token]:
    """The words of a text; an end of line is the word ``\\n``."""
    line = 1
    for found in _TOKEN.finditer(text):
        word = found[0]
        if word == "\\\n":
            line += 1
        elif word == "\n":
            yield Token("\n", line)
            line += 1
        elif word.endswith(":") and not word.endswith("::") and len(word) > 1:
            yield from (Token(word[:-1], line), Token(":", line))
        elif not word.startswith("#"):
            yield Token(word.strip('"'), line, quoted=word.startswith('"'))


def elements(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The elements between two braces, split at commas; what follows an address or port (timeout, comment) is cut."""
    found: list[tuple[str, ...]] = []
    current: list[str] = []
    for word in (*words, ","):
        if word == "," and current:
            found.append(_without_extras(current))
            current = []
        elif word not in {",", "\n"}:
            current.append(word)
    return found


def _without_extras(words: list[str]) -> tuple[str, ...]:
    extras = {"timeout", "expires", "comment", "counter", "limit", "quota"}
    key = words[:next((place for place, word in enumerate(words) if word in extras), len(words))]
    value = words[words.index(":"):] if ":" in words and ":" not in key else []
    return (*key, *value)


class _Parser:
    def __init__(self, document: str, text: str) -> None:
        self._document = document
        self._lines = text.splitlines()
        self._tokens = list(tokens(text))
        self._place = 0
        self._defines: dict[str, list[str]] = {}
        self._found = Ruleset()
        self._current: Table | None = None

    def ruleset(self) -> Ruleset:
        while (words := self._statement()) is not None:
            if words:
                self._top(words)
        return self._found

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _statement(self) -> list[Token] | None:
        """Words up to the end of a statement, or up to and with the brace that opens a block; a lone ``}`` for its
        end; None at the end of the text. Braces of sets inside a statement belong to it."""
        found: list[Token] = []
        while token := self._peek():
            self._place += 1
            if token.text in {"\n", ";"} and not token.quoted:
                return found
            if token.text == "}" and not token.quoted:
                if found:
                    self._place -= 1
                    return found
                return [token]
            found.append(token)
            if token.text == "{" and not token.quoted:
                if self._opens_block(found):
                    return found
                if self._current and len(found) > 1 and found[-2].text in {"jump", "goto"}:
                    found[-1] = Token(self._unnamed(self._current, found[-2:]), token.line)
                else:
                    found += self._braced()
        return found or None

    def _opens_block(self, words: list[Token]) -> bool:
        texts = [token.text for token in words]
        if texts[0] == "ct":
            return texts[1] in {"helper", "timeout", "expectation"} and len(texts) == 4
        return texts[0] in _BLOCKS and len(texts) <= 4 and "=" not in texts

    def _unnamed(self, table: Table, words: Sequence[Token]) -> str:
        """The name given to a chain that stands in braces behind ``jump``."""
        name = f"chain {len(table.chains)} of line {words[0].line}"
        self._chain_body(table.chains.setdefault(name, Chain(table, name, self._line(words))))
        return name

    def _braced(self) -> list[Token]:
        depth, found = 1, []
        while depth and (token := self._peek()):
            self._place += 1
            depth += {"{": 1, "}": -1}.get(token.text, 0) if not token.quoted else 0
            if token.text != "\n":
                found.append(token)
        return found

    def _line(self, words: Sequence[Token]) -> LineRef:
        first, last = words[0].line, words[-1].line
        return LineRef(self._document, first, " ".join(" ".join(self._lines[first - 1:last]).split()))

    def _expanded(self, words: Sequence[Token]) -> list[str]:
        out: list[str] = []
        for token in words:
            known = self._defines.get(token.text[1:]) if token.text.startswith("$") and not token.quoted else None
            inside = out.count("{") > out.count("}")
            out += [token.text] if known is None else known[1:-1] if inside and known[:1] == ["{"] else known
        return out

    def _top(self, words: list[Token]) -> None:
        texts = [token.text for token in words]
        if texts[0] == "table" and texts[-1] == "{":
            self._table(words)
        elif texts[0] in {"define", "redefine"} and len(texts) > 3:
            self._defines[texts[1]] = self._expanded(words[3:])
        elif texts[:2] == ["flush", "ruleset"]:
            self._found.tables.clear()
        elif texts[0] in {"delete", "destroy", "flush"} and texts[1:2] == ["table"]:
            self._found.tables.pop(_named(texts[2:]), None)
        elif texts[0] == "table" or texts[:2] == ["add", "table"]:
            pass
        else:
            self._found.unread.append(self._line(words))

    def _table(self, words: list[Token]) -> None:
        family, name = _named([token.text for token in words[1:-1]])
        table = self._current = self._found.tables.setdefault((family, name), Table(family, name))
        while (inner := self._statement()) is not None:
            texts = [token.text for token in inner]
            if texts == ["}"]:
                return
            if not texts:
                continue
            named = len(texts) == 3 and texts[-1] == "{"
            if texts[0] == "chain" and named:
                self._chain(table, inner)
            elif texts[0] in {"set", "map"} and named:
                self._set(table, texts[1])
            elif texts[-1] == "{" and texts[0] not in {"chain", "set", "map"}:
                self._braced()
            elif texts[0] in {"define", "redefine"} and len(texts) > 3:
                self._defines[texts[1]] = self._expanded(inner[3:])
            elif texts[0] == "flags":
                table.dormant = "dormant" in texts
            elif texts[0] != "comment":
                self._found.unread.append(self._line(inner))

    def _chain(self, table: Table, words: list[Token]) -> None:
        self._chain_body(table.chains.setdefault(words[1].text, Chain(table, words[1].text, self._line(words))))

    def _chain_body(self, chain: Chain) -> None:
        while (inner := self._statement()) is not None:
            texts = self._expanded(inner)
            if texts == ["}"]:
                return
            if not texts or texts[0] == "comment":
                continue
            if texts[0] == "type" and "hook" in texts:
                self._hook(chain, texts, self._line(inner))
            elif texts[0] == "policy" and len(texts) > 1:
                chain.policy = texts[1]
            else:
                chain.rules.append(Statement(self._line(inner), tuple(texts)))

    def _hook(self, chain: Chain, words: list[str], line: LineRef) -> None:
        """Where a base chain stands; a line that does not say it leaves the place of the chain unread."""
        try:
            hook, priority = words[words.index("hook") + 1], _priority(words[words.index("priority") + 1:])
        except (ValueError, IndexError):
            self._found.unread.append(line)
        else:
            chain.kind, chain.hook, chain.hooked, chain.priority = words[1], hook, line, priority

    def _set(self, table: Table, name: str) -> None:
        found = table.sets.setdefault(name, Elements(name))
        while (inner := self._statement()) is not None:
            texts = self._expanded(inner)
            if texts == ["}"]:
                return
            if texts and texts[0] == "elements":
                found.elements += elements([word for word in texts[2:] if word not in {"{", "}"}])
            elif texts and texts[0] in {"flags", "timeout"}:
                found.changing = found.changing or texts[0] == "timeout" or bool({"dynamic", "timeout"} & set(texts))


def _named(words: Sequence[str]) -> tuple[str, str]:
    """Family and name of a table; the family is ip when none is written."""
    if words and words[0] in _FAMILIES and len(words) > 1:
        return words[0], words[1]
    return "ip", words[0] if words else ""


def _priority(words: Sequence[str]) -> int:
    """A priority word or number, with an offset.

    >>> _priority(["filter", "+", "10"]), _priority(["-150"]), _priority(["dstnat"])
    (10, -150, -100)
    """
    total, sign = 0, 1
    for word in words:
        if word in {"+", "-"}:
            sign = 1 if word == "+" else -1
        else:
            total += sign * (_PRIORITIES[word] if word in _PRIORITIES else int(word))
            sign = 1
    return total
