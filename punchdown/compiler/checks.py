"""A site as a whole: numbers, addresses and ports that can't both be true, and what the guideline forbids."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from itertools import combinations

from punchdown.catalog import kinds
from punchdown.compiler.context import SiteContext

NEVER_EXPOSED = {
    "smdr": "acl-smdr", "pms": "acl-pms", "minet": "acl-secure-minet", "ssh": "admin-mbg-ssh-restricted",
    "phone-download": "wan-disable-unused",
}
"""Services that never face the Internet; source: port matrix of the vendor's papers (never_expose_to_internet)."""


def _twice(context: SiteContext, code: str, what: str, items: Iterable[tuple[object, tuple[str, ...]]]) -> None:
    seen: dict[object, tuple[str, ...]] = {}
    for value, path in items:
        if value in seen:
            first = context.loaded.positions.at(seen[value])
            context.error(code, path, f"{what} {value} is used twice", f"first used at {first}")
        else:
            seen[value] = path


def _segments(context: SiteContext) -> None:
    site = context.site
    _twice(context, "vlan-twice", "VLAN", (
        (segment.vlan, ("segments", name, "vlan")) for name, segment in site.segments.items()))
    for (first, one), (second, two) in combinations(site.segments.items(), 2):
        if one.prefix.overlaps(two.prefix):
            context.error("prefix-overlap", ("segments", second, "prefix"), f"{two.prefix} overlaps {one.prefix}",
                          f"{first!r} has it at {context.loaded.positions.at(('segments', first, 'prefix'))}")
    for name, segment in site.segments.items():
        if segment.vlan == site.parking_vlan:
            context.error("vlan-parking", ("segments", name, "vlan"), f"VLAN {segment.vlan} parks unused ports",
                          "choose another, or set `parking_vlan`")
        if segment.zone == "voice" and segment.prefix.prefixlen < 22:
            context.error("voice-prefix-wide", ("segments", name, "prefix"),
                          f"a phone segment wider than /22 ({segment.prefix}) [segregation-voice-subnet-size]")
        elif segment.zone == "voice" and segment.prefix.prefixlen < 24:
            context.warning("voice-prefix-wide", ("segments", name, "prefix"),
                            f"a phone segment wider than /24 ({segment.prefix}) [segregation-voice-subnet-size]")
        _lease_range(context, name)


def _lease_range(context: SiteContext, name: str) -> None:
    segment = context.site.segments[name]
    for text in segment.dhcp.split("-") if segment.dhcp else ():
        if ip_address(text) not in segment.prefix:
            context.error("dhcp-outside", ("segments", name, "dhcp"), f"{text} is outside of {segment.prefix}")


def _addresses(context: SiteContext) -> None:
    site = context.site
    for name, host in site.hosts.items():
        prefix = site.segments[host.segment].prefix
        if host.address not in prefix:
            context.error("address-outside", ("hosts", name, "address"), f"{host.address} is outside of {prefix}",
                          f"the segment {host.segment!r} has {prefix}")
        prefix6 = site.segments[host.segment].prefix6
        if host.address6 and (prefix6 is None or host.address6 not in prefix6):
            context.error("address-outside", ("hosts", name, "address6"),
                          f"{host.address6} is outside of {prefix6 or 'a segment without IPv6'}")
    _twice(context, "address-twice", "the address", (
        (host.address, ("hosts", name, "address")) for name, host in site.hosts.items()))
    macs = [(host.mac, ("hosts", name, "mac")) for name, host in site.hosts.items() if host.mac]
    macs += [(item.mac, ("endpoints", name, "mac")) for name, item in site.endpoints.items()]
    _twice(context, "mac-twice", "the MAC address", macs)
    management = site.segments[context.management].prefix
    _twice(context, "address-twice", "the management address", (
        (device.management, ("devices", name, "management")) for name, device in site.devices.items()))
    for name, device in site.devices.items():
        if device.management not in management:
            context.error("address-outside", ("devices", name, "management"),
                          f"{device.management} is outside of {management}", "devices are managed in that segment")


def _ports(context: SiteContext) -> None:
    for name, ports in context.written_ports.items():
        _twice(context, "port-twice", "the port", ((port, ("devices", name, "ports", key)) for port, key in ports))


def _exposure(context: SiteContext) -> None:
    for name, host in context.site.hosts.items():
        for number, item in enumerate(host.expose):
            path = ("hosts", name, "expose", str(number))
            if control := NEVER_EXPOSED.get(item.service):
                context.error("never-expose", path, f"{item.service} never faces the Internet [{control}]")
            if host.kind == "mivoice-business":
                context.error("never-expose", path, "a PBX faces the Internet through a border gateway only "
                              "[firewall-admin-minimal]", "expose the border gateway's service")


def _protection(context: SiteContext) -> None:
    for name, host in context.site.hosts.items():
        if kinds()[host.kind].protected and name not in context.host_ports:
            context.warning("protected-no-port", ("hosts", name), f"{name} stands on no declared port: only the routed "
                            "path to it is filtered [segregation-voice-nodes-protected]")
        if host.segment not in context.routers:
            context.warning("segment-unrouted", ("hosts", name, "segment"),
                            f"no device routes {host.segment}: only its own segment reaches {name}")


def _routing(context: SiteContext) -> None:
    owners: dict[str, str] = {}
    for name, device in context.site.devices.items():
        for number, segment in enumerate(device.routes):
            if segment in owners:
                context.error("router-twice", ("devices", name, "routes", str(number)),
                              f"{segment} is routed by {owners[segment]} already")
            owners[segment] = name


def check_site(context: SiteContext) -> None:
    """Note every contradiction and every breach of the guideline. Needs valid references."""
    for part in (_segments, _addresses, _ports, _exposure, _protection, _routing):
        part(context)
