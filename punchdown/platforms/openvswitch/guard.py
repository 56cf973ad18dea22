"""Flows that judge the sender of a frame: admission, VLAN, address family, DHCP, spoofing.

Each function gives the flows of one subject as text, one a line. Source: fact sheet "OpenFlow pipeline".
"""

from __future__ import annotations

from collections.abc import Iterator

from netaddr import IPNetwork

from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.openvswitch.tables import (
    ADMISSION,
    FAMILY,
    FORWARD,
    MANAGEMENT_PORT,
    SOURCE,
    STORM,
    VLAN,
    flow,
    go,
    lines,
)
from punchdown.platforms.openvswitch.words import ingress_vlans, ofport, vlan_of

_ROUTER_ADVERTISEMENT = "icmp6,icmp_type=134"


def admission_flows(port: PortIntent) -> str:
    """A closed port drops; a port with 802.1X drops until a session opens it by MAC; others pass."""
    if port.mode is LinkMode.CLOSED:
        return flow(ADMISSION, 400, f"in_port={ofport(port.name)}", "drop")
    if port.dot1x:
        return flow(ADMISSION, 200, f"in_port={ofport(port.name)}", "drop")
    return flow(ADMISSION, 100, f"in_port={ofport(port.name)}", go(VLAN))


def own_admission_flows(intent: DeviceIntent) -> str:
    """The switch's own ports pass; a port that nobody declared drops."""
    return lines([
        flow(ADMISSION, 100, f"in_port={MANAGEMENT_PORT}", go(VLAN)),
        flow(ADMISSION, 100, "in_port=LOCAL", go(FORWARD)),
        flow(ADMISSION, 0, "", "drop"),
        flow(VLAN, 100, f"in_port={MANAGEMENT_PORT}", f"set_field:{intent.management.vlan:#x}->reg0,{go(FAMILY)}"),
        flow(VLAN, 0, "", "drop"),
    ])


def vlan_flows(port: PortIntent, parking_vlan: int) -> str:
    """Register 0 takes the VLAN of the frame; what the port does not carry, or parks, drops here already."""
    if port.mode is LinkMode.CLOSED:
        return ""
    return lines([flow(VLAN, 100, f"in_port={ofport(port.name)},{match}", f"set_field:{vlan:#x}->reg0,{go(FAMILY)}")
                  for match, vlan in ingress_vlans(port) if vlan != parking_vlan])


def family_flows(port: PortIntent) -> str:
    """IPv6 passes in the VLANs of this port that declare it, and in no other: link-local included."""
    if port.mode is LinkMode.CLOSED:
        return ""
    carried = {vlan for _, vlan in ingress_vlans(port)}
    return lines([flow(FAMILY, 200, f"ipv6,in_port={ofport(port.name)},reg0={vlan:#x}", go(SOURCE))
                  for vlan in sorted(carried & set(port.ipv6_vlans))])


def own_family_flows(intent: DeviceIntent) -> str:
    """The switch's own IPv6, the end of the table, and no frame with a second VLAN tag (it would hop VLANs)."""
    own = [vlan for vlan in intent.vlans if vlan.id == intent.management.vlan and vlan.prefix6]
    return lines([
        *(flow(FAMILY, 200, f"ipv6,in_port={MANAGEMENT_PORT},reg0={vlan.id:#x}", go(SOURCE)) for vlan in own),
        flow(FAMILY, 100, "ipv6", "drop"),
        flow(FAMILY, 100, "dl_type=0x8100", "drop"),
        flow(FAMILY, 100, "dl_type=0x88a8", "drop"),
        flow(FAMILY, 0, "", go(SOURCE)),
    ])


def source_flows(port: PortIntent, intent: DeviceIntent) -> str:
    """DHCP answers and router advertisements from servers and routers only; known hosts speak as themselves only."""
    if port.mode is LinkMode.CLOSED:
        return ""
    return lines([*_server_guard(port), *_address_guard(port), *_owned_addresses(port, intent)])


def _server_guard(port: PortIntent) -> Iterator[str]:
    number = f"in_port={ofport(port.name)}"
    if not port.dhcp_trusted:
        yield flow(SOURCE, 500, f"udp,{number},tp_dst=68", "drop")
        yield flow(SOURCE, 500, f"udp6,{number},tp_dst=546", "drop")
    if port.role != "router" and port.mode is not LinkMode.TRUNK and port.ipv6_vlans:
        yield flow(SOURCE, 500, f"{_ROUTER_ADVERTISEMENT},{number}", "drop")


def _address_guard(port: PortIntent) -> Iterator[str]:
    """Nothing for routers: they forward what others sent."""
    if not port.hosts or port.role == "router":
        return
    number = f"in_port={ofport(port.name)}"
    for mac, ipv4, ipv6 in port.hosts:
        link = f",dl_src={mac.lower()}" if mac else ""
        hardware = f",arp_sha={mac.lower()}" if mac else ""
        if ipv4:
            yield flow(SOURCE, 400, f"arp,{number}{link},arp_spa={ipv4}{hardware}", go(STORM))
            yield flow(SOURCE, 400, f"arp,{number}{link},arp_spa=0.0.0.0{hardware}", go(STORM))
            yield flow(SOURCE, 400, f"ip,{number}{link},nw_src={ipv4}", go(STORM))
            yield flow(SOURCE, 400, f"udp,{number}{link},nw_src=0.0.0.0,tp_src=68,tp_dst=67", go(STORM))
        if ipv6:
            yield from _address_guard6(f"{number}{link}", ipv6)
    for family, known in (("arp", 1), ("ip", 1), ("ipv6", 2)):
        if family == "ipv6" or any(host[known] for host in port.hosts):
            yield flow(SOURCE, 390, f"{family},{number}", "drop")


def _address_guard6(sender: str, ipv6: str) -> Iterator[str]:
    """Link-local and unspecified senders for neighbour discovery only."""
    yield flow(SOURCE, 400, f"ipv6,{sender},ipv6_src={ipv6}", go(STORM))
    for kind in (133, 135, 136):
        yield flow(SOURCE, 400, f"icmp6,{sender},ipv6_src=fe80::/10,icmp_type={kind}", go(STORM))
    yield flow(SOURCE, 400, f"icmp6,{sender},ipv6_src=::,icmp_type=135", go(STORM))


def _owned_addresses(port: PortIntent, intent: DeviceIntent) -> Iterator[str]:
    """No other port speaks in the name of a host of this one, inside its VLAN."""
    if port.role == "router":
        return
    for _, ipv4, ipv6 in port.hosts:
        for match, address in ((f"arp,arp_spa={ipv4}", ipv4), (f"ip,nw_src={ipv4}", ipv4),
                               (f"ipv6,ipv6_src={ipv6}", ipv6)):
            if address and (vlan := vlan_of(intent, address)):
                yield flow(SOURCE, 300, f"{match},reg0={vlan:#x}", "drop")


def own_source_flows(intent: DeviceIntent) -> str:
    """The switch speaks for itself, and nobody else with its address; the end of the table."""
    address = str(IPNetwork(intent.management.address).ip)
    register = f"reg0={intent.management.vlan:#x}"
    return lines([
        flow(SOURCE, 600, f"in_port={MANAGEMENT_PORT}", go(STORM)),
        flow(SOURCE, 300, f"arp,arp_spa={address},{register}", "drop"),
        flow(SOURCE, 300, f"ip,nw_src={address},{register}", "drop"),
        flow(SOURCE, 0, "", go(STORM)),
    ])
