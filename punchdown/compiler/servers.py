"""What RADIUS and DHCP servers, firewalls and the management plane of every device must do."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.catalog import eap_method, marks, services
from punchdown.compiler import citations
from punchdown.compiler.access import is_switch
from punchdown.compiler.context import SiteContext
from punchdown.compiler.filters import routed_policies
from punchdown.compiler.flows import exposed, netblock
from punchdown.intent import (
    DhcpIntent,
    DhcpPool,
    FirewallIntent,
    FirstHop,
    FlowMatrix,
    Interface,
    MacVendor,
    Management,
    Netblocks,
    PortForward,
    QosIntent,
    RadiusClient,
    RadiusIntent,
    RadiusServer,
    RadiusUser,
    SnmpAccess,
    TrafficClass,
    Vpn,
)
from punchdown.model import Endpoint, MacList

CONTROLLERS = ("mivoice-business", "icp-3300", "icp-3300-wan")
"""Kinds that MiNET phones register with; their addresses go into the phones' DHCP options."""

_TACACS = 49
"""TCP (RFC 8907)."""


def management_plane(context: SiteContext, name: str) -> Management:
    """How one device is reached and what it reports to."""
    device, settings, shared = context.site.devices[name], context.site.management, context.site.services
    segment = context.site.segments[context.management]
    return Management(
        f"{device.management}/{segment.prefix.prefixlen}", segment.vlan, context.router_of(segment),
        context.admin_sources, settings.banner, tuple(map(str, shared.ntp)), tuple(map(str, shared.syslog)),
        settings.session_timeout_minutes,
        context.origin("devices", name, "management", controls=citations.of_management(device.role)),
        *_login(context, name), settings.aaa.accounting, _snmp(context, device.role))


def _asks(context: SiteContext, role: str) -> bool:
    """Whether devices of a role have logins checked by a server."""
    aaa = context.site.management.aaa
    return aaa.method != "local" and role in (aaa.roles or (role,))


def _login(context: SiteContext, name: str) -> tuple[str, tuple[RadiusServer, ...]]:
    """Who checks a device's logins: the method, and its servers in order of preference."""
    device, aaa, dot1x = context.site.devices[name], context.site.management.aaa, context.site.dot1x
    if not _asks(context, device.role):
        return "local", ()
    radius, timers = aaa.method == "radius", dot1x.timers
    ports = (dot1x.auth_port, dot1x.accounting_port) if radius else (_TACACS, _TACACS)
    secret = device.radius_secret or f"radius-{name}" if radius else f"tacacs-{name}"
    return aaa.method, tuple(
        RadiusServer(server, str(context.site.hosts[server].address), *ports, secret,
                     context.origin("management", "aaa", "servers", str(number),
                                    controls=citations.of_management(device.role)),
                     timers.timeout_seconds, timers.retries, timers.dead_minutes)
        for number, server in enumerate(aaa.servers))


def _addresses_of(context: SiteContext, hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(context.site.hosts[name].address) for name in hosts)


def _snmp(context: SiteContext, role: str) -> SnmpAccess | None:
    settings = context.site.management.snmp
    if settings is None or role not in (settings.roles or (role,)):
        return None
    return SnmpAccess(settings.user, settings.authentication, settings.privacy,
                      _addresses_of(context, settings.managers), settings.traps, context.origin("management", "snmp"))


def radius_servers(context: SiteContext, name: str) -> tuple[RadiusServer, ...]:
    """The servers that a switch asks, in order of preference; each switch has a secret of its own."""
    site, timers = context.site, context.site.dot1x.timers
    return tuple(
        RadiusServer(server, str(site.hosts[server].address), site.dot1x.auth_port, site.dot1x.accounting_port,
                     site.devices[name].radius_secret or f"radius-{name}",
                     context.origin("dot1x", "servers", str(number), controls=("dot1x-enabled-on-access-switches",)),
                     timers.timeout_seconds, timers.retries, timers.dead_minutes)
        for number, server in enumerate(site.dot1x.servers))


def _user(context: SiteContext, name: str) -> RadiusUser:
    endpoint = context.site.endpoints[name]
    voice = endpoint.kind == "phone"
    method = endpoint.eap or (eap_method(endpoint.model) if voice else "peap")
    segment = _segment_of(context, endpoint)
    identity = endpoint.mac.replace(":", "-") if method == "mab" else name
    controls = {"tls": ("dot1x-eap-methods-basic", "dot1x-eap-tls-69xx"),
                "mab": ("dot1x-mac-authentication-alternative",)}
    return RadiusUser(identity, method, f"eap-{name}" if method in {"md5", "peap"} else "",
                      context.site.segments[segment].vlan, voice,
                      context.origin("endpoints", name, controls=controls.get(method, ("dot1x-eap-methods-basic",))))


def _segment_of(context: SiteContext, item: Endpoint | MacList) -> str:
    return item.segment or (context.voice if item.kind == "phone" else context.data)


def _listed(context: SiteContext, name: str) -> Iterator[RadiusUser]:
    """The users of one MAC list."""
    item = context.site.mac_lists[name]
    source = context.origin("mac_lists", name, controls=("dot1x-mac-authentication-alternative",))
    vlan = context.site.segments[_segment_of(context, item)].vlan
    for mac in item.macs:
        yield RadiusUser(mac.replace(":", "-"), "mab", "", vlan, item.kind == "phone", source)


def _vendors(context: SiteContext) -> Iterator[MacVendor]:
    for name, item in sorted(context.site.mac_lists.items()):
        source = context.origin("mac_lists", name, "vendors", controls=("dot1x-mac-authentication-alternative",))
        for prefix in item.vendors:
            yield MacVendor(prefix, context.site.segments[_segment_of(context, item)].vlan, item.kind == "phone",
                            source)


def radius_intent(context: SiteContext, name: str) -> RadiusIntent:
    """Clients and users of a RADIUS server."""
    clients = tuple(
        RadiusClient(switch, str(device.management), device.radius_secret or f"radius-{switch}",
                     "cisco" if device.platform.startswith("cisco_") else "other",
                     context.origin("devices", switch, controls=("dot1x-enabled-on-access-switches",)))
        for switch, device in sorted(context.site.devices.items())
        if is_switch(device) or (_asks(context, device.role) and context.site.management.aaa.method == "radius"))
    users = [_user(context, endpoint) for endpoint in sorted(context.site.endpoints)]
    users += [user for label in sorted(context.site.mac_lists) for user in _listed(context, label)]
    methods = tuple(sorted({user.method for user in users}))
    files = context.site.dot1x.certificates
    return RadiusIntent(str(context.site.devices[name].management), clients, tuple(users), files.ca, files.certificate,
                        files.key, methods, context.origin("devices", name, controls=("dot1x-phone-credentials",)),
                        tuple(_vendors(context)))


def _pool(context: SiteContext, server: str, name: str) -> DhcpPool:
    site, segment = context.site, context.site.segments[name]
    first, _, last = (segment.dhcp or "").partition("-")
    dscp, pcp = marks(site.qos.profile)["media"]
    controllers = sorted((host for host in site.hosts.values() if host.kind in CONTROLLERS),
                         key=lambda host: host.secondary_of is not None)
    call_servers = tuple(str(host.address) for host in controllers)
    voice_vlan = site.segments[context.voice].vlan if context.voice and site.phones.dhcp else 0
    reservations = tuple((host.mac, str(host.address), label) for label, host in sorted(site.hosts.items())
                         if site.phones.reserve and host.mac and host.segment == name)
    return DhcpPool(
        name, segment.vlan, f"lan{segment.vlan}", context.leg_address(server, name), str(segment.prefix), first, last,
        context.router_of(segment), tuple(map(str, site.services.dns)), tuple(map(str, site.services.ntp)),
        segment.zone == "voice", voice_vlan, call_servers[:4], call_servers[0] if call_servers else "", pcp, dscp,
        site.phones.lease_seconds, reservations,
        context.origin("segments", name, "dhcp", controls=citations.of_pool(segment)))


def dhcp_intent(context: SiteContext, name: str) -> DhcpIntent:
    """The pools of a DHCP server, sorted by VLAN."""
    pools = (_pool(context, name, segment) for segment in context.site.devices[name].serves)
    return DhcpIntent(tuple(sorted(pools, key=lambda pool: pool.vlan)), context.origin("devices", name, "serves"))


def qos_intent(context: SiteContext) -> QosIntent:
    """Marks per class, and where marks are not believed."""
    source = context.origin("qos", "profile", controls=citations.QOS)
    profile, known = marks(context.site.qos.profile), services()
    ports = {"media": ("media", "gateway-media"), "signalling": ("minet-tls", "sip-tls"), "video": ()}
    classes = []
    for name, (dscp, pcp) in profile.items():
        transports = [item for service in ports[name] for item in known[service].transports]
        udp = tuple(rng for proto, ranges in transports if proto == "udp" for rng in ranges)
        tcp = tuple(rng for proto, ranges in transports if proto == "tcp" for rng in ranges)
        classes.append(TrafficClass(name, dscp, pcp, udp, tcp, source))
    zones = {segment.vlan: segment.zone for segment in context.site.segments.values()}
    return QosIntent(tuple(classes), tuple(vlan for vlan, zone in sorted(zones.items()) if zone == "voice"),
                     tuple(vlan for vlan, zone in sorted(zones.items()) if zone in {"data", "guest"}), source)


def _interface(context: SiteContext, segment: str, name: str) -> Interface:
    item = context.site.segments[segment]
    address6 = f"{item.prefix6.network_address + 1}/{item.prefix6.prefixlen}" if item.prefix6 else ""
    behind = tuple(str(prefix) for remote in context.site.remotes.values() if remote.via == segment
                   for prefix in remote.addresses)
    hop = item.first_hop
    first_hop = FirstHop(hop.protocol, hop.group, context.router_of(item), hop.priorities.get(name, 0), hop.preempt,
                         hop.advertise_seconds) if hop else None
    return Interface(f"lan{item.vlan}", segment, item.zone,
                     f"{context.leg_address(name, segment)}/{item.prefix.prefixlen}", address6, str(item.prefix),
                     str(item.prefix6 or ""),
                     context.origin("devices", name, "routes", controls=citations.of_leg(context, item.zone)),
                     behind, item.vrf or "", first_hop)


def _forwards(context: SiteContext) -> tuple[PortForward, ...]:
    forwards: list[PortForward] = []
    for name, _, flow, allow in exposed(context):
        host = context.site.hosts[name]
        forwards += [
            PortForward(f"{name}-{flow.service}-{flow.protocol}-{ports.first}", flow.protocol, str(host.public), ports,
                        str(host.address), ports.first, allow, host.hairpin, flow.source, flow.schedule, flow.rate)
            for ports in flow.ports]
    return tuple(forwards)


def _netblocks(context: SiteContext) -> tuple[Netblocks, ...]:
    places: dict[str, tuple[str, ...]] = {
        name: ("firewall", "netblocks", name) for name in context.site.firewall.netblocks}
    places |= {item.source: ("remotes", item.source) for host in context.site.hosts.values() for item in host.expose
               if item.source in context.site.remotes}
    return tuple(
        Netblocks(name, tuple(sorted(netblock(context, name))),
                  context.origin(*path, controls=("mbg-ip-blocking-lists",)))
        for name, path in sorted(places.items()))


def _vpns(context: SiteContext) -> tuple[Vpn, ...]:
    site = context.site
    return tuple(
        Vpn(name, str(item.peer), tuple(str(site.segments[segment].prefix) for segment in item.local),
            netblock(context, item.remote), item.authentication,
            f"vpn-{name}" if item.authentication == "shared-secret" else "",
            context.origin("firewall", "vpns", name, controls=("vpn-remote-controllers",)))
        for name, item in site.firewall.vpns.items())


def firewall_intent(context: SiteContext, name: str, matrix: FlowMatrix) -> FirewallIntent:
    """Policies, port-forwards and NAT of a firewall that routes."""
    site, settings = context.site, context.site.firewall
    interfaces = [_interface(context, segment, name) for segment in site.devices[name].routes]
    if settings.wan:
        wan_source = context.origin("firewall", "wan", controls=citations.of_leg(context, "wan"))
        interfaces.append(Interface("wan0", "wan", "wan", str(settings.wan.address), "",
                                    str(settings.wan.address.network), "", wan_source))
    hairpin = any(host.hairpin for host in site.hosts.values())
    inside = tuple(item.name for item in interfaces if item.zone in {"call-control", "voice"})
    management = next((item for item in interfaces if item.segment == context.management), None)
    outside = {"wan", *(label for label, remote in site.remotes.items() if remote.via == "wan")}
    outbound = {flow.client for flow in matrix.flows if flow.server in outside} - set(site.remotes)
    source_nat = {str(site.segments[client].prefix) if client in site.segments else f"{site.hosts[client].address}/32"
                  for client in outbound}
    forwards = _forwards(context)
    published = {f"{forward.host_address}/32" for forward in forwards}
    return FirewallIntent(
        "wan0" if settings.wan else "", str(settings.wan.address.ip) if settings.wan else "", tuple(interfaces),
        routed_policies(context, matrix), forwards, _netblocks(context), settings.deny, settings.reject,
        settings.log, settings.sip_helper, inside if hairpin else (), context.admin_sources,
        management.name if management else "", tuple(sorted(source_nat - published)), settings.ping,
        context.origin("firewall", controls=citations.of_firewall(context)),
        _vpns(context))


