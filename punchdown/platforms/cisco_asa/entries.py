"""Lines of extended access lists: read word by word, written as the device writes them.

Source: ASA command reference, ``access-list extended``; fact sheet, "ACL" and "Show back".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, ip_address, ip_network

_BOTH = {"cifs": 3020, "discard": 9, "domain": 53, "echo": 7, "kerberos": 750, "nfs": 2049, "pim-auto-rp": 496,
         "sip": 5060, "sunrpc": 111, "tacacs": 49, "talk": 517, "www": 80}
PORTS: Mapping[str, Mapping[str, int]] = {
    "tcp": {**_BOTH, "aol": 5190, "bgp": 179, "chargen": 19, "citrix-ica": 1494, "ctiqbe": 2748, "daytime": 13,
            "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "h323": 1720, "hostname": 101,
            "https": 443, "ident": 113, "imap4": 143, "irc": 194, "klogin": 543, "kshell": 544, "ldap": 389,
            "ldaps": 636, "login": 513, "lotusnotes": 1352, "lpd": 515, "netbios-ssn": 139, "nntp": 119,
            "pcanywhere-data": 5631, "pop2": 109, "pop3": 110, "pptp": 1723, "rsh": 514, "rtsp": 554, "smtp": 25,
            "sqlnet": 1522, "ssh": 22, "telnet": 23, "uucp": 540, "whois": 43},
    "udp": {**_BOTH, "biff": 512, "bootpc": 68, "bootps": 67, "dnsix": 195, "isakmp": 500, "mobile-ip": 434,
            "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137, "ntp": 123, "pcanywhere-status": 5632,
            "radius": 1645, "radius-acct": 1646, "rip": 520, "secureid-udp": 5510, "snmp": 161, "snmptrap": 162,
            "syslog": 514, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177},
}
"""Port keywords by protocol."""
_ALIASES = {"http": 80, "cmd": 514, "rtsp": 554}
_WORDS = {protocol: {number: name for name, number in names.items()} for protocol, names in PORTS.items()}
PROTOCOLS = {"icmp": 1, "igmp": 2, "ipinip": 4, "tcp": 6, "igrp": 9, "udp": 17, "gre": 47, "esp": 50, "ah": 51,
             "icmp6": 58, "eigrp": 88, "ospf": 89, "nos": 94, "pim": 103, "pcp": 108, "snp": 109, "sctp": 132}
_NUMBERED = {str(number): name for name, number in PROTOCOLS.items()} | {"ipsec": "esp", "0": "ip"}
ICMP: Mapping[str, Mapping[str, int]] = {
    "icmp": {"echo-reply": 0, "unreachable": 3, "source-quench": 4, "redirect": 5, "alternate-address": 6, "echo": 8,
             "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
             "timestamp-request": 13, "timestamp-reply": 14, "information-request": 15, "information-reply": 16,
             "mask-request": 17, "mask-reply": 18, "traceroute": 30, "conversion-error": 31, "mobile-redirect": 32},
    "icmp6": {"unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo": 128,
              "echo-reply": 129, "membership-query": 130, "membership-report": 131, "membership-reduction": 132,
              "router-solicitation": 133, "router-advertisement": 134, "neighbor-solicitation": 135,
              "neighbor-advertisement": 136, "neighbor-redirect": 137, "router-renumbering": 138},
}
_LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
_OPERATORS = {"eq": 1, "neq": 1, "lt": 1, "gt": 1, "range": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a line: ``kind`` address, port or reference (an object or group of either sort)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Ace:
    """One line of an extended list. ``protocol`` is a name, a number or a reference to a service; ``items`` are its
    sides in order; ``tail`` what stands behind them."""

    action: str
    protocol: str
    items: tuple[Item, ...]
    icmp: str = ""
    tail: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = (self.action, self.protocol, *(item.text for item in self.items), self.icmp, *self.tail)
        return "extended " + " ".join(part for part in parts if part)


def port_word(protocol: str, port: int) -> str:
    """A port as the device shows it.

    >>> port_word("tcp", 443), port_word("udp", 5060), port_word("tcp", 1752)
    ('https', 'sip', '1752')
    """
    return _WORDS.get(protocol, {}).get(port, str(port))


def port_number(protocol: str, word: str) -> int:
    """The number behind a port word. Raises ValueError."""
    if word.isdigit():
        return int(word)
    for names in ((PORTS[protocol],) if protocol in PORTS else PORTS.values()):
        if word in names:
            return names[word]
    if word in _ALIASES:
        return _ALIASES[word]
    raise ValueError(f"not a port: {word!r}")


def address_word(prefix: str, family: int = 4) -> str:
    """An address as a side of a line.

    >>> address_word("10.0.0.1/32"), address_word("10.0.0.0/22"), address_word(""), address_word("2001:db8::/64", 6)
    ('host 10.0.0.1', '10.0.0.0 255.255.252.0', 'any4', '2001:db8::/64')
    """
    if not prefix:
        return f"any{family}"
    network = ip_network(prefix, strict=False)
    if network.prefixlen == 0:
        return f"any{network.version}"
    if network.prefixlen == network.max_prefixlen:
        return f"host {network.network_address}"
    return f"{network.network_address} {network.netmask}" if isinstance(network, IPv4Network) else str(network)


def _take(words: list[str], protocol: str) -> Item | None:
    """One side's address, ports or reference off the front, None when something else stands there."""
    word = words[0]
    if word in {"any", "any4", "any6"}:
        return Item("address", words.pop(0))
    if word == "host":
        host = ip_address(words[1])
        del words[:2]
        return Item("address", f"host {host}")
    if word in {"object", "object-group", "interface"}:
        item = Item("address" if word == "interface" else "reference", f"{word} {words[1]}")
        del words[:2]
        return item
    if word in _OPERATORS:
        count = _OPERATORS[word]
        values = [port_word(protocol, port_number(protocol, text)) for text in words[1:1 + count]]
        if len(values) < count:
            raise ValueError("a port is missing")
        del words[:1 + count]
        return Item("port", " ".join((word, *values)))
    if "/" in word and ":" in word:
        return Item("address", address_word(words.pop(0), 6))
    if word.count(".") == 3:
        network = ip_network(f"{word}/{words[1]}", strict=False)
        del words[:2]
        return Item("address", address_word(str(network)))
    return None


def _icmp(words: list[str], protocol: str) -> str:
    if protocol not in ICMP or not words:
        return ""
    names = {str(number): name for name, number in ICMP[protocol].items()}
    if words[0] not in ICMP[protocol] and not words[0].isdigit():
        return ""
    word = words.pop(0)
    text = names.get(word, word)
    return f"{text} {words.pop(0)}" if words and words[0].isdigit() else text


def _tail(words: list[str]) -> tuple[str, ...]:
    found = []
    while words:
        word = words.pop(0)
        if word == "log":
            found.append(_log(words))
        elif word == "inactive":
            found.append(word)
        elif word == "time-range" and words:
            found.append(f"{word} {words.pop(0)}")
        else:
            raise ValueError(f"not understood: {word!r}")
    return tuple(part for part in found if part)


def _log(words: list[str]) -> str:
    """``log`` with what differs from level informational every 300 seconds; ``default`` is as if it were not there."""
    level, interval = "informational", "300"
    if words and words[0] in {"disable", "default"}:
        return "" if words.pop(0) == "default" else "log disable"
    if words and (words[0] in _LEVELS or words[0].isdigit()):
        word = words.pop(0)
        level = _LEVELS[int(word)] if word.isdigit() else word
    if len(words) > 1 and words[0] == "interval":
        interval = words[1]
        del words[:2]
    parts = ["log", *([level] if (level, interval) != ("informational", "300") else []),
             *(["interval", interval] if interval != "300" else [])]
    return " ".join(parts)


@lru_cache(maxsize=16384)
def parse_ace(text: str) -> Ace:
    """Read what follows the name of a list: ``extended permit tcp ...``. Raises ValueError for any other form."""
    words: Sequence[str] = text.split()
    if len(words) < 4 or words[0] != "extended" or words[1] not in {"permit", "deny"}:
        raise ValueError(f"not an extended line: {text!r}")
    rest = list(words[2:])
    protocol = rest.pop(0)
    if protocol in {"object", "object-group"}:
        protocol = f"{protocol} {rest.pop(0)}"
    protocol = _NUMBERED.get(protocol, protocol)
    items: list[Item] = []
    try:
        while rest and (item := _take(rest, protocol)):
            items.append(item)
        icmp = _icmp(rest, protocol)
        return Ace(words[1], protocol, tuple(items), icmp, _tail(rest))
    except IndexError:
        raise ValueError(f"incomplete: {text!r}") from None


def canonical(text: str) -> str:
    """A line in the device's own words; a form that is not understood stays as it is.

    >>> canonical("extended permit 6 10.1.2.3 255.255.255.255 0.0.0.0 0.0.0.0 eq 443 log 6")
    'extended permit tcp host 10.1.2.3 any4 eq https log'
    """
    try:
        return str(parse_ace(text))
    except ValueError:
        return " ".join(text.split())
