"""Plain data out of Ansible's lazy, tagged containers."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any


def plain(value: Any) -> Any:
    """A copy made of dict, list, str, int, float, bool and None only.

    ansible-core 2.19 hands plug-ins containers that template on access and strings that carry tags; pydantic and
    json read them wrongly or not at all.
    """
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, Set)):
        return [plain(item) for item in value]
    for kind in (str, bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    return str(value)
