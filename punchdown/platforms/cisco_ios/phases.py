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
    METHODS = 5
    DOT1X = 6
    LLDP = 7
    UNINSPECTED = 8
    TRUNKS_GAIN = 9
    PORTS = 10
    TRUNKS_LOSE = 11
    MARKS = 12
    SNOOPING = 13
    INSPECTION = 14
    GUARD = 15
    CLEANUP = 16
    SERVICES = 17
    ADDRESS = 18
    VTY = 19
    NAME = 20


WHY = {
    Phase.SYSTEM: "the revert timer and the log come first", Phase.VLANS: "VLANs exist before ports use them",
    Phase.LISTS: "access lists exist before ports use them", Phase.QOS: "policies exist before ports use them",
    Phase.RADIUS: "authentication servers exist before ports demand them",
    Phase.METHODS: "servers have their keys before anybody is checked by them",
    Phase.DOT1X: "802.1X is on before ports demand it", Phase.LLDP: "phones learn their VLAN",
    Phase.UNINSPECTED: "senders and ARP are checked no more before ports and leases change",
    Phase.GUARD: "senders are checked when leases are seen and fixed addresses bound",
    Phase.INSPECTION: "ARP inspection starts when ports are trusted, leases seen and fixed addresses listed",
    Phase.TRUNKS_GAIN: "trunks carry a VLAN before ports move into it", Phase.PORTS: "port by port",
    Phase.TRUNKS_LOSE: "trunks lose a VLAN after its members have moved",
    Phase.MARKS: "marks are no more believed everywhere when the ports of voice are trusted",
    Phase.SNOOPING: "snooping starts after ports are trusted", Phase.CLEANUP: "removed when nothing uses it any more",
    Phase.SERVICES: "the management plane after the ports", Phase.ADDRESS: "what carries the session changes late",
    Phase.VTY: "the login lines change last", Phase.NAME: "the prompt changes last of all",
}
_PHASES = tuple((re.compile(pattern), phase) for pattern, phase in (
    (r"hostname ", Phase.NAME), (r"service |archive", Phase.SYSTEM), (r"vlan ", Phase.VLANS),
    (r"service-template |(class|policy)-map type control ", Phase.DOT1X),
    (r"(ip(v6)?|arp) access-list ", Phase.LISTS), (r"class-map |policy-map ", Phase.QOS),
    (r"aaa (authentication|authorization|accounting) ", Phase.METHODS), (r"aaa |radius|tacacs ", Phase.RADIUS),
    (r"dot1x |authentication ", Phase.DOT1X), (r"lldp ", Phase.LLDP),
    (r"mls qos", Phase.MARKS), (r"interface Vlan|ip default-gateway", Phase.ADDRESS), (r"interface ", Phase.PORTS),
    (r"ip dhcp snooping|errdisable |ip arp inspection filter|ip source binding", Phase.SNOOPING),
    (r"ip arp inspection ", Phase.INSPECTION), (r"line ", Phase.VTY),
))


def phase_of(line: str) -> Phase:
    """The phase of a top-level line."""
    body = line.removeprefix("no ")
    return next((phase for pattern, phase in _PHASES if pattern.match(body)), Phase.SERVICES)
