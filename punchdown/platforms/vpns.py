"""What every platform asks of a site-to-site VPN before it renders one, and the parameters of its keys.

IKEv2, AES-256, SHA-256, Diffie-Hellman group 14 with perfect forward secrecy: RFC 8247 and RFC 8221 have all of them as
mandatory, and both ends need to be told the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from punchdown.intent import FirewallIntent, Rule, Vpn

GROUP = 14
"""MODP of 2048 bits (RFC 3526)."""
LIFETIME_SECONDS = 86400
"""Of the keys' own association; those of the traffic are left as the platform has them."""


def vpn_to(firewall: FirewallIntent, prefix: str) -> Vpn | None:
    """The VPN behind which all of a prefix lies."""
    return next((vpn for vpn in firewall.vpns if _lies_in(prefix, vpn.remote)), None)


def remote_prefixes(firewall: FirewallIntent) -> tuple[str, ...]:
    """What lies behind any VPN."""
    return tuple(dict.fromkeys(prefix for vpn in firewall.vpns for prefix in vpn.remote))


def comes_by_vpn(rule: Rule, firewall: FirewallIntent) -> bool:
    """Whether a policy opens from the far side of a VPN."""
    return bool(rule.sources) and all(vpn_to(firewall, prefix) for prefix in rule.sources)


def refusals(firewall: FirewallIntent) -> Iterator[str]:
    """Why the VPNs of a firewall can't be met, in words; empty when they can."""
    for vpn in firewall.vpns:
        if vpn.authentication != "shared-secret":
            yield (f"{vpn.name}: a VPN with certificates needs to know which certificate the device shows and what the "
                   "other end's is called, and the definition says neither; authentication: shared-secret")
        if any(ip_network(prefix).version != 4 for prefix in (*vpn.remote, *vpn.local)):
            yield f"{vpn.name}: a VPN carries IPv4 only"
    ends = {vpn.peer for vpn in firewall.vpns}
    if len(ends) < len(firewall.vpns):
        yield "two VPNs end at the same address: the device could not tell them apart"
    for rule in firewall.policies:
        place = rule.note or rule.source.field
        for near, far in ((rule.sources, rule.destinations), (rule.destinations, rule.sources)):
            for vpn in filter(None, (vpn_to(firewall, prefix) for prefix in far)):
                if not near or not all(_lies_in(prefix, vpn.local) for prefix in near):
                    yield f"{place}: {vpn.name} carries only what is local to it, {', '.join(vpn.local)}"


def _lies_in(text: str, prefixes: Iterable[str]) -> bool:
    wanted = ip_network(text, strict=False)
    for prefix in map(ip_network, prefixes):
        if wanted.version == prefix.version and wanted.network_address in prefix \
                and wanted.prefixlen >= prefix.prefixlen:
            return True
    return False
