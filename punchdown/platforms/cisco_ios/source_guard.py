"""Source guard: a port takes only senders with a lease that the switch has seen, or with a binding by a line.

Source: fact sheet, "DHCP snooping, DAI, source guard"; Catalyst security configuration guides, "Configuring IP Source
Guard" (without a binding a port lets in DHCP alone; where DHCP snooping is off, it checks nothing).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address
from typing import Any

from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values import Expectation
from punchdown.values.policy import Field, LineRef, Match, Rule, Table, Verdict

SHOW = "show ip verify source"
BINDING = re.compile(r"ip source binding ([0-9A-Fa-f.]{14}) vlan (\d+) (\d+\.\d+\.\d+\.\d+) interface (\S+ ?[\d/]*)")
_UNNAMED = frozenset({"pbx", "application"})
_ROW = re.compile(r"(?P<port>[A-Z][A-Za-z]+[\d/]+)\s+(?P<type>\S+)\s+(?P<mode>\S+)")


def is_guarded(port: PortIntent, intent: DeviceIntent) -> bool:
    """Whether a port takes only senders that the switch knows: those of users and of named hosts. Servers without a
    name have addresses of their own, which nobody knows."""
    return bool(intent.protection and intent.protection.source_guard and port.mode is LinkMode.ACCESS
                and not (port.dhcp_trusted or port.arp_trusted or port.mirrors or port.role in _UNNAMED))


def guarded_ports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """The ports that take only senders whom the switch knows."""
    return tuple(port for port in intent.ports if is_guarded(port, intent))


def refusals(intent: DeviceIntent) -> list[str]:
    """Why source guard would cut somebody off."""
    guarded = guarded_ports(intent)
    every = (*intent.ports, *(link.port for link in intent.links))
    reasons = [f"{port.name}: source guard would cut {address} off, no lease and no MAC address tell who it is"
               for port in guarded for mac, address, _ in port.hosts if address and not mac]
    if guarded and not any(port.dhcp_trusted for port in every):
        reasons.append("source guard needs the leases that DHCP snooping sees, and no port leads to a DHCP server")
    return reasons


def canonical_binding(line: str, long_name: Callable[[str], str]) -> str:
    """One binding in the words that are rendered; other lines stay as they are."""
    match = BINDING.fullmatch(line)
    if not match:
        return line
    return f"ip source binding {match[1].lower()} vlan {match[2]} {match[3]} interface {long_name(match[4])}"


def expectations(intent: DeviceIntent) -> list[Expectation]:
    """Each guarded port checks its senders."""
    return [Expectation(f"port:{port.name}:source-guard", "active", f"{port.name}: senders are checked", port.source,
                        "high") for port in guarded_ports(intent)]


def rows(output: str) -> list[dict[str, Any]]:
    """Port and mode of each line of the table; published templates know none for it."""
    return [match.groupdict() for line in output.splitlines() if (match := _ROW.match(line))]


def facts(found: Iterable[Mapping[str, Any]], intent: DeviceIntent, long_name: Callable[[str], str]) -> dict[str, Any]:
    """The mode of each guarded port, ``off`` where it has none."""
    modes = {long_name(row["port"]): row["mode"] for row in found}
    return {f"port:{port.name}:source-guard": modes.get(port.name, "off") for port in guarded_ports(intent)}


def bindings(found: Iterable[Section], long_name: Callable[[str], str]) -> dict[str, list[tuple[int, int]]]:
    """Port to (VLAN, IPv4 address) of the senders that lines bind to it."""
    bound: dict[str, list[tuple[int, int]]] = {}
    for section in found:
        if match := BINDING.fullmatch(section.text):
            bound.setdefault(long_name(match[4]), []).append((int(match[2]), int(IPv4Address(match[3]))))
    return bound


def guard_table(port: str, line: LineRef, carried: Mapping[int, int], bound: Iterable[tuple[int, int]]) -> Table:
    """What a guarded port lets in of a machine with a fixed address. ``carried`` are the VLANs under DHCP snooping to
    their tags. Whether a lease lets in more is not in the configuration."""
    return Table(f"ip verify source {port}", tuple(_rules(line, carried, list(bound))), Verdict.ACCEPT, line)


def _rules(line: LineRef, carried: Mapping[int, int], bound: list[tuple[int, int]]) -> Iterator[Rule]:
    ipv4 = Match(Field.FAMILY, ((0, 0),))
    for vlan, tag in carried.items():
        here = (Match(Field.VLAN, ((tag, tag),)), ipv4)
        yield Rule((*here, Match(Field.PROTOCOL, ((17, 17),)), Match(Field.SOURCE_PORT, ((68, 68),)),
                    Match(Field.DESTINATION_PORT, ((67, 67),))), Verdict.ACCEPT, line)
        senders = tuple((address, address) for number, address in bound if number == vlan)
        if senders:
            yield Rule((*here, Match(Field.SOURCE, senders)), Verdict.ACCEPT, line)
        yield Rule(here, Verdict.DROP, line, unread="unless the switch has seen a lease")
