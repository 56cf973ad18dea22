"""Access lists: parsing of entries, the words the device writes them back in, sequence numbers.

Source: the platform's fact sheet (names of ports, protocols and ICMP types; host, any, wildcards; numbering).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from punchdown.lab.emulated.cisco_ios import words as w

PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ahp", 88: "eigrp", 89: "ospf",
             103: "pim"}
_TCP = {7: "echo", 9: "discard", 19: "chargen", 20: "ftp-data", 21: "ftp", 23: "telnet", 25: "smtp", 43: "whois",
        49: "tacacs", 53: "domain", 70: "gopher", 79: "finger", 80: "www", 101: "hostname", 109: "pop2", 110: "pop3",
        111: "sunrpc", 113: "ident", 119: "nntp", 179: "bgp", 194: "irc", 496: "pim-auto-rp", 512: "exec",
        513: "login", 514: "cmd", 515: "lpd", 517: "talk", 540: "uucp", 543: "klogin", 544: "kshell"}
_UDP = {7: "echo", 9: "discard", 37: "time", 42: "nameserver", 49: "tacacs", 53: "domain", 67: "bootps", 68: "bootpc",
        69: "tftp", 111: "sunrpc", 123: "ntp", 137: "netbios-ns", 138: "netbios-dgm", 139: "netbios-ss", 161: "snmp",
        162: "snmptrap", 177: "xdmcp", 195: "dnsix", 434: "mobile-ip", 496: "pim-auto-rp", 500: "isakmp",
        512: "biff", 513: "who", 514: "syslog", 517: "talk", 520: "rip", 4500: "non500-isakmp"}
PORTS = {"tcp": _TCP, "udp": _UDP}
_ICMP_TYPES = {0: "echo-reply", 5: "redirect", 8: "echo", 13: "timestamp-request", 14: "timestamp-reply",
               3: "unreachable", 11: "time-exceeded", 4: "source-quench", 12: "parameter-problem"}
_ICMP_NAMES = {*_ICMP_TYPES.values(), "host-unreachable", "port-unreachable", "net-unreachable", "packet-too-big",
               "ttl-exceeded", "administratively-prohibited", "nd-na", "nd-ns", "router-advertisement",
               "router-solicitation", "echo-request"}
_FLAGS = {"ack", "fin", "psh", "rst", "syn", "urg"}


class AceError(Exception):
    """An entry that does not parse. ``place`` is the word at fault; None means that words are missing."""

    def __init__(self, place: int | None) -> None:
        super().__init__(f"word {place}")
        self.place = place


@dataclass(slots=True)
class _Cursor:
    words: Sequence[str]
    place: int

    def peek(self) -> str:
        return self.words[self.place].lower() if self.place < len(self.words) else ""

    def next(self) -> str:
        if self.place >= len(self.words):
            raise AceError(None)
        self.place += 1
        return self.words[self.place - 1].lower()

    def keyword(self, choices: Sequence[str]) -> str:
        """The choice that the next word shortens."""
        word = self.next()
        found = [choice for choice in choices if choice == word] or [c for c in choices if c.startswith(word)]
        if len(found) != 1:
            raise AceError(self.place - 1)
        return found[0]

    def take(self, eat: w.WordType) -> str:
        """The next word by type."""
        word = self.next()
        eaten = eat([word])
        if eaten is None:
            raise AceError(self.place - 1)
        return eaten[1]


def parse_ace(kind: str, words: Sequence[str], start: int = 0) -> str:
    """Canonical text of ``permit ...``, ``deny ...`` or ``remark ...``. Raises AceError.

    ``kind`` is standard, extended or ipv6; ``start`` is the index of the action within ``words``.
    """
    cursor = _Cursor(words, start)
    action = cursor.keyword(("permit", "deny", "remark"))
    if action == "remark":
        return " ".join(("remark", *words[cursor.place :]))
    if kind == "standard":
        parts = [action, _standard_source(cursor)]
        if cursor.peek():
            parts.append(cursor.keyword(("log",)))
    else:
        parts = [action, *_extended(cursor, _end_v6 if kind == "ipv6" else _end)]
    if cursor.peek():
        raise AceError(cursor.place)
    return " ".join(parts)


def _standard_source(cursor: _Cursor) -> str:
    if cursor.peek() and "any".startswith(cursor.peek()):
        cursor.next()
        return "any"
    if cursor.peek() and "host".startswith(cursor.peek()):
        cursor.next()
        return cursor.take(w.address)
    address = cursor.take(w.address)
    if not cursor.peek()[:1].isdigit():
        return address
    return _wild(address, cursor.take(w.address)).removeprefix("host ").replace(" ", ", wildcard bits ")


def _extended(cursor: _Cursor, end: Callable[[_Cursor], str]) -> list[str]:
    protocol = _protocol(cursor)
    parts = [protocol, end(cursor), *_ports(cursor, protocol), end(cursor), *_ports(cursor, protocol)]
    if protocol == "icmp" and cursor.peek() and cursor.peek() not in ("log", "dscp", "log-input"):
        parts.append(_icmp(cursor))
    while cursor.peek():
        parts.append(_option(cursor, protocol))
    return parts


def _protocol(cursor: _Cursor) -> str:
    word = cursor.peek()
    if word.isdigit() and int(word) < 256:
        cursor.next()
        return PROTOCOLS.get(int(word), word)
    return cursor.keyword(("ip", "ipv6", "ipinip", *PROTOCOLS.values()))


def _end(cursor: _Cursor) -> str:
    word = cursor.next()
    if "any".startswith(word):
        return "any"
    if "host".startswith(word):
        return "host " + cursor.take(w.address)
    if "object-group".startswith(word):
        return "object-group " + cursor.next()
    if w.address([word]) is None:
        raise AceError(cursor.place - 1)
    return _wild(word, cursor.take(w.address))


def _end_v6(cursor: _Cursor) -> str:
    word = cursor.next()
    if "any".startswith(word):
        return "any"
    if "host".startswith(word):
        return "host " + cursor.take(w.ipv6_prefix)
    if "/" not in word or w.ipv6_prefix([word]) is None:
        raise AceError(cursor.place - 1)
    return word.upper()


def _wild(address: str, wildcard: str) -> str:
    """Host bits below the wildcard are zeroed; ``any`` and ``host`` replace the two extreme wildcards."""
    bits = int(ipaddress.IPv4Address(wildcard))
    if bits == 0xFFFFFFFF:
        return "any"
    if bits == 0:
        return f"host {address}"
    network = ipaddress.IPv4Address(int(ipaddress.IPv4Address(address)) & ~bits & 0xFFFFFFFF)
    return f"{network} {wildcard}"


def _ports(cursor: _Cursor, protocol: str) -> list[str]:
    if protocol not in PORTS or cursor.peek() not in ("eq", "neq", "lt", "gt", "range"):
        return []
    operator = cursor.next()
    parts = [operator, _port(cursor, protocol)]
    if operator == "range":
        parts.append(_port(cursor, protocol))
    while operator in ("eq", "neq") and (cursor.peek().isdigit() or cursor.peek() in PORTS[protocol].values()):
        parts.append(_port(cursor, protocol))
    return parts


def _port(cursor: _Cursor, protocol: str) -> str:
    word = cursor.next()
    names = PORTS[protocol]
    if word.isdigit() and int(word) < 65536:
        return names.get(int(word), str(int(word)))
    if word not in names.values():
        raise AceError(cursor.place - 1)
    return word


def _icmp(cursor: _Cursor) -> str:
    word = cursor.next()
    if word.isdigit() and int(word) < 256:
        if cursor.peek().isdigit():
            return f"{word} {cursor.next()}"
        return _ICMP_TYPES.get(int(word), word)
    if word not in _ICMP_NAMES:
        raise AceError(cursor.place - 1)
    return word


def _option(cursor: _Cursor, protocol: str) -> str:
    choices = ["dscp", "log", "log-input", "fragments", "precedence", "tos", "time-range", "sequence"]
    if protocol == "tcp":
        choices += ["established", *_FLAGS]
    option = cursor.keyword(choices)
    if option == "dscp":
        return "dscp " + cursor.take(w.dscp)
    if option in ("precedence", "tos", "time-range"):
        return f"{option} {cursor.next()}"
    return option


@dataclass(slots=True)
class AccessList:
    """One list: sequence number to canonical entry text."""

    kind: str
    name: str
    entries: dict[int, str] = field(default_factory=dict)

    def add(self, text: str, sequence: int | None) -> str:
        """Insert; returns what the device says (empty when it took or silently ignored the line)."""
        if text in self.entries.values() and not text.startswith("remark "):
            return ""
        if sequence in self.entries:
            return "" if self.entries[sequence] == text else "% Duplicate sequence number"
        self.entries[sequence or self._next()] = text
        self.entries = dict(sorted(self.entries.items()))
        return ""

    def _next(self) -> int:
        return max(self.entries, default=0) + 10

    def remove(self, text: str | None, sequence: int | None) -> bool:
        """Take out by number or by text; False when there is no such entry."""
        for number, entry in self.entries.items():
            if number == sequence or (sequence is None and entry == text):
                del self.entries[number]
                return True
        return False

    def resequence(self, first: int, step: int) -> None:
        """Renumber all entries."""
        self.entries = {first + step * place: text for place, text in enumerate(self.entries.values())}

    def lines(self, *, numbered: bool) -> list[str]:
        """The entries as the running configuration prints them."""
        if self.kind == "ipv6":
            return [f" sequence {number} {text}" for number, text in self.entries.items()]
        shown = {number: text.replace(", wildcard bits", "") for number, text in self.entries.items()}
        return [f" {number} {text}" if numbered else f" {text}" for number, text in shown.items()]

    def table(self) -> list[str]:
        """The entries as ``show ip access-lists`` prints them: always numbered, remarks left out."""
        shown = [(number, text) for number, text in self.entries.items() if not text.startswith("remark ")]
        if self.kind == "ipv6":
            return [f"IPv6 access list {self.name}", *(f"    {text} sequence {number}" for number, text in shown)]
        title = f"{self.kind.capitalize()} IP access list {self.name}"
        return [title, *(f"    {number} {text}" for number, text in shown)]
