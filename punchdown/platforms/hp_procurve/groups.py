"""Ports and stations of a switch in groups: those of one definition that get the same line come as one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.hp_procurve.ports import collapse, port_key
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class Group:
    """Ports of one definition that get the same line; ``value`` is what the line says of them."""

    ports: tuple[str, ...]
    value: object
    source: Provenance

    @property
    def list(self) -> str:
        """As one port list."""
        return collapse(self.ports)


def carried_vlans(port: PortIntent) -> set[int]:
    """The VLANs that a port carries."""
    return {port.access_vlan, port.voice_vlan, *port.tagged} - {0}


def switch_ports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """All ports, aggregations under the names that the device gives them."""
    return (*intent.ports, *(replace(link.port, name=f"Trk{link.number}") for link in intent.links))


def _grouped(found: Iterable[tuple[str, object, Provenance]]) -> list[Group]:
    groups: dict[tuple[object, Provenance], list[str]] = {}
    for name, value, source in found:
        groups.setdefault((value, source), []).append(name)
    return [Group(tuple(sorted(ports, key=port_key)), value, source) for (value, source), ports in groups.items()]


def _native(port: PortIntent) -> int:
    """The VLAN of untagged frames; a trunk drops them unless it carries that VLAN."""
    if port.mode is LinkMode.ACCESS:
        return port.access_vlan
    return port.native_vlan if port.native_vlan in port.tagged else 0


def untagged(intent: DeviceIntent, vlan: int) -> list[Group]:
    """The ports whose untagged frames are in a VLAN; 0: those that have no untagged VLAN."""
    def own(port: PortIntent) -> int:
        if port.mode is LinkMode.CLOSED:
            return intent.parking_vlan
        return _native(port)

    return _grouped((port.name, vlan, port.source) for port in switch_ports(intent) if own(port) == vlan)


def tagged(intent: DeviceIntent, vlan: int) -> list[Group]:
    """The ports that carry a VLAN with its tag."""
    return _grouped((port.name, vlan, port.source) for port in switch_ports(intent)
                    if port.mode is not LinkMode.CLOSED and vlan in carried_vlans(port)
                    and vlan != _native(port))


CLIENTS = {"single-host": 1, "multi-domain": 2, "multi-auth": 32}
"""Authenticated clients of one port by host mode. The device has no keyword for a phone and a PC: two clients."""


def _dot1x_lines(port: PortIntent) -> Iterator[str]:
    policy = port.dot1x
    if policy is None:
        return
    clients = CLIENTS[policy.host_mode]
    yield "aaa port-access authenticator {}"
    if policy.tx_period_seconds not in {0, 30}:
        yield f"aaa port-access authenticator {{}} tx-period {policy.tx_period_seconds}"
    if policy.reauth_seconds:
        yield f"aaa port-access authenticator {{}} reauth-period {policy.reauth_seconds}"
    if policy.guest_vlan:
        yield f"aaa port-access authenticator {{}} unauth-vid {policy.guest_vlan}"
    yield f"aaa port-access authenticator {{}} client-limit {clients}"
    if policy.mab:
        yield "aaa port-access mac-based {}"
        if clients > 1:
            yield f"aaa port-access mac-based {{}} addr-limit {clients}"
        if policy.reauth_seconds:
            yield f"aaa port-access mac-based {{}} reauth-period {policy.reauth_seconds}"
        yield "aaa port-access {} auth-order authenticator mac-based"
        yield "aaa port-access {} auth-priority authenticator mac-based"
    if policy.dead == "critical":
        if policy.critical_vlan:
            yield f"aaa port-access {{}} critical-auth data-vlan {policy.critical_vlan}"
        if port.voice_vlan:
            yield f"aaa port-access {{}} critical-auth voice-vlan {port.voice_vlan}"


def dot1x_groups(intent: DeviceIntent) -> list[Group]:
    """Lines of 802.1X and MAC authentication, each with ``{}`` for its ports."""
    return _grouped((port.name, line, port.dot1x.source) for port in intent.ports if port.dot1x
                    for line in _dot1x_lines(port))


def tree_groups(intent: DeviceIntent) -> list[Group]:
    """Lines of the spanning tree, each with ``{}`` for its ports."""
    def lines(port: PortIntent) -> Iterator[str]:
        if port.edge:
            yield from ("spanning-tree {} admin-edge-port", "spanning-tree {} bpdu-protection")
        if port.root_guard:
            yield "spanning-tree {} root-guard"
        elif intent.protection and intent.protection.loop_guard and not port.edge:
            yield "spanning-tree {} loop-guard"

    return _grouped((port.name, line, port.source) for port in switch_ports(intent)
                    if port.mode is not LinkMode.CLOSED for line in lines(port))


def silent_groups(intent: DeviceIntent) -> list[Group]:
    """The ports of phones that are not told their VLAN; all others tell it by themselves."""
    return _grouped((port.name, "no lldp config {} medTlvEnable network_policy", port.source) for port in intent.ports
                    if port.mode is LinkMode.ACCESS and port.voice_vlan and not port.lldp_med)


def other_vlans(intent: DeviceIntent) -> list[Group]:
    """VLANs that authentication puts somebody in and that no port of the switch carries."""
    known = {vlan.id for vlan in intent.vlans} | {intent.parking_vlan}
    found = {vlan: port.dot1x.source for port in intent.ports if port.dot1x
             for vlan in (port.dot1x.guest_vlan, port.dot1x.critical_vlan) if vlan and vlan not in known}
    return [Group((), vlan, found[vlan]) for vlan in sorted(found)]


@dataclass(frozen=True, slots=True)
class Station:
    """A host with a fixed address on a port of this switch; ``mac`` in any spelling."""

    vlan: int
    address: str
    mac: str
    port: str
    source: Provenance


_UNNAMED = frozenset({"pbx", "application"})


def locked_ports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """The ports that take only senders whom the switch knows: those of users and of named hosts. Servers without a name
    have addresses of their own, which nobody knows."""
    if intent.protection is None or not intent.protection.source_guard:
        return ()
    return tuple(port for port in intent.ports if port.mode is LinkMode.ACCESS
                 and not (port.dhcp_trusted or port.arp_trusted or port.role in _UNNAMED))


def lockdown_groups(intent: DeviceIntent) -> list[Group]:
    """The line that locks ports down, with ``{}`` for its ports."""
    return _grouped((port.name, "ip source-lockdown {}", port.source) for port in locked_ports(intent))


def bound_stations(intent: DeviceIntent) -> list[Station]:
    """The hosts that ARP inspection or source lockdown has to know; those behind other switches come by ports that are
    trusted."""
    fixed = {item.address: item for item in (intent.protection.fixed if intent.protection else ())}
    inspected = [Station(fixed[address].vlan, address, fixed[address].mac, port.name, fixed[address].source)
                 for port in intent.ports for _, address, _ in port.hosts if address in fixed and not port.arp_trusted]
    return inspected or [Station(port.access_vlan, address, mac, port.name, port.source)
                         for port in locked_ports(intent) for mac, address, _ in port.hosts if mac and address]


def on(group: Group) -> str:
    """The line of a group with its ports."""
    return str(group.value).replace("{}", group.list)
