"""The order of a change, and the reason for the place of each command."""

from __future__ import annotations

import re
from enum import IntEnum


class Phase(IntEnum):
    """The order of a change; each phase needs only those before it."""

    SYSTEM = 0
    VLANS = 1
    LISTS = 2
    QOS = 3
    RADIUS = 4
    DOT1X = 5
    LLDP = 6
    UNINSPECTED = 7
    TRUNKS_GAIN = 8
    PORTS = 9
    TRUNKS_LOSE = 10
    SNOOPING = 11
    INSPECTION = 12
    CLEANUP = 13
    SERVICES = 14
    ADDRESS = 15
    VTY = 16
    NAME = 17


WHY = {
    Phase.SYSTEM: "the revert timer and the log come first", Phase.VLANS: "VLANs exist before ports use them",
    Phase.LISTS: "access lists exist before ports use them", Phase.QOS: "policies exist before ports use them",
    Phase.RADIUS: "authentication servers exist before ports demand them",
    Phase.DOT1X: "802.1X is on before ports demand it", Phase.LLDP: "phones learn their VLAN",
    Phase.UNINSPECTED: "ARP inspection ends before ports are trusted no longer",
    Phase.INSPECTION: "ARP inspection starts when ports are trusted, leases seen and fixed addresses listed",
    Phase.TRUNKS_GAIN: "trunks carry a VLAN before ports move into it", Phase.PORTS: "port by port",
    Phase.TRUNKS_LOSE: "trunks lose a VLAN after its members have moved",
    Phase.SNOOPING: "snooping starts after ports are trusted", Phase.CLEANUP: "removed when nothing uses it any more",
    Phase.SERVICES: "the management plane after the ports", Phase.ADDRESS: "what carries the session changes late",
    Phase.VTY: "the login lines change last", Phase.NAME: "the prompt changes last of all",
}
_PHASES = tuple((re.compile(pattern), phase) for pattern, phase in (
    (r"hostname ", Phase.NAME), (r"service |archive", Phase.SYSTEM), (r"vlan ", Phase.VLANS),
    (r"(ip(v6)?|arp) access-list ", Phase.LISTS), (r"class-map |policy-map ", Phase.QOS),
    (r"aaa |radius", Phase.RADIUS), (r"dot1x |authentication ", Phase.DOT1X), (r"lldp ", Phase.LLDP),
    (r"interface Vlan|ip default-gateway", Phase.ADDRESS), (r"interface ", Phase.PORTS),
    (r"ip dhcp snooping|errdisable |ip arp inspection filter", Phase.SNOOPING),
    (r"ip arp inspection ", Phase.INSPECTION), (r"line ", Phase.VTY),
))


def phase_of(line: str) -> Phase:
    """The phase of a top-level line."""
    body = line.removeprefix("no ")
    return next((phase for pattern, phase in _PHASES if pattern.match(body)), Phase.SERVICES)
