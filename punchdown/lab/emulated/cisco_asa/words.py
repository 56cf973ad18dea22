"""Words of the ASA's command line: what a parameter accepts and how the device writes it back.

Source: ASA command reference, "Addresses, Protocols, and Ports".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence

Eaten = tuple[int, str]
WordType = Callable[[Sequence[str]], Eaten | None]

TCP = {"aol": 5190, "bgp": 179, "chargen": 19, "cifs": 3020, "citrix-ica": 1494, "cmd": 514, "ctiqbe": 2748,
       "daytime": 13, "discard": 9, "domain": 53, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20,
       "gopher": 70, "h323": 1720, "hostname": 101, "http": 80, "https": 443, "ident": 113, "imap4": 143, "irc": 194,
       "kerberos": 750, "klogin": 543, "kshell": 544, "ldap": 389, "ldaps": 636, "login": 513, "lotusnotes": 1352,
       "lpd": 515, "netbios-ssn": 139, "nfs": 2049, "nntp": 119, "pcanywhere-data": 5631, "pim-auto-rp": 496,
       "pop2": 109, "pop3": 110, "pptp": 1723, "rsh": 514, "rtsp": 554, "sip": 5060, "smtp": 25, "sqlnet": 1522,
       "ssh": 22, "sunrpc": 111, "tacacs": 49, "talk": 517, "telnet": 23, "uucp": 540, "whois": 43, "www": 80}
UDP = {"biff": 512, "bootpc": 68, "bootps": 67, "cifs": 3020, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7,
       "http": 80, "isakmp": 500, "kerberos": 750, "mobile-ip": 434, "nameserver": 42, "netbios-dgm": 138,
       "netbios-ns": 137, "nfs": 2049, "ntp": 123, "pcanywhere-status": 5632, "pim-auto-rp": 496, "radius": 1645,
       "radius-acct": 1646, "rip": 520, "secureid-udp": 5510, "sip": 5060, "snmp": 161, "snmptrap": 162,
       "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "tftp": 69, "time": 37, "who": 513, "www": 80,
       "xdmcp": 177}
_HIDDEN = {"cmd", "http"}
ICMP = {"echo-reply": 0, "unreachable": 3, "source-quench": 4, "redirect": 5, "alternate-address": 6, "echo": 8,
        "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
        "timestamp-request": 13, "timestamp-reply": 14, "information-request": 15, "information-reply": 16,
        "mask-request": 17, "mask-reply": 18, "traceroute": 30, "conversion-error": 31, "mobile-redirect": 32}
ICMP6 = {"unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo": 128,
         "echo-reply": 129, "membership-query": 130, "membership-report": 131, "membership-reduction": 132,
         "router-solicitation": 133, "router-advertisement": 134, "neighbor-solicitation": 135,
         "neighbor-advertisement": 136, "neighbor-redirect": 137}
LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
DSCP = {0: "default", 8: "cs1", 10: "af11", 12: "af12", 14: "af13", 16: "cs2", 18: "af21", 20: "af22", 22: "af23",
        24: "cs3", 26: "af31", 28: "af32", 30: "af33", 32: "cs4", 34: "af41", 36: "af42", 38: "af43", 40: "cs5",
        46: "ef", 48: "cs6", 56: "cs7"}
_INTERFACE = re.compile(r"(gigabitethernet|tengigabitethernet|ethernet|management|port-channel|redundant|vlan|bvi|"
                        r"loopback|tunnel)((?:\d+/)*\d+(?:\.\d+)?)", re.IGNORECASE)
_KINDS = {kind.lower(): kind for kind in ("GigabitEthernet", "TenGigabitEthernet", "Ethernet", "Management",
                                          "Port-channel", "Redundant", "Vlan", "BVI", "Loopback", "Tunnel")}


def port(protocol: str, word: str) -> str | None:
    """A port in the device's words; None when it is none."""
    names = {"tcp": TCP, "udp": UDP}.get(protocol, {**UDP, **TCP})
    number = names.get(word, int(word) if word.isdigit() else -1)
    if not 0 <= number <= 65535:
        return None
    shown = [name for name, value in names.items() if value == number and name not in _HIDDEN]
    return shown[0] if shown and protocol in {"tcp", "udp"} else str(number)


def port_value(protocol: str, word: str) -> int:
    """The number behind a port word."""
    names = TCP if protocol == "tcp" else UDP
    return int(word) if word.isdigit() else names[word]


def interface(words: Sequence[str]) -> Eaten | None:
    """``gi0/0``, ``GigabitEthernet 0/1.10``: the long name without a space."""
    text, count = words[0], 1
    if text.isalpha() and len(words) > 1:
        text, count = f"{words[0]}{words[1]}", 2
    match = re.fullmatch(r"([A-Za-z-]+)([\d/.]+)", text)
    if not match:
        return None
    found = [kind for low, kind in _KINDS.items() if low.startswith(match[1].lower())]
    name = f"{found[0]}{match[2]}" if len(found) == 1 else ""
    return (count, name) if _INTERFACE.fullmatch(name) else None


def number(low: int, high: int) -> WordType:
    """A whole number in a range."""
    def eat(words: Sequence[str]) -> Eaten | None:
        return (1, str(int(words[0]))) if words[0].isdigit() and low <= int(words[0]) <= high else None
    return eat


def matching(pattern: str) -> WordType:
    """One word that fully matches a regular expression."""
    compiled = re.compile(pattern)
    return lambda words: (1, words[0]) if compiled.fullmatch(words[0]) else None


def rest(words: Sequence[str]) -> Eaten | None:
    """All that is left of the line."""
    return len(words), " ".join(words)


def address(words: Sequence[str]) -> Eaten | None:
    """An IPv4 address; ``0`` is 0.0.0.0."""
    try:
        return 1, str(ipaddress.IPv4Address("0.0.0.0" if words[0] == "0" else words[0]))  # noqa: S104
    except ValueError:
        return None


def mask(words: Sequence[str]) -> Eaten | None:
    """A contiguous network mask; ``0`` is 0.0.0.0."""
    word = "0.0.0.0" if words[0] == "0" else words[0]  # noqa: S104
    try:
        ipaddress.IPv4Network(f"0.0.0.0/{word}")
    except ValueError:
        return None
    return (1, word) if "." in word else None


def any_address(words: Sequence[str]) -> Eaten | None:
    """An address of either family."""
    try:
        return 1, str(ipaddress.ip_address(words[0]))
    except ValueError:
        return None


def prefix6(words: Sequence[str]) -> Eaten | None:
    """An IPv6 prefix, written as the device does."""
    try:
        return (1, str(ipaddress.IPv6Interface(words[0]))) if "/" in words[0] else None
    except ValueError:
        return None


def network(words: Sequence[str]) -> Eaten | None:
    """A network with its mask, or an IPv6 prefix; bits of the host are refused."""
    try:
        if "/" in words[0]:
            return 1, str(ipaddress.IPv6Network(words[0]))
        found = ipaddress.IPv4Network(f"{words[0]}/{words[1]}") if len(words) > 1 and "." in words[1] else None
    except ValueError:
        return None
    return (2, f"{found.network_address} {found.netmask}") if found else None


def dscp(words: Sequence[str]) -> Eaten | None:
    """Up to eight code points."""
    if len(words) > 8:
        return None
    names = [DSCP.get(int(word), word) if word.isdigit() and int(word) < 64 else word for word in words]
    known = {*DSCP.values(), *(str(value) for value in range(64))}
    return (len(words), " ".join(names)) if set(names) <= known else None


def level(words: Sequence[str]) -> Eaten | None:
    """A severity by number or by (shortened) name."""
    if words[0].isdigit():
        return (1, LEVELS[int(words[0])]) if int(words[0]) < len(LEVELS) else None
    found = [name for name in LEVELS if name.startswith(words[0].lower())]
    return (1, found[0]) if len(found) == 1 else None


def icmp_type(words: Sequence[str]) -> Eaten | None:
    """An ICMP type by number or name."""
    names = {str(value): name for name, value in ICMP.items()}
    if words[0] in ICMP or (words[0].isdigit() and int(words[0]) < 256):
        return 1, names.get(words[0], words[0])
    return None


TYPES: dict[str, WordType] = {
    "if": interface, "line": rest, "ip": address, "mask": mask, "any-ip": any_address, "prefix6": prefix6,
    "network": network, "dscp": dscp, "level": level, "icmp-type": icmp_type, "word": matching(r"\S+"),
    "name": matching(r"[A-Za-z0-9_.:/()&@+-]{1,64}"), "leg": matching(r"[A-Za-z0-9_.-]{1,48}"),
    "host": matching(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"),
    "pair": matching(r"\([A-Za-z0-9_.-]{1,48}\)"), "time": matching(r"\d+:\d+:\d+|\d+"),
    "delay": matching(r"\d{1,3}:\d\d|\d+"),
}


def word_type(name: str) -> WordType:
    """The type behind ``<name>`` in a pattern; ``<1-300>`` is a number in that range."""
    bounds = re.fullmatch(r"(\d+)-(\d+)", name)
    return number(int(bounds[1]), int(bounds[2])) if bounds else TYPES[name]
