"""What people write is taken for what it is: no text that reads like a number, no number that could be an address."""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import CoreSchema, PydanticCustomError

_EXACT = frozenset({"int", "float", "bool"})


def _no_number(value: Any) -> Any:
    """Addresses are texts: 10 would be read as 0.0.0.10, and `true` as 0.0.0.1."""
    if isinstance(value, int | float | bytes):
        raise PydanticCustomError("text_expected", "{value} is no text", {"value": str(value)[:60]})
    return value


def exact(schema: CoreSchema) -> CoreSchema:
    """The same schema with numbers and truth values strict and addresses read from texts only. Keys of mappings are
    always texts in YAML and stay as they are."""
    return cast("CoreSchema", _exact(schema))


def _exact(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_exact(item) for item in schema]
    if isinstance(schema, tuple):
        return tuple(_exact(item) for item in schema)
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind in _EXACT:
        return {**schema, "strict": True}
    if kind == "lax-or-strict":
        return {"type": "function-before", "function": {"type": "no-info", "function": _no_number}, "schema": schema}
    if kind == "function-before" and schema["function"].get("function") is _no_number:
        return schema
    return {key: item if key in {"keys_schema", "metadata", "default", "config", "serialization"} else _exact(item)
            for key, item in schema.items()}
