"""Packet filters: ordered rules over both address families. What no rule allows is denied."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values import PortRange, Provenance

Schedule = tuple[tuple[str, ...], str, str] | tuple[()]
"""(days of the week, from, until) as ``monday`` and ``HH:MM``; empty = always."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line. ``action`` permit or deny; ``family`` 4 or 6; ``protocol`` ip, tcp, udp, icmp.

    ``sources`` and ``destinations`` are CIDR texts of that family, empty = any. Port tuples are empty = any.
    ``established``: only packets of connections opened the other way (TCP ACK or RST set; on stateful platforms the
    connection state). ``icmp`` is a type name (``echo``) or empty = any. ``schedule``: (days, from, until) in the
    device's time zone, empty = always; ``rate``: new connections a second, 0 = any number.
    """

    action: str
    family: int
    protocol: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    source_ports: tuple[PortRange, ...]
    destination_ports: tuple[PortRange, ...]
    established: bool
    log: bool
    note: str
    source: Provenance
    icmp: str = ""
    schedule: Schedule = ()
    rate: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """A named list of rules; order is meaning; what no rule speaks of is treated as ``rest`` says (permit, deny).

    ``protects`` are host names. ``stateful``: the rules speak of connection openings; replies follow.
    ``direction`` is seen from the switch or router: ``to-host`` or ``from-host``.
    """

    name: str
    direction: str
    stateful: bool
    rules: tuple[Rule, ...]
    protects: tuple[str, ...]
    log_denied: bool
    source: Provenance
    rest: str = "deny"


__all__ = ["Filter", "PortRange", "Rule", "Schedule"]
