"""Words of the ArubaOS-Switch command line: what a parameter accepts and how the device writes it back.

A word type takes one typed word and gives its canonical text, or None. Source: the platform's fact sheet; HP Access
Security Guide and IPv6 Configuration Guide for addresses of access lists.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence

WordType = Callable[[str], str | None]

_PORT = re.compile(r"((?:\d+/)?[A-Z]?|Trk)(\d+)", re.IGNORECASE)
DSCP = {"default": 0, "ef": 46, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56, "af11": 10,
        "af12": 12, "af13": 14, "af21": 18, "af22": 20, "af23": 22, "af31": 26, "af32": 28, "af33": 30, "af41": 34,
        "af42": 36, "af43": 38}


def tokens(line: str) -> list[str] | None:
    """The words of a line; a quoted text is one word and keeps its quotes. None where a quote stays open.

    >>> tokens('name "a  b" x'), tokens('name "a')
    (['name', '"a  b"', 'x'], None)
    """
    found = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+|"', line)
    return None if '"' in found else found


def port_order(name: str) -> tuple[int, int, str, int]:
    """Sorting key: by stack member, then slot letter, then number; trunks last."""
    member, _, rest = name.rpartition("/")
    match = re.fullmatch(r"([A-Za-z]*)(\d+)", rest)
    letters, number = (match[1], int(match[2])) if match else (rest, 0)
    return int(letters.lower() == "trk"), int(member or 0), letters, number


def port_range(text: str) -> list[str] | None:
    """``A1-A3,5`` as single ports, None when it is no such list."""
    found: list[str] = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        one, other = _PORT.fullmatch(low), _PORT.fullmatch(high or low)
        if not one or not other or one[1].upper() != other[1].upper() or int(one[2]) > int(other[2]):
            return None
        letters = "Trk" if one[1].lower() == "trk" else one[1].upper()
        found += [f"{letters}{number}" for number in range(int(one[2]), int(other[2]) + 1)]
    return found


def ranges(names: Iterable[str]) -> str:
    """Single ports as the device prints them: ``1-3,7,A1-A2``."""
    runs: list[list[str]] = []
    for name in sorted(set(names), key=port_order):
        last = port_order(runs[-1][-1]) if runs else None
        now = port_order(name)
        if last and last[:3] == now[:3] and last[3] + 1 == now[3]:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def vlan_numbers(text: str) -> list[int] | None:
    """``10,20-22`` as numbers, None when it is no list of VLANs."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if not match or not 1 <= int(match[1]) <= int(match[2] or match[1]) <= 4094:
            return None
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return found


def number(low: int, high: int) -> WordType:
    """A whole number in a range."""
    return lambda word: str(int(word)) if word.isdigit() and low <= int(word) <= high else None


def matching(pattern: str) -> WordType:
    """A word that fits an expression."""
    fits = re.compile(pattern)
    return lambda word: word if fits.fullmatch(word) else None


def quoted(most: int) -> WordType:
    """A name; printed in quotes however it was typed."""
    def eat(word: str) -> str | None:
        body = word[1:-1] if word.startswith('"') else word
        return f'"{body}"' if 0 < len(body) <= most and body.isprintable() and body.isascii() else None
    return eat


def address(word: str) -> str | None:
    """An IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(word))
    except ValueError:
        return None


def mask(word: str) -> str | None:
    """A network mask."""
    try:
        ipaddress.IPv4Network(f"0.0.0.0/{word}")
    except ValueError:
        return None
    return word if "." in word else None


def mac(word: str) -> str | None:
    """A MAC address in any spelling; printed as two halves."""
    digits = re.sub(r"[:.-]", "", word.lower())
    return f"{digits[:6]}-{digits[6:]}" if re.fullmatch(r"[0-9a-f]{12}", digits) else None


def cidr(word: str) -> str | None:
    """An address with a length, written as address and mask."""
    try:
        found = ipaddress.IPv4Interface(word)
    except ValueError:
        return None
    return f"{found.ip} {found.netmask}" if "/" in word else None


def code_point(word: str) -> str | None:
    """A DSCP by name, number or in binary; printed in binary."""
    if word in DSCP:
        return f"{DSCP[word]:06b}"
    if re.fullmatch(r"[01]{6}", word):
        return word
    return f"{int(word):06b}" if word.isdigit() and int(word) < 64 else None


TYPES: dict[str, WordType] = {
    "ports": lambda word: word if port_range(word) else None, "vlan": number(1, 4094), "ip": address, "mask": mask,
    "vlans": lambda word: word if vlan_numbers(word) else None, "dscp": code_point, "word": matching(r"[^\s\"]+"),
    "name32": quoted(32), "name64": quoted(64), "text": quoted(3070), "secret": quoted(127),
    "trunk": lambda word: word.lower() if re.fullmatch(r"trk([1-9]|[1-5]\d|60)", word.lower()) else None,
    "cidr": cidr, "slot": matching(r"\d{1,2}|[A-L]"),
    "mac": mac,
    "delay": matching(r"(?:(?:\d{1,2}:)?\d{1,2}:)?\d{1,4}"),
}


def word_type(name: str) -> WordType:
    """The type behind ``<name>`` in a pattern; ``<1-300>`` is a number in that range."""
    bounds = re.fullmatch(r"(\d+)-(\d+)", name)
    return number(int(bounds[1]), int(bounds[2])) if bounds else TYPES[name]


_TCP = {"ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "http": 80, "pop3": 110, "ssl": 443}
_UDP = {"dns": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "ntp": 123, "snmp": 161, "snmp-trap": 162, "radius": 1812}
_PROTOCOLS = {"ip": 4, "ipv6": 6, "tcp": 0, "udp": 0, "icmp": 0, "igmp": 4, "gre": 0, "esp": 0, "ah": 0, "ospf": 4,
              "sctp": 0}
_KINDS = {"echo": 8, "echo-reply": 0, "unreachable": 3, "time-exceeded": 11}


class EntryError(Exception):
    """A word of an entry that does not fit; ``None`` when the entry ends too early."""

    def __init__(self, word: str | None) -> None:
        super().__init__(word)
        self.word = word


class _Words:
    """The rest of an entry while it is read."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)

    def peek(self) -> str:
        return self._words[0] if self._words else ""

    def take(self) -> str:
        if not self._words:
            raise EntryError(None)
        return self._words.pop(0)


def _side(words: _Words, family: int) -> str:
    word = words.take()
    try:
        if word == "any":
            return "0.0.0.0 255.255.255.255" if family == 4 else "::/0"
        if family == 6:
            return str(ipaddress.IPv6Network(f"{words.take()}/128" if word == "host" else word, strict=False))
        if word == "host":
            return f"{ipaddress.IPv4Address(words.take())} 0.0.0.0"
        if "/" in word:
            network = ipaddress.IPv4Network(word, strict=False)
            return f"{network.network_address} {network.hostmask}"
        return f"{ipaddress.IPv4Address(word)} {ipaddress.IPv4Address(words.take())}"
    except ValueError:
        raise EntryError(word) from None


def _service(words: _Words, protocol: str) -> str:
    if protocol not in {"tcp", "udp", "sctp"} or words.peek() not in {"eq", "neq", "lt", "gt", "range"}:
        return ""
    found = [words.take()]
    for _ in range(2 if found[0] == "range" else 1):
        word = words.take()
        value = str((_TCP if protocol == "tcp" else _UDP).get(word, word))
        if not value.isdigit() or int(value) > 65535:
            raise EntryError(word)
        found.append(value)
    return " ".join(found)


def entry(typed: Sequence[str], family: int, actions: tuple[str, ...]) -> str:
    """One entry of an access list or class in the device's own words. Raises EntryError."""
    words = _Words(typed)
    action, protocol = words.take(), words.take()
    if action not in actions:
        raise EntryError(action)
    numbered = protocol.isdigit() and int(protocol) < 256
    if not numbered and _PROTOCOLS.get(protocol, 10 - family) == 10 - family:
        raise EntryError(protocol)
    found = [action, protocol, _side(words, family), _service(words, protocol), _side(words, family),
             _service(words, protocol)]
    if protocol == "icmp" and (words.peek().isdigit() or words.peek() in _KINDS):
        word = words.take()
        found.append(str(_KINDS.get(word, word)))
    while word := words.peek():
        words.take()
        if word in {"ip-dscp", "dscp"}:
            value = code_point(words.take())
            if value is None:
                raise EntryError(word)
            found.append(f"ip-dscp {value}")
        elif (word == "established" and protocol == "tcp") or (word == "log" and action in {"permit", "deny"}):
            found.append(word)
        else:
            raise EntryError(word)
    return " ".join(part for part in found if part)
