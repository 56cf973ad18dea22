"""VLANs, prefixes and addresses of one site that can't all be true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from punchdown.compiler.context import SiteContext
from punchdown.model import Segment

Place = tuple[str, ...]
_Network = IPv4Network | IPv6Network


def note_twice(context: SiteContext, code: str, what: str, items: Iterable[tuple[object, Place]]) -> None:
    """Note every value that stands at a second place, with the place of the first."""
    seen: dict[object, Place] = {}
    for value, path in items:
        if value in seen:
            first = context.loaded.positions.at(seen[value])
            context.error(code, path, f"{what} {value} is used twice", f"first used at {first}")
        else:
            seen[value] = path


def overlaps(items: Iterable[tuple[_Network, Place]]) -> Iterator[tuple[_Network, Place, _Network, Place]]:
    """Every network that lies in an earlier one of its family, with the nearest: (wider, its place, narrower, its
    place), sorted by address. One pair for each network, so that the cost stays linear however much overlaps."""
    ordered = sorted(items, key=lambda item: (int(item[0].network_address), item[0].prefixlen))
    around: list[tuple[_Network, Place, int]] = []
    for network, path in ordered:
        first = int(network.network_address)
        while around and around[-1][2] < first:
            around.pop()
        if around:
            yield *around[-1][:2], network, path
        around.append((network, path, first + network.num_addresses - 1))


def _segments(context: SiteContext) -> None:
    site = context.site
    note_twice(context, "vlan-twice", "VLAN", (
        (segment.vlan, ("segments", name, "vlan")) for name, segment in site.segments.items()))
    for wider, first, narrower, second in overlaps(
            (segment.prefix, ("segments", name, "prefix")) for name, segment in site.segments.items()):
        _overlap(context, "prefix-overlap", wider, first, narrower, second)
    for wider, first, narrower, second in overlaps(
            (segment.prefix6, ("segments", name, "prefix6")) for name, segment in site.segments.items()
            if segment.prefix6):
        _overlap(context, "prefix6-overlap", wider, first, narrower, second)
    for name, segment in site.segments.items():
        _segment(context, name, segment)


def _overlap(context: SiteContext, code: str, one: _Network, first: Place, two: _Network, second: Place) -> None:
    order = list(context.site.segments)
    if order.index(first[1]) > order.index(second[1]):
        one, first, two, second = two, second, one, first
    context.error(code, second, f"{two} overlaps {one}",
                  f"{first[1]!r} has it at {context.loaded.positions.at(first)}")


def _segment(context: SiteContext, name: str, segment: Segment) -> None:
    path, prefix = ("segments", name), segment.prefix
    if segment.vlan == context.site.parking_vlan:
        context.error("vlan-parking", (*path, "vlan"), f"VLAN {segment.vlan} parks unused ports",
                      "choose another, or set `parking_vlan`")
    if segment.zone == "voice" and prefix.prefixlen < 22:
        context.error("voice-prefix-wide", (*path, "prefix"), f"a phone segment wider than /22 ({prefix})")
    elif segment.zone == "voice" and prefix.prefixlen < 24:
        context.warning("voice-prefix-broad", (*path, "prefix"), f"a phone segment wider than /24 ({prefix})")
    if prefix.prefixlen > 30:
        context.error("prefix-small", (*path, "prefix"), f"{prefix} has no room for a router and hosts")
    for network, key in ((prefix, "prefix"), (segment.prefix6, "prefix6")):
        if network and (network.is_loopback or network.is_multicast or network.is_link_local or network.is_unspecified):
            context.error("prefix-reserved", (*path, key), f"{network} is never routed")
    if segment.router and segment.router not in prefix:
        context.error("router-outside", (*path, "router"), f"{segment.router} is outside of {prefix}")
    if segment.dhcp:
        _leases(context, name, segment)


def _leases(context: SiteContext, name: str, segment: Segment) -> None:
    path = ("segments", name, "dhcp")
    first, last = (ip_address(text) for text in str(segment.dhcp).split("-"))
    for end in (first, last):
        if end not in segment.prefix:
            context.error("dhcp-outside", path, f"{end} is outside of {segment.prefix}")
    router = context.router_of(segment)
    low, high = int(first), int(last)
    if low <= int(ip_address(router)) <= high:
        context.error("dhcp-holds-router", path, f"the range holds the router's address {router}")
    for host, item in context.site.hosts.items():
        if item.segment == name and low <= int(item.address) <= high:
            context.error("dhcp-holds-host", path, f"the range holds {item.address}, the address of {host}")
    for device, model in context.site.devices.items():
        if low <= int(model.management) <= high and device not in context.site.hosts:
            context.error("dhcp-overlap", path, f"the range holds {model.management}, the address of {device}")


def _hosts(context: SiteContext) -> None:
    site = context.site
    for name, host in site.hosts.items():
        segment = site.segments.get(host.segment)
        if segment is None:
            continue
        _host_address(context, name, host.address, segment)
        if host.address6 and (segment.prefix6 is None or host.address6 not in segment.prefix6):
            context.error("address6-outside", ("hosts", name, "address6"),
                          f"{host.address6} is outside of {segment.prefix6 or 'a segment without IPv6'}")
        if host.public:
            _public(context, name, host.public)
    note_twice(context, "address-twice", "the address", (
        (host.address, ("hosts", name, "address")) for name, host in site.hosts.items()))
    note_twice(context, "address6-twice", "the address", (
        (host.address6, ("hosts", name, "address6")) for name, host in site.hosts.items() if host.address6))
    macs: list[tuple[str, Place]] = [
        (host.mac, ("hosts", name, "mac")) for name, host in site.hosts.items() if host.mac]
    macs += [(item.mac, ("endpoints", name, "mac")) for name, item in site.endpoints.items()]
    macs += [(mac, ("mac_lists", name, "macs", str(number))) for name, item in site.mac_lists.items()
             for number, mac in enumerate(item.macs)]
    note_twice(context, "mac-twice", "the MAC address", macs)
    for mac, path in macs:
        if int(mac[:2], 16) & 1:
            context.error("mac-group", path, f"{mac} is the address of a group of stations")


def _host_address(context: SiteContext, name: str, address: IPv4Address, segment: Segment) -> None:
    path, prefix = ("hosts", name, "address"), segment.prefix
    if address not in prefix:
        context.error("address-outside", path, f"{address} is outside of {prefix}",
                      f"the segment {context.site.hosts[name].segment!r} has {prefix}")
    elif prefix.prefixlen <= 30 and address in {prefix.network_address, prefix.broadcast_address}:
        context.error("address-network", path, f"{address} belongs to the prefix {prefix} itself")
    elif str(address) == context.router_of(segment) and name not in context.site.devices \
            and context.site.hosts[name].segment not in context.site.hosts[name].routes:
        context.error("address-router", path, f"{address} is the address of the segment's router",
                      "choose another, or set `router` on the segment")


def _public(context: SiteContext, name: str, public: IPv4Address) -> None:
    path = ("hosts", name, "public")
    inside = next((label for label, item in context.site.segments.items() if public in item.prefix), "")
    if inside:
        context.error("public-inside", path, f"{public} lies inside of the segment {inside!r}")
    elif public in _SHARED or any(public in network for network in _PRIVATE):
        context.warning("public-private", path, f"{public} is a private address")


_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""
_SHARED = IPv4Network("100.64.0.0/10")
"""RFC 6598."""


def _management(context: SiteContext) -> None:
    site = context.site
    note_twice(context, "management-twice", "the management address", (
        (device.management, ("devices", name, "management")) for name, device in site.devices.items()))
    prefix = site.segments[context.management].prefix if context.management else None
    hosts = {host.address: name for name, host in site.hosts.items()}
    for name, device in site.devices.items():
        path = ("devices", name, "management")
        if prefix and device.management not in prefix:
            context.error("management-outside", path, f"{device.management} is outside of {prefix}",
                          f"devices are managed in the segment {context.management!r}")
        owner = hosts.get(device.management, name)
        if owner != name:
            context.error("management-host", path, f"{device.management} is the address of the host {owner}",
                          f"call both {owner!r} if they are one machine")


def _wan(context: SiteContext) -> None:
    wan = context.site.firewall.wan
    if wan is None:
        return
    network = wan.address.network
    if wan.router not in network:
        context.error("wan-router-outside", ("firewall", "wan", "router"), f"{wan.router} is outside of {network}")
    for name, segment in context.site.segments.items():
        if network.overlaps(segment.prefix):
            context.error("wan-overlap", ("firewall", "wan", "address"),
                          f"the WAN {network} overlaps the segment {name!r} ({segment.prefix})")


def check_addresses(context: SiteContext) -> None:
    """Segments, hosts, devices and the WAN: numbers that can't all be true."""
    for part in (_segments, _hosts, _management, _wan):
        part(context)
