"""Rows as NetBox's REST API answers them: whatever a field holds, a value of one type comes out."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Interface, ip_interface
from typing import Any

Row = Mapping[str, Any]


def field_of(value: Any, key: str) -> Any:
    """A field of a nested object, None where there is no object."""
    return value.get(key) if isinstance(value, Mapping) else None


def text_in(row: Any, key: str) -> str:
    """A text, empty where there is none."""
    value = field_of(row, key)
    return value if isinstance(value, str) else ""


def number_in(row: Any, key: str) -> int:
    """A number, 0 where there is none."""
    value = field_of(row, key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def id_of(row: Any) -> int:
    """The number of an object, 0 where there is no object."""
    return number_in(row, "id")


def choice(row: Row, key: str) -> str:
    """What was chosen: ``{"value": "active", "label": "Active"}``, or the value alone."""
    value = row.get(key)
    found = value.get("value") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""


def slug_of(row: Row, key: str) -> str:
    """The slug of a nested object, empty where there is none."""
    return text_in(row.get(key), "slug")


def many(row: Row, key: str) -> list[Row]:
    """The nested objects of a list, none where there is no list."""
    value = row.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def alive(row: Row) -> bool:
    """Whether something is in use; what has no status is."""
    return choice(row, "status") in {"", "active"}


def interface4(row: Any) -> IPv4Interface | None:
    """The address of an IP address's row, None where it is none of IPv4."""
    try:
        found = ip_interface(text_in(row, "address"))
    except ValueError:
        return None
    return found if isinstance(found, IPv4Interface) else None
