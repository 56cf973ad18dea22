"""A site as a whole: what can't be true together, what has no effect, and what the guideline forbids."""

from __future__ import annotations

from punchdown.compiler.checks_addresses import check_addresses
from punchdown.compiler.checks_devices import check_devices, check_ports
from punchdown.compiler.checks_flows import check_exposure, check_flows, check_netblocks
from punchdown.compiler.checks_requests import check_requests
from punchdown.compiler.context import SiteContext

_ALWAYS = (check_addresses, check_devices, check_netblocks)
_WITH_NAMES = (check_ports, check_flows, check_exposure, check_requests)


def check_site(context: SiteContext, *, names_hold: bool = True) -> None:
    """Note every contradiction and every breach of the guideline.

    Args:
        names_hold: every name that the site uses exists; without that, what follows names is left out.
    """
    for part in _ALWAYS + (_WITH_NAMES if names_hold else ()):
        part(context)
