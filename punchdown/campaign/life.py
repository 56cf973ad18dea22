"""What lived on a device before a change and is gone after it."""

from __future__ import annotations

from collections.abc import Mapping

_MACS = "MACs in VLAN "


def losses(before: Mapping[str, int], now: Mapping[str, int], *, tolerance: float, silent: float) -> str:
    """Kinds of which too many are gone, as ``phones 12 of 40``; empty when none.

    Args:
        tolerance: share of each kind that may be gone; a kind that can't be counted any more is gone.
        silent: share of all learned MAC addresses that may be gone: what sends nothing is forgotten by the switch
            (IEEE 802.1Q, ageing), and one that moves to another VLAN is still there. A VLAN in which nothing is
            heard any more is told even so, unless what it had is heard elsewhere.

    >>> losses({"phones": 40}, {"phones": 28}, tolerance=0.1, silent=0.25)
    'phones 12 of 40'
    >>> losses({"MACs in VLAN 1": 4}, {"MACs in VLAN 110": 4}, tolerance=0.0, silent=0.25)
    ''
    """
    told = [_told(kind, count, now.get(kind, 0)) for kind, count in before.items()
            if not kind.startswith(_MACS) and count - now.get(kind, 0) > tolerance * count]
    had, has = _all(before), _all(now)
    if had - has > silent * had:
        told.append(_told("MACs", had, has))
    told += [_told(kind, count, 0) for kind, count in before.items()
             if kind.startswith(_MACS) and count > 1 and not now.get(kind) and had - has >= count]
    return ", ".join(told)


def _all(counted: Mapping[str, int]) -> int:
    return sum(count for kind, count in counted.items() if kind.startswith(_MACS))


def _told(kind: str, before: int, now: int) -> str:
    return f"{kind} {before - now} of {before}"
