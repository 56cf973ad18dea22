"""Which devices change together: a canary first, then batches, never both of a redundant pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

ROLE_ORDER = ("radius", "dhcp", "access-switch", "core-switch", "firewall")
"""Servers exist before ports demand them; whatever carries the management path changes last."""


@dataclass(frozen=True, slots=True)
class Member:
    """A device that will change. ``pair`` names its redundancy group, empty = it stands alone."""

    device: str
    role: str
    platform: str
    pair: str = ""

    @property
    def rank(self) -> int:
        """Place of its role in ``ROLE_ORDER``; unknown roles come last."""
        return ROLE_ORDER.index(self.role) if self.role in ROLE_ORDER else len(ROLE_ORDER)


Waves = tuple[tuple[str, ...], ...]


def make_waves(members: Iterable[Member], *, batch: int, canary: bool = True) -> Waves:
    """Waves in order. Roles never mix. Where a role has several devices to change, one of each platform goes alone
    as the canary; then at most ``batch`` at a time, and no two of a pair in the same wave.

    >>> make_waves([Member(f"sw-{n}", "access-switch", "cisco_ios") for n in (1, 2, 3)], batch=10)
    (('sw-1',), ('sw-2', 'sw-3'))
    """
    waves: list[tuple[str, ...]] = []
    ordered = sorted(members, key=lambda member: (member.rank, member.device))
    for _, group in groupby(ordered, key=lambda member: member.rank):
        left = list(group)
        if canary and len(left) > 1:
            scouts = _canaries(left)
            waves += _batches(scouts, batch)
            left = [member for member in left if member not in scouts]
        waves += _batches(left, batch)
    return tuple(waves)


def _canaries(members: Sequence[Member]) -> list[Member]:
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.platform, member)
    return list(first.values())


def _batches(members: Sequence[Member], batch: int) -> Iterable[tuple[str, ...]]:
    left = list(members)
    while left:
        wave: list[Member] = []
        pairs: set[str] = set()
        for member in left:
            if len(wave) < batch and (not member.pair or member.pair not in pairs):
                wave.append(member)
                pairs.add(member.pair)
        left = [member for member in left if member not in wave]
        yield tuple(member.device for member in wave)
