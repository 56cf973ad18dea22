"""Remote networks that are sites of the same estate: they exist, and are where they are said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from punchdown.compiler.claims import Claim
from punchdown.model import Diagnostic
from punchdown.model.diagnostics import make_diagnostic, suggest


def check_remotes(claims: Iterable[Claim], excerpt: Callable[[Claim], str]) -> Iterator[Diagnostic]:
    """Every remote network that names a site wrongly; ``excerpt`` gives the line where a claim is written."""
    every = list(claims)
    sites = {claim.value for claim in every if claim.kind == "site"}
    networks: dict[str, list[IPv4Network | IPv6Network]] = {}
    named = [claim for claim in every if claim.kind == "remote"]
    for claim in every if named else ():
        if claim.kind == "prefix":
            networks.setdefault(claim.site, []).append(ip_network(claim.value))
    for claim in named:
        if claim.value == claim.site or claim.value not in sites:
            yield make_diagnostic("remote-site-unknown", claim.position, f"there is no other site {claim.value!r}",
                                  hint=suggest(claim.value, sites - {claim.site}), excerpt=excerpt(claim))
    for claim in every:
        if claim.kind == "remote-prefix" and claim.label in sites and claim.label != claim.site:
            prefix = ip_network(claim.value)
            if not any(_holds(network, prefix) for network in networks.get(claim.label, ())):
                yield make_diagnostic("remote-site-prefix", claim.position,
                                      f"{prefix} is in no segment of {claim.label}", excerpt=excerpt(claim))


def _holds(network: IPv4Network | IPv6Network, prefix: IPv4Network | IPv6Network) -> bool:
    first, last = int(prefix.network_address), int(prefix.broadcast_address)
    return network.version == prefix.version and int(network.network_address) <= first \
        and last <= int(network.broadcast_address)
