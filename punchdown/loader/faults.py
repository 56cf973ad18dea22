"""What pydantic refuses, in words: place, what stands there, what was expected, the likely fix."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from punchdown.model.codes import CODES, code
from punchdown.model.diagnostics import Diagnostic, Positions, suggest
from punchdown.model.diagnostics import Path as FieldPath

_NAMES = {
    "extra_forbidden": "key-unknown", "missing": "key-missing", "int_type": "number-expected",
    "int_parsing": "number-expected", "int_parsing_size": "number-expected", "int_from_float": "number-whole",
    "float_type": "number-expected", "float_parsing": "number-expected", "less_than_equal": "number-large",
    "less_than": "number-large", "greater_than_equal": "number-small", "greater_than": "number-small",
    "literal_error": "choice-unknown", "enum": "choice-unknown", "string_type": "text-expected",
    "string_too_long": "text-long", "tuple_type": "list-expected", "list_type": "list-expected",
    "frozen_set_type": "list-expected", "model_type": "mapping-expected", "model_attributes_type": "mapping-expected",
    "dict_type": "mapping-expected", "mapping_type": "mapping-expected", "bool_type": "yes-no-expected",
    "bool_parsing": "yes-no-expected", "ip_v4_address": "address-form", "ip_v6_address": "address6-form",
    "ip_v4_network": "prefix-form", "ip_v6_network": "prefix6-form", "ip_v4_interface": "interface-form",
    "date_type": "date-form", "date_from_datetime_parsing": "date-form", "date_parsing": "date-form",
    "string_pattern_mismatch": "pattern", "too_short": "list-length", "too_long": "list-length",
}
"""pydantic's error types to our codes; a type of our own (``mac_form``) names its code itself."""
_PATTERNS = {"uses": "use-form", "role": "role-form", "ports": "role-form",
             "model": "word-form", "version": "word-form"}
_OWN = {code.name for code in CODES}
_BOUNDS = {"less_than_equal": ("le", "at most"), "less_than": ("lt", "less than"),
           "greater_than_equal": ("ge", "at least"), "greater_than": ("gt", "more than")}


def faults_of(model: type[BaseModel], error: ValidationError, data: Mapping[str, Any],
              positions: Positions) -> list[Diagnostic]:
    """Every fault once, however many ways a union tried to read the value."""
    found: dict[FieldPath, Diagnostic] = {}
    for item in error.errors(include_url=False):
        path = _written(item, data)
        found.setdefault(path, _fault(model, item, path, positions))
    return list(found.values())


def _written(item: ErrorDetails, data: Any) -> FieldPath:
    """The path as people wrote it: without the branches of unions and the marks of keys that pydantic adds."""
    path: list[str] = []
    for part in item["loc"]:
        if part in (data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()):
            data = data[part]
        elif item["type"] == "missing" and part == item["loc"][-1]:
            return (*path, str(part))
        else:
            break
        path.append(str(part))
    return tuple(path)


def _fault(model: type[BaseModel], item: ErrorDetails, path: FieldPath, positions: Positions) -> Diagnostic:
    key, value, info = path[-1] if path else "file", item["input"], _field(model, path)
    name = _name(item, path, value)
    subject = "" if key.isdigit() else f"{key}: " if key.isprintable() and len(key) <= 60 else f"{shown(key)}: "
    message, expected, hint = _words(name, item, subject, value)
    if name == "key-unknown":
        hint = suggest(key, _keys(model, path[:-1]))
    elif name == "key-missing" and info and info.examples:
        hint = f"for example `{key}: {info.examples[0]}`"
    elif info and info.description and name not in {"choice-unknown", "secret-here"}:
        expected = f"{expected or code(name).expected} ({info.description.rstrip('.')})"
    return positions.diagnostic(name, path, message, hint, expected)


def _name(item: ErrorDetails, path: FieldPath, value: Any) -> str:
    kind = item["type"]
    if kind in {"extra_forbidden", "missing"}:
        return _NAMES[kind]
    if value is None:
        return "empty-value"
    if isinstance(value, float) and kind == "int_type":
        return "number-whole"
    if isinstance(value, str) and "<secret:" in value:
        return "secret-here"
    if "netblocks" in path and kind.startswith("ip_v"):
        return "netblock-form"
    if kind == "string_pattern_mismatch":
        words = [part for part in reversed(path) if not part.isdigit()]
        return next((_PATTERNS[part] for part in words[:2] if part in _PATTERNS), "pattern")
    own = kind.replace("_", "-")
    return own if own in _OWN else _NAMES.get(kind, "value")


def _words(name: str, item: ErrorDetails, subject: str, value: Any) -> tuple[str, str, str]:
    """Message, what was expected (empty: as the code says) and hint."""
    context = item.get("ctx", {})
    if name == "key-unknown":
        return f"unknown key {str(item['loc'][-1])[:60]!r}", "", ""
    if name == "key-missing":
        return f"the key {str(item['loc'][-1])!r} is missing", "", ""
    if name == "secret-here":
        return f"{subject}a reference to a secret", "", ""
    if item["type"] in _BOUNDS:
        bound, words = _BOUNDS[item["type"]]
        return f"{subject}{shown(value)} is out of range", f"{words} {context[bound]}", ""
    if name == "empty-value":
        return f"{subject}there is no value", "", ""
    if name == "choice-unknown":
        choices = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        return f"{subject}{shown(value)} is not one of the choices", ", ".join(choices), _close(value, choices)
    if item["type"] in _NAMES:
        return f"{subject}{shown(value)} does not belong here", "", _quoted(value)
    return f"{subject}{item['msg'].removeprefix('Value error, ')}", "", ""


def _close(value: Any, choices: list[str]) -> str:
    hint = suggest(str(value), choices)
    return hint if hint.startswith("did") else ""


def _quoted(value: Any) -> str:
    return "in YAML 1.2 `yes`, `no`, `on` and `off` are words" if value in ("yes", "no", "on", "off") else ""


def shown(value: Any) -> str:
    """A value in a message: short, and never the inside of a list or mapping."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | BaseModel):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."


def _field(model: type[BaseModel], path: FieldPath) -> FieldInfo | None:
    """The field at a path, None inside of lists and mappings of plain values."""
    current: Any = model
    info: FieldInfo | None = None
    for part in path:
        current, info = _step(current, part)
        if current is None:
            return None
    return info


def _keys(model: type[BaseModel], path: FieldPath) -> list[str]:
    """The keys that are known at a path."""
    current: Any = model
    for part in path:
        current, _info = _step(current, part)
    return sorted({field.alias or name for kind in _models(current) for name, field in kind.model_fields.items()})


def _step(annotation: Any, part: str) -> tuple[Any, FieldInfo | None]:
    for kind in _models(annotation):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                return field.annotation, field
    for option in _options(annotation):
        origin = get_origin(option)
        if origin is dict:
            return get_args(option)[1], None
        if origin in {tuple, list, frozenset}:
            return get_args(option)[0], None
    return None, None


def _options(annotation: Any) -> Iterator[Any]:
    """The alternatives of an annotation, unwrapped."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for option in get_args(annotation):
            yield from _options(option)
    else:
        yield annotation


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [option for option in _options(annotation) if isinstance(option, type) and issubclass(option, BaseModel)]
