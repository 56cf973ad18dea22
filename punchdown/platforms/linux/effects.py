"""The states between two configurations of a Linux appliance: each store takes effect at once, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from punchdown.values import Change


def effects(documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What runs after each document of the payload was replaced, in the order of the push."""
    now = dict(documents)
    for name, text in change.payload.items():
        now[name] = text
        yield f"replace {name}", dict(now)
