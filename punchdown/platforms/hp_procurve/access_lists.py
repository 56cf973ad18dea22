"""One line of an access list or traffic class in canonical words: wildcard pairs, prefixes and port numbers, as the
device shows them. Source: fact sheet, "ACLs" and "QoS"; HP Access Security Guide, "ACE syntax"."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_network

_TCP = {"ftp": 21, "ftp-data": 20, "ssh": 22, "telnet": 23, "smtp": 25, "dns": 53, "http": 80, "pop3": 110, "nntp": 119,
        "imap4": 143, "bgp": 179, "ldap": 389, "ssl": 443, "https": 443}
_UDP = {"dns": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "sntp": 123, "ntp": 123, "snmp": 161, "snmp-trap": 162,
        "radius": 1812, "radius-old": 1645, "rip": 520}
_ICMP = {"echo-reply": 0, "unreachable": 3, "source-quench": 4, "redirect": 5, "echo": 8, "time-exceeded": 11,
         "parameter-problem": 12}
_DSCP = {"default": 0, "ef": 46, **{f"cs{number}": 8 * number for number in range(1, 8)},
         **{f"af{high}{low}": 8 * high + 2 * low for high in range(1, 5) for low in range(1, 4)}}
_OPERATORS = {"eq": 1, "neq": 1, "gt": 1, "lt": 1, "range": 2}
SEQUENCE = re.compile(r"(\d+) (.+)")


def dscp(word: str) -> str:
    """A code point in binary, whatever it was written as.

    >>> dscp("ef"), dscp("46"), dscp("101110")
    ('101110', '101110', '101110')
    """
    if word in _DSCP:
        return f"{_DSCP[word]:06b}"
    if len(word) == 6 and set(word) <= {"0", "1"}:
        return word
    return f"{int(word):06b}" if word.isdigit() and int(word) < 64 else word


def _address4(words: list[str]) -> str:
    word = words.pop(0)
    if word == "any":
        return "0.0.0.0 255.255.255.255"
    if word == "host":
        return f"{words.pop(0)} 0.0.0.0"
    if "/" in word:
        network = ip_network(word, strict=False)
        return f"{network.network_address} {network.hostmask}"
    return f"{word} {words.pop(0)}"


def _address6(words: list[str]) -> str:
    word = words.pop(0)
    if word == "any":
        return "::/0"
    return str(ip_network(f"{words.pop(0)}/128" if word == "host" else word, strict=False))


def _ports(words: list[str], protocol: str) -> list[str]:
    if not words or words[0] not in _OPERATORS:
        return []
    operator = words.pop(0)
    names = _TCP if protocol == "tcp" else _UDP
    return [operator, *(str(names.get(word, word)) for word in (words.pop(0) for _ in range(_OPERATORS[operator])))]


@lru_cache(maxsize=8192)
def canonical_entry(line: str, family: int) -> str:
    """An entry without its number; what can't be read stays as it is.

    >>> canonical_entry("permit tcp host 10.0.0.1 any eq http", 4)
    'permit tcp 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255 eq 80'
    >>> canonical_entry("match ip 10.0.0.0/24 any ip-dscp ef", 4)
    'match ip 10.0.0.0 0.0.0.255 0.0.0.0 255.255.255.255 ip-dscp 101110'
    """
    words = line.split()
    if not words or words[0] not in {"permit", "deny", "match", "ignore"}:
        return " ".join(words)
    take = _address4 if family == 4 else _address6
    try:
        action, protocol = words.pop(0), words.pop(0)
        protocol = {"6": "tcp", "17": "udp", "1" if family == 4 else "58": "icmp"}.get(protocol, protocol)
        found = [action, protocol, take(words), *_ports(words, protocol), take(words), *_ports(words, protocol)]
        if protocol == "icmp" and words and words[0] in _ICMP and family == 4:
            words[0] = str(_ICMP[words[0]])
        for place, word in enumerate(words[:-1]):
            if word in {"ip-dscp", "dscp"}:
                words[place:place + 2] = ["ip-dscp", dscp(words[place + 1])]
    except (IndexError, ValueError):
        return " ".join(line.split())
    return " ".join((*found, *words))
