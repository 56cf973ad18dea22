"""Remote networks that are sites of the same estate: they exist, and are where they are said to be."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from punchdown.model import Diagnostic, Estate, Site
from punchdown.model.diagnostics import suggest


def check_remotes(estate: Estate) -> Iterator[Diagnostic]:
    """Every remote network that names a site wrongly."""
    for label, item in estate.loaded.items():
        for name, remote in item.site.remotes.items():
            if remote.site is None:
                continue
            path = ("remotes", name, "site")
            if remote.site == label or remote.site not in estate.loaded:
                known = set(estate.loaded) - {label}
                yield item.positions.diagnostic("remote-site-unknown", path, f"there is no other site {remote.site!r}",
                                                suggest(remote.site, known))
                continue
            other = estate.loaded[remote.site].site
            for prefix in remote.addresses:
                if not _in_segment(prefix, other):
                    yield item.positions.diagnostic(
                        "remote-site-prefix", ("remotes", name, "prefixes"),
                        f"{prefix} is in no segment of {remote.site}")


def _in_segment(prefix: IPv4Network | IPv6Network, site: Site) -> bool:
    around = (network for segment in site.segments.values() for network in (segment.prefix, segment.prefix6) if network)
    return any(_holds(network, prefix) for network in around)


def _holds(network: IPv4Network | IPv6Network, prefix: IPv4Network | IPv6Network) -> bool:
    first, last = int(prefix.network_address), int(prefix.broadcast_address)
    return network.version == prefix.version and int(network.network_address) <= first \
        and last <= int(network.broadcast_address)
