"""JSON for every value, by pydantic's adapters over the frozen dataclasses."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


class _Adapters(dict[Any, TypeAdapter[Any]]):
    """One adapter per type, built when first asked for."""

    def __missing__(self, kind: Any) -> TypeAdapter[Any]:
        self[kind] = TypeAdapter(kind)
        return self[kind]


_ADAPTERS = _Adapters()


def to_json(value: object, *, indent: int | None = 2) -> str:
    """The value as JSON text with stable key order."""
    return _ADAPTERS[type(value)].dump_json(value, indent=indent).decode()


def to_plain(value: object) -> Any:
    """The value as dicts, lists and scalars."""
    return _ADAPTERS[type(value)].dump_python(value, mode="json")


def from_json(kind: type[T], text: str | bytes) -> T:
    """Read a value back. Raises pydantic.ValidationError on text that is not one."""
    return cast("T", _ADAPTERS[kind].validate_json(text))
