"""Site-to-site VPNs by crypto map, IKEv2 with a shared secret, as lines. Pure functions.

Decrypted packets pass the list of the outside like any other (``no sysopt connection permit-vpn``): a filter of the VPN
alone (``vpn-filter``) judges openings of both directions by one line, so whatever inside hosts may open to the far
side's port 5060, hosts of the far side could open from their own port 5060 to any port here. What arrives unencrypted
and belongs into a VPN is dropped by the crypto map itself, so the map is bound before the list opens anything.
Source: fact sheet, "IPsec (IKEv2 crypto map)"; ASA VPN configuration guide, "IPsec and ISAKMP"; command reference,
``sysopt connection permit-vpn``, ``vpn-filter``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from itertools import product

from punchdown.intent import FirewallIntent, Vpn
from punchdown.platforms import vpns
from punchdown.platforms.cisco_asa.entries import address_word
from punchdown.platforms.cisco_asa.words import PREFIX, Line, inside, leg_of, name
from punchdown.values import Provenance

MAP, PROPOSAL = f"{PREFIX}vpn", f"{PREFIX}aes256"
POLICY = 7
"""The number of the parameters of key exchange, which is nobody's usual one."""
FILTERED = "no sysopt connection permit-vpn"


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One VPN. ``number`` is its place in the crypto map, ``entries`` the lines of the list ``selectors``."""

    number: int
    peer: str
    secret: str
    selectors: str
    entries: tuple[str, ...]
    source: Provenance


def tunnels(firewall: FirewallIntent) -> tuple[Tunnel, ...]:
    """All VPNs of a firewall."""
    return tuple(Tunnel(10 * number, vpn.peer, vpn.secret, name(f"vpn-{vpn.name}"), tuple(
        f"extended permit ip {address_word(here)} {address_word(there)}"
        for here, there in sorted(product(vpn.local, vpn.remote))), vpn.source)
        for number, vpn in enumerate(firewall.vpns, 1))


def far_group(vpn: Vpn) -> str:
    """The name of the group of what lies behind a VPN."""
    return name(f"far-{vpn.name}")


def untranslated(firewall: FirewallIntent) -> Iterator[tuple[str, str, str, Provenance]]:
    """(interface, local prefix, group of the far side, source) of what goes through a VPN as it is."""
    for vpn in firewall.vpns:
        for prefix in vpn.local:
            yield leg_of(firewall, str(ip_network(prefix).network_address)), prefix, far_group(vpn), vpn.source


def exemptions(firewall: FirewallIntent) -> Iterator[Line]:
    """The translations that leave a VPN's packets as they are; they stand before all others."""
    for leg, prefix, group, source in untranslated(firewall):
        here = network_name(prefix)
        yield Line(f"nat ({leg},{firewall.wan}) source static {here} {here} destination static {group} {group} "
                   "no-proxy-arp route-lookup", source)


def network_name(prefix: str) -> str:
    """The name of the object of a network.

    >>> network_name("10.0.0.0/24")
    'PD-n-10.0.0.0-24'
    """
    network = ip_network(prefix)
    return f"{PREFIX}n-{network.network_address}-{network.prefixlen}"


def refusals(firewall: FirewallIntent) -> Iterator[str]:
    """Why the VPNs can't be met."""
    yield from vpns.refusals(firewall)
    for vpn in firewall.vpns:
        for prefix in vpn.local:
            if not leg_of(firewall, str(ip_network(prefix).network_address)):
                yield f"{vpn.name}: no interface leads to {prefix}"
        for prefix in vpn.remote:
            if any(ip_network(prefix).version == ip_network(text).version and ip_network(prefix).overlaps(
                    ip_network(text)) for item in inside(firewall) for text in (item.prefix, *item.behind) if text):
                yield f"{vpn.name}: {prefix} is reached by another interface as well"
