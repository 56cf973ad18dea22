"""What a site asks for that can't work: ways that don't exist, ports of nothing, stand-ins that can't stand in."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from punchdown.catalog import can_tls, kinds, marks, remote_kinds, services
from punchdown.compiler.access import SERVER_ROLES
from punchdown.compiler.checks_arp import check_arp
from punchdown.compiler.context import SiteContext
from punchdown.compiler.flows import netblock
from punchdown.compiler.ports import link_members, member_of_stack, port_names
from punchdown.model import Device, PortSpec, Remote

_STATION_ZONES = frozenset({"voice", "data", "guest"})


def check_requests(context: SiteContext) -> None:
    """Note every request that can't be met anywhere. Needs names that exist."""
    for part in (_services, _remotes, _inward, _lists, _limits, _first_hops, _hosts, _names, _endpoints, _phones,
                 _wireless, _management, check_arp):
        part(context)
    for name, device in context.site.devices.items():
        _ports(context, name, device)


def _services(context: SiteContext) -> None:
    for name, item in context.site.custom_services.items():
        path = ("custom_services", name)
        if name in services():
            context.error("custom-service-shadows", path, f"the catalogue has a service {name!r} already")
        if not (item.tcp or item.udp):
            context.error("custom-service-empty", path, f"{name} has no ports")


def _remotes(context: SiteContext) -> None:
    site = context.site
    for name, remote in site.remotes.items():
        path = ("remotes", name)
        if remote.via != "wan" and not remote.addresses:
            context.error("remote-no-prefix", path, f"{name} lies behind {remote.via} and has no addresses")
        if remote_kinds()[remote.kind].hosted and len(remote.regions) < 2:
            context.warning("hosted-one-region", path, f"{name} has {len(remote.regions) or 'no'} region")
        for segment, item in site.segments.items():
            inside = [prefix for prefix in remote.addresses if _meets(prefix, item.prefix, item.prefix6)]
            if inside and segment != remote.via:
                context.error("remote-overlap", path, f"{inside[0]} is in the segment {segment}")
    for label, vpn in site.firewall.vpns.items():
        for name, remote in site.remotes.items():
            if (name == vpn.remote) != (remote.via == label):
                context.error("vpn-unfit", ("firewall", "vpns", label, "remote"),
                              f"{label} leads to {vpn.remote}, and {name} is reached by {remote.via}")
    if site.firewall.vpns and site.firewall.wan is None:
        context.error("vpn-no-wan", ("firewall", "vpns"), "the firewall has no outside")


def _meets(prefix: IPv4Network | IPv6Network, *others: IPv4Network | IPv6Network | None) -> bool:
    return any(other is not None and prefix.version == other.version and prefix.overlaps(other) for other in others)


def _inward(context: SiteContext) -> None:
    for number, item in enumerate(context.site.flows):
        remote: Remote | None = context.site.remotes.get(item.client)
        if remote and remote.via == "wan":
            context.error("remote-inward", ("flows", str(number), "from"), f"{item.client} lies behind the WAN",
                          f"`expose: [{{service: {item.service}, from: {item.client}}}]` on the host")
        elif remote and not remote.addresses:
            context.error("remote-no-prefix", ("flows", str(number), "from"), f"{item.client} has no addresses")


def _lists(context: SiteContext) -> None:
    """Lists that somebody's access depends on must not be empty."""
    site = context.site
    used: list[tuple[str, tuple[str, ...]]] = [
        (site.firewall.allow, ("firewall", "allow")), (site.firewall.deny, ("firewall", "deny"))]
    used += [(item.source, ("hosts", name, "expose", str(number))) for name, host in site.hosts.items()
             for number, item in enumerate(host.expose) if item.source != "any"]
    for name, path in used:
        if name and not netblock(context, name):
            context.error("list-empty", path, f"{name} holds no address")


def _limits(context: SiteContext) -> None:
    """Times and rates need a firewall in the way."""
    site = context.site
    for number, item in enumerate(site.flows):
        if not (item.schedule or item.connections_per_second):
            continue
        ends = {site.hosts[name].segment if name in site.hosts else name for name in (item.client, item.server)}
        firewalls = {segment for device in site.devices.values() if device.role == "firewall"
                     for segment in device.routes}
        if len(ends) < 2 or not ends & firewalls:
            context.error("limit-unrouted", ("flows", str(number)), f"no firewall is between {item.client} and "
                          f"{item.server}")


def _first_hops(context: SiteContext) -> None:
    for name, segment in context.site.segments.items():
        if segment.first_hop is None:
            continue
        path = ("segments", name, "first_hop", "priorities")
        routers = {label for label, device in context.site.devices.items() if name in device.routes}
        for stranger in sorted(set(segment.first_hop.priorities) - routers):
            context.error("first-hop-stranger", (*path, stranger), f"{stranger} does not route {name}")
        for silent in sorted(routers - set(segment.first_hop.priorities)):
            context.error("first-hop-stranger", path, f"{silent} routes {name} and has no priority")


def _hosts(context: SiteContext) -> None:
    site = context.site
    routed = {segment: name for name, device in site.devices.items() for segment in device.routes}
    for name, host in site.hosts.items():
        path = ("hosts", name)
        for number, segment in enumerate(host.routes):
            if segment in routed:
                context.error("host-routes-twice", (*path, "routes", str(number)),
                              f"{segment} is routed by {routed[segment]} already")
            routed.setdefault(segment, name)
        other = site.hosts[host.secondary_of] if host.secondary_of else None
        if other and (host.secondary_of == name or not kinds()[other.kind].private or not kinds()[host.kind].private):
            context.error("secondary-unfit", (*path, "secondary_of"), f"{name} ({host.kind}) can't stand in for "
                          f"{host.secondary_of} ({other.kind})")
        elif other and other.secondary_of:
            context.error("secondary-unfit", (*path, "secondary_of"), f"{host.secondary_of} is a secondary itself")


def _names(context: SiteContext) -> None:
    for number, item in enumerate(context.site.split_names):
        if item.outside and context.site.hosts[item.outside].public is None:
            context.error("split-no-public", ("split_names", str(number), "outside"),
                          f"{item.outside} has no public address")


def _endpoints(context: SiteContext) -> None:
    for name, endpoint in context.site.endpoints.items():
        if endpoint.kind == "phone" and endpoint.eap == "tls" and not can_tls(endpoint.model):
            context.error("eap-impossible", ("endpoints", name, "eap"), f"model {endpoint.model} can't do EAP-TLS")
    for name, item in context.site.mac_lists.items():
        if not (item.macs or item.vendors):
            context.error("mac-list-empty", ("mac_lists", name), f"{name} is empty")
        if item.vendors:
            context.warning("mac-vendor-wide", ("mac_lists", name, "vendors"),
                            f"{name} admits every address that begins with {', '.join(item.vendors)}")


def _phones(context: SiteContext) -> None:
    phones, profile = context.site.phones, context.site.qos.profile
    if context.voice and not (phones.lldp_med or phones.cdp or phones.dhcp):
        context.error("phones-no-vlan", ("phones",), "phones have no way to learn their VLAN")
    priority = marks(profile)["media"][1]
    if phones.cdp and not phones.lldp_med and priority != 5:
        context.warning("cdp-priority", ("phones", "cdp"), f"the profile {profile} marks media 802.1p {priority}")


def _wireless(context: SiteContext) -> None:
    for name, wlan in context.site.wireless.ssids.items():
        zone = context.site.segments[wlan.segment].zone
        if zone not in _STATION_ZONES:
            context.error("ssid-zone", ("wireless", "ssids", name, "segment"), f"{wlan.segment} is of zone {zone}")


def _management(context: SiteContext) -> None:
    aaa = context.site.management.aaa
    path = ("management", "aaa", "servers")
    if aaa.method != "local" and not aaa.servers:
        context.error("server-unfit", ("management", "aaa", "method"), f"no host checks logins by {aaa.method}")
    for number, server in enumerate(aaa.servers):
        if aaa.method == "radius" and context.site.hosts[server].kind != "radius-server":
            context.error("server-unfit", (*path, str(number)), f"{server} is no radius-server")


def _ports(context: SiteContext, name: str, device: Device) -> None:
    if device.exceptions or device.aggregations or device.stack:
        _spread_ports(context, name, device)
    for key, spec in device.ports.items():
        _port(context, ("devices", name, "ports", key), spec)
    for label, link in device.aggregations.items():
        _port(context, ("devices", name, "aggregations", label), PortSpec(role=link.role, segments=link.segments))


def _spread_ports(context: SiteContext, name: str, device: Device) -> None:
    """What needs every port by its name."""
    prefix = context.port_prefix(device)
    declared = {port for port, _ in context.written_ports[name]}
    for key in device.exceptions:
        for port in port_names(key, prefix):
            if port not in declared:
                context.error("port-exception-unknown", ("devices", name, "exceptions", key),
                              f"no range declares {port}")
    for label in device.aggregations:
        path = ("devices", name, "aggregations", label)
        for port in link_members(device, label, prefix):
            if port in declared:
                context.error("port-twice", path, f"the port {port} is used twice", "leave it out of `ports`")
            declared.add(port)
    numbers: dict[int, str] = {}
    for label, link in device.aggregations.items():
        if other := numbers.get(link.number):
            context.error("link-number-twice", ("devices", name, "aggregations", label, "number"),
                          f"{label} and {other} are both number {link.number}")
        numbers.setdefault(link.number, label)
    members = {member for port in declared if (member := member_of_stack(port))} if device.stack else set()
    for member in sorted(members - set(device.stack)):
        context.error("stack-member-unknown", ("devices", name, "ports"), f"ports are on member {member}, the stack "
                      f"has {', '.join(map(str, sorted(device.stack)))}")


def _port(context: SiteContext, path: tuple[str, ...], spec: PortSpec) -> None:
    ssids = context.site.wireless.ssids
    if spec.role == "uplink" and not spec.segments:
        context.error("trunk-no-segments", path, "the uplink carries no segment")
    if spec.role == "access-point" and not (spec.segments or ssids):
        context.error("trunk-no-segments", path, "the access point has no wireless network")
    if spec.role == "mirror" and not spec.mirrors:
        context.error("mirror-no-ports", path, "the mirror port repeats no port")
    zone = SERVER_ROLES.get(spec.role)
    if zone and not spec.segment and not context.segments_of_zone(zone):
        context.error("port-role-zone", path, f"there is no segment of zone {zone}")
