"""A firewall intent by hand: the example site's segments, one of them with IPv6 as well."""

from __future__ import annotations

from dataclasses import replace

from punchdown.intent import (
    DeviceIntent,
    FirewallIntent,
    Interface,
    Management,
    Netblocks,
    PortForward,
    PortRange,
    QosIntent,
    Rule,
)
from punchdown.values import Position, Provenance


def at(field: str) -> Provenance:
    return Provenance(field, Position("lisbon.yml", len(field), 1), ("segregation",))


def policy(source: str, target: str, protocol: str, *ports: int | tuple[int, int], family: int = 4,
           action: str = "permit", note: str = "", icmp: str = "") -> Rule:
    ranges = tuple(PortRange(*port) if isinstance(port, tuple) else PortRange(port, port) for port in ports)
    return Rule(action, family, protocol, tuple(source.split()), tuple(target.split()), (), ranges, established=False,
                log=False, note=note, source=at(f"hosts.{note or 'any'}.uses"), icmp=icmp)


def interface(vlan: int, segment: str, zone: str, prefix: str, prefix6: str = "") -> Interface:
    first = prefix.replace("0/24", "1/24")
    return Interface(f"lan{vlan}", segment, zone, first, prefix6.replace("::/", "::1/"), prefix, prefix6,
                     at(f"segments.{segment}"))


INTERFACES = (
    interface(110, "call-control", "call-control", "10.20.10.0/24"),
    interface(120, "phones", "voice", "10.20.20.0/24"),
    interface(130, "office", "data", "10.20.32.0/24", "2001:db8:32::/64"),
    interface(140, "servers", "server", "10.20.40.0/24", "2001:db8:40::/64"),
    interface(150, "dmz", "dmz", "10.20.50.0/24"),
    interface(199, "management", "management", "10.20.99.0/24"),
    Interface("wan0", "wan", "wan", "203.0.113.2/24", "", "203.0.113.0/24", "", at("firewall.wan")),
)

POLICIES = (
    policy("10.20.40.15/32", "10.20.10.10/32", "tcp", 1752, note="smdr-taker"),
    policy("10.20.40.20/32", "10.20.10.10/32", "tcp", 15373, 15374, note="opera"),
    policy("10.20.20.0/24", "10.20.10.10/32 10.20.10.11/32", "tcp", 6801, 6802, (5060, 5061), note="phones"),
    policy("10.20.20.0/24", "10.20.10.10/32 10.20.10.11/32", "udp", (50000, 50511), note="media"),
    policy("10.20.20.0/24", "10.20.50.10/32", "udp", (20000, 31000), note="hairpin"),
    policy("10.20.32.0/24", "", "tcp", 80, 443, note="web"),
    policy("10.20.32.0/24", "10.20.40.0/24", "icmp", note="ping", icmp="echo"),
    policy("2001:db8:32::/64", "2001:db8:40::15/128", "tcp", 443, family=6, note="web6"),
    policy("2001:db8:32::/64", "2001:db8:40::15/128", "icmp", family=6, note="ping6", icmp="echo"),
)


def forward(name: str, protocol: str, ports: tuple[int, int], *, allow: str = "tele-workers", host_port: int = 0,
            hairpin: bool = False) -> PortForward:
    return PortForward(name, protocol, "203.0.113.10", PortRange(*ports), "10.20.50.10", host_port or ports[0], allow,
                       hairpin, at(f"hosts.mbg-1.expose.{name}"))


FIREWALL = FirewallIntent(
    wan="wan0", wan_address="203.0.113.2", interfaces=INTERFACES, policies=POLICIES,
    forwards=(forward("sip-tls", "tcp", (5061, 5061)), forward("web", "tcp", (8443, 8443), host_port=443),
              forward("media", "udp", (20000, 31000), allow="", hairpin=True)),
    netblocks=(Netblocks("blocked", ("203.0.113.96/28", "2001:db8:bad::/48"), at("firewall.netblocks.blocked")),
               Netblocks("tele-workers", ("198.51.100.0/25", "198.51.100.128/25", "192.0.2.5/32", "192.0.2.77/32",
                                          "192.0.2.99/32"), at("firewall.netblocks.tele-workers"))),
    denied="blocked", reject=True, log=True, sip_helper=False, hairpin_interfaces=("lan110", "lan120"),
    management_sources=("10.20.99.0/24", "192.0.2.5/32"), management_interface="lan199", source_nat=("10.20.32.0/24",),
    ping=True, source=at("firewall"))

MANAGEMENT = Management("10.20.99.1/24", 199, "10.20.99.1", ("10.20.99.0/24",), ("Authorised use only.", "Recorded."),
                        ("10.20.99.5",), ("10.20.99.5",), 15, at("management"))


def device(firewall: FirewallIntent | None = FIREWALL) -> DeviceIntent:
    return DeviceIntent("lisbon", "fw-1", "linux_nftables", "", "", "firewall", "owned", MANAGEMENT, (), 0, (), (), (),
                        QosIntent((), (120,), (130,), at("qos")), None, None, firewall, at("devices.fw-1"))


def with_policies(*rules: Rule) -> DeviceIntent:
    return device(replace(FIREWALL, policies=rules))
