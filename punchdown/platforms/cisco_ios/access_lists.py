"""Access-list lines: the words that the device uses for ports, marks and addresses, both ways.

Source: fact sheet, "ACLs (port, SVI, vty)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address

_TCP = {
    "echo": 7, "discard": 9, "daytime": 13, "ftp-data": 20, "ftp": 21, "telnet": 23, "smtp": 25, "time": 37,
    "whois": 43, "tacacs": 49, "domain": 53, "gopher": 70, "finger": 79, "www": 80, "hostname": 101, "pop2": 109,
    "pop3": 110, "sunrpc": 111, "ident": 113, "nntp": 119, "bgp": 179, "irc": 194, "exec": 512, "login": 513,
    "cmd": 514, "lpd": 515, "talk": 517, "uucp": 540, "klogin": 543, "kshell": 544,
}
_UDP = {
    "echo": 7, "discard": 9, "time": 37, "nameserver": 42, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68,
    "tftp": 69, "sunrpc": 111, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ss": 139, "snmp": 161,
    "snmptrap": 162, "xdmcp": 177, "dnsix": 195, "mobile-ip": 434, "isakmp": 500, "biff": 512, "who": 513,
    "syslog": 514, "talk": 517, "rip": 520, "non500-isakmp": 4500,
}
_PORTS = {"tcp": _TCP, "udp": _UDP}
_PORT_WORDS = {protocol: {number: word for word, number in names.items()} for protocol, names in _PORTS.items()}
_PROTOCOLS = {"1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ahp", "88": "eigrp",
              "89": "ospf", "103": "pim"}
_DSCP_WORDS = {0: "default", 46: "ef", **{8 * n: f"cs{n}" for n in range(1, 8)},
               **{8 * high + 2 * low: f"af{high}{low}" for high in range(1, 5) for low in range(1, 4)}}
_DSCP_NUMBERS = {word: number for number, word in _DSCP_WORDS.items()}
_ICMP_WORDS = {"8": "echo", "0": "echo-reply", "3": "unreachable", "11": "time-exceeded"}
_SEQUENCE = re.compile(r"(?:sequence )?(\d+) (?=permit|deny|remark)")


def is_packet_list(root: str) -> bool:
    """Whether a top-level line opens a list of packets, in which order is meaning; one of ARP senders is none.

    >>> is_packet_list("ip access-list extended PD-x"), is_packet_list("arp access-list PD-x")
    (True, False)
    """
    return root.startswith(("ip access-list ", "ipv6 access-list "))


def port_word(protocol: str, number: int) -> str:
    """The port as the device shows it: a name where IOS has one.

    >>> port_word("udp", 514), port_word("tcp", 514), port_word("tcp", 5061)
    ('syslog', 'cmd', '5061')
    """
    return _PORT_WORDS.get(protocol, {}).get(number, str(number))


def port_number(protocol: str, word: str) -> int:
    """The number behind a port word. Raises ValueError for a word that IOS does not have."""
    known = _PORTS.get(protocol, {})
    return known[word] if word in known else int(word)


def dscp_word(number: int) -> str:
    """A DSCP value 0..63 as the device shows it.

    >>> dscp_word(46), dscp_word(24), dscp_word(26), dscp_word(0), dscp_word(45)
    ('ef', 'cs3', 'af31', 'default', '45')
    """
    return _DSCP_WORDS.get(number, str(number))


def dscp_number(word: str) -> int:
    """The DSCP value behind a word or number; -1 for a word that IOS does not have."""
    return int(word) if word.isdigit() else _DSCP_NUMBERS.get(word, -1)


def canonical_dscp(word: str) -> str:
    """A DSCP word or number as the device shows it."""
    return dscp_word(int(word)) if word.isdigit() else word


def split_sequence(line: str) -> tuple[int, str]:
    """The sequence number (0 when the device printed none) and the rest of an access-list line.

    >>> split_sequence("sequence 10 deny ipv6 any any")
    (10, 'deny ipv6 any any')
    """
    match = _SEQUENCE.match(line)
    return (int(match[1]), line[match.end():]) if match else (0, line)


@dataclass(frozen=True, slots=True)
class Entry:
    """One parsed line. ``source`` and ``destination`` are canonical address words (``any``, ``host 10.0.0.1``,
    ``10.0.0.0 0.0.0.255``), ports canonical port words (``eq 5061``) or empty, ``options`` what follows."""

    action: str
    protocol: str
    source: str
    source_port: str
    destination: str
    destination_port: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        words = (self.action, self.protocol, self.source, self.source_port, self.destination, self.destination_port)
        return " ".join(word for word in (*words, *self.options) if word)


def _masked(address: str, wildcard: str) -> str:
    bits = int(IPv4Address(wildcard))
    if bits == 0xFFFFFFFF:
        return "any"
    if bits == 0:
        return f"host {address}"
    return f"{IPv4Address(int(IPv4Address(address)) & ~bits & 0xFFFFFFFF)} {wildcard}"


def _take_address(words: list[str]) -> str:
    first = words.pop(0)
    if first == "any":
        return first
    if first == "host":
        return f"host {words.pop(0).lower()}"
    if "/" in first:
        return "any" if first == "::/0" else first.lower()
    return _masked(first, words.pop(0))


def _take_port(protocol: str, words: list[str]) -> str:
    if not words or words[0] not in {"eq", "neq", "lt", "gt", "range"}:
        return ""
    operator = words.pop(0)
    numbers = [port_number(protocol, words.pop(0)) for _ in range(2 if operator == "range" else 1)]
    if operator == "range" and numbers[0] == numbers[1]:
        operator, numbers = "eq", numbers[:1]
    return " ".join([operator, *(port_word(protocol, number) for number in numbers)])


def _options(protocol: str, words: list[str]) -> tuple[str, ...]:
    options = []
    while words:
        word = words.pop(0)
        if word == "dscp" and words:
            options += [word, canonical_dscp(words.pop(0))]
        elif protocol == "icmp" and word in _ICMP_WORDS:
            options.append(_ICMP_WORDS[word])
        else:
            options.append(word)
    return tuple(options)


def parse_entry(line: str) -> Entry:
    """Read one line of an extended or IPv6 list, without its sequence number.

    Raises:
        ValueError: the line has a form that is not understood.
    """
    words = line.split()
    try:
        action, protocol = words.pop(0), words.pop(0)
        protocol = _PROTOCOLS.get(protocol, protocol)
        source = _take_address(words)
        source_port = _take_port(protocol, words)
        destination = _take_address(words)
        destination_port = _take_port(protocol, words)
    except IndexError as error:
        raise ValueError(f"not an access-list entry: {line!r}") from error
    return Entry(action, protocol, source, source_port, destination, destination_port, _options(protocol, words))


def canonical_extended(line: str) -> str:
    """One line of an extended or IPv6 list in the device's own words; an unknown form stays as it is.

    >>> canonical_extended("permit 6 10.1.2.3 0.0.0.0 0.0.0.0 255.255.255.255 eq 80")
    'permit tcp host 10.1.2.3 any eq www'
    """
    try:
        return str(parse_entry(line))
    except ValueError:
        return line


def canonical_standard(line: str) -> str:
    """One line of a standard list; a host is a bare address there.

    >>> canonical_standard("permit host 10.0.0.1"), canonical_standard("permit 10.0.0.9 0.0.0.255")
    ('permit 10.0.0.1', 'permit 10.0.0.0 0.0.0.255')
    """
    words = line.split()
    try:
        action, rest = words[0], words[1:]
        address = _take_address(rest if rest[0] in {"any", "host"} or len(rest) > 1 else ["host", *rest])
    except (IndexError, ValueError):
        return line
    return f"{action} {address.removeprefix('host ')}"
