"""Flows that believe, write or clear DSCP marks, and 802.1p from DSCP where a frame has a tag.

Source: fact sheet "Marking, queues, policing, storm control"; marks are RFC 2474 code points.
"""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.intent import DeviceIntent, LinkMode, PortIntent, QosIntent, TrafficClass
from punchdown.platforms.openvswitch.tables import CLASS, PRIORITY, SERVICE_PORTS, TRACK, TRUST, flow, go, lines
from punchdown.platforms.openvswitch.words import masks, ofport

_FAMILIES = ("ip", "ipv6")
_TAGGED = "vlan_tci=0x1000/0x1000"
_PC_ROLES = frozenset({"phone-and-pc", "pc"})
_CLEAR = "set_field:0->ip_dscp"


def trust_flows(port: PortIntent, qos: QosIntent) -> str:
    """Frames of a PC lose their mark; a port that is not trusted has its services recognised instead."""
    if port.mode is LinkMode.CLOSED:
        return ""
    number = f"in_port={ofport(port.name)}"
    flows = []
    for family in _FAMILIES:
        if port.role in _PC_ROLES and port.access_vlan not in {0, *qos.voice_vlans}:
            flows.append(flow(TRUST, 300, f"{family},{number},reg0={port.access_vlan:#x}",
                              f"{_CLEAR},{go(PRIORITY)}"))
        if not port.trust_dscp:
            flows.append(flow(TRUST, 100, f"{family},{number}", go(CLASS)))
    return lines(flows)


def untrusted_flows(qos: QosIntent) -> str:
    """VLANs whose marks nobody believes, on whatever port."""
    return lines([flow(TRUST, 200, f"{family},reg0={vlan:#x}", f"{_CLEAR},{go(PRIORITY)}")
                  for vlan in qos.untrusted_vlans for family in _FAMILIES])


def class_flows(item: TrafficClass) -> str:
    """The mark of a class, by the ports of its services, and its 802.1p priority."""
    marked = f"set_field:{item.dscp}->ip_dscp,{go(PRIORITY)}"
    return lines([
        *(flow(CLASS, 100, match, marked) for match in _service_matches(item)),
        *(flow(PRIORITY, 100, f"{family},{_TAGGED},nw_tos={item.dscp << 2}",
               f"set_field:{item.pcp}->vlan_pcp,{go(TRACK)}") for family in _FAMILIES),
    ])


def _service_matches(item: TrafficClass) -> Iterator[str]:
    for protocol, ranges in (("tcp", item.tcp_ports), ("udp", item.udp_ports)):
        for suffix in ("", "6"):
            for ports in ranges:
                for pair in masks(ports):
                    yield from (f"{protocol}{suffix},{side}={pair}" for side in SERVICE_PORTS)


def remaining_flows(intent: DeviceIntent) -> str:
    """The ends of the three tables; without QoS every mark passes."""
    flows = [flow(TRUST, 0, "", go(PRIORITY)), flow(CLASS, 0, "", go(PRIORITY)), flow(PRIORITY, 0, "", go(TRACK))]
    if intent.qos:
        flows += [flow(CLASS, 10, family, f"{_CLEAR},{go(PRIORITY)}") for family in _FAMILIES]
        flows += [flow(PRIORITY, 10, f"{family},{_TAGGED},nw_tos=0", f"set_field:0->vlan_pcp,{go(TRACK)}")
                  for family in _FAMILIES]
    return lines(flows)
