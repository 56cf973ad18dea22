"""Site-to-site VPNs by routes: a tunnel interface, selectors, and routes into it.

A second route to nowhere stands below each, so that nothing for the far side leaves unencrypted while the tunnel is
down. Source: fact sheet, "Site-to-site IPsec"; vendor's cookbook, "Pointing to branch offices with black hole routes".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from itertools import product
from zlib import crc32

from punchdown.intent import FirewallIntent, Vpn
from punchdown.platforms import vpns
from punchdown.platforms.fortinet_fortios.objects import OWN_IDS, tunnel
from punchdown.values import Provenance

PROPOSAL = "aes256-sha256"
LAST_RESORT = 254
"""The distance of a route that is used when there is no other."""
_NAME_LENGTH = 15
"""Of an interface. Source: vendor's administration guide, "Phase 1 configuration"."""


@dataclass(frozen=True, slots=True)
class Selector:
    """What may pass: networks here and there."""

    name: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class TunnelRoute:
    """``blackhole``: to nowhere."""

    id: int
    prefix: str
    blackhole: bool


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One VPN in the device's words. ``secret`` names the shared one."""

    name: str
    wan: str
    peer: str
    secret: str
    selectors: tuple[Selector, ...]
    routes: tuple[TunnelRoute, ...]
    source: Provenance


def tunnels(firewall: FirewallIntent) -> tuple[Tunnel, ...]:
    """All VPNs of a firewall."""
    taken: set[int] = set()
    return tuple(_tunnel(vpn, firewall.wan, taken) for vpn in firewall.vpns)


def _tunnel(vpn: Vpn, wan: str, taken: set[int]) -> Tunnel:
    name = tunnel(vpn)
    selectors = tuple(Selector(f"{name}-{number}", here, there)
                      for number, (here, there) in enumerate(product(vpn.local, vpn.remote), 1))
    routes = tuple(TunnelRoute(_number(f"{vpn.name} {prefix} {blackhole}", taken), prefix, blackhole)
                   for prefix in vpn.remote for blackhole in (False, True))
    return Tunnel(name, wan, vpn.peer, vpn.secret, selectors, routes, vpn.source)


def _number(text: str, taken: set[int]) -> int:
    found = OWN_IDS.start + crc32(text.encode()) % len(OWN_IDS)
    while found in taken:
        found = OWN_IDS.start + (found + 1 - OWN_IDS.start) % len(OWN_IDS)
    taken.add(found)
    return found


def refusals(firewall: FirewallIntent) -> Iterator[str]:
    """Why the VPNs can't be met."""
    yield from vpns.refusals(firewall)
    for vpn in firewall.vpns:
        if len(tunnel(vpn)) > _NAME_LENGTH:
            yield f"{vpn.name}: its interface would have a name of more than {_NAME_LENGTH} characters"
        for prefix in vpn.remote:
            if any(ip_network(prefix).version == ip_network(text).version and ip_network(prefix).overlaps(
                    ip_network(text)) for item in firewall.interfaces for text in (item.prefix, *item.behind) if text):
                yield f"{vpn.name}: {prefix} is reached by another interface as well"
