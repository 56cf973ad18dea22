"""What a rule asks the routing table: whether a packet came by the way back to its sender, whom it is for.

Source: nft(8), "FIB expressions". Routes are those of the intent, as everywhere here.
"""

from __future__ import annotations

from ipaddress import ip_network

from punchdown.platforms.linux_nftables.policy_draft import Draft, Surroundings, take
from punchdown.platforms.linux_nftables.policy_matches import Conditions, Ranges
from punchdown.values.policy import At, Field, Match, Place

_REVERSE = (["fib", "saddr", ".", "iif", "oif", "missing"], ["fib", "saddr", ".", "iif", "oif", "exists"])


def take_route_check(draft: Draft, words: list[str], around: Surroundings) -> bool:
    """Take ``fib saddr . iif oif missing`` (or ``exists``), ``fib daddr type local`` off the front; False for another
    question."""
    if words[:6] in _REVERSE and around.routed:
        draft.narrow(_reverse(around, missing=words[5] == "missing"))
        take(words, 6)
        return True
    if words[:4] == ["fib", "daddr", "type", "local"] and around.own:
        draft.narrow(_local(around))
        take(words, 4)
        return True
    return False


def _reverse(around: Surroundings, *, missing: bool) -> list[Conditions]:
    """By interface and family: sources that are (not) routed back by it. One with a default route takes all that no
    other has."""
    found: list[Conditions] = []
    for name in around.routed:
        for family in (0, 1):
            default = any(ip_network(text).prefixlen == 0 for text in around.routed[name])
            others = [text for other, texts in around.routed.items() if other != name for text in texts]
            ranges = _ranges(others if default else list(around.routed[name]), family)
            found.append((At(Place.IN, (name,)), Match(Field.FAMILY, ((family, family),)),
                          Match(Field.SOURCE, ranges, negated=default != missing)))
    return found


def _ranges(prefixes: list[str], family: int) -> Ranges:
    networks = [ip_network(text, strict=False) for text in prefixes]
    return tuple((int(item.network_address), int(item.broadcast_address)) for item in networks
                 if item.version == (6 if family else 4) and item.prefixlen)


def _local(around: Surroundings) -> list[Conditions]:
    return [(Match(Field.FAMILY, ((family, family),)), Match(Field.DESTINATION, _ranges(list(around.own), family)))
            for family in (0, 1)]
