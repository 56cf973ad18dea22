"""What a site claims for itself alone, so that sites can be held against one another without their models.

A claim is small, has no model and can be written as JSON: the claims of a thousand sites fit where their models do not,
and those of a site that nobody touched need not be made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from punchdown.compiler.checks_flows import forwards
from punchdown.model import LoadedSite
from punchdown.values import Position

Kind = Literal["site", "device", "prefix", "address", "mac", "wan", "secret", "forward", "tagged",
               "remote", "remote-prefix"]


@dataclass(frozen=True, slots=True)
class Claim:
    """``value`` must be the site's own; ``label`` says what has it (the segment of a prefix or VLAN, the
    site of a remote prefix)."""

    kind: Kind
    value: str
    site: str
    position: Position
    label: str = ""


def claims_of(loaded: LoadedSite) -> tuple[Claim, ...]:
    """Everything that a site claims, in a fixed order."""
    site, positions = loaded.site, loaded.positions

    def claim(kind: Kind, value: object, *path: str, label: str = "") -> Claim:
        return Claim(kind, str(value), site.site, positions.at(path), label)

    def parts() -> Iterator[Claim]:
        yield claim("site", site.site, "site")
        for name, device in site.devices.items():
            yield claim("device", name, "devices", name)
            if device.radius_secret:
                yield claim("secret", device.radius_secret, "devices", name, "radius_secret")
            for key, spec in device.ports.items():
                for segment in (spec.segments or tuple(site.segments)) if spec.trunk else ():
                    if segment in site.segments:
                        yield claim("tagged", f"{spec.trunk} {site.segments[segment].vlan}", "devices", name, "ports",
                                    key, label=segment)
        for name, item in site.segments.items():
            yield claim("prefix", item.prefix, "segments", name, "prefix", label=name)
            if item.prefix6:
                yield claim("prefix", item.prefix6, "segments", name, "prefix6", label=name)
        for name, host in site.hosts.items():
            yield claim("address", host.address, "hosts", name, "address")
            if host.mac:
                yield claim("mac", host.mac, "hosts", name, "mac")
            for protocol, span, _service in forwards(host) if host.public else ():
                yield claim("forward", f"{protocol} {host.public} port {span.first}", "hosts", name, "expose")
        for name, endpoint in site.endpoints.items():
            yield claim("mac", endpoint.mac, "endpoints", name, "mac")
        for name, remote in site.remotes.items():
            if remote.site is not None:
                yield claim("remote", remote.site, "remotes", name, "site")
                for prefix in remote.addresses:
                    yield claim("remote-prefix", prefix, "remotes", name, "prefixes", label=remote.site)
        if site.firewall.wan:
            yield claim("wan", site.firewall.wan.address.ip, "firewall", "wan", "address")

    return tuple(parts())
