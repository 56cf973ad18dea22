"""Which traits a site has: patterns of the catalogue against the definition as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from punchdown.catalog.controls import Control, Trait, traits


def values_at(data: Any, place: str) -> Iterator[Any]:
    """Everything at a dotted place; ``*`` stands for every item of a mapping or list, what is absent gives nothing.

    >>> list(values_at({"uses": ["smdr@a", "pms@a"]}, "uses.*"))
    ['smdr@a', 'pms@a']
    """
    head, _, rest = place.partition(".")
    if not head:
        yield data
    elif head == "*":
        for item in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
            yield from values_at(item, rest)
    elif isinstance(data, Mapping) and head in data:
        yield from values_at(data[head], rest)


def _matches(value: Any, patterns: tuple[str, ...]) -> bool:
    if value in (None, "", False) or value in ({}, []):
        return False
    return any(fnmatchcase(str(value), pattern) for pattern in patterns)


def _has_all(item: Any, trait: Trait) -> bool:
    return all(any(_matches(value, patterns) for value in values_at(item, place)) for place, patterns in trait.where)


def has_trait(data: Mapping[str, Any], trait: Trait) -> bool:
    """Whether a site, as plain data, has a trait."""
    items = values_at(data, f"{trait.collection}.*" if trait.collection else "")
    return sum(_has_all(item, trait) for item in items) >= trait.at_least


def lacking(data: Mapping[str, Any], control: Control) -> str:
    """Why a control does not concern the site, empty when it does."""
    return next((traits()[name].otherwise for name in control.needs if not has_trait(data, traits()[name])), "")
