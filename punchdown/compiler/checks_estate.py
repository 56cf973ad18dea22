"""Sites that can't both be true: what is checked over the whole estate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network

from punchdown.compiler.checks_flows import forwards
from punchdown.model import Diagnostic, Estate, LoadedSite

Place = tuple[str, ...]
Item = tuple[object, str, Place]
"""A value, the site that has it and where."""


def check_estate(estate: Estate) -> tuple[Diagnostic, ...]:
    """What the sites say against one another, at the later of the two places."""
    if len(estate.loaded) < 2:
        return ()
    parts = (_devices, _prefixes, _addresses, _macs, _wans, _secrets, _trunks, _nat)
    return tuple(item for part in parts for item in part(estate))


def _note(estate: Estate, code: str, site: str, path: Place, message: str, other: str, there: Place) -> Diagnostic:
    first = estate.loaded[other].positions.at(there)
    return estate.loaded[site].positions.diagnostic(code, path, message, f"in site {other!r} at {first}")


def _shared(estate: Estate, code: str, what: str, items: Iterable[Item]) -> Iterator[Diagnostic]:
    """A diagnostic for every value that a second site has."""
    seen: dict[object, tuple[str, Place]] = {}
    for value, site, path in items:
        other, there = seen.setdefault(value, (site, path))
        if other != site:
            yield _note(estate, code, site, path, f"{what} {value} is in two sites", other, there)


def _each(estate: Estate) -> Iterator[tuple[str, LoadedSite]]:
    return iter(estate.loaded.items())


def _devices(estate: Estate) -> Iterator[Diagnostic]:
    return _shared(estate, "device-twice", "the device", (
        (name, label, ("devices", name)) for label, item in _each(estate) for name in item.site.devices))


def _addresses(estate: Estate) -> Iterator[Diagnostic]:
    return _shared(estate, "address-twice-sites", "the address", (
        (host.address, label, ("hosts", name, "address"))
        for label, item in _each(estate) for name, host in item.site.hosts.items()))


def _macs(estate: Estate) -> Iterator[Diagnostic]:
    def items() -> Iterator[Item]:
        for label, item in _each(estate):
            for name, host in item.site.hosts.items():
                if host.mac:
                    yield host.mac, label, ("hosts", name, "mac")
            for name, endpoint in item.site.endpoints.items():
                yield endpoint.mac, label, ("endpoints", name, "mac")
    return _shared(estate, "mac-twice-sites", "the MAC address", items())


def _wans(estate: Estate) -> Iterator[Diagnostic]:
    return _shared(estate, "wan-twice-sites", "the WAN address", (
        (item.site.firewall.wan.address.ip, label, ("firewall", "wan", "address"))
        for label, item in _each(estate) if item.site.firewall.wan))


def _secrets(estate: Estate) -> Iterator[Diagnostic]:
    return _shared(estate, "radius-secret-shared", "the RADIUS secret", (
        (device.radius_secret, label, ("devices", name, "radius_secret"))
        for label, item in _each(estate) for name, device in item.site.devices.items() if device.radius_secret))


def _nat(estate: Estate) -> Iterator[Diagnostic]:
    def items() -> Iterator[Item]:
        for label, item in _each(estate):
            for name, host in item.site.hosts.items():
                for protocol, span, _service in forwards(host) if host.public else ():
                    yield f"{protocol} {host.public} port {span.first}", label, ("hosts", name, "expose")
    return _shared(estate, "nat-clash-sites", "the port-forward of", items())


Span = tuple[int, int, IPv4Network | IPv6Network, str, str, str]
"""First and last address, prefix, site, segment, key."""


def _prefixes(estate: Estate) -> Iterator[Diagnostic]:
    """A sweep over all prefixes by address, so that the cost grows with their number and not with its square."""
    stretched = _stretched(estate)
    for key in ("prefix", "prefix6"):
        spans: list[Span] = []
        for label, item in _each(estate):
            for name, segment in item.site.segments.items():
                network = getattr(segment, key)
                if network is not None:
                    first = int(network.network_address)
                    spans.append((first, first + network.num_addresses - 1, network, label, name, key))
        yield from _sweep(estate, sorted(spans, key=lambda span: (span[0], -span[1])), stretched)


def _sweep(estate: Estate, spans: list[Span], stretched: frozenset[tuple[str, str]]) -> Iterator[Diagnostic]:
    around: list[Span] = []
    for span in spans:
        first, _last, network, site, segment, key = span
        while around and around[-1][1] < first:
            around.pop()
        for _first, _end, wider, other_site, other_segment, _key in around[-1:]:
            same = network == wider and segment == other_segment
            if site == other_site or (same and {(site, segment), (other_site, other_segment)} <= stretched):
                continue
            later, earlier = ((site, segment), (other_site, other_segment))
            one, two = network, wider
            if later < earlier:
                later, earlier, one, two = earlier, later, two, one
            yield _note(estate, "prefix-overlap-sites", later[0], ("segments", later[1], key),
                        f"{one} overlaps {two} of the segment {earlier[1]!r}", earlier[0],
                        ("segments", earlier[1], key))
        around.append(span)


Tagged = tuple[str, str, Place, str, int]
"""Trunk, site, where it is written, segment, VLAN number."""


def _tagged(estate: Estate) -> Iterator[Tagged]:
    """What every site puts on the trunks that it shares with others."""
    for label, item in _each(estate):
        segments = item.site.segments
        for name, device in item.site.devices.items():
            for key, spec in device.ports.items():
                for segment in (spec.segments or tuple(segments)) if spec.trunk else ():
                    if segment in segments:
                        yield spec.trunk, label, ("devices", name, "ports", key), segment, segments[segment].vlan


def _stretched(estate: Estate) -> frozenset[tuple[str, str]]:
    """(site, segment) of segments that go over a shared trunk: one segment in several sites."""
    return frozenset((site, segment) for _trunk, site, _path, segment, _vlan in _tagged(estate))


def _trunks(estate: Estate) -> Iterator[Diagnostic]:
    """One number must be one segment on a trunk: of the same name, hence of the same prefix."""
    seen: dict[tuple[str, int], tuple[str, str, Place]] = {}
    for trunk, site, path, segment, vlan in _tagged(estate):
        other, there_segment, there = seen.setdefault((trunk, vlan), (site, segment, path))
        if other != site and there_segment != segment:
            yield _note(estate, "vlan-trunk-clash", site, path,
                        f"on the trunk {trunk} VLAN {vlan} is {segment} here and {there_segment} there", other, there)
