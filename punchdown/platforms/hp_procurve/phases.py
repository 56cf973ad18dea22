"""The order of a change, how a line is taken away, and commands about ports gathered into lists again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from punchdown.platforms.hp_procurve.normalise import Entry
from punchdown.platforms.hp_procurve.ports import collapse, collapse_vlans


class Phase(IntEnum):
    """The order of a change; each phase needs only those before it."""

    VLANS = 1
    LISTS = 2
    QOS_OFF = 3
    QOS = 4
    RADIUS = 5
    CLOSE = 6
    AUTHENTICATE = 7
    PORTS = 8
    JOIN = 9
    LEAVE = 10
    STAND_DOWN = 11
    SNOOPING = 12
    OPEN = 13
    LISTS_AGAIN = 14
    CLEANUP = 15
    SERVICES = 16
    ADDRESS = 17
    WAY_IN = 18
    UNASKED = 19
    NAME = 20


WHY = {
    Phase.VLANS: "VLANs exist before ports join them",
    Phase.LISTS: "access lists and marks exist before they are used", Phase.QOS_OFF: "a policy in use can't be changed",
    Phase.QOS: "policies exist before ports use them", Phase.RADIUS: "servers exist before ports demand them",
    Phase.CLOSE: "a port that changes hands carries nothing meanwhile",
    Phase.AUTHENTICATE: "ports demand authentication before anything opens on them",
    Phase.JOIN: "ports join before they leave: each is always in some VLAN", Phase.PORTS: "what is set port by port",
    Phase.LEAVE: "ports leave after they have joined", Phase.STAND_DOWN: "authentication ends when filters stand",
    Phase.SNOOPING: "snooping starts after ports are trusted", Phase.OPEN: "ports open when all else stands",
    Phase.LISTS_AGAIN: "the list gets its own name back", Phase.CLEANUP: "removed when nothing uses it any more",
    Phase.SERVICES: "the management plane after the ports", Phase.ADDRESS: "what carries the session changes late",
    Phase.WAY_IN: "who may log in: the new ones before the old ones go",
    Phase.UNASKED: "servers that nobody asks any more", Phase.NAME: "the prompt changes last of all",
}
_GLOBAL = (("hostname ", Phase.NAME), ("radius-server ", Phase.RADIUS),
           ("aaa authentication ssh", Phase.WAY_IN), ("aaa authentication login", Phase.WAY_IN),
           ("aaa accounting exec", Phase.WAY_IN), ("aaa accounting commands", Phase.WAY_IN), ("aaa ", Phase.RADIUS),
           ("tacacs-server ", Phase.RADIUS),
           ("ip source-lockdown", Phase.SNOOPING), ("qos ", Phase.LISTS), ("dhcp-snooping", Phase.SNOOPING),
           ("arp-protect", Phase.SNOOPING), ("ip source-binding ", Phase.RADIUS),
           ("ip default-gateway ", Phase.ADDRESS), ("ip authorized-managers ", Phase.WAY_IN),
           ("spanning-tree", Phase.RADIUS))
_LOGINS = re.compile(r"(aaa authentication ssh (?:login|enable)) ")
_SERVER = re.compile(r"((?:radius|tacacs)-server host \S+)(?: (?:auth-port|acct-port|key) .*)?$")
_TO_DEFAULT = {
    "aaa port-access authenticator tx-period": "aaa port-access authenticator {} tx-period 30",
    "aaa port-access authenticator supplicant-timeout": "aaa port-access authenticator {} supplicant-timeout 30",
    "aaa port-access authenticator reauth-period": "aaa port-access authenticator {} reauth-period 0",
    "aaa port-access authenticator quiet-period": "aaa port-access authenticator {} quiet-period 60",
    "aaa port-access mac-based addr-limit": "aaa port-access mac-based {} addr-limit 1",
    "aaa port-access mac-based reauth-period": "aaa port-access mac-based {} reauth-period 0",
    "aaa port-access mac-based logoff-period": "aaa port-access mac-based {} logoff-period 300",
    "disable": "enable", "power-over-ethernet": "power-over-ethernet", "name": "no name",
    "rate-limit bcast in": "no rate-limit bcast in", "rate-limit mcast in": "no rate-limit mcast in",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command about one port (``{}`` in ``path`` and ``line``), or about none."""

    phase: Phase
    path: str
    line: str
    port: str = ""
    why: str = ""


def phase_of(line: str) -> Phase:
    """The phase of a line without a port."""
    body = line.removeprefix("no ")
    return next((phase for start, phase in _GLOBAL if body.startswith(start)), Phase.SERVICES)


def template(entry: Entry) -> tuple[str, str]:
    """A port's entry with ``{}`` for the port, which stands before any number of the line: the path and the line."""
    port = entry.slot[1]
    path = entry.path[0] if entry.path else ""
    if path.startswith("interface "):
        return "interface {}", entry.line
    words = entry.line.split(" ")
    if port in words:
        words[words.index(port)] = "{}"
    return path, " ".join(words)


def negation(entry: Entry) -> str:
    """The command that takes a line away; a port stands in it as ``{}``."""
    line = template(entry)[1] if entry.slot[0] == "port" else entry.line
    setting = entry.slot[2] if entry.slot[0] == "port" else ""
    if setting == "trunk":
        return "no trunk {}"
    if setting in _TO_DEFAULT:
        return _TO_DEFAULT[setting]
    if line.startswith("no "):
        return line.removeprefix("no ")
    if match := _LOGINS.match(line):
        return f"{match[1]} local"
    if line.startswith("snmpv3 user "):
        return f"no {line.partition(' auth ')[0]}"
    if setting == "port-security":
        return "no port-security {}"
    if setting.startswith(("aaa port-access authenticator ", "aaa port-access mac-based ")):
        head, _, key = setting.rpartition(" ")
        return f"no {head} {{}} {key}"
    if setting.startswith("aaa port-access critical-auth"):
        return f"no aaa port-access {{}} {setting.removeprefix('aaa port-access ')}"
    if setting.startswith(("aaa port-access auth-", "aaa port-access controlled-direction")):
        return f"no aaa port-access {{}} {setting.split(' ')[-1]}"
    if match := _SERVER.match(line):
        return f"no {match[1]}"
    return f"no {line}"


def gathered(commands: Iterable[Command]) -> list[Command]:
    """Commands that differ in their port alone as one, at the place of the first; VLAN sets of one line too."""
    ports: dict[tuple[Phase, str, str], list[str]] = {}
    first: dict[tuple[Phase, str, str], Command] = {}
    for command in commands:
        key = (command.phase, command.path, command.line)
        first.setdefault(key, command)
        ports.setdefault(key, []).append(command.port)
    out = []
    for key, command in first.items():
        text = collapse(ports[key]) if command.port else ""
        out.append(Command(command.phase, command.path.replace("{}", text) if text else command.path,
                           command.line.replace("{}", text) if text else command.line, command.port, command.why))
    return out


def vlan_sets(commands: list[Command]) -> list[Command]:
    """``dhcp-snooping vlan 10`` and ``... 11`` as one line."""
    out: list[Command] = []
    for command in commands:
        head, _, number = command.line.rpartition(" vlan ")
        if head.removeprefix("no ") in {"dhcp-snooping", "arp-protect"} and out and not command.path:
            before, _, numbers = out[-1].line.rpartition(" vlan ")
            if before == head and out[-1].phase == command.phase:
                out[-1] = Command(command.phase, "", f"{head} vlan {numbers} {number}")
                continue
        out.append(command)
    return [Command(item.phase, "", f"{head} vlan {collapse_vlans(map(int, rest.split()))}")
            if " vlan " in item.line and not item.path and (parts := item.line.rpartition(" vlan "))
            and (head := parts[0]).endswith(("dhcp-snooping", "arp-protect")) and (rest := parts[2]) else item
            for item in out]
