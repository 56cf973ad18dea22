"""The outside of the lab's firewall: who stands in the provider's network, and under which addresses. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from punchdown.model.site import Site

Address = ipaddress.IPv4Address

USUAL = {"teleworker": 70, "blocked": 100, "stranger": 200}
"""Where each stands in the provider's network when it may: one in an allowed netblock, one in a denied one that would
also be allowed, one in none."""
_LOOKED_AT = 65536


@dataclass(frozen=True, slots=True)
class Wan:
    """``address`` of the firewall in CIDR form, ``public`` addresses that it holds as well, ``hosts`` on the outside
    with their addresses as CIDR: the provider's ``router``, and of :data:`USUAL` those that find a place."""

    address: str
    router: str
    public: tuple[str, ...]
    hosts: dict[str, str]

    @staticmethod
    def of6(cidr: str) -> str:
        """The IPv6 CIDR that stands beside an IPv4 address of the outside."""
        return f"fd00:20:ffff::{cidr.partition('/')[0].rpartition('.')[2]}/64"


def plan_outside(site: Site) -> Wan | None:
    """The outside of a site definition; None where its firewall has none."""
    wan = site.firewall.wan
    if wan is None:
        return None
    public = tuple(str(item.public) for item in site.hosts.values() if item.public)
    network = ipaddress.ip_interface(str(wan.address)).network
    taken = {Address(text) for text in (str(wan.address).partition("/")[0], str(wan.router), *public)}
    hosts = {"router": str(wan.router)}
    for name, fits in _places(site).items():
        found = next((one for one in _candidates(network, USUAL[name]) if one not in taken and fits(one)), None)
        if found is not None:
            taken.add(found)
            hosts[name] = str(found)
    return Wan(str(wan.address), str(wan.router), public,
               {name: f"{address}/{network.prefixlen}" for name, address in hosts.items()})


def _places(site: Site) -> dict[str, Callable[[Address], bool]]:
    """Where the site's netblock lists want them; without lists anywhere."""
    allowed, denied = (
        [ipaddress.ip_network(str(prefix)) for prefix in site.firewall.netblocks.get(name, ())]
        for name in (site.firewall.allow, site.firewall.deny))

    def within(blocks: list[ipaddress.IPv4Network | ipaddress.IPv6Network], address: Address) -> bool:
        return any(address in block for block in blocks)

    return {
        "teleworker": lambda address: (not allowed or within(allowed, address)) and not within(denied, address),
        "blocked": lambda address: not denied or within(denied, address),
        "stranger": lambda address: not within(allowed, address) and not within(denied, address),
    }


def _candidates(network: ipaddress.IPv4Network | ipaddress.IPv6Network, usual: int) -> Iterator[Address]:
    first = [Address(int(network.network_address) + usual)] if usual < network.num_addresses - 1 else []
    return chain(first, (Address(int(one)) for one in islice(network.hosts(), _LOOKED_AT)))
