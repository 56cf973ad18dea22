"""Lines of ``display set`` as statements, in words that are equal where their meaning is.

A statement is the tuple of its words. VLANs are called by their numbers where they are used, services and protocols by
numbers or names the way the device lists them, logical units of switch ports without ``.0``, lists one by one.
Source: fact sheet; vendor's guide "Firewall Filter Match Conditions and Actions" for EX (synonyms).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network

Words = tuple[str, ...]
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([\[\]])|([^\s"\[\]]+)')
_UNIT = re.compile(r"((?:ge|mge|xe|et|ae)-?[\d/:]+)\.0")
_PORTS = {"ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "tacacs": 49, "domain": 53, "bootps": 67,
          "dhcp": 67, "bootpc": 68, "tftp": 69, "finger": 79, "http": 80, "pop3": 110, "sunrpc": 111, "ident": 113,
          "nntp": 119, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139, "imap": 143, "snmp": 161,
          "snmptrap": 162, "bgp": 179, "ldap": 389, "https": 443, "exec": 512, "biff": 512, "login": 513, "who": 513,
          "cmd": 514, "syslog": 514, "printer": 515, "talk": 517, "rip": 520, "radius": 1812, "radacct": 1813,
          "pptp": 1723, "nfsd": 2049, "ldp": 646, "msdp": 639, "socks": 1080, "rkinit": 2108, "zephyr-clt": 2103}
_PROTOCOLS = {"1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ah", "58": "icmp6",
              "89": "ospf", "112": "vrrp", "132": "sctp", "icmpv6": "icmp6"}
_ICMP = {"0": "echo-reply", "3": "unreachable", "5": "redirect", "8": "echo-request", "11": "time-exceeded",
         "12": "parameter-problem", "neighbor-solicit": "135", "neighbor-advertisement": "136"}
DSCP = {"be": 0, "cs0": 0, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56, "nc1": 48,
        "nc2": 56, "ef": 46,
        **{f"af{group}{drop}": 8 * group + 2 * drop for group in range(1, 5) for drop in range(1, 4)}}
_ADDRESSES = {"source-address": "source-address", "destination-address": "destination-address",
              "ip-source-address": "source-address", "ip-destination-address": "destination-address",
              "ip6-source-address": "source-address", "ip6-destination-address": "destination-address"}
VLAN_WORDS = frozenset({"members", "guest-vlan", "server-reject-vlan", "vlan-name", "vlan"})
"""What a VLAN's name or number follows where it is used."""
_CLASSES = {"be": "best-effort", "ef": "expedited-forwarding", "af": "assured-forwarding", "nc": "network-control"}
_USM = ("snmp", "v3", "usm", "local-engine", "user")
_USM_KEYS = {"authentication-password", "authentication-key", "privacy-password", "privacy-key"}
"""A password is shown as a key made of it and of the device's own name: only that there is one can be compared."""
_SECTIONS = ("interfaces", "switch-options", "protocols", "vlans", "firewall", "class-of-service", "poe", "access",
             "forwarding-options", "chassis", "routing-options", "system")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document: its verb (``set``, ``deactivate``, ``delete``), its words as written, its number."""

    verb: str
    words: Words
    number: int
    text: str


def tokens(text: str) -> Iterator[Words]:
    """The words of what follows the verb; one result for each element of a list in brackets.

    >>> list(tokens('interfaces ge-0/0/1 description "a b"'))
    [('interfaces', 'ge-0/0/1', 'description', 'a b')]
    >>> list(tokens("x members [ a b ]"))
    [('x', 'members', 'a'), ('x', 'members', 'b')]
    """
    if '"' not in text and "[" not in text:
        yield tuple(text.split())
        return
    head: list[str] = []
    listed: list[str] | None = None
    for match in _TOKEN.finditer(text):
        word = match[1] if match[1] is not None else match[2] or match[3]
        if match[2] == "[":
            listed = []
        elif match[2] == "]":
            break
        elif listed is not None:
            listed.append(word)
        else:
            head.append(word)
    yield from ((tuple(head),) if listed is None else ((*head, word) for word in listed))


def lines_of(text: str) -> Iterator[Line]:
    """The statements of a document; comments and empty lines are left out, the release as well."""
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        verb, _, rest = stripped.partition(" ")
        if not stripped or stripped.startswith(("#", "set version ")):
            continue
        for words in tokens(rest):
            yield Line(verb, words, number, stripped)


def vlan_numbers(statements: Iterable[tuple[str, Words]]) -> dict[str, str]:
    """Name to number of the VLANs that statements (verb, words) define."""
    return {words[1]: words[3] for verb, words in statements
            if verb == "set" and words[:1] == ("vlans",) and words[2:3] == ("vlan-id",) and words[3:]}


def whole(text: str) -> int:
    """The number that a word is, -1 for any other word.

    >>> whole("12"), whole("-3"), whole("\u00b2"), whole("9" * 10)
    (12, -1, -1, -1)
    """
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


def expand(text: str) -> tuple[int, ...]:
    """The numbers of ``10`` or ``10-12``; empty when it is no number or range, or a longer one than there are VLANs."""
    first, dash, last = text.partition("-")
    low, high = whole(first), whole(last if dash else first)
    return tuple(range(low, high + 1)) if min(low, high) >= 0 and high - low <= 4096 else ()


def port_numbers(text: str) -> tuple[int, int] | None:
    """The first and last port of a word of a port condition, None when it is not known.

    >>> port_numbers("ssh"), port_numbers("50000-50511"), port_numbers("nobody")
    ((22, 22), (50000, 50511), None)
    """
    if text in _PORTS:
        return _PORTS[text], _PORTS[text]
    first, dash, last = text.partition("-")
    ends = [_PORTS.get(part, whole(part)) for part in (first, last if dash else first)]
    return (ends[0], ends[1]) if min(ends) >= 0 and max(ends) < 2**16 else None


def _condition(words: Words) -> Words:
    """A condition of a term in its one form: (condition, value)."""
    words = words[2:] if words[:1] == ("ip-version",) and len(words) > 2 else words
    name, value = words[0], words[1] if len(words) > 1 else ""
    if name in _ADDRESSES and len(words) == 2:
        try:
            return (_ADDRESSES[name], str(ip_network(value, strict=False)))
        except ValueError:
            return words
    if name in {"source-port", "destination-port"} and (ends := port_numbers(value)):
        return (name, str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}-{ends[1]}")
    if name in {"ip-protocol", "protocol"}:
        return ("protocol", _PROTOCOLS.get(value, value))
    if name == "icmp-type":
        return (name, _ICMP.get(value, value))
    if name == "dscp":
        return (name, str(DSCP.get(value, int(value, 2) if re.fullmatch("[01]{6}", value) else value)))
    return words


def _class_of_service(words: Words) -> Words:
    out = list(words)
    for at, word in enumerate(words[:-1], 1):
        if word in {"code-points", "code-point"} and words[at] in DSCP:
            out[at] = f"{DSCP[words[at]]:06b}"
        elif word == "forwarding-class":
            out[at] = _CLASSES.get(words[at], words[at])
    return tuple(out)


def canonical(words: Words, numbers: Mapping[str, str]) -> tuple[Words, ...]:
    """The statement in its one form; several where it says several things at once. ``numbers`` are of VLANs by name."""
    if words[:5] == _USM and words[-2:-1] and words[-2] in _USM_KEYS:
        return ((*words[:-2], "key"),)
    if words[:3] == ("system", "login", "user") and words[4:5] == ("uid",):
        return ()  # the device gives every account a number by itself
    if words[:1] and words[0] not in _SECTIONS:
        return (words,)
    if any(word.endswith(".0") for word in words):
        words = tuple(match[1] if (match := _UNIT.fullmatch(word)) else word for word in words)
    if words[:1] == ("firewall",) and len(words) > 8 and words[7] == "from":
        return ((*words[:8], *_condition(words[8:])),)
    if words[:1] in {("class-of-service",), ("firewall",)}:
        return (_class_of_service(words),)
    if len(words) > 2 and words[-2] == "members" and (found := expand(words[-1])):
        return tuple((*words[:-1], str(number)) for number in found)
    if len(words) > 2 and words[-2] in VLAN_WORDS:
        return ((*words[:-1], numbers.get(words[-1], words[-1])),)
    if words[-2:-1] == ("bridge-priority",) and whole(words[-1]) % 1024 == 0:
        return ((*words[:-1], f"{whole(words[-1]) // 1024}k"),)
    return (words,)


def quoted(words: Iterable[str]) -> str:
    """Words as a line: in double quotes where the device needs them."""
    return " ".join(word if re.fullmatch(r"[^\s\"\[\]{};#<>]+|<[^<>\s]+>", word) else f'"{word}"' for word in words)
