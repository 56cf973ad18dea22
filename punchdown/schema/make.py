"""From the models to the schema of one kind of file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from punchdown.catalog import kinds, services
from punchdown.catalog.form_schema import form_schema
from punchdown.catalog.forms import products
from punchdown.compiler.access import PORT_ROLES
from punchdown.model.estate import EstateFile
from punchdown.model.site import Site
from punchdown.platforms import platform_names
from punchdown.schema.machine import MACHINE_KINDS, machine_schema
from punchdown.schema.types import NAME, Generator, unit_of

WRITTEN_KINDS = ("estate", "profile", "site")
"""What people write."""
KINDS = (*WRITTEN_KINDS, *MACHINE_KINDS)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_TITLES = {"estate": "The estate: punchdown.yml", "profile": "A profile: profiles/NAME.yml",
           "site": "A site: sites/NAME.yml"}
_SHORT_FORMS = {"PortSpec": "role", "Expose": "service"}
"""Models that a single word stands for: the word is the value of this key."""


def schema_text(kind: str) -> str:
    """The schema of one of ``KINDS`` as JSON with a final newline. Raises KeyError."""
    return json.dumps(make_schema(kind), indent=2, ensure_ascii=False) + "\n"


def make_schema(kind: str) -> Schema:
    """The schema of one of ``KINDS``. Raises KeyError.

    What can be merged from a profile is nowhere required, since a site may leave it to its profile.
    """
    if kind in MACHINE_KINDS:
        schema, title = machine_schema(kind)
        return _headed(kind, title, schema)
    title = _TITLES[kind]
    schema = _plain(EstateFile if kind == "estate" else Site)
    if kind != "estate":
        _complete(schema)
        _loosen(schema)
    if kind == "profile":
        del schema["properties"]["site"]
        schema["properties"] = {"profile": {"type": "string", "pattern": NAME, "description": "the file's name"},
                                **schema["properties"]}
        schema["required"] = ["profile"]
    elif kind == "site":
        schema["required"] = ["site"]
    return _headed(kind, title, schema)


def _headed(kind: str, title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:punchdown:schema:{kind}", "title": title, **schema}


def _plain(model: type[BaseModel]) -> Schema:
    schema: Schema = model.model_json_schema(by_alias=True, schema_generator=Generator)
    for part in _walk(schema):
        part.pop("title", None)
        properties = part.get("properties")
        for key, item in properties.items() if isinstance(properties, dict) else ():
            if (unit := unit_of(key)) and isinstance(item, dict):
                item["x-unit"] = unit
    return schema


def _walk(node: Any) -> Iterator[Schema]:
    """Every schema object, outer ones first; values under ``default`` and ``examples`` are data and left out."""
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        yield node
        for key, item in list(node.items()):
            if key in {"properties", "$defs", "patternProperties"} and isinstance(item, dict):
                for inner in item.values():
                    yield from _walk(inner)
            elif key not in {"default", "examples", "enum", "const", "required"}:
                yield from _walk(item)


def _complete(schema: Schema) -> None:
    """Words that only the catalogue and the platforms know."""
    definitions = schema["$defs"]
    names = sorted(services())
    definitions["Service"] = {"description": "a service of the catalogue, or one of `custom_services`",
                              "anyOf": [{"enum": names}, {"type": "string", "pattern": NAME}]}
    for model, key in (("Expose", "service"), ("FlowRequest", "service")):
        _put(definitions, model, key, {"$ref": "#/$defs/Service"})
    _put(definitions, "Device", "platform", {"enum": sorted(platform_names())}, drop=("type", "pattern"))
    host = definitions.get("Host", {}).get("properties", {})
    if "uses" in host:
        offered = sorted({name for kind in kinds().values() for name in kind.offers})
        host["uses"]["items"] |= {
            "examples": [f"{name}@" for name in offered],
            "defaultSnippets": [{"label": f"{name}@host", "body": f"{name}@$1"} for name in offered]}
    if "offers" in host:
        host["offers"]["items"] = {"$ref": "#/$defs/Service"}
    for model, key in _SHORT_FORMS.items():
        if model in definitions:
            _shorten(schema, model, key)
    _settings(schema)


def _put(definitions: Schema, model: str, key: str, words: Schema, drop: tuple[str, ...] = ()) -> None:
    """Add to the schema of one key, when the model still has it."""
    item = definitions.get(model, {}).get("properties", {}).get(key)
    if item is not None:
        for name in ("type", "pattern", *drop) if "$ref" in words else drop:
            item.pop(name, None)
        item.update(words)


def _shorten(schema: Schema, model: str, key: str) -> None:
    """A word, or the whole mapping."""
    definitions = schema["$defs"]
    full = definitions.pop(model)
    word = {name: item for name, item in full["properties"][key].items() if name != "default"}
    if model == "PortSpec":
        word = {"description": word["description"], "anyOf": [{"enum": list(PORT_ROLES)},
                                                              {"type": "string", "pattern": word["pattern"]}]}
    definitions[f"Full{model}"] = full
    definitions[model] = {"anyOf": [word, {"$ref": f"#/$defs/Full{model}"}]}


def _settings(schema: Schema) -> None:
    """Forms and fields of gateways, as the catalogue has them."""
    forms: dict[str, Schema] = {}
    for product in products().values():
        for key, form in product.forms.items():
            schema["$defs"][f"Form-{key}"] = form_schema(form)
            forms[key] = {"$ref": f"#/$defs/Form-{key}"}
    host = schema["$defs"].get("Host", {}).get("properties", {}).get("settings")
    if host is not None:
        host |= {"properties": forms, "additionalProperties": False}
    gateways = schema.get("properties", {}).get("gateway_settings")
    if gateways is not None:
        gateways["properties"] = {
            product.key: {"type": "object", "description": f"forms of every {product.name}",
                          "properties": {key: forms[key] for key in product.forms}, "additionalProperties": False}
            for product in products().values()}


def _loosen(schema: Schema) -> None:
    """Nothing is required of what a profile may fill in; the entries of lists are never merged and stay whole."""
    definitions: Mapping[str, Schema] = schema["$defs"]
    seen: set[str] = set()

    def visit(node: Any, *, merged: bool) -> None:
        if not isinstance(node, dict):
            return
        if merged:
            node.pop("required", None)
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen and merged:
            seen.add(name)
            visit(definitions[name], merged=True)
        for key in ("properties", "patternProperties"):
            for item in node.get(key, {}).values():
                visit(item, merged=merged)
        visit(node.get("additionalProperties"), merged=merged)
        for item in node.get("anyOf", ()):
            visit(item, merged=merged)

    visit(schema, merged=True)
