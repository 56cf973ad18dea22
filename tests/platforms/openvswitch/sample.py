"""A switch with a PBX, its collector, a PC beside them, a phone port, an uplink, an 802.1X port and management."""

from __future__ import annotations

from dataclasses import replace

from punchdown.intent import (
    DeviceIntent,
    Dot1xPolicy,
    Filter,
    LinkMode,
    Management,
    PortIntent,
    PortRange,
    QosIntent,
    RadiusServer,
    Rule,
    TrafficClass,
    Vlan,
)
from punchdown.values import Position, Provenance

PBX, COLLECTOR, PC, SWITCH, ADMIN = "10.20.10.10", "10.20.10.15", "10.20.10.66", "10.20.99.2", "10.20.99.100"
PBX_MAC = "02:00:00:00:00:01"


def source(field: str, *controls: str) -> Provenance:
    return Provenance(field, Position("sites/test.yml", 1, 1), controls)


def port(name: str, role: str, vlan: int, **more: object) -> PortIntent:
    base = PortIntent(
        name=name, role=role, mode=LinkMode.ACCESS, description=f"{role} {name}", access_vlan=vlan, voice_vlan=0,
        tagged=(), native_vlan=999, dot1x=None, trust_dscp=False, dhcp_trusted=False, edge=True, lldp_med=False,
        filter_in="", filter_out="", reply_filter="", hosts=(), ipv6_vlans=(), storm_control=False,
        source=source(f"ports.{name}", "port-control"))
    return replace(base, **more)  # type: ignore[arg-type] # the fields' types differ


def permit(protocol: str, sources: tuple[str, ...], destinations: tuple[str, ...], *ports: PortRange) -> Rule:
    return Rule("permit", 4, protocol, sources, destinations, (), ports, established=False, log=False, note="",
                source=source("hosts.collector.uses", "smdr-limited"))


def dot1x() -> Dot1xPolicy:
    return Dot1xPolicy("multi-domain", True, "critical", 130, 0, 3600, 10, source("dot1x", "dot1x-enabled"))


def ports() -> tuple[PortIntent, ...]:
    user = {"voice_vlan": 120, "trust_dscp": True, "lldp_med": True}
    return (
        port("p1", "host", 110, description="pbx-1", hosts=((PBX_MAC, PBX, ""),), filter_in="from-pbx-1",
             filter_out="to-pbx-1", trust_dscp=True),
        port("p2", "host", 110, description="collector", hosts=(("", COLLECTOR, ""),)),
        port("p3", "pc", 110),
        port("p4", "phone-and-pc", 130, **user),
        port("p5", "uplink", 0, mode=LinkMode.TRUNK, tagged=(110, 120, 130, 199), trust_dscp=True, dhcp_trusted=True),
        port("p6", "unused", 999, mode=LinkMode.CLOSED),
        port("p7", "host", 199, hosts=(("", ADMIN, ""),)),
        port("p8", "server", 199),
        port("p9", "phone-and-pc", 130, dot1x=dot1x(), **user),
        port("p10", "pc", 130, storm_control=True),
    )


def filters() -> tuple[Filter, ...]:
    inward = (permit("tcp", (f"{COLLECTOR}/32",), (f"{PBX}/32",), PortRange(1752, 1752)),
              permit("udp", ("10.20.20.0/24",), (f"{PBX}/32",), PortRange(50000, 50511)))
    outward = (permit("tcp", (f"{PBX}/32",), (f"{COLLECTOR}/32",), PortRange(8080, 8090)),)
    owner = source("hosts.pbx-1", "protect-call-control")
    return (Filter("from-pbx-1", "from-host", True, outward, ("pbx-1",), True, owner),
            Filter("to-pbx-1", "to-host", True, inward, ("pbx-1",), True, owner))


def qos() -> QosIntent:
    classes = (TrafficClass("media", 46, 5, (PortRange(50000, 50511),), (), source("qos.media", "mark-media")),
               TrafficClass("signalling", 24, 3, (), (PortRange(5060, 5061),), source("qos.signalling")))
    return QosIntent(classes, (120,), (130,), source("qos"))


def switch(**more: object) -> DeviceIntent:
    vlans = tuple(Vlan(number, name, zone, prefix, "", source(f"segments.{name}")) for number, name, zone, prefix in (
        (110, "call-control", "call-control", "10.20.10.0/24"), (120, "phones", "voice", "10.20.20.0/24"),
        (130, "office", "data", "10.20.32.0/24"), (199, "management", "management", "10.20.99.0/24")))
    base = DeviceIntent(
        site="test", device="sw-1", platform="openvswitch", model="dot1x-agent", version="", role="core-switch",
        manage="", management=Management(f"{SWITCH}/24", 199, "10.20.99.1", (f"{ADMIN}/32",), ("Keep out",),
                                         ("10.20.99.1",), ("10.20.99.1",), 10, source("management")),
        vlans=vlans, parking_vlan=999, ports=ports(), filters=filters(),
        radius_servers=(RadiusServer("radius-1", "10.20.99.5", 1812, 1813, "radius-sw-1", source("hosts.radius-1")),),
        qos=qos(), radius=None, dhcp=None, firewall=None, source=source("devices.sw-1"))
    return replace(base, **more)  # type: ignore[arg-type] # the fields' types differ
