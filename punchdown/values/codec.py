"""JSON for every value, by pydantic's adapters over the frozen dataclasses."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object, *, indent: int | None = 2) -> str:
    """The value as JSON text with stable key order."""
    return _adapter(type(value)).dump_json(value, indent=indent).decode()


def to_plain(value: object) -> Any:
    """The value as dicts, lists and scalars."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_json(kind: type[T], text: str | bytes) -> T:
    """Read a value back. Raises pydantic.ValidationError on text that is not one."""
    return cast("T", _adapter(kind).validate_json(text))
