"""Words that stand for numbers in the access lists of IOS.

Source: Cisco IOS Security Command Reference, "permit (IP)", "permit (IPv6)", "access-list (IP extended)".
"""

from __future__ import annotations

from collections.abc import Mapping

TCP_PORTS: Mapping[str, int] = {
    "bgp": 179, "chargen": 19, "cmd": 514, "connectedapps-plain": 15001, "connectedapps-tls": 15002, "daytime": 13,
    "discard": 9, "domain": 53, "drip": 3949, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20,
    "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543, "kshell": 544, "login": 513, "lpd": 515,
    "msrpc": 135, "nntp": 119, "onep-plain": 15001, "onep-tls": 15002, "pim-auto-rp": 496, "pop2": 109, "pop3": 110,
    "smtp": 25, "sunrpc": 111, "syslog": 514, "tacacs": 49, "tacacs-ds": 63, "talk": 517, "telnet": 23, "time": 37,
    "uucp": 540, "whois": 43, "www": 80,
}

UDP_PORTS: Mapping[str, int] = {
    "biff": 512, "bootpc": 68, "bootps": 67, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7, "isakmp": 500,
    "mobile-ip": 434, "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139,
    "non500-isakmp": 4500, "ntp": 123, "pim-auto-rp": 496, "rip": 520, "ripv6": 521, "snmp": 161, "snmptrap": 162,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177,
}

PROTOCOLS: Mapping[str, int] = {
    "ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "igmp": 2, "igrp": 9, "ipinip": 4, "nos": 94, "ospf": 89,
    "pcp": 108, "pim": 103, "sctp": 132, "tcp": 6, "udp": 17,
}
"""Of IPv4 lists; in IPv6 lists ``icmp`` is 58. ``hbh`` there is an extension header, no protocol."""

DSCP: Mapping[str, int] = {
    "default": 0, "ef": 46, **{f"cs{number}": 8 * number for number in range(1, 8)},
    **{f"af{high}{low}": 8 * high + 2 * low for high in range(1, 5) for low in range(1, 4)},
}

PRECEDENCE: Mapping[str, int] = {"routine": 0, "priority": 1, "immediate": 2, "flash": 3, "flash-override": 4,
                                 "critical": 5, "internet": 6, "network": 7}

ICMP: Mapping[str, tuple[int, int | None]] = {
    "administratively-prohibited": (3, 13), "alternate-address": (6, None), "conversion-error": (31, None),
    "dod-host-prohibited": (3, 10), "dod-net-prohibited": (3, 9), "echo": (8, None), "echo-reply": (0, None),
    "general-parameter-problem": (12, 0), "host-isolated": (3, 8), "host-precedence-unreachable": (3, 14),
    "host-redirect": (5, 1), "host-tos-redirect": (5, 3), "host-tos-unreachable": (3, 12), "host-unknown": (3, 7),
    "host-unreachable": (3, 1), "information-reply": (16, None), "information-request": (15, None),
    "mask-reply": (18, None), "mask-request": (17, None), "mobile-redirect": (32, None), "net-redirect": (5, 0),
    "net-tos-redirect": (5, 2), "net-tos-unreachable": (3, 11), "net-unreachable": (3, 0), "network-unknown": (3, 6),
    "no-room-for-option": (12, 2), "option-missing": (12, 1), "packet-too-big": (3, 4), "parameter-problem": (12, None),
    "port-unreachable": (3, 3), "precedence-unreachable": (3, 15), "protocol-unreachable": (3, 2),
    "reassembly-timeout": (11, 1), "redirect": (5, None), "router-advertisement": (9, None),
    "router-solicitation": (10, None), "source-quench": (4, None), "source-route-failed": (3, 5),
    "time-exceeded": (11, None), "timestamp-reply": (14, None), "timestamp-request": (13, None),
    "traceroute": (30, None), "ttl-exceeded": (11, 0), "unreachable": (3, None),
}
"""Message name to type and code, None = every code."""

ICMP6: Mapping[str, tuple[int, int | None]] = {
    "beyond-scope": (1, 2), "destination-unreachable": (1, 3), "dhaad-reply": (145, None), "dhaad-request": (144, None),
    "echo-reply": (129, None), "echo-request": (128, None), "header": (4, 0), "hop-limit": (3, 0),
    "mld-query": (130, None), "mld-reduction": (132, None), "mld-report": (131, None), "mldv2": (143, None),
    "mpd-advertisement": (147, None),
    "mpd-solicitation": (146, None), "nd-na": (136, None), "nd-ns": (135, None), "next-header": (4, 1),
    "no-admin": (1, 1), "no-route": (1, 0), "packet-too-big": (2, None), "parameter-option": (4, 2),
    "parameter-problem": (4, None), "port-unreachable": (1, 4), "reassembly-timeout": (3, 1), "redirect": (137, None),
    "renum-command": (138, 0), "renum-result": (138, 1), "renum-seq-number": (138, 255),
    "router-advertisement": (134, None), "router-renumbering": (138, None), "router-solicitation": (133, None),
    "time-exceeded": (3, None), "unreachable": (1, None),
}

_PORTS = {6: TCP_PORTS, 17: UDP_PORTS}


def port(protocol: int, word: str) -> int:
    """The number of a port word. Raises ValueError for a word that IOS doesn't have or a number that is no port.

    >>> port(6, "www"), port(17, "syslog"), port(6, "5061")
    (80, 514, 5061)
    """
    number = _PORTS.get(protocol, {}).get(word, -1)
    if number < 0:
        number = int(word)
    if not 0 <= number <= 0xFFFF:
        raise ValueError(f"no port: {word}")
    return number


def protocol(word: str, family: int) -> int | None:
    """The IP protocol number, None for every protocol (``ip``, ``ipv6``). Raises ValueError.

    >>> protocol("ip", 4), protocol("tcp", 4), protocol("icmp", 6), protocol("89", 4)
    (None, 6, 58, 89)
    """
    if word == ("ip" if family == 4 else "ipv6"):
        return None
    if word == "icmp":
        return 1 if family == 4 else 58
    number = PROTOCOLS.get(word, -1)
    if number < 0:
        number = int(word)
    if not 0 <= number <= 255:
        raise ValueError(f"no protocol: {word}")
    return number


def icmp(word: str, family: int) -> tuple[int, int | None] | None:
    """Type and code of a message name, None for a word that is none."""
    return (ICMP if family == 4 else ICMP6).get(word)
