"""A site as a whole: what can't be true together, what has no effect, and what the guideline forbids."""

from __future__ import annotations

from punchdown.compiler.checks_addresses import check_addresses
from punchdown.compiler.checks_devices import check_devices, check_ports
from punchdown.compiler.checks_flows import check_exposure, check_flows, check_netblocks
from punchdown.compiler.checks_requests import check_requests
from punchdown.compiler.context import SiteContext
from punchdown.model.fields import expand_ports

_ALWAYS = (check_addresses, check_devices, check_netblocks)
_WITH_NAMES = (check_ports, check_flows, check_exposure, check_requests)


_MOST = {"segments": 512, "hosts": 4096, "devices": 1024, "endpoints": 65536}
_MOST_PAIRS = 250_000
_MOST_PORTS = 4096


def check_size(context: SiteContext) -> bool:
    """Whether the site is of a size that can be worked on; anything more is noted and nothing is made of it."""
    site = context.site
    for key, most in _MOST.items():
        if (count := len(getattr(site, key))) > most:
            context.error("site-large", (key,), f"{count:,} {key}")
    if (pairs := len(site.hosts) * len(site.segments)) > _MOST_PAIRS:
        context.error("site-large", ("hosts",), f"{pairs:,} pairs of host and segment")
    for name, device in site.devices.items():
        if (count := sum(len(expand_ports(key)[1]) for key in device.ports)) > _MOST_PORTS:
            context.error("site-large", ("devices", name, "ports"), f"{count:,} ports")
    return not context.broken


def check_site(context: SiteContext, *, names_hold: bool = True) -> None:
    """Note every contradiction and every breach of the guideline.

    Args:
        names_hold: every name that the site uses exists; without that, what follows names is left out.
    """
    for part in _ALWAYS + (_WITH_NAMES if names_hold else ()):
        part(context)
