"""VLANs and switch ports."""

from __future__ import annotations

from dataclasses import fields, replace
from ipaddress import IPv4Address
from operator import attrgetter

from punchdown.compiler import citations
from punchdown.compiler.context import SiteContext
from punchdown.compiler.ports import link_members, port_names
from punchdown.intent import Dot1xPolicy, FixedAddress, LinkIntent, LinkMode, PortIntent, SwitchProtection, Vlan
from punchdown.model import Device, PortSpec
from punchdown.platforms import platform

_SWITCHES = {"core-switch", "access-switch"}
USER_ROLES = ("phone-and-pc", "phone", "pc", "printer")
SERVER_ROLES = {"pbx": "call-control", "application": "server"}
"""Ports for hosts that are not named: role to zone."""
TRUNK_ROLES = ("uplink", "access-point")
PORT_ROLES = (*USER_ROLES, *SERVER_ROLES, *TRUNK_ROLES, "mirror", "unused")


_BUT_NAME = attrgetter(*(item.name for item in fields(PortIntent) if item.name != "name"))


def vlan_of(context: SiteContext, segment: str) -> int:
    """The VLAN number of a segment, 0 when there is none of that name."""
    return context.site.segments[segment].vlan if segment in context.site.segments else 0


def _user_segments(context: SiteContext, spec: PortSpec) -> tuple[str, str]:
    """(data, voice) segment of a user port, its own first."""
    data, voice = context.data, context.voice
    if spec.segment and context.site.segments[spec.segment].zone == "voice":
        voice = spec.segment
    elif spec.segment:
        data = spec.segment
    return data, voice


def _tagged(context: SiteContext, spec: PortSpec) -> tuple[str, ...]:
    """The tagged segments of a port to a neighbour that is no device of the site."""
    if spec.segments or spec.role != "access-point":
        return spec.segments
    return tuple(dict.fromkeys(wlan.segment for wlan in context.site.wireless.ssids.values()))


def _segments_of(context: SiteContext, spec: PortSpec) -> tuple[str, ...]:
    """The segments that a port carries by itself, what its neighbour needs left out."""
    data, voice = _user_segments(context, spec)
    by_role = {"phone-and-pc": (voice, data), "pc": (data,), "printer": (data,), "phone": (voice,)}
    if spec.role in by_role:
        return by_role[spec.role]
    if spec.role in SERVER_ROLES:
        return (spec.segment or next(iter(context.segments_of_zone(SERVER_ROLES[spec.role])), ""),)
    if spec.role == "access-point":
        return (*_tagged(context, spec), spec.segment or context.management)
    if spec.role == "uplink":
        return _tagged(context, spec)
    if spec.role in context.site.hosts:
        return (context.site.hosts[spec.role].segment,)
    return (spec.role.partition("/")[2],)


def used_vlans(context: SiteContext, name: str) -> frozenset[int]:
    """The VLANs that a switch's own ports and its management need."""
    if name not in context.vlans:
        context.vlans[name] = _used_vlans(context, name)
    return context.vlans[name]


def _used_vlans(context: SiteContext, name: str) -> frozenset[int]:
    device = context.site.devices[name]
    specs = list({id(place.spec): place.spec for place in context.port_places[name]}.values())
    specs += [PortSpec(role=link.role, segments=link.segments) for link in device.aggregations.values()]
    found = {vlan_of(context, segment) for spec in specs for segment in _segments_of(context, spec)}
    return frozenset(found | {vlan_of(context, context.management)}) - {0}


def switch_vlans(context: SiteContext, name: str) -> tuple[Vlan, ...]:
    """The VLANs of a switch, its trunks included, sorted by number."""
    wanted = used_vlans(context, name)
    return tuple(sorted((
        Vlan(segment.vlan, label, segment.zone, str(segment.prefix), str(segment.prefix6 or ""),
             context.origin("segments", label, controls=citations.of_segment(context, segment)))
        for label, segment in context.site.segments.items() if segment.vlan in wanted), key=lambda vlan: vlan.id))


def protection(context: SiteContext, name: str) -> SwitchProtection:
    """What a switch does against forged and flooding stations, and loops."""
    site = context.site
    settings, tree = site.protection, site.spanning_tree
    return SwitchProtection(
        settings.arp_inspection, settings.source_guard, tree.mode or "", tree.root == name, tree.loop_guard,
        site.phones.cdp,
        context.origin("protection", controls=("segregation-l2-access-control-core",)),
        _fixed(context, name) if settings.arp_inspection else ())


def _fixed(context: SiteContext, name: str) -> tuple[FixedAddress, ...]:
    """The hosts in a switch's VLANs, and the router's addresses that they have, as far as their MAC is written."""
    site, wanted = context.site, used_vlans(context, name)
    found = [(host.segment, str(host.address), label) for label, host in site.hosts.items()]
    found += [(segment, context.router_of(site.segments[segment]), label)
              for label, host in site.hosts.items() for segment in host.routes]
    stations = {
        FixedAddress(site.segments[segment].vlan, address, mac, label,
                     context.origin("hosts", label, controls=("segregation-l2-access-control-core",)))
        for segment, address, label in found
        if (mac := site.hosts[label].mac) and site.segments[segment].vlan in wanted}
    return tuple(sorted(stations, key=lambda item: (item.vlan, IPv4Address(item.address))))


def _dot1x(context: SiteContext) -> Dot1xPolicy:
    settings = context.site.dot1x
    mab = bool(context.site.mac_lists) or any(item.eap == "mab" for item in context.site.endpoints.values())
    controls = citations.of_dot1x(context, mab=mab)
    return Dot1xPolicy(settings.host_mode, mab, settings.dead, vlan_of(context, settings.critical_segment),
                       vlan_of(context, settings.guest_segment), settings.reauth_seconds, settings.tx_period_seconds,
                       context.origin("dot1x", controls=controls), vlan_of(context, settings.auth_fail_segment),
                       settings.change_of_authorization)


class PortCompiler:
    """The ports of one switch."""

    def __init__(self, context: SiteContext, name: str) -> None:
        self.context = context
        self.name = name
        self.device: Device = context.site.devices[name]
        self.capabilities = platform(self.device.platform).capabilities
        self.dot1x = _dot1x(context) if context.site.dot1x.servers else None
        self._shapes: dict[tuple[str, ...], PortIntent] = {}

    def ports(self) -> tuple[PortIntent, ...]:
        """Every declared port in order of writing."""
        return tuple(self._port(place.name, place.path, place.spec) for place in self.context.port_places[self.name])

    def links(self) -> tuple[LinkIntent, ...]:
        """Every aggregation in order of writing."""
        prefix = self.capabilities.port_prefix
        found = []
        for name, link in self.device.aggregations.items():
            members = link_members(self.device, name, prefix)
            port = self._port(members[0], ("aggregations", name), PortSpec(
                role=link.role, segments=link.segments, description=name))
            found.append(LinkIntent(name, link.number, members, link.mode, link.min_links, port))
        return tuple(found)

    def _port(self, port: str, path: tuple[str, ...], spec: PortSpec) -> PortIntent:
        """A port; those of one range are alike but for the name."""
        if path not in self._shapes:
            self._shapes[path] = self._with_ipv6(self._shaped(self._base(port, path, spec), spec))
        shape = self._shapes[path]
        return shape if shape.name == port else PortIntent(port, *_BUT_NAME(shape))

    def _base(self, port: str, path: tuple[str, ...], spec: PortSpec) -> PortIntent:
        source = self.context.origin("devices", self.name, *path, controls=("segregation-by-type-and-trust",))
        shared = self.context.site.protection
        return PortIntent(
            name=port, role=spec.role, mode=LinkMode.ACCESS, description=spec.description or spec.role, access_vlan=0,
            voice_vlan=0, tagged=(), native_vlan=self.context.site.parking_vlan, dot1x=None, trust_dscp=False,
            dhcp_trusted=False, edge=True, lldp_med=False, filter_in="", filter_out="", reply_filter="", hosts=(),
            ipv6_vlans=(), storm_control=True, source=source,
            max_macs=spec.max_macs or (shared.max_macs or 0) * (spec.role in USER_ROLES), poe=spec.poe or "",
            broadcast_percent=shared.broadcast_percent, multicast_percent=shared.multicast_percent,
            dhcp_rate=shared.dhcp_rate, arp_rate=shared.arp_rate if spec.role in USER_ROLES else 0)

    def _shaped(self, base: PortIntent, spec: PortSpec) -> PortIntent:
        role, context = spec.role, self.context
        if role == "unused":
            return replace(base, mode=LinkMode.CLOSED, access_vlan=context.site.parking_vlan)
        if role in USER_ROLES:
            return self._user_port(base, spec)
        if role in SERVER_ROLES:
            (segment,) = _segments_of(context, spec)
            return replace(base, access_vlan=vlan_of(context, segment), trust_dscp=role == "pbx")
        if role == "mirror":
            prefix = self.capabilities.port_prefix
            return replace(base, access_vlan=context.site.parking_vlan, storm_control=False,
                           mirrors=tuple(name for key in spec.mirrors for name in port_names(key, prefix)))
        if role in TRUNK_ROLES:
            return self._neighbour_port(base, spec)
        if role in context.site.hosts:
            return self._host_port(base, role)
        if "/" in role:
            return self._leg_port(base, role)
        return self._uplink(base, role)

    def _user_port(self, base: PortIntent, spec: PortSpec) -> PortIntent:
        data, voice = (vlan_of(self.context, segment) for segment in _user_segments(self.context, spec))
        dot1x = self.dot1x if spec.dot1x else None
        if dot1x and spec.host_mode:
            dot1x = replace(dot1x, host_mode=spec.host_mode)
        if spec.role in {"pc", "printer"}:
            return replace(base, access_vlan=data, dot1x=dot1x)
        access = data if spec.role == "phone-and-pc" else self.context.site.parking_vlan
        return replace(base, access_vlan=access, voice_vlan=voice, dot1x=dot1x, trust_dscp=True,
                       lldp_med=self.context.site.phones.lldp_med)

    def _host_port(self, base: PortIntent, role: str) -> PortIntent:
        host = self.context.site.hosts[role]
        protected = self.context.kind(host).protected
        stateful = self.capabilities.filter_out
        return replace(
            base, role="host", access_vlan=vlan_of(self.context, host.segment), trust_dscp=protected,
            dhcp_trusted=host.kind == "dhcp-server",
            source=replace(base.source, controls=citations.of_host_port(protected=protected)),
            hosts=((host.mac or "", str(host.address), str(host.address6 or "")),),
            filter_out=f"to-{role}" if protected and stateful else "",
            filter_in=f"from-{role}" if protected and stateful else "",
            reply_filter=f"from-{role}" if protected and not stateful else "")

    def _leg_port(self, base: PortIntent, role: str) -> PortIntent:
        device, _, segment = role.partition("/")
        peer = self.context.site.devices[device]
        routed = segment in peer.routes
        hosts = () if routed else (("", self._peer_address(device, segment), ""),)
        return replace(base, role="router" if routed else "server", access_vlan=vlan_of(self.context, segment),
                       trust_dscp=routed, dhcp_trusted=peer.role == "dhcp", edge=True, storm_control=False,
                       hosts=hosts, arp_trusted=True)

    def _peer_address(self, device: str, segment: str) -> str:
        if segment == self.context.management:
            return str(self.context.site.devices[device].management)
        return self.context.leg_address(device, segment)

    def _neighbour_port(self, base: PortIntent, spec: PortSpec) -> PortIntent:
        """A trunk to a switch of somebody else, or to an access point that is managed untagged."""
        tagged = {vlan_of(self.context, segment) for segment in _tagged(self.context, spec)}
        if spec.role == "uplink":
            return replace(base, mode=LinkMode.TRUNK, tagged=tuple(sorted(tagged)), trust_dscp=True, dhcp_trusted=True,
                           edge=False, storm_control=False, root_guard=self._guards_root(), arp_trusted=True)
        native = vlan_of(self.context, spec.segment or self.context.management)
        return replace(base, mode=LinkMode.TRUNK, tagged=tuple(sorted(tagged | {native})), native_vlan=native,
                       trust_dscp=True, edge=False)

    def _uplink(self, base: PortIntent, peer: str) -> PortIntent:
        shared = used_vlans(self.context, self.name) & used_vlans(self.context, peer)
        return replace(base, role="uplink", mode=LinkMode.TRUNK, tagged=tuple(sorted(shared)), trust_dscp=True,
                       dhcp_trusted=True, edge=False, storm_control=False, root_guard=self._guards_root(),
                       arp_trusted=True)

    def _guards_root(self) -> bool:
        tree = self.context.site.spanning_tree
        return tree.root_guard and tree.root == self.name

    def _with_ipv6(self, port: PortIntent) -> PortIntent:
        declared = {segment.vlan for segment in self.context.site.segments.values() if segment.prefix6}
        carried = declared & {port.access_vlan, port.voice_vlan, *port.tagged}
        return replace(port, ipv6_vlans=tuple(sorted(carried))) if carried else port


def is_switch(device: Device) -> bool:
    """Whether the device has ports that users and hosts plug into."""
    return device.role in _SWITCHES
