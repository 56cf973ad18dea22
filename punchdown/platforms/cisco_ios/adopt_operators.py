"""Who runs a switch that runs already: servers that check logins, who polls it.

Source: fact sheet, "Management" and "RADIUS and AAA for port access".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address

from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.adopted import SeenLogins, SeenSnmp
from punchdown.values.policy import LineRef

_LOGIN = re.compile(r"aaa authentication login default group (\S+)(?: .*)?")
_BUILT_IN = {"radius": "radius", "tacacs+": "tacacs+"}
_METHODS = {"radius": "radius", "tacacs+": "tacacs"}
_SERVER = re.compile(r"(radius|tacacs) server (\S+)")
_OLD_SERVER = re.compile(r"(radius|tacacs)-server host (\d+\.\d+\.\d+\.\d+)(?: .*)?")
_ADDRESS = re.compile(r"address ipv4 (\d+\.\d+\.\d+\.\d+)(?: .*)?")
_MEMBER = re.compile(r"server (?:name (\S+)|(\d+\.\d+\.\d+\.\d+)(?: .*)?)")
_GROUP = re.compile(r"aaa group server (radius|tacacs\+) (\S+)")
_POLLS = re.compile(r"snmp-server group \S+ v3 priv(?: read \S+)?(?: write \S+)?(?: access (\S+))?")
_TRAPS = re.compile(r"snmp-server host (\d+\.\d+\.\d+\.\d+) (?:traps )?version 3 priv (\S+)(?: .*)?")
KNOWN = "|".join((
    r"aaa authentication login default group \S+(?: (?:local|enable))*", r"aaa authentication enable default .*",
    r"aaa authorization exec default(?: group \S+)?(?: (?:local|if-authenticated))+", r"aaa authorization console",
    r"aaa accounting (?:exec|commands \d+) default start-stop group \S+", r"ip (?:tacacs|radius) source-interface \S+",
    _OLD_SERVER.pattern, r"(?:radius|tacacs)-server (?:key|timeout|directed-request)(?: .*)?", _POLLS.pattern,
    _TRAPS.pattern, r"snmp-server view \S+ iso included", r"snmp-server enable traps snmp .*",
))
"""Lines that a definition's ``aaa`` and ``snmp`` say."""
INSIDE = {
    "tacacs server": re.compile(r"address ipv4 \S+|key .*|timeout \d+|single-connection"),
    "aaa group server": re.compile(r"server (?:name )?\S+(?: auth-port \d+)?(?: acct-port \d+)?|server-private .*"
                                   r"|deadtime \d+|ip (?:radius|tacacs) source-interface \S+"),
    "aaa server radius dynamic-author": re.compile(r"client \S+ server-key .*|port \d+"),
}
"""The same below the lines that begin so."""


def known_inside(header: str, line: str) -> bool | None:
    """Whether a definition says a line below a header; None for a header of something else."""
    found = next((known for start, known in INSIDE.items() if header.startswith(start)), None)
    return None if found is None else found.fullmatch(line) is not None


def login_check(found: Iterable[Section]) -> SeenLogins | None:
    """The servers that are asked first, None where the switch asks its own accounts first or names no server."""
    sections = tuple(found)
    first = next(((match[1], section.head) for section in sections if (match := _LOGIN.fullmatch(section.text))), None)
    if first is None:
        return None
    name, line = first
    kinds = {match[2]: match[1] for section in sections if (match := _GROUP.fullmatch(section.text))} | _BUILT_IN
    if name not in kinds:
        return None
    accounting = any(section.text.startswith("aaa accounting exec default start-stop") for section in sections)
    servers = tuple(dict.fromkeys(_asked(sections, name, kinds[name])))
    return SeenLogins(_METHODS[kinds[name]], servers, line, accounting) if servers else None


def _asked(sections: Iterable[Section], group: str, kind: str) -> Iterator[str]:
    """The addresses of a group's servers in order; of all servers of its kind for the group that has them all."""
    sections = tuple(sections)
    places = _places(sections, kind.rstrip("+"))
    if group in _BUILT_IN:
        yield from places.values()
    for section in sections:
        if section.text == f"aaa group server {kind} {group}":
            for line in section.body:
                if match := _MEMBER.fullmatch(line.text):
                    yield from filter(None, (places.get(match[1] or "", "") or _address(match[2] or ""),))


def _places(sections: Iterable[Section], kind: str) -> Mapping[str, str]:
    """Server to its address; those of the old form are called by it."""
    found: dict[str, str] = {}
    for section in sections:
        if (match := _OLD_SERVER.fullmatch(section.text)) and match[1] == kind and _address(match[2]):
            found[match[2]] = match[2]
        elif (match := _SERVER.fullmatch(section.text)) and match[1] == kind:
            own = next((own for line in section.body if (own := _ADDRESS.fullmatch(line.text))), None)
            if own and _address(own[1]):
                found[match[2]] = own[1]
    return found


def asked_for_ports(found: Iterable[Section]) -> frozenset[str] | None:
    """The names of the servers that check ports, None where every one does: some are asked for logins alone."""
    sections = tuple(found)
    group = next((match[1] for section in sections
                  if (match := re.fullmatch(r"aaa authentication dot1x default group (\S+)", section.text))), "radius")
    return next((names for section in sections if section.text == f"aaa group server radius {group}" and (
        names := frozenset(match[1] or match[2] for line in section.body
                           if (match := _MEMBER.fullmatch(line.text))))), None)


def snmp(found: Iterable[Section], lists: Mapping[str, tuple[str, ...]]) -> SeenSnmp | None:
    """Who polls by SNMPv3, by the list (name to addresses) of its group and by who gets traps. The switch keeps its
    users out of its configuration."""
    line: LineRef | None = None
    managers: list[str] = []
    user = ""
    for section in found:
        if match := _POLLS.fullmatch(section.text):
            line = section.head
            managers += lists.get(match[1] or "", ())
        elif (match := _TRAPS.fullmatch(section.text)) and _address(match[1]):
            user = user or match[2]
            managers.append(match[1])
    if line is None or not managers:
        return None
    what = "the hash and the cipher of the SNMPv3 user" if user else "the SNMPv3 user, its hash and its cipher"
    return SeenSnmp(user or "punchdown", "sha256", "aes128", tuple(dict.fromkeys(managers)), line, bool(user),
                    f"{what}: an IOS switch shows them in `show snmp user` only")


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return ""
