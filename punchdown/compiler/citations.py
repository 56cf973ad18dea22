"""Which controls a part of a configuration serves, where that depends on what else the site has."""

from __future__ import annotations

from punchdown.compiler.context import SiteContext
from punchdown.model import Host, Segment

_ZONES = {
    "call-control": ("segregation-controller-vlan", "segregation-server-only-vlan"),
    "server": ("segregation-server-only-vlan",),
    "voice": ("segregation-phone-vlan", "segregation-voice-subnet-size"),
    "data": ("segregation-data-vlan",),
}
_MANAGEMENT = {
    "core-switch": ("segregation-managed-switches",), "access-switch": ("segregation-managed-switches",),
    "firewall": ("firewall-admin-minimal",),
}
_HOSTED = ("micloud-connect", "micloud-flex")
_DMZ_FORWARD = ("firewall-mbg-dmz-public-ip", "firewall-mbg-dmz-private-ip")

QOS = ("qos-8021p-priorities", "qos-helps-against-dos", "qos-encryption-neutral")
"""Marks and classes, told by DSCP or port."""


def of_segment(context: SiteContext, segment: Segment) -> tuple[str, ...]:
    """A VLAN."""
    split = segment.zone == "voice" and len(context.segments_of_zone("voice")) > 1
    return ("segregation-by-type-and-trust", *_ZONES.get(segment.zone, ()),
            *(("segregation-signalling-media-split",) if split else ()))


def of_pool(segment: Segment) -> tuple[str, ...]:
    """The leases of a segment."""
    return _ZONES.get(segment.zone, ())


def of_dot1x(context: SiteContext, *, mab: bool) -> tuple[str, ...]:
    """Port access control."""
    hosted = any(remote.kind in _HOSTED for remote in context.site.remotes.values())
    return ("dot1x-enabled-on-access-switches", "dot1x-only-authorised-users",
            *(("dot1x-mac-authentication-alternative",) if mab else ()), *(("dot1x-hosted-sites",) if hosted else ()))


def of_host_port(*, protected: bool) -> tuple[str, ...]:
    """The port of a host: it admits the host's own addresses, and a protected one is filtered there."""
    return ("segregation-by-type-and-trust", *(("segregation-l2-access-control-core",) if protected else ()))


def of_management(role: str) -> tuple[str, ...]:
    """The management plane of a device."""
    return _MANAGEMENT.get(role, ())


def of_leg(context: SiteContext, zone: str) -> tuple[str, ...]:
    """A firewall's interface."""
    legs = ("firewall-mbg-dmz-three-interfaces",) if zone in {"dmz", "wan"} and _gateways_in_dmz(context) else ()
    return ("segregation-l3-only-between-vlans", "segregation-trust-zones", *legs)


def of_firewall(context: SiteContext) -> tuple[str, ...]:
    """What a firewall refuses."""
    gateways = any(host.kind.startswith("border-gateway") for host in context.site.hosts.values())
    return ("firewall-perimeter-configured", "segregation-trust-zones", "acl-open-ports-from-matrix",
            *(("firewall-port-forward-minimal",) if context.site.firewall.wan else ()),
            *(("segregation-mbg-no-inbound-data",) if gateways else ()))


def of_exposure(context: SiteContext, host: Host, controls: tuple[str, ...]) -> tuple[str, ...]:
    """A service that is forwarded from the Internet; ``controls`` are the service's own."""
    dmz = _DMZ_FORWARD if host in _gateways_in_dmz(context) else ()
    return ("firewall-port-forward-minimal", *dmz, *controls)


def _gateways_in_dmz(context: SiteContext) -> tuple[Host, ...]:
    segments = context.site.segments
    return tuple(host for host in context.site.hosts.values()
                 if host.kind == "border-gateway" and segments[host.segment].zone == "dmz")
