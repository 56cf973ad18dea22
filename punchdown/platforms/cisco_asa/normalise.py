"""Both sides of a comparison in the same words: what the device splits, rewrites and hides is undone here.

A configuration becomes a :data:`Tree`: canonical path to :class:`Entry`, in the order of the text. Lines whose order
is meaning (access lists, translations, banners, ICMP rules) stand below a path of their own.
Source: fact sheet, "Show back".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from punchdown.platforms.cisco_asa.entries import address_word, canonical, port_number, port_word
from punchdown.platforms.cisco_asa.sections import Lines, Node, read, read_text
from punchdown.values import Provenance

NAT, NAT_LATE, BANNER = "nat", "nat after-auto", "banner login"
_ACCESS_LIST = re.compile(r"access-list (\S+) (?:line \d+ )?((?:extended|standard|remark|ethertype|webtype)\b.*)")
_NAT = re.compile(r"nat (?:\((\S+?),\s*(\S+?)\) )?(after-auto )?(?:\d+ )?(source .+)")
_ICMP = re.compile(r"icmp (permit|deny) (\S+(?: \S+)*?) ?(\S+)")
_BANNER = re.compile(r"banner login (.*)")
_GROUP = re.compile(r"(object-group service \S+) (tcp|udp|tcp-udp)")
_DSCP = {"0": "default", "8": "cs1", "16": "cs2", "24": "cs3", "32": "cs4", "34": "af41", "40": "cs5", "46": "ef",
         "48": "cs6", "56": "cs7"}
_SUBNET = re.compile(r"(network-object|subnet) (\d\S+) (\d\S+)")
_SERVICE = re.compile(r"service (tcp|udp|sctp) (.+)")
_KEY = re.compile(r"(key|ikev2 (?:remote|local)-authentication pre-shared-key) \S+")
"""The device shows none of them: one that is there counts as the right one."""
_USER = re.compile(r"(snmp-server user \S+ \S+ v3)(?: engineID \S+)?(?: encrypted)? auth (\S+) \S+ priv (.+) \S+")
SHOWN_OFF = frozenset({"sysopt connection permit-vpn"})
"""Settings that are on unless the text says ``no``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One canonical line below its canonical ``path``. ``text`` is the line as written; ``position`` counts the lines
    of an ordered list from 1, remarks included."""

    path: tuple[str, ...]
    line: str
    text: str
    source: Provenance
    position: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        """The whole canonical path."""
        return (*self.path, self.line)


Tree = dict[tuple[str, ...], Entry]


def is_ordered(path: tuple[str, ...]) -> bool:
    """Whether the order of the lines below a path is meaning.

    >>> is_ordered(("access-list PD-in-lan110",)), is_ordered(("object network PD-h",))
    (True, False)
    """
    return len(path) == 1 and (path[0] in {NAT, NAT_LATE, BANNER} or path[0].startswith(("access-list ", "icmp ")))


def is_absence(line: str) -> bool:
    """Whether a rendered line wants that something is not there.

    >>> is_absence("no http server enable"), is_absence("no sysopt connection permit-vpn")
    (True, False)
    """
    return line.startswith("no ") and line.removeprefix("no ") not in SHOWN_OFF


def by_path(tree: Tree) -> dict[tuple[str, ...], list[Entry]]:
    """The entries of every section, in order."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in tree.values():
        found.setdefault(entry.path, []).append(entry)
    return found


def _ports(words: list[str], protocol: str) -> str:
    out = []
    for word in words:
        try:
            out.append(port_word(protocol, port_number(protocol, word)))
        except ValueError:
            out.append(word)
    return " ".join(out)


def _periodic(line: str) -> str:
    """Days in full and hours without a zero in front."""
    return " ".join(word.title() if word.lower().endswith("day") else re.sub(r"^0(?=\d:)", "", word)
                    for word in line.split())


@lru_cache(maxsize=8192)
def _child(line: str) -> str:
    """A line of a section in the device's words."""
    try:
        if match := _SUBNET.fullmatch(line):
            word = address_word(f"{match[2]}/{match[3]}")
            if match[1] == "network-object":
                return f"network-object {word}"
            return line if word.startswith(("host", "any")) else f"subnet {word}"
    except ValueError:
        return line
    if match := _SERVICE.fullmatch(line):
        return f"service {match[1]} {_ports(match[2].split(), match[1])}"
    if match := _KEY.fullmatch(line):
        return f"{match[1]} *****"
    if line.startswith("periodic "):
        return _periodic(line)
    if line.startswith("match dscp "):
        return " ".join(("match dscp", *(_DSCP.get(word, word) for word in line.split()[2:])))
    return line


@lru_cache(maxsize=16384)
def place(line: str) -> tuple[tuple[str, ...], str]:
    """Path and canonical text of a top-level line.

    >>> place("nat (a,b) after-auto source dynamic any interface")
    (('nat after-auto',), 'nat (a,b) after-auto source dynamic any interface')
    """
    if match := _ACCESS_LIST.fullmatch(line):
        return (f"access-list {match[1]}",), canonical(match[2])
    if match := _NAT.fullmatch(line):
        one, other = match[1] or "any", match[2] or "any"
        return (NAT_LATE if match[3] else NAT,), f"nat ({one},{other}) {match[3] or ''}{match[4]}"
    if match := _BANNER.fullmatch(line):
        return (BANNER,), match[1]
    if match := _ICMP.fullmatch(line):
        return (f"icmp {match[3]}",), f"icmp {match[1]} {match[2].replace('0.0.0.0 0.0.0.0', 'any')} {match[3]}"
    if match := _GROUP.fullmatch(line):
        return (), f"{match[1]} {match[2]}"
    if match := _USER.fullmatch(line):
        return (), f"{match[1]} auth {match[2]} ***** priv {match[3]} *****"
    return (), line


def tree_of(nodes: Iterable[Node]) -> Tree:
    """The canonical tree. An object that comes a second time with its translation is one object."""
    tree: Tree = {}
    counted: dict[tuple[str, ...], int] = {}

    def add(path: tuple[str, ...], line: str, node: Node, position: int = 0) -> tuple[str, ...]:
        entry = Entry(path, line, node.text, node.source, position)
        while is_ordered(path) and entry.key in tree and path[0] == BANNER:
            entry = Entry(path, f"{entry.line} ", node.text, node.source, position)
        tree.setdefault(entry.key, entry)
        return entry.key

    def below(path: tuple[str, ...], nodes: Iterable[Node]) -> None:
        for node in nodes:
            below(add(path, _child(node.text), node), node.below)

    for node in nodes:
        path, line = place(node.text)
        if path:
            counted[path] = counted.get(path, 0) + 1
            if not line.startswith("remark"):
                add(path, line, node, counted[path])
        else:
            below(add((), line, node), node.below)
    return tree


def parse(lines: Lines) -> Tree:
    """The canonical tree of a configuration, intended (with provenance) or running."""
    return tree_of(read(lines))


def parse_text(text: str) -> Tree:
    """The canonical tree of a running configuration."""
    return tree_of(read_text(text))
