"""Sites that can't both be true: the claims of all sites against one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from punchdown.compiler.checks_remotes import check_remotes
from punchdown.compiler.claims import Claim
from punchdown.model import Diagnostic
from punchdown.model.diagnostics import make_diagnostic

Excerpt = Callable[[Claim], str]
"""The source line where a claim is written with a caret below it, empty when unknown."""

_OWN = {
    "site": ("site-duplicate", "the site"), "device": ("device-twice", "the device"),
    "address": ("address-twice-sites", "the address"), "mac": ("mac-twice-sites", "the MAC address"),
    "wan": ("wan-twice-sites", "the WAN address"), "secret": ("radius-secret-shared", "the RADIUS secret"),
    "forward": ("nat-clash-sites", "the port-forward of"),
}
"""Kind of claim to the code of a second site that makes it."""


def check_claims(claims: Iterable[Claim], excerpt: Excerpt) -> tuple[Diagnostic, ...]:
    """What the sites say against one another, at the later of the two places."""
    by_kind: dict[str, list[Claim]] = {}
    every = list(claims)
    for claim in every:
        by_kind.setdefault(claim.kind, []).append(claim)
    found = [item for kind, (code, what) in _OWN.items()
             for item in _shared(code, what, by_kind.get(kind, []), excerpt)]
    tagged = by_kind.get("tagged", [])
    stretched = frozenset((claim.site, claim.label) for claim in tagged)
    return (*found, *_prefixes(by_kind.get("prefix", []), stretched, excerpt), *_trunks(tagged, excerpt),
            *check_remotes(every, excerpt))


def _note(code: str, claim: Claim, message: str, other: Claim, excerpt: Excerpt) -> Diagnostic:
    return make_diagnostic(code, claim.position, message, hint=f"in site {other.site!r} at {other.position}",
                           excerpt=excerpt(claim))


def _shared(code: str, what: str, claims: list[Claim], excerpt: Excerpt) -> Iterator[Diagnostic]:
    """A diagnostic for every value that a second site, or a second file of a site, has."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        other = seen.setdefault(claim.value, claim)
        if other.site != claim.site:
            yield _note(code, claim, f"{what} {claim.value} is in two sites", other, excerpt)
        elif claim.kind == "site" and other is not claim:
            yield make_diagnostic(code, claim.position, f"the site {claim.value!r} is there already",
                                  hint=f"first at {other.position}", excerpt=excerpt(claim))


@lru_cache(maxsize=65536)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def _prefixes(claims: list[Claim], stretched: frozenset[tuple[str, str]], excerpt: Excerpt) -> Iterator[Diagnostic]:
    """A sweep by address, so that the cost grows with the number of prefixes and not with its square."""
    for version in (4, 6):
        spans = [(int(network.network_address), -network.num_addresses, claim) for claim in claims
                 if (network := _network(claim.value)).version == version]
        around: list[tuple[int, Claim]] = []
        for first, minus_size, claim in sorted(spans, key=lambda span: span[:2]):
            while around and around[-1][0] < first:
                around.pop()
            if around:
                yield from _overlap(claim, around[-1][1], stretched, excerpt)
            around.append((first - minus_size - 1, claim))


def _overlap(one: Claim, two: Claim, stretched: frozenset[tuple[str, str]], excerpt: Excerpt) -> Iterator[Diagnostic]:
    """Two sites may have one segment in common when it goes over a trunk that both name."""
    same = one.value == two.value and one.label == two.label
    if one.site == two.site or (same and {(one.site, one.label), (two.site, two.label)} <= stretched):
        return
    later, earlier = (one, two) if (one.site, one.label) > (two.site, two.label) else (two, one)
    yield _note("prefix-overlap-sites", later, f"{later.value} overlaps {earlier.value} of the segment "
                f"{earlier.label!r}", earlier, excerpt)


def _trunks(claims: list[Claim], excerpt: Excerpt) -> Iterator[Diagnostic]:
    """One number must be one segment on a trunk: of the same name, hence of the same prefix."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        other = seen.setdefault(claim.value, claim)
        if other.site != claim.site and other.label != claim.label:
            trunk, _, vlan = claim.value.partition(" ")
            yield _note("vlan-trunk-clash", claim, f"on the trunk {trunk} VLAN {vlan} is {claim.label} here and "
                        f"{other.label} there", other, excerpt)
