"""Flows of the stateful filters of protected hosts and of the switch's own address.

A packet from or to a protected host passes connection tracking in the zone of its VLAN. Replies pass; everything in the
direction of the opening is judged by the rules, packet by packet, so that a rule that goes ends what it allowed.
Rules of the sender (``filter_in`` of its port) and of the receiver (``filter_out``) must both allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netaddr import IPNetwork

from punchdown.intent import DeviceIntent, PortIntent, Rule
from punchdown.platforms.openvswitch.capabilities import NOT_LOGGED
from punchdown.platforms.openvswitch.tables import FORWARD, FROM_HOST, TO_HOST, TRACK, flow, go, lines
from punchdown.platforms.openvswitch.words import rule_matches, vlan_of
from punchdown.values import Provenance

_FIRST = 30000
"""Priority of the first rule of a filter; each following one stands one lower."""
_COMMIT = "ct(commit,zone=NXM_NX_REG0[0..15])"
_TRACKED = f"ct(table={FROM_HOST},zone=NXM_NX_REG0[0..15])"


def track_flows(port: PortIntent, intent: DeviceIntent) -> str:
    """What is sent to or by the hosts of a filtered port is tracked, neighbour discovery apart."""
    if not (port.filter_in or port.filter_out):
        return ""
    flows: list[str] = []
    for vlan, address in _addresses(port, intent):
        flows += _track(vlan, address)
        flows += _beside(intent, vlan)
    for mac, _, ipv6 in port.hosts:
        if mac and not ipv6:
            flows.append(flow(TRACK, 300, f"ipv6,dl_dst={mac.lower()}", "drop"))
    return lines(flows)


def _addresses(port: PortIntent, intent: DeviceIntent) -> Iterator[tuple[int, str]]:
    for _, ipv4, ipv6 in port.hosts:
        for address in (ipv4, ipv6):
            if address:
                yield vlan_of(intent, address) or port.access_vlan, address


def _names(address: str) -> tuple[str, str, str]:
    return ("ipv6", "ipv6_src", "ipv6_dst") if ":" in address else ("ip", "nw_src", "nw_dst")


def _track(vlan: int, address: str) -> Iterator[str]:
    family, source, destination = _names(address)
    for side in (source, destination):
        yield flow(TRACK, 200, f"{family},reg0={vlan:#x},{side}={address}", _TRACKED)


def _beside(intent: DeviceIntent, vlan: int) -> Iterator[str]:
    """Broadcast and multicast UDP would reach a service beside its address; DHCP and discovery pass."""
    register = f"reg0={vlan:#x}"
    for port in (67, 68):
        yield flow(TRACK, 290, f"udp,{register},nw_dst=255.255.255.255,tp_dst={port}", go(FORWARD))
    prefix = next((item.prefix for item in intent.vlans if item.id == vlan), "")
    limited = ("255.255.255.255", *((str(IPNetwork(prefix).broadcast),) if _has_broadcast(prefix) else ()))
    for target in (*limited, "224.0.0.0/4"):
        yield flow(TRACK, 280, f"udp,{register},nw_dst={target}", "drop")
    for target in limited:
        yield flow(TRACK, 270, f"ip,{register},nw_dst={target}", "drop")
    for kind in (133, 134, 135, 136, 137):
        yield flow(TRACK, 290, f"icmp6,{register},icmp_type={kind}", go(FORWARD))
    for name in ("546", "547"):
        yield flow(TRACK, 290, f"udp6,{register},tp_dst={name}", go(FORWARD))
    yield flow(TRACK, 280, f"ipv6,{register},ipv6_dst=fe80::/10", "drop")
    yield flow(TRACK, 280, f"udp6,{register},ipv6_dst=ff00::/8", "drop")


def _has_broadcast(prefix: str) -> bool:
    return bool(prefix) and IPNetwork(prefix).broadcast is not None


def from_host_flows(rule: Rule, place: int, port: PortIntent, intent: DeviceIntent) -> str:
    """One rule of what the hosts of a port may open; ``place`` counts from 0, earlier rules win."""
    action = go(TO_HOST) if rule.action == "permit" else "drop"
    return lines([flow(FROM_HOST, _FIRST - place, f"{match},reg0={vlan:#x}", action)
                  for vlan, address in _addresses(port, intent) if _speaks_of(rule, address)
                  for match in rule_matches(rule, source=address)])


def to_host_flows(rule: Rule, place: int, port: PortIntent, intent: DeviceIntent) -> str:
    """One rule of what may be opened towards the hosts of a port; ``place`` counts from 0, earlier rules win."""
    action = f"{_COMMIT},{go(FORWARD)}" if rule.action == "permit" else "drop"
    return lines([flow(TO_HOST, _FIRST - place, f"{match},reg0={vlan:#x}", action)
                  for vlan, address in _addresses(port, intent) if _speaks_of(rule, address)
                  for match in rule_matches(rule, destination=address)])


def _speaks_of(rule: Rule, address: str) -> bool:
    """Rules about replies are the connection table's matter."""
    return rule.family == (6 if ":" in address else 4) and not rule.established


def denial_source(port: PortIntent, intent: DeviceIntent) -> Provenance:
    """Where the port's denials come from, with a word on the log that they can't have."""
    filters = [intent.filter(name) for name in (port.filter_in, port.filter_out) if name]
    controls = dict.fromkeys([*port.source.controls, *(name for item in filters for name in item.source.controls)])
    note = NOT_LOGGED if any(item.log_denied for item in filters) else port.source.note
    return replace(port.source, controls=tuple(controls), note=note)


def denial_flows(port: PortIntent, intent: DeviceIntent) -> str:
    """What no rule of the port's filters allowed drops."""
    flows = []
    for vlan, address in _addresses(port, intent):
        family, source, destination = _names(address)
        if port.filter_in:
            flows.append(flow(FROM_HOST, 100, f"{family},reg0={vlan:#x},{source}={address}", "drop"))
        if port.filter_out:
            flows.append(flow(TO_HOST, 100, f"{family},reg0={vlan:#x},{destination}={address}", "drop"))
    return lines(flows)


def management_flows(intent: DeviceIntent) -> str:
    """SSH to the switch from the management sources; what the switch opens itself is answered; the rest drops."""
    address = str(IPNetwork(intent.management.address).ip)
    vlan = intent.management.vlan
    sources = [_network(prefix) for prefix in intent.management.sources if ":" not in prefix]
    return lines([
        *_track(vlan, address),
        *(flow(TO_HOST, _FIRST, f"tcp,reg0={vlan:#x}{source},nw_dst={address},tp_dst=22", f"{_COMMIT},{go(FORWARD)}")
          for source in sources),
        flow(TO_HOST, 100, f"ip,reg0={vlan:#x},nw_dst={address}", "drop"),
    ])


def _network(prefix: str) -> str:
    network = IPNetwork(prefix)
    if network.prefixlen == 0:
        return ""
    return f",nw_src={network.network if network.prefixlen == 32 else network.cidr}"
