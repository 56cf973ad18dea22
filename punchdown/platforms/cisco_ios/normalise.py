"""Both sides of a comparison in the same words: what the device rewrites, hides, splits and collapses is undone here.

A configuration becomes a :data:`Tree`: canonical path to :class:`Entry`, in the order of the text. hier_config reads
the indentation; its own post-load changes are off, because they drop and renumber access-list lines. Most sections of
an estate say the same (its ports), so what lies below a top-level line is read once per text.
Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hier_config import get_hconfig
from hier_config.child import HConfigChild
from hier_config.models import MatchRule, ParentAllowsDuplicateChildRule
from hier_config.platforms.cisco_ios.driver import HConfigDriverCiscoIOS
from hier_config.platforms.driver_base import HConfigDriverRules

from punchdown.platforms.cisco_ios.access_lists import (
    canonical_dscp,
    canonical_extended,
    canonical_standard,
    split_sequence,
)
from punchdown.platforms.cisco_ios.mirrors import canonical_mirror
from punchdown.platforms.cisco_ios.sections import Lines, Section, sections
from punchdown.platforms.cisco_ios.source_guard import canonical_binding
from punchdown.values import Provenance
from punchdown.values.numbers import collapse

_INTERFACES = ("GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "TwoGigabitEthernet", "FiveGigabitEthernet",
               "FortyGigabitEthernet", "HundredGigE", "FastEthernet", "AppGigabitEthernet", "Port-channel", "Vlan",
               "Loopback", "Tunnel")
_SHORT = {"gi": "GigabitEthernet", "te": "TenGigabitEthernet", "twe": "TwentyFiveGigE", "tw": "TwoGigabitEthernet",
          "fi": "FiveGigabitEthernet", "fo": "FortyGigabitEthernet", "hu": "HundredGigE", "fa": "FastEthernet",
          "ap": "AppGigabitEthernet", "po": "Port-channel", "vl": "Vlan", "lo": "Loopback", "tu": "Tunnel"}
_ACCESS_LIST = re.compile(r"ip(v6)? access-list\b")
_ORDERED = re.compile(r"ip(v6)? access-list\b|aaa group server ")

_DEFAULTS = re.compile("|".join((
    r"switchport", r"switchport access vlan 1", r"switchport mode dynamic auto", r"switchport trunk native vlan 1",
    r"no switchport voice vlan", r"no shutdown", r"authentication host-mode single-host",
    r"authentication (order|priority) dot1x mab", r"authentication violation shutdown",
    r"authentication port-control force-authorized", r"authentication timer reauthenticate 3600",
    r"dot1x timeout tx-period 30", r"dot1x max-reauth-req 2", r"lldp (transmit|receive)", r"lldp med-tlv-select .*",
    r"cdp enable", r"spanning-tree portfast disable", r"ip arp inspection limit rate 15", r"negotiation auto",
    r"snmp trap .*", r"switchport port-security mac-address sticky \S+.*", r"no ip address", r"speed auto",
    r"logging event (?:subif-)?link-status",
    r"duplex auto",
)))
_VTY_IGNORED = re.compile(r"login( local| authentication default)?|stopbits 1|length 0|exec-timeout 10 0|no login")
_GLOBAL_DEFAULTS = re.compile("|".join((
    r"logging trap informational", r"ip ssh (time-out 120|authentication-retries 3)",
    r"errdisable recovery interval 300",
    r"authentication critical recovery delay 100", r"ip dhcp snooping information option", r"no lldp run",
)))
_REWRITES = tuple((re.compile(pattern), text) for pattern, text in (
    (r"logging (\d+\.\d+\.\d+\.\d+)", r"logging host \1"),
    (r"(logging host \S+) transport udp port 514", r"\1"),
    (r"class-map (?!match-|type )(\S+)", r"class-map match-all \1"),
    (r"ip domain-name (\S+)", r"ip domain name \1"),
    (r"spanning-tree portfast edge", r"spanning-tree portfast"),
    (r"(access-class \S+ in) vrf-also", r"\1"),
    (r"(snmp-server user \S+ \S+ v3 auth (?:md5|sha-2 \d+|sha)) \S+(?:( priv (?:3des|des|aes \d+)) \S+)?",
     r"\1\2"),
    (r"(switchport voice vlan) 0*(\d+)", r"\1 \2"),
))
_MARKS = re.compile(r"((?:match|set) (?:ip )?dscp) (.+)")
_RATE = re.compile(r"(storm-control \S+ level) (\d+(?:\.\d+)?)((?: \d+(?:\.\d+)?)?)")


class _Driver(HConfigDriverCiscoIOS):
    """The IOS driver's reading of indentation alone: no line is changed, lines may repeat within a section."""

    @staticmethod
    def _instantiate_rules() -> HConfigDriverRules:
        rules = HConfigDriverCiscoIOS().rules
        anything = MatchRule(re_search=".")
        repeated = [ParentAllowsDuplicateChildRule(match_rules=(anything,) * depth) for depth in range(1, 5)]
        return rules.model_copy(update={"post_load_callbacks": [], "per_line_sub": [],
                                        "parent_allows_duplicate_child": repeated})


_DRIVER = _Driver()


@dataclass(frozen=True, slots=True)
class Entry:
    """One canonical line below its canonical ``path``. ``text`` is the line as rendered or shown, ``sequence`` the
    number of an access-list line (0 = the device printed none)."""

    path: tuple[str, ...]
    line: str
    text: str
    source: Provenance
    sequence: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        """The whole canonical path."""
        return (*self.path, self.line)


Tree = dict[tuple[str, ...], Entry]


class _Piece(NamedTuple):
    """One canonical line below a top-level line: its path from there, and which of the raw lines it was."""

    path: tuple[str, ...]
    line: str
    raw: int
    sequence: int


def children(tree: Tree, path: tuple[str, ...]) -> list[Entry]:
    """The entries directly below a path, in order."""
    return [entry for entry in tree.values() if entry.path == path]


def by_path(tree: Tree) -> dict[tuple[str, ...], list[Entry]]:
    """The entries of every section, in order; only sections that hold lines have a key."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in tree.values():
        found.setdefault(entry.path, []).append(entry)
    return found


def long_name(name: str) -> str:
    """An interface name as the running configuration shows it.

    >>> long_name("Gi1/0/1"), long_name("gigabitethernet 1/0/1"), long_name("vlan 20")
    ('GigabitEthernet1/0/1', 'GigabitEthernet1/0/1', 'Vlan20')
    """
    match = re.fullmatch(r"([A-Za-z-]+) ?(\d.*)", name)
    if not match:
        return name
    word = match[1].lower()
    if word in _SHORT:
        return _SHORT[word] + match[2]
    found = [known for known in _INTERFACES if known.lower().startswith(word)]
    return (found[0] if len(found) == 1 or (found and found[0].lower() == word) else match[1]) + match[2]


def expand_vlans(text: str) -> tuple[int, ...]:
    """``10,20-22`` as sorted numbers; ``all``, ``none`` and ``except`` are understood.

    >>> expand_vlans("20-22,10")
    (10, 20, 21, 22)
    """
    if text == "none":
        return ()
    if text == "all":
        return tuple(range(1, 4095))
    if text.startswith("except "):
        left_out = set(expand_vlans(text.removeprefix("except ")))
        return tuple(number for number in range(1, 4095) if number not in left_out)
    numbers: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal() and len(part) < 10:  # else it is no VLAN of any device
            numbers |= set(range(int(first), min(int(last or first), 4094) + 1))
    return tuple(sorted(numbers))


def collapse_vlans(numbers: Iterable[int]) -> str:
    """Numbers as the device writes them; no number is ``none``.

    >>> collapse_vlans([10, 20, 21, 22])
    '10,20-22'
    """
    return collapse(numbers) or "none"


@lru_cache(maxsize=4096)
def canonical_root(line: str) -> tuple[str, ...]:
    """The canonical lines of one top-level line: several where it stands for several, none where it is a default."""
    if line.startswith("interface "):
        return (f"interface {long_name(line.removeprefix('interface '))}",)
    if match := re.fullmatch(r"vlan ([\d,-]+)", line):
        return tuple(f"vlan {number}" for number in expand_vlans(match[1]))
    if match := re.fullmatch(r"line vty (\d+)(?: (\d+))?", line):
        last = min(int((match[2] or match[1])[:4]), 999)
        return tuple(f"line vty {number}" for number in range(int(match[1][:4]), last + 1))
    if line.startswith("ip source binding "):
        return (canonical_binding(line, long_name),)
    if line.startswith("monitor session "):
        return canonical_mirror(line, long_name)
    if match := re.fullmatch(r"(ip (?:dhcp snooping|arp inspection) vlan) ([\d,-]+)", line):
        return (f"{match[1]} {collapse_vlans(expand_vlans(match[2]))}",)
    if match := re.fullmatch(r"ip arp inspection filter (\S+) vlan ([\d,-]+)", line):
        return tuple(f"ip arp inspection filter {match[1]} vlan {number}" for number in expand_vlans(match[2]))
    return () if _GLOBAL_DEFAULTS.fullmatch(line) else (_rewritten(line),)


def _rewritten(line: str) -> str:
    for pattern, text in _REWRITES:
        if pattern.fullmatch(line):
            return pattern.sub(text, line)
    if match := _MARKS.fullmatch(line):
        return f"{match[1]} {' '.join(canonical_dscp(word) for word in match[2].split())}"
    if match := _RATE.fullmatch(line):
        return f"{match[1]} {' '.join(f'{float(rate):.2f}' for rate in (match[2] + match[3]).split())}"
    return line


@lru_cache(maxsize=8192)
def _canonical_child(root: str, line: str) -> tuple[str, ...]:
    """The canonical lines of one line in a section; ``root`` is the kind of section, without its name."""
    if _ACCESS_LIST.match(root):
        _, rest = split_sequence(line)
        if rest.startswith("remark"):
            return ()
        return (canonical_standard(rest) if root == "ip access-list standard" else canonical_extended(rest),)
    if root == "line vty" and _VTY_IGNORED.fullmatch(line):
        return ()
    if root == "interface":
        if _DEFAULTS.fullmatch(line):
            return ()
        if match := re.fullmatch(r"switchport trunk allowed vlan (\S+(?: \S+)?)", line):
            numbers = expand_vlans(match[1])
            return () if len(numbers) == 4094 else (f"switchport trunk allowed vlan {collapse_vlans(numbers)}",)
    if root == "aaa server radius" and (match := re.fullmatch(r"(client \S+ server-key) (?:[067] )?(\S+)", line)):
        return (f"{match[1]} {match[2]}",)
    if root == "aaa server radius" and line in {"auth-type all", "port 1700"}:
        return ()
    if root in {"radius server", "tacacs server"} and (match := re.fullmatch(r"key (?:[067] )?(\S+)", line)):
        return (f"key {match[1]}",)
    if root == "tacacs server" and line in {"port 49", "timeout 5"}:
        return ()
    return (_rewritten(line),)


def _raw_lines(below: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """Path of words to the first raw line that stands there."""
    found: dict[tuple[str, ...], int] = {}
    stack: list[tuple[int, str]] = []
    for index, text in enumerate(below):
        indent = len(text) - len(text.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, " ".join(text.split())))
        found.setdefault(tuple(word for _, word in stack), index)
    return found


def _walk(node: HConfigChild, kind: str, path: tuple[str, ...], raw: dict[tuple[str, ...], int]) -> Iterator[_Piece]:
    index = raw.get(tuple(node.path())[1:], 0)
    sequence = split_sequence(node.text)[0]
    for line in _canonical_child(kind, node.text):
        yield _Piece(path, line, index, sequence)
        for child in node.children:
            yield from _walk(child, kind, (*path, line), raw)


def _without_inert(pieces: list[_Piece]) -> list[_Piece]:
    """Leave out what the port's mode makes inert: trunk lines of an access port and the reverse."""
    modes = {piece.path: piece.line.removeprefix("switchport mode ") for piece in pieces
             if piece.line.startswith("switchport mode ")}
    inert = {"access": ("switchport trunk ",), "trunk": ("switchport access ", "switchport voice ")}
    return [piece for piece in pieces
            if not (piece.path in modes and piece.line.startswith(inert.get(modes[piece.path], ())))]


def kind_of(root: str) -> str:
    """The kind of a section: its canonical top-level line without the name.

    >>> kind_of("interface Vlan20"), kind_of("ip access-list extended PD-x"), kind_of("archive")
    ('interface', 'ip access-list extended', '')
    """
    return root.rpartition(" ")[0]


@lru_cache(maxsize=512)
def _below(kind: str, below: tuple[str, ...]) -> tuple[_Piece, ...]:
    config = get_hconfig(_DRIVER, "\n".join(("section", *below)))
    raw = _raw_lines(below)
    pieces = [piece for root in config.children for child in root.children for piece in _walk(child, kind, (), raw)]
    return tuple(_without_inert(pieces))


@lru_cache(maxsize=512)
def _meaning(kind: str, below: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset((*piece.path, piece.line) for piece in _below(kind, below))


def same_body(wanted: Section, present: Section) -> bool:
    """Whether two sections of one name certainly say the same below it; access lists and groups of servers line by line
    and in order."""
    if wanted.below == present.below:
        return True
    if _ORDERED.match(wanted.root):
        return len(wanted.below) == len(present.below) and all(
            split_sequence(ours.lstrip())[1] == split_sequence(theirs.lstrip())[1]
            for ours, theirs in zip(wanted.below, present.below, strict=True))
    kind = kind_of(canonical_root(wanted.root)[0])
    return _meaning(kind, wanted.below) == _meaning(kind, present.below)


def tree_of(parts: Iterable[Section]) -> Tree:
    """The canonical tree of sections."""
    tree: Tree = {}

    def add(entry: Entry) -> None:
        tree.setdefault(entry.key, entry)

    for part in parts:
        roots = canonical_root(part.root)
        for root in roots:
            add(Entry((), root, part.root, part.source))
        for piece in _below(kind_of(roots[0]), part.below) if roots and part.below else ():
            for root in roots:
                add(Entry((root, *piece.path), piece.line, part.below[piece.raw].strip(), part.sources[piece.raw],
                          piece.sequence))
    return tree


def parse(lines: Lines) -> Tree:
    """The canonical tree of a configuration, intended (with provenance) or running."""
    return tree_of(sections(lines).values())


def parse_text(text: str) -> Tree:
    """The canonical tree of a running configuration."""
    return parse((line, Provenance()) for line in text.splitlines())
