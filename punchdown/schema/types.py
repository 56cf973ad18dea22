"""What pydantic's own schema leaves out: the forms that our validators take, and units."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

NAME = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
_AFTER: dict[str, dict[str, Any]] = {
    "_name": {"pattern": NAME},
    "_text": {"pattern": "^[A-Za-z0-9 .,:/()+&'@_=*%-]*$", "maxLength": 200},
    "_mac": {"pattern": "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$"},
    "_mac_prefix": {"pattern": "^([0-9A-Fa-f]{2}[:-]){2}[0-9A-Fa-f]{2}$"},
    "_port_key": {"pattern": r"^([A-Za-z][A-Za-z0-9/]*?|[a-z]{2,3}-([0-9]{1,2}/){2}|([0-9]{1,2}/){1,3}"
                             r"|[0-9]{1,2}/[A-Z])?[0-9]{1,4}(-\1?[0-9]{1,4})?$"},
    "_port_numbers": {"pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$"},
    "_range": {"pattern": r"^[0-9.]+ *- *[0-9.]+$"},
}
"""Validators of :mod:`punchdown.model.fields`, by name, and what they ask of a text."""
_UNITS = {
    "_seconds": "seconds", "_minutes": "minutes", "_hours": "hours", "_days": "days", "_percent": "per cent",
    "_bytes": "bytes", "_kbit": "kbit/s", "_mbit": "Mbit/s",
    "_per_second": "per second", "dhcp_rate": "packets a second",
}


def unit_of(key: str) -> str:
    """The unit that a key's name promises, empty when it promises none."""
    return next((unit for ending, unit in _UNITS.items() if key.endswith(ending)), "")


class Generator(GenerateJsonSchema):
    """pydantic's generator with the forms of our own validators; numbers may stand where a text is read."""

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        """The inner schema with the form that the validator asks for."""
        inner = super().function_after_schema(schema)
        form = _AFTER.get(getattr(schema["function"]["function"], "__name__", ""), {})
        return {**inner, **form} if "string" in _kinds(inner) else inner

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """The inner schema; where numbers are read as texts, both kinds."""
        inner = super().function_before_schema(schema)
        if getattr(schema["function"]["function"], "__name__", "") == "_as_text" and inner.get("type") == "string":
            return {**inner, "type": ["string", "integer"]}
        return inner

    def get_title_from_name(self, name: str) -> str:
        """No titles: they only repeat the key."""
        del name
        return ""


def _kinds(schema: JsonSchemaValue) -> list[str]:
    kind = schema.get("type", [])
    return kind if isinstance(kind, list) else [kind]
