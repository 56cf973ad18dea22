"""Jinja filters: an intent's parts in the words of FortiOS. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, FirewallIntent, Interface
from punchdown.platforms.fortinet_fortios.build import build
from punchdown.platforms.fortinet_fortios.objects import Objects, real_ports, virtual_ip
from punchdown.platforms.fortinet_fortios.tree import quoted
from punchdown.platforms.fortinet_fortios.tunnels import LAST_RESORT, PROPOSAL, tunnels
from punchdown.platforms.vpns import GROUP

_REFUSED = re.compile(r"""[<>()#'"\\]""")


def quote(value: object) -> str:
    r"""A word between double quotes, inner quotes escaped.

    Raises:
        RenderError: a control character, which could end the line.

    >>> quote('say "a"')
    '"say \\"a\\""'
    """
    text = str(value)
    if not text.isprintable():
        raise RenderError(f"control character in {text!r}")
    return quoted(text)


def names(items: Iterable[str]) -> str:
    """Names of objects, each between quotes.

    Raises:
        RenderError: a name with a character that the device refuses in names.

    >>> names(["lan110", "wan0"])
    '"lan110" "wan0"'
    """
    found = tuple(items)
    for item in found:
        if _REFUSED.search(item):
            raise RenderError(f"the device takes no such name: {item!r}")
    return " ".join(map(quote, found))


def access(interface: Interface, firewall: FirewallIntent) -> str:
    """What the firewall itself answers on an interface: SSH where operators are, echo inside.

    Source: vendor's CLI reference, ``allowaccess``; in the order in which the device shows them.
    """
    words = ["ping"] if firewall.ping and interface.name != firewall.wan else []
    return " ".join((*words, *(["ssh"] if interface.name == firewall.management_interface else [])))


def clock(time: str) -> str:
    """A time of the day; midnight at its end is the next day's begin.

    >>> clock("18:00"), clock("24:00")
    ('18:00', '00:00')
    """
    return "00:00" if time == "24:00" else time


@lru_cache(maxsize=8)
def objects(intent: DeviceIntent) -> Objects:
    """The objects of a device; several templates print parts of them."""
    if intent.firewall is None:
        raise RenderError("the intent has no firewall part")
    return build(intent, intent.firewall)


VPN_WORDS: Mapping[str, object] = {"proposal": PROPOSAL, "group": GROUP, "last_resort": LAST_RESORT}
"""What is the same in every VPN."""

FILTERS: Mapping[str, Callable[..., object]] = {
    "access": access, "clock": clock, "names": names, "objects": objects, "quote": quote, "real_ports": real_ports,
    "tunnels": tunnels, "virtual_ip": virtual_ip, "vpn_words": lambda _: VPN_WORDS,
}
