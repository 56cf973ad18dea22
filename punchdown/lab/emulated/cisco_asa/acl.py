"""Lines of access lists: what the device takes and how it writes them.

Source: ASA command reference, ``access-list extended``, ``access-list standard``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from punchdown.lab.emulated.cisco_asa.refusals import Incomplete, Invalid, Rejected
from punchdown.lab.emulated.cisco_asa.store import Configuration
from punchdown.lab.emulated.cisco_asa.words import ICMP, ICMP6, level, mask, port

PROTOCOLS = {"ah": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "icmp6": 58, "igmp": 2, "igrp": 9, "ip": 0,
             "ipinip": 4, "ipsec": 50, "nos": 94, "ospf": 89, "pcp": 108, "pim": 103, "pptp": 47, "sctp": 132,
             "snp": 109, "tcp": 6, "udp": 17}
_HIDDEN = {"ipsec", "pptp"}
_OPERATORS = {"eq": 1, "neq": 1, "lt": 1, "gt": 1, "range": 2}


class _Words:
    """The words of a line, one after the other; ``place`` counts from the start of the line."""

    def __init__(self, words: Sequence[str], place: int) -> None:
        self.words, self.place = words, place

    def peek(self) -> str:
        return self.words[self.place] if self.place < len(self.words) else ""

    def take(self) -> str:
        if self.place >= len(self.words):
            raise Incomplete
        self.place += 1
        return self.words[self.place - 1]

    def keyword(self, known: Sequence[str]) -> str:
        """A keyword, perhaps shortened."""
        word = self.take().lower()
        if word in known:
            return word
        found = [name for name in known if name.startswith(word)]
        if len(found) != 1:
            raise Invalid(self.place - 1)
        return found[0]


def parse_entry(words: Sequence[str], start: int, config: Configuration) -> str:
    """A line from ``extended`` or ``standard`` on, as it is stored."""
    line = _Words(words, start)
    kind = line.keyword(("extended", "standard")) if line.peek()[:1] in {"e", "s"} else "extended"
    action = line.keyword(("permit", "deny"))
    if kind == "standard":
        return f"standard {action} {_standard(line)}"
    parts = [kind, action]
    protocol = _protocol(line, config)
    parts.append(protocol)
    parts.append(_address(line, config))
    parts += _port(line, protocol, config)
    parts.append(_address(line, config))
    parts += _port(line, protocol, config)
    parts += _icmp(line, protocol)
    parts += _tail(line, config)
    return " ".join(parts)


def _standard(line: _Words) -> str:
    word = line.take()
    if word in {"any", "any4"}:
        return word
    if word == "host":
        return f"host {_ip(line)}"
    line.place -= 1
    return f"{_ip(line)} {_mask(line)}"


def _ip(line: _Words) -> str:
    word = line.take()
    try:
        return str(ipaddress.IPv4Address(word))
    except ValueError:
        raise Invalid(line.place - 1) from None


def _mask(line: _Words) -> str:
    word = line.take()
    found = mask([word])
    if found is None:
        raise Invalid(line.place - 1)
    return found[1]


def _protocol(line: _Words, config: Configuration) -> str:
    word = line.take()
    if word in {"object", "object-group"}:
        name = line.take()
        known = config.kind_of(word, name)
        if known not in {"service", "protocol"}:
            raise Rejected(f"ERROR: specified {word} <{name}> does not exist" if not known else
                           f"ERROR: specified {word} <{name}> has wrong type; expecting service type")
        return f"{word} {name}"
    if word.isdigit() and int(word) < 256:
        names = {number: name for name, number in PROTOCOLS.items() if name not in _HIDDEN}
        return names.get(int(word), word)
    line.place -= 1
    name = line.keyword(tuple(PROTOCOLS))
    return {"ipsec": "esp", "pptp": "gre"}.get(name, name)


def _address(line: _Words, config: Configuration) -> str:
    word = line.take()
    if word in {"any", "any4", "any6"}:
        return word
    if word == "host":
        host = line.take()
        try:
            return f"host {ipaddress.ip_address(host)}"
        except ValueError:
            raise Invalid(line.place - 1) from None
    if word == "interface":
        if line.take() not in config.legs():
            raise Invalid(line.place - 1)
        return f"interface {line.words[line.place - 1]}"
    if word in {"object", "object-group"}:
        name = line.take()
        return _reference(word, name, config)
    if "/" in word:
        try:
            return str(ipaddress.IPv6Network(word))
        except ValueError:
            raise Invalid(line.place - 1) from None
    line.place -= 1
    first, bits = _ip(line), _mask(line)
    try:
        network = ipaddress.IPv4Network(f"{first}/{bits}")
    except ValueError:
        raise Rejected("ERROR: IP address,mask <" + f"{first},{bits}> doesn't pair") from None
    if network.prefixlen == 32:
        return f"host {first}"
    return "any4" if network.prefixlen == 0 else f"{first} {bits}"


def _reference(word: str, name: str, config: Configuration) -> str:
    known = config.kind_of(word, name)
    if known != "network":
        raise Rejected(f"ERROR: specified {word} <{name}> does not exist" if not known else
                       f"ERROR: specified {word} <{name}> has wrong type; expecting network type")
    if word == "object-group" and not config.members(name):
        raise Rejected(f"ERROR: specified object-group <{name}> is empty")
    return f"{word} {name}"


def _port(line: _Words, protocol: str, config: Configuration) -> list[str]:
    word = line.peek()
    if word in {"object-group", "object"} and config.kind_of(word, (*line.words, "", "")[line.place + 1]) == "service":
        line.take()
        return [word, line.take()]
    if word not in _OPERATORS:
        return []
    if protocol not in {"tcp", "udp", "sctp"}:
        raise Invalid(line.place)
    line.take()
    found = []
    for _ in range(_OPERATORS[word]):
        text = port(protocol, line.take())
        if text is None:
            raise Invalid(line.place - 1)
        found.append(text)
    return [word, *found]


def _icmp(line: _Words, protocol: str) -> list[str]:
    names = {"icmp": ICMP, "icmp6": ICMP6}.get(protocol)
    word = line.peek()
    if names is None or not (word in names or (word.isdigit() and int(word) < 256)):
        return []
    line.take()
    found = [{str(number): name for name, number in names.items()}.get(word, word)]
    return [*found, line.take()] if line.peek().isdigit() else found


def _tail(line: _Words, config: Configuration) -> list[str]:
    found: list[str] = []
    while line.peek():
        word = line.keyword(("log", "inactive", "time-range"))
        if word == "log":
            found += _log(line)
        elif word == "time-range":
            name = line.take()
            if f"time-range {name}" not in config.root.lines:
                raise Rejected(f"ERROR: Time-range <{name}> does not exist")
            found += [word, name]
        else:
            found.append(word)
    return found


def _log(line: _Words) -> list[str]:
    """The level and interval that the device shows: none when both are the usual ones."""
    if line.peek() in {"disable", "default"}:
        word = line.take()
        return ["log", "disable"] if word == "disable" else []
    shown, interval = "informational", 300
    if line.peek() and (found := level([line.peek()])) and line.peek() not in {"inactive", "interval", "time-range"}:
        shown = found[1]
        line.take()
    if line.peek() == "interval":
        line.take()
        word = line.take()
        if not word.isdigit() or not 1 <= int(word) <= 600:
            raise Invalid(line.place - 1)
        interval = int(word)
    usual = shown == "informational" and interval == 300
    return ["log", *([] if usual else [shown]), *([] if interval == 300 else ["interval", str(interval)])]
