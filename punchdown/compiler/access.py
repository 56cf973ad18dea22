"""VLANs and switch ports."""

from __future__ import annotations

from dataclasses import replace

from punchdown.compiler.context import SiteContext
from punchdown.intent import Dot1xPolicy, LinkMode, PortIntent, Vlan
from punchdown.model import Device, PortSpec
from punchdown.platforms import platform

_SWITCHES = {"core-switch", "access-switch"}


def _vlan(context: SiteContext, segment: str) -> int:
    return context.site.segments[segment].vlan if segment in context.site.segments else 0


def used_vlans(context: SiteContext, name: str) -> set[int]:
    """The VLANs that a switch's own ports and its management need."""
    device = context.site.devices[name]
    used = {_vlan(context, context.management)}
    for spec in device.ports.values():
        if spec.role == "phone-and-pc":
            used |= {_vlan(context, context.voice), _vlan(context, context.data)}
        elif spec.role == "pc":
            used.add(_vlan(context, context.data))
        elif spec.role == "phone":
            used.add(_vlan(context, context.voice))
        elif spec.role in context.site.hosts:
            used.add(_vlan(context, context.site.hosts[spec.role].segment))
        elif "/" in spec.role:
            used.add(_vlan(context, spec.role.partition("/")[2]))
    return used - {0}


def switch_vlans(context: SiteContext, name: str) -> tuple[Vlan, ...]:
    """The VLANs of a switch, its trunks included, sorted by number."""
    wanted = used_vlans(context, name)
    return tuple(sorted((
        Vlan(segment.vlan, label, segment.zone, str(segment.prefix), str(segment.prefix6 or ""),
             context.origin("segments", label, controls=("segregation-by-type-and-trust",)))
        for label, segment in context.site.segments.items() if segment.vlan in wanted), key=lambda vlan: vlan.id))


def _dot1x(context: SiteContext) -> Dot1xPolicy:
    settings = context.site.dot1x
    mab = any(endpoint.eap == "mab" for endpoint in context.site.endpoints.values())
    controls = ("dot1x-enabled-on-access-switches", *(("dot1x-mac-authentication-alternative",) if mab else ()))
    return Dot1xPolicy(settings.host_mode, mab, settings.dead, _vlan(context, settings.critical_segment),
                       _vlan(context, settings.guest_segment), settings.reauth_seconds, settings.tx_period_seconds,
                       context.origin("dot1x", controls=controls))


class PortCompiler:
    """The ports of one switch."""

    def __init__(self, context: SiteContext, name: str) -> None:
        self.context = context
        self.name = name
        self.device: Device = context.site.devices[name]
        self.capabilities = platform(self.device.platform).capabilities
        self.dot1x = _dot1x(context) if context.site.dot1x.servers else None

    def ports(self) -> tuple[PortIntent, ...]:
        """Every declared port in order of writing."""
        return tuple(self._port(port, key) for port, key in self.context.written_ports[self.name])

    def _port(self, port: str, key: str) -> PortIntent:
        spec = self.device.ports[key]
        source = self.context.origin("devices", self.name, "ports", key, controls=("segregation-by-type-and-trust",))
        base = PortIntent(
            name=port, role=spec.role, mode=LinkMode.ACCESS, description=spec.description or spec.role, access_vlan=0,
            voice_vlan=0, tagged=(), native_vlan=self.context.site.parking_vlan, dot1x=None, trust_dscp=False,
            dhcp_trusted=False, edge=True, lldp_med=False, filter_in="", filter_out="", reply_filter="", hosts=(),
            ipv6_vlans=(), storm_control=True, source=source)
        return self._with_ipv6(self._shaped(base, spec))

    def _shaped(self, base: PortIntent, spec: PortSpec) -> PortIntent:
        role = spec.role
        if role == "unused":
            return replace(base, mode=LinkMode.CLOSED, access_vlan=self.context.site.parking_vlan)
        if role in {"phone-and-pc", "phone", "pc"}:
            return self._user_port(base, spec)
        if role in self.context.site.hosts:
            return self._host_port(base, role)
        if "/" in role:
            return self._leg_port(base, role)
        return self._uplink(base, role)

    def _user_port(self, base: PortIntent, spec: PortSpec) -> PortIntent:
        data, voice = _vlan(self.context, self.context.data), _vlan(self.context, self.context.voice)
        dot1x = self.dot1x if spec.dot1x else None
        if spec.role == "pc":
            return replace(base, access_vlan=data, dot1x=dot1x)
        access = data if spec.role == "phone-and-pc" else self.context.site.parking_vlan
        return replace(base, access_vlan=access, voice_vlan=voice, dot1x=dot1x, trust_dscp=True, lldp_med=True)

    def _host_port(self, base: PortIntent, role: str) -> PortIntent:
        host = self.context.site.hosts[role]
        protected = self.context.kind(host).protected
        stateful = self.capabilities.filter_out
        return replace(
            base, role="host", access_vlan=_vlan(self.context, host.segment), trust_dscp=protected,
            hosts=((host.mac or "", str(host.address), str(host.address6 or "")),),
            filter_out=f"to-{role}" if protected and stateful else "",
            filter_in=f"from-{role}" if protected and stateful else "",
            reply_filter=f"from-{role}" if protected and not stateful else "")

    def _leg_port(self, base: PortIntent, role: str) -> PortIntent:
        device, _, segment = role.partition("/")
        peer = self.context.site.devices[device]
        routed = segment in peer.routes
        hosts = () if routed else (("", self._peer_address(device, segment), ""),)
        return replace(base, role="router" if routed else "server", access_vlan=_vlan(self.context, segment),
                        trust_dscp=routed, dhcp_trusted=peer.role == "dhcp", edge=True, storm_control=False,
                        hosts=hosts)

    def _peer_address(self, device: str, segment: str) -> str:
        if segment == self.context.management:
            return str(self.context.site.devices[device].management)
        return self.context.leg_address(device, segment)

    def _uplink(self, base: PortIntent, peer: str) -> PortIntent:
        shared = used_vlans(self.context, self.name) & used_vlans(self.context, peer)
        return replace(base, role="uplink", mode=LinkMode.TRUNK, tagged=tuple(sorted(shared)), trust_dscp=True,
                        dhcp_trusted=True, edge=False, storm_control=False)

    def _with_ipv6(self, port: PortIntent) -> PortIntent:
        carried = {port.access_vlan, port.voice_vlan, *port.tagged}
        declared = (segment.vlan for segment in self.context.site.segments.values() if segment.prefix6)
        return replace(port, ipv6_vlans=tuple(sorted(vlan for vlan in declared if vlan in carried)))


def is_switch(device: Device) -> bool:
    """Whether the device has ports that users and hosts plug into."""
    return device.role in _SWITCHES
