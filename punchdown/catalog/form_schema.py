"""Forms as JSON Schema (draft 2020-12), so that editors complete their fields and mark what a form doesn't take."""

from __future__ import annotations

from typing import Any

from punchdown.catalog.form_values import LARGEST, SECRET
from punchdown.catalog.forms import Form, FormField

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "integer"], "pattern": "^[A-Za-z0-9 .,:/()+&'@_=*%-]*$"}
_SHAPES: dict[str, Schema] = {
    "address": {"type": "string", "description": "an IPv4 address or the name of a host"},
    "bool": {"type": "boolean"},
    "digits": {"type": ["string", "integer"], "pattern": "^[0-9*#]{1,32}$", "minimum": 0},
    "fqdn": {"type": "string"},
    "mac": {"type": "string", "pattern": "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$"},
    "mask": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+){3}$"},
    "netblock": {"type": "string", "description": "a prefix, a host or a netblock list"},
    "netblocks": {"type": "string", "description": "the name of a netblock list"},
    "port": {"type": ["integer", "string"], "minimum": 1, "maximum": 65535, "pattern": "^[0-9]{1,5}$"},
    "ports": {"type": ["string", "integer"], "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$", "minimum": 1, "maximum": 65535},
    "secret": {"type": "string", "pattern": f"^({SECRET.pattern})?$"},
    "text": _TEXT,
}


def form_schema(form: Form) -> Schema:
    """The schema of what stands under a form's key: its fields, or the list of its entries."""
    told: Schema = {"description": f"{form.title} ({form.source})" + (f"; {form.scope}" if form.scope else "")}
    if form.table:
        return {**told, **_rows(form.fields), **({"maxItems": form.maximum} if form.maximum else {})}
    return {**told, **_record(form.fields)}


def _record(fields: tuple[FormField, ...]) -> Schema:
    """An object of these fields; what the product only shows is none of them."""
    required = [field.key for field in fields if field.required]
    return {"type": "object", "additionalProperties": False,
            "properties": {field.key: _field(field) for field in fields if field.type != "readonly"},
            **({"required": required} if required else {})}


def _rows(columns: tuple[FormField, ...]) -> Schema:
    return {"type": "array", "items": _record(columns)}


def _field(field: FormField) -> Schema:
    shape = _shape(field)
    words = [field.label, shape.pop("description", ""), f"in {field.unit}" if field.unit else "",
             f"advised: {field.advice or field.recommended}" if field.advice or field.recommended else "", field.note]
    told: Schema = {**shape, "description": "; ".join(word for word in words if word)}
    if field.default is not None:
        told["default"] = field.default
    if field.unit:
        told["x-unit"] = field.unit
    return told


def _shape(field: FormField) -> Schema:
    if field.type == "table":
        return _rows(field.columns)
    if field.type == "list":
        return {"type": "array", "items": dict(_SHAPES[field.item])}
    if field.type == "enum":
        return {"enum": [*field.values, *(int(value) for value in field.values if value.isdecimal())]}
    if field.type == "integer":
        first, last = field.range or (0, LARGEST)
        return {"type": "integer", "minimum": first, "maximum": last}
    return {**_SHAPES[field.type], **({"maxLength": field.length} if field.length else {})}
