"""Attestations and waivers of a site, as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from punchdown.model import LoadedSite
from punchdown.values import Statement


def attestations(loaded: LoadedSite, as_of: date) -> dict[str, tuple[Statement, ...]]:
    """Control id to the attestations that speak for it, those that count first."""
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for name, item in loaded.site.attestations.items():
        place = loaded.positions.at(("attestations", name))
        valid = item.when <= as_of <= item.valid_until
        statement = Statement("attestation", name, item.who, item.when.isoformat(), item.evidence,
                              item.valid_until.isoformat(), valid, place)
        for control in item.controls:
            found[control].append(statement)
    return {control: tuple(sorted(items, key=lambda item: not item.valid)) for control, items in found.items()}


def waivers(loaded: LoadedSite, as_of: date) -> dict[str, Statement]:
    """Control id to its waiver."""
    return {
        name: Statement("waiver", name, "", "", item.reason, item.until.isoformat(), as_of <= item.until,
                        loaded.positions.at(("waivers", name)))
        for name, item in loaded.site.waivers.items()
    }


def expired(loaded: LoadedSite, as_of: date) -> tuple[Statement, ...]:
    """Each attestation and waiver that counts no more, once, in order of writing."""
    spoken: Mapping[str, tuple[Statement, ...]] = attestations(loaded, as_of)
    everything = dict.fromkeys([*(item for items in spoken.values() for item in items),
                                *waivers(loaded, as_of).values()])
    return tuple(item for item in everything if item.until < as_of.isoformat())
