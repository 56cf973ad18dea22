"""What a device is asked beyond what every platform does. Each comes with the place where it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.compiler.context import SiteContext
from punchdown.intent import Need
from punchdown.model import Dot1x, Expose, FlowRequest, Protection
from punchdown.model.access import RadiusTimers

_SWITCHES = {"core-switch", "access-switch"}


def device_needs(context: SiteContext, name: str) -> tuple[Need, ...]:
    """The needs of one device, in order of the definition."""
    role = context.site.devices[name].role
    parts = [_management(context, role)]
    if role in _SWITCHES:
        parts += [_switch(context, name), _stack(context, name), _ports(context, name)]
    if role == "firewall":
        parts.append(_firewall(context))
    if role == "radius":
        parts.append(_radius(context))
    parts += [_routing(context, name), _style(context, name)]
    return tuple(need for part in parts for need in part)


def _need(context: SiteContext, feature: str, what: str, *path: str, controls: tuple[str, ...] = ()) -> Need:
    return Need(feature, what, context.origin(*path, controls=controls))


def _management(context: SiteContext, role: str) -> Iterator[Need]:
    settings = context.site.management
    if settings.aaa.method != "local" and role in (settings.aaa.roles or (role,)):
        yield _need(context, f"login-{settings.aaa.method}", f"logins checked by {settings.aaa.method}", "management",
                    "aaa", "method", controls=("admin-mivb-iam-policies",))
    if settings.snmp and role in (settings.snmp.roles or (role,)):
        yield _need(context, "snmpv3", "SNMPv3", "management", "snmp")


def _style(context: SiteContext, name: str) -> Iterator[Need]:
    style = context.site.devices[name].authentication
    if style != "classic":
        yield _need(context, style, f"authentication in the style {style}", "devices", name, "authentication")


def _routing(context: SiteContext, name: str) -> Iterator[Need]:
    for label in context.site.devices[name].routes:
        segment = context.site.segments[label]
        if segment.vrf:
            yield _need(context, "vrf", f"routing instances (VRF {segment.vrf})", "segments", label, "vrf",
                        controls=("segregation-by-type-and-trust",))
        if segment.first_hop:
            hop = segment.first_hop
            yield _need(context, f"first-hop-{hop.protocol}", f"{hop.protocol.upper()} (group {hop.group} of {label})",
                        "segments", label, "first_hop", controls=("resiliency-load-distribution",))


def _switch(context: SiteContext, name: str) -> Iterator[Need]:
    site = context.site
    tree, protection, phones = site.spanning_tree, site.protection, site.phones
    if tree.mode:
        yield _need(context, f"spanning-tree-{tree.mode}", f"spanning tree {tree.mode}", "spanning_tree", "mode")
    if tree.root == name:
        yield _need(context, "spanning-tree-root", "being the root of the spanning tree", "spanning_tree", "root")
        if tree.root_guard:
            yield _need(context, "root-guard", "root guard", "spanning_tree", "root_guard")
    if tree.loop_guard:
        yield _need(context, "loop-guard", "loop guard", "spanning_tree", "loop_guard")
    usual = Protection()
    for field, feature, what in (
            ("arp_inspection", "arp-inspection", "ARP inspection"),
            ("arp_rate", "arp-inspection", f"an ARP rate of {protection.arp_rate} packets a second"),
            ("source_guard", "source-guard", "source guard"),
            ("dhcp_rate", "dhcp-rate", f"a DHCP rate of {protection.dhcp_rate} packets a second"),
            ("broadcast_percent", "storm-level", f"broadcast storm control at {protection.broadcast_percent} per cent"),
            ("multicast_percent", "storm-level", f"multicast storm control at {protection.multicast_percent} per cent"),
            ("max_macs", "port-security", f"{protection.max_macs} MAC addresses per port")):
        if getattr(protection, field) != getattr(usual, field):
            yield _need(context, feature, what, "protection", field, controls=("segregation-l2-access-control-core",))
    if phones.cdp:
        yield _need(context, "cdp-voice", "announcing the voice VLAN by CDP", "phones", "cdp")
    yield from _authentication(context, name)


def _authentication(context: SiteContext, name: str) -> Iterator[Need]:
    settings, usual = context.site.dot1x, Dot1x()
    if not settings.servers or not any(context.site.devices[name].ports):
        return
    if settings.auth_fail_segment:
        yield _need(context, "dot1x-auth-fail", "a segment for wrong credentials", "dot1x", "auth_fail_segment")
    if settings.change_of_authorization:
        yield _need(context, "dot1x-coa", "change of authorisation", "dot1x", "change_of_authorization")
    if settings.selection != usual.selection:
        yield _need(context, "radius-balanced", "asking RADIUS servers in turn", "dot1x", "selection")
    if settings.timers != RadiusTimers():
        yield _need(context, "radius-timers", "RADIUS timers of its own", "dot1x", "timers")


def _stack(context: SiteContext, name: str) -> Iterator[Need]:
    device = context.site.devices[name]
    if device.stack:
        yield _need(context, "stack", "stacks", "devices", name, "stack")
    for number, member in device.stack.items():
        if member.priority is not None:
            yield _need(context, "stack-priority", f"the priority of stack member {number}", "devices", name, "stack",
                        str(number), "priority")
    for label, link in device.aggregations.items():
        place = ("devices", name, "aggregations", label)
        yield _need(context, "link-aggregation", f"link aggregation ({label})", *place)
        if link.min_links > 1:
            yield _need(context, "link-minimum", f"a least number of members ({label})", *place, "min_links")


def _ports(context: SiteContext, name: str) -> Iterator[Need]:
    for port in context.port_places[name]:
        spec, path = port.spec, ("devices", name, *port.path)
        if spec.role == "mirror":
            yield _need(context, "port-mirror", f"mirroring ports to {port.name}", *path, controls=("dos-ids",))
        if spec.poe:
            yield _need(context, "poe", f"power settings of {port.name}", *path)
        if spec.max_macs:
            yield _need(context, "port-security", f"{spec.max_macs} MAC addresses on {port.name}", *path)


def _firewall(context: SiteContext) -> Iterator[Need]:
    site = context.site
    for name in site.firewall.vpns:
        yield _need(context, "site-to-site-vpn", f"a site-to-site VPN ({name})", "firewall", "vpns", name,
                    controls=("vpn-remote-controllers",))
    places: list[tuple[FlowRequest | Expose, tuple[str, ...]]] = [
        (item, ("flows", str(number))) for number, item in enumerate(site.flows)]
    places += [(entry, ("hosts", host, "expose", str(number))) for host, item in site.hosts.items()
               for number, entry in enumerate(item.expose)]
    for entry, path in places:
        if entry.schedule:
            yield _need(context, "flow-schedule", f"flows by the clock ({entry.schedule})", *path)
        if entry.connections_per_second:
            yield _need(context, "flow-rate", "a rate of new connections", *path)


def _radius(context: SiteContext) -> Iterator[Need]:
    for name, entry in context.site.mac_lists.items():
        if entry.vendors:
            yield _need(context, "mac-vendors", "admission by a vendor's MAC prefix", "mac_lists", name, "vendors",
                        controls=("dot1x-mac-authentication-alternative",))
