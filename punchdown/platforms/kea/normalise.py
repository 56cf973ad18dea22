"""Kea's configuration in comparable words: a flat table of places and values.

List members are named by what identifies them, so that their order is none (``subnet4[10.0.0.0/24]``); client classes
keep their order, since a class may only speak of those before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "subnet4": ("subnet",), "client-classes": ("name",), "option-data": ("space", "name"), "pools": ("pool",),
    "reservations": ("hw-address",), "option-def": ("space", "code"), "loggers": ("name",),
    "output_options": ("output",), "hooks-libraries": ("library",), "shared-networks": ("name",),
}
# what the server fills in where the file says nothing
_DEFAULTS = {"space": "dhcp4"}
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|#[^\n]*|/\*.*?\*/', re.DOTALL)

Place = tuple[str, ...]


def parse(text: str) -> Mapping[str, Any]:
    """The object below ``Dhcp4``, comments dropped. Raises ValueError on text that is no such configuration."""
    found = json.loads(_COMMENT.sub(lambda match: match[1] or "", text))
    match found:
        case {"Dhcp4": dict(config)}:
            return config
    raise ValueError("no Dhcp4 configuration")


def flat(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every leaf with its place; a member of a list is also there as itself, with the value ``present``."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, (*place, key))
    elif isinstance(value, list):
        yield from _members(value, place)
    else:
        yield place, scalar(value, place)


def _members(values: list[Any], place: Place) -> Iterator[tuple[Place, str]]:
    if place[-1] == "client-classes":
        yield (*place, "order"), " ".join(str(item.get("name")) for item in values)
    for item in values:
        if isinstance(item, dict):
            member = (*place, f"[{_name(place[-1], item)}]")
            yield member, "present"
            yield from flat(item, member)
        else:
            yield (*place, f"[{item}]"), "present"


def _name(kind: str, item: Mapping[str, Any]) -> str:
    keys = _IDENTITY.get(kind, ())
    words = [_blanks(str(item.get(key, _DEFAULTS.get(key, "")))) for key in keys]
    return "/".join(words).removeprefix("dhcp4/").lower() if keys else json.dumps(item, sort_keys=True)


def scalar(value: Any, place: Place) -> str:
    """One value as text; blanks around ``-`` and ``,`` of pools and lists carry no meaning."""
    if isinstance(value, str):
        return _blanks(value) if place[-1] in {"pool", "data"} else value
    return json.dumps(value)


def _blanks(text: str) -> str:
    """
    >>> _blanks("10.0.0.1 - 10.0.0.9"), _blanks("10.0.0.1, 10.0.0.2")
    ('10.0.0.1-10.0.0.9', '10.0.0.1,10.0.0.2')
    """
    return re.sub(r"\s*([-,])\s+|\s+([-,])\s*", lambda match: match[1] or match[2], text)


def shown(place: Place) -> str:
    """
    >>> shown(("subnet4", "[10.0.0.0/24]", "id"))
    'subnet4[10.0.0.0/24].id'
    """
    return ".".join(place).replace(".[", "[")
