"""Who checks logins to a running firewall, and who polls it.

Source: ASA general configuration guide, "RADIUS Servers for AAA", "TACACS+ Servers for AAA", "SNMP".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from punchdown.platforms.cisco_asa.adopt_globals import ref
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.adopted import SeenLogins, SeenSnmp

_METHODS = {"radius": "radius", "tacacs+": "tacacs"}
_CHECKED = re.compile(r"aaa authentication ssh console (\S+)(?: LOCAL)?")
_ACCOUNTED = re.compile(r"aaa accounting (?:ssh console|command)(?: privilege \d+)? (\S+)")
_GROUP = re.compile(r"aaa-server (\S+) protocol (\S+)")
_MEMBER = re.compile(r"aaa-server (\S+) \(\S+\) host (\S+)(?: .*)?")
_SAID = re.compile(r"key .*|authentication-port 1812|accounting-port 1813")
_USER = re.compile(r"snmp-server user (\S+) (\S+) v3(?: engineID \S+)?(?: encrypted)? auth (sha|sha256|sha512) \S+ "
                   r"priv aes (128|256) \S+")
_MANAGER = re.compile(r"snmp-server host \S+ (\S+)( poll| trap)? version 3 (\S+)")
_POLLED = re.compile(r"snmp-server group (\S+) v3 priv")


@dataclass
class Operators:
    """``known`` are the numbers of lines that the definition says."""

    logins: SeenLogins | None = None
    snmp: SeenSnmp | None = None
    known: set[int] = field(default_factory=set)


def read_operators(nodes: Sequence[Node]) -> Operators:
    """The group that checks SSH logins, and the one SNMPv3 user with hash and cipher."""
    found = Operators()
    _logins(nodes, found)
    _snmp(nodes, found)
    return found


def _logins(nodes: Sequence[Node], found: Operators) -> None:
    groups = {match[1]: match[2] for node in nodes if (match := _GROUP.fullmatch(node.text))}
    asked, (name, method, line) = next(((node, (match[1], _METHODS.get(groups.get(match[1], ""), ""), ref(node)))
                                        for node in nodes if (match := _CHECKED.fullmatch(node.text))),
                                       (None, ("", "", None)))
    members = [(node, match[2]) for node in nodes if (match := _MEMBER.fullmatch(node.text)) and match[1] == name]
    servers = tuple(dict.fromkeys(address for _, address in members if _is_address(address)))
    if asked is None or line is None or not method or not servers:
        return
    accounted = [node for node in nodes if (match := _ACCOUNTED.fullmatch(node.text)) and match[1] == name]
    found.logins = SeenLogins(method, servers, line, accounting=bool(accounted))
    declared = [node for node in nodes if node.text == f"aaa-server {name} protocol {groups[name]}"]
    for node in (asked, *accounted, *declared, *(node for node, _ in members)):
        found.known |= {node.number, *(child.number for child in node.below if _SAID.fullmatch(child.text))}


def _snmp(nodes: Sequence[Node], found: Operators) -> None:
    for node in nodes:
        user = _USER.fullmatch(node.text)
        managers = list(_managers(nodes, user[1])) if user else []
        if user and managers:
            found.snmp = SeenSnmp(user[1], user[3], f"aes{user[4]}", tuple(dict.fromkeys(
                match[1] for _, match in managers)), ref(node), traps=any(match[2] != " poll" for _, match in managers))
            found.known |= {node.number, *(place.number for place, _ in managers),
                            *(place.number for place in nodes if (match := _POLLED.fullmatch(place.text))
                              and match[1] == user[2])}
            return


def _managers(nodes: Sequence[Node], user: str) -> Iterator[tuple[Node, re.Match[str]]]:
    for node in nodes:
        match = _MANAGER.fullmatch(node.text)
        if match and match[3] == user and _is_address(match[1]):
            yield node, match


def _is_address(text: str) -> bool:
    try:
        return bool(IPv4Address(text))
    except ValueError:
        return False
