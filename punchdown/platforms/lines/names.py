"""Names of ours on a device: the prefix says who made what carries it."""

from __future__ import annotations

import re

from punchdown.errors import RenderError

PREFIX = "PD-"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def own_name(name: str, longest: int = 0) -> str:
    """A name with our prefix; ``longest`` characters without it, 0 for any number.

    Raises:
        RenderError: it is no name.

    >>> own_name("in-lan110")
    'PD-in-lan110'
    """
    if not _NAME.fullmatch(name) or 0 < longest < len(name):
        raise RenderError(f"not a name on a device: {name!r}")
    return f"{PREFIX}{name}"


def list_name(name: str, family: int = 4) -> str:
    """The access list of a filter; both families share one name space, so IPv6 lists end in ``-6``. Raises RenderError.

    >>> list_name("to-mivb-1"), list_name("to-mivb-1", 6)
    ('PD-to-mivb-1', 'PD-to-mivb-1-6')
    """
    return f"{own_name(name)}{'-6' if family == 6 else ''}"


def vlan_name(name: str) -> str:
    """The name of a segment's VLAN.

    >>> vlan_name("phones")
    'PD-phones'
    """
    return f"{PREFIX}{name}"
