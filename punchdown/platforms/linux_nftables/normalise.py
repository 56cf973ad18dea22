"""Two spellings of one table in the same words: what nft lists, and what templates print.

nft sorts and merges sets, elides defaults, names priorities and shows single addresses without a length. Comments,
handles and counters carry no meaning here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network, summarize_address_range
from typing import Generic, TypeVar

T = TypeVar("T")

OWN_TABLE = "table inet punchdown"

_QUOTED = re.compile(r'"[^"]*"')
_SET = re.compile(r"\{ ?([^{}]*?) ?\}")
_PRIORITIES = {"-300": "raw", "-225": "selinux", "-200": "conntrack", "-150": "mangle", "-100": "dstnat", "0": "filter",
               "50": "security", "100": "srcnat"}
_SPELLINGS = (
    (re.compile(r"# handle \d+$"), ""),
    (re.compile(r'(?<!\S)comment "[^"]*"'), ""),
    (re.compile(r"(?<!\S)counter(?: packets \d+ bytes \d+)?(?! name)(?=\s|$)"), ""),
    (re.compile(r"(?<!\S)burst 5 packets"), ""),
    (re.compile(r"(?<!\S)level warn(?:ing)?(?!\S)"), ""),
    (re.compile(r"(?<!\S)meta (?=iif|oif)"), ""),
    (re.compile(r"(?<!\S)ct state \{ ([a-z, ]+) \}"), r"ct state \1"),
    (re.compile(r"(?<=priority )(-?\d+)(?=;)"), lambda found: _PRIORITIES.get(found[1], found[1])),
    (re.compile(r"([0-9a-f.:]+)/(?:32(?<=\d\.\d/32)|128)(?!\d)"), r"\1"),
    (re.compile(r"(?<=ct state )[a-z]+(?:, ?[a-z]+)+"), lambda found: ",".join(sorted(re.split(r", ?", found[0])))),
)


@dataclass(frozen=True, slots=True)
class Block(Generic[T]):
    """A chain, set or other object of the table: its heading (``chain input``) and its (line, tag) pairs in order.

    Elements of a set stand as one line ``element X`` each.
    """

    heading: str
    lines: tuple[tuple[str, T], ...]

    def in_order(self) -> tuple[tuple[str, T], ...]:
        """The lines; sorted unless this is a chain, the only place where order is meaning."""
        return self.lines if self.heading.startswith("chain ") else tuple(sorted(self.lines, key=lambda pair: pair[0]))


def blocks(lines: Iterable[tuple[str, T]]) -> tuple[Block[T], ...]:
    """The blocks of a table from (line, tag) pairs, in order; lines outside the table's braces are left out."""
    found: list[Block[T]] = []
    inner: list[tuple[str, T]] = []
    heading, depth = "", 0
    for line, tag in _statements(lines):
        if line.endswith("{") and depth < 2:
            depth += 1
            heading = line.removesuffix("{").strip()
        elif line == "}":
            if depth == 2:
                found.append(Block(heading, tuple(inner)))
                inner = []
            depth -= 1
        elif depth == 2:
            inner += [(text, tag) for text in canonical(line)]
    return tuple(found)


def _statements(lines: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Lines that nft wrapped inside braces joined again, with the tag of their first line."""
    text, open_braces, first = "", 0, None
    for raw, tag in lines:
        line = raw.strip()
        bare = _QUOTED.sub("", line)
        if open_braces == 0 and ((bare.endswith("{") and "=" not in bare) or bare == "}" or bare.startswith("#")):
            if not bare.startswith("#"):
                yield line, tag
            continue
        first = tag if open_braces == 0 else first
        text = f"{text} {line}".strip()
        open_braces += bare.count("{") - bare.count("}")
        if open_braces == 0 and text:
            yield text, first if first is not None else tag
            text = ""


def canonical(line: str) -> tuple[str, ...]:
    """One statement in comparable words; none when it carries no meaning, one per element for a set's elements.

    >>> canonical('tcp dport { 443, 22 } counter accept comment "x" # handle 4')
    ('tcp dport { 22, 443 } accept',)
    """
    for pattern, replacement in _SPELLINGS:
        line = pattern.sub(replacement, line)
    listed = re.fullmatch(r"\s*elements = \{(.*)\}\s*", line)
    if listed:
        return tuple(f"element {item}" for item in merged(listed[1].split(",")))
    line = _SET.sub(lambda found: _set_word(found[1]), line)
    line = " ".join(line.split())
    return (line,) if line else ()


def _set_word(inner: str) -> str:
    items = merged(inner.split(","))
    return items[0] if len(items) == 1 and " : " not in items[0] else f"{{ {', '.join(items)} }}"


def merged(items: Iterable[str]) -> tuple[str, ...]:
    """Set elements sorted; ports and addresses merged into the fewest ranges or prefixes.

    >>> merged(["10.0.1.0/24", "10.0.0.0/24"]), merged(["443", "22", "23-25"])
    (('10.0.0.0/23',), ('22-25', '443'))
    """
    words = [item.strip() for item in items if item.strip()]
    try:
        return _merged_ports(words)
    except ValueError:
        pass
    try:
        return _merged_addresses(words)
    except (ValueError, TypeError):
        return tuple(sorted(set(words)))


def _merged_ports(words: Iterable[str]) -> tuple[str, ...]:
    ranges = _joined((int(first), int(last or first)) for first, _, last in (word.partition("-") for word in words))
    return tuple(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _merged_addresses(words: Iterable[str]) -> tuple[str, ...]:
    pairs = [_bounds(word) for word in words]
    kind = type(pairs[0][0])
    if any(type(end) is not kind for pair in pairs for end in pair):
        raise TypeError("two families in one set")
    joined = _joined((int(first), int(last)) for first, last in pairs)
    nets = (net for first, last in joined for net in summarize_address_range(kind(first), kind(last)))
    return tuple(str(net.network_address) if net.num_addresses == 1 else str(net) for net in nets)


def _bounds(word: str) -> tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]:
    first, dash, last = word.partition("-")
    if dash:
        return ip_address(first), ip_address(last)
    net = ip_network(word, strict=False)
    return net[0], net[-1]


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def foreign_base_chains(ruleset: str) -> tuple[str, ...]:
    """The base chains of tables that are not ours, one line each, sorted."""
    found = []
    table = chain = ""
    for line in ruleset.splitlines():
        if line.startswith("table "):
            table = line.removesuffix("{").strip()
        elif line.strip().startswith("chain "):
            chain = line.strip().removesuffix("{").strip()
        elif line.strip().startswith("type ") and " hook " in line and table != OWN_TABLE:
            found.append(f"{table}, {chain}: {' '.join(line.split())}")
    return tuple(sorted(found))
