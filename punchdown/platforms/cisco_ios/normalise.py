"""Both sides of a comparison in the same words: what the device rewrites, hides, splits and collapses is undone here.

A configuration becomes a :data:`Tree`: canonical path to :class:`Entry`, in the order of the text. hier_config reads
the indentation; its own post-load changes are off, because they drop and renumber access-list lines.
Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

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
from punchdown.values import Provenance

_INTERFACES = ("GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "TwoGigabitEthernet", "FiveGigabitEthernet",
               "FortyGigabitEthernet", "HundredGigE", "FastEthernet", "AppGigabitEthernet", "Port-channel", "Vlan",
               "Loopback", "Tunnel")
_SHORT = {"gi": "GigabitEthernet", "te": "TenGigabitEthernet", "twe": "TwentyFiveGigE", "tw": "TwoGigabitEthernet",
          "fi": "FiveGigabitEthernet", "fo": "FortyGigabitEthernet", "hu": "HundredGigE", "fa": "FastEthernet",
          "ap": "AppGigabitEthernet", "po": "Port-channel", "vl": "Vlan", "lo": "Loopback", "tu": "Tunnel"}
_VOLATILE = re.compile(r"Building configuration|Current configuration|ntp clock-period |end$|\s*!|version ")
_BANNER = re.compile(r"banner (\S+) (\^C|.)(.*)", re.DOTALL)
_ACCESS_LIST = re.compile(r"ip(v6)? access-list\b")

_DEFAULTS = re.compile("|".join((
    r"switchport", r"switchport access vlan 1", r"switchport mode dynamic auto", r"switchport trunk native vlan 1",
    r"no switchport voice vlan", r"no shutdown", r"authentication host-mode single-host",
    r"authentication (order|priority) dot1x mab", r"authentication violation shutdown",
    r"authentication port-control force-authorized", r"authentication timer reauthenticate 3600",
    r"dot1x timeout tx-period 30", r"dot1x max-reauth-req 2", r"lldp (transmit|receive)", r"lldp med-tlv-select .*",
    r"cdp enable", r"spanning-tree portfast disable", r"ip arp inspection limit rate 15", r"negotiation auto",
    r"snmp trap .*", r"switchport port-security mac-address sticky \S+.*", r"no ip address", r"speed auto",
    r"logging event (?:subif-)?link-status",
    r"duplex auto", r"switchport trunk encapsulation dot1q",
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
Lines = Iterable[tuple[str, Provenance]]


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
        numbers |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(numbers))


def collapse_vlans(numbers: Iterable[int]) -> str:
    """Numbers as the device writes them; no number is ``none``.

    >>> collapse_vlans([10, 20, 21, 22])
    '10,20-22'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs) or "none"


def _banner(lines: list[tuple[str, Provenance]], start: int, match: re.Match[str]) -> tuple[str, int]:
    delimiter, body, index = match[2], match[3], start
    while delimiter not in body and index + 1 < len(lines):
        index += 1
        body += "\n" + lines[index][0]
    return body.partition(delimiter)[0].strip("\n\r "), index


def _join(lines: list[tuple[str, Provenance]]) -> tuple[list[tuple[str, Provenance]], list[str]]:
    """Drop what is volatile, join continued VLAN lists, and put each banner's text aside."""
    out: list[tuple[str, Provenance]] = []
    banners: list[str] = []
    index = 0
    while index < len(lines):
        text, source = lines[index]
        if match := _BANNER.fullmatch(text.replace("\x03", "^C")):
            body, index = _banner([(raw.replace("\x03", "^C"), at) for raw, at in lines], index, match)
            out.append((f"bannertext {match[1]} {len(banners)}", source))
            banners.append(body)
        elif (more := re.fullmatch(r"\s+switchport trunk allowed vlan add (\S+)", text)) and out:
            out[-1] = (f"{out[-1][0].rstrip()},{more[1]}", out[-1][1])
        elif text.strip() and not _VOLATILE.match(text):
            out.append((text.rstrip(), source))
        index += 1
    return out, banners


def _once(lines: list[tuple[str, Provenance]]) -> list[tuple[str, Provenance]]:
    seen: set[str] = set()
    out = []
    for text, source in lines:
        top = not text.startswith(" ")
        if not (top and text in seen):
            out.append((text, source))
        if top:
            seen.add(text)
    return out


def _sources(lines: list[tuple[str, Provenance]]) -> dict[tuple[str, ...], tuple[str, Provenance]]:
    found: dict[tuple[str, ...], tuple[str, Provenance]] = {}
    stack: list[tuple[int, str]] = []
    for text, source in lines:
        indent = len(text) - len(text.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, " ".join(text.split())))
        found.setdefault(tuple(word for _, word in stack), (text.strip(), source))
    return found


def _canonical_root(line: str, banners: list[str]) -> tuple[str, ...]:
    if line.startswith("interface "):
        return (f"interface {long_name(line.removeprefix('interface '))}",)
    if match := re.fullmatch(r"vlan ([\d,-]+)", line):
        return tuple(f"vlan {number}" for number in expand_vlans(match[1]))
    if match := re.fullmatch(r"line vty (\d+)(?: (\d+))?", line):
        return tuple(f"line vty {number}" for number in range(int(match[1]), int(match[2] or match[1]) + 1))
    if match := re.fullmatch(r"bannertext (\S+) (\d+)", line):
        return (f"banner {match[1]}\n{banners[int(match[2])]}",)
    if match := re.fullmatch(r"ip dhcp snooping vlan (\S+)", line):
        return (f"ip dhcp snooping vlan {collapse_vlans(expand_vlans(match[1]))}",)
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
    if root == "radius server" and (match := re.fullmatch(r"key (?:[067] )?(\S+)", line)):
        return (f"key {match[1]}",)
    return (_rewritten(line),)


def _walk(node: HConfigChild, parents: list[tuple[str, ...]], banners: list[str],
          sources: dict[tuple[str, ...], tuple[str, Provenance]]) -> Iterator[Entry]:
    text, source = sources.get(tuple(node.path()), (node.text, Provenance()))
    sequence = split_sequence(node.text)[0]
    below = []
    for parent in parents:
        kind = parent[0].rpartition(" ")[0] if parent else ""
        lines = _canonical_child(kind, node.text) if parent else _canonical_root(node.text, banners)
        for line in lines:
            below.append((*parent, line))
            yield Entry(parent, line, text, source, sequence)
    for child in node.children:
        yield from _walk(child, below, banners, sources)


def _without_inert(tree: Tree) -> Tree:
    """Leave out what the port's mode makes inert: trunk lines of an access port and the reverse."""
    modes = {entry.path: entry.line.removeprefix("switchport mode ") for entry in tree.values()
             if entry.line.startswith("switchport mode ")}
    inert = {"access": ("switchport trunk ",), "trunk": ("switchport access ", "switchport voice ")}
    return {key: entry for key, entry in tree.items()
            if not (entry.path in modes and entry.line.startswith(inert.get(modes[entry.path], ())))}


def parse(lines: Lines) -> Tree:
    """The canonical tree of a configuration, intended (with provenance) or running."""
    joined, banners = _join(list(lines))
    joined = _once(joined)
    config = get_hconfig(_Driver(), "\n".join(text for text, _ in joined))
    sources = _sources(joined)
    tree: Tree = {}
    for child in config.children:
        for entry in _walk(child, [()], banners, sources):
            tree.setdefault(entry.key, entry)
    return _without_inert(tree)


def parse_text(text: str) -> Tree:
    """The canonical tree of a running configuration."""
    return parse((line, Provenance()) for line in text.splitlines())
