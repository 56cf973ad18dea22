"""Every place of the models that takes a text: found by walking the models, so that a new field is among them."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue, ValidationError, create_model

from punchdown.model.fields import Model

Leaf = tuple[str, type[BaseModel]]
"""Where it is, and a model whose only field reads the same."""


def leaves(model: type[BaseModel]) -> Iterator[Leaf]:
    """(path in the model, what reads a value there) of every scalar, keys of mappings included."""
    yield from _model(model, model.__name__, set())


def takes(reader: type[BaseModel], value: object) -> bool:
    """Whether a value may stand at a leaf."""
    try:
        reader.model_validate({"value": value})
    except ValidationError:
        return False
    return True


def _reader(annotation: Any) -> type[BaseModel]:
    return create_model("Leaf", __base__=Model, value=(annotation, ...))


def _model(model: type[BaseModel], path: str, seen: set[type[BaseModel]]) -> Iterator[Leaf]:
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        yield from _annotation(annotation, f"{path}.{name}", seen)


def _annotation(annotation: Any, path: str, seen: set[type[BaseModel]]) -> Iterator[Leaf]:
    inner = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    origin = get_origin(inner)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        yield from _model(inner, path, seen)
    elif inner is JsonValue or origin is Literal:
        return
    elif origin in {Union, UnionType}:
        models = [part for part in get_args(inner) if isinstance(part, type) and issubclass(part, BaseModel)]
        for part in models:
            yield from _model(part, path, seen)
        if not models:
            yield path, _reader(annotation)
    elif origin is dict:
        key, value = get_args(inner)
        yield from _annotation(key, f"{path}{{key}}", seen)
        yield from _annotation(value, f"{path}{{}}", seen)
    elif origin in {tuple, list, frozenset}:
        yield from _annotation(get_args(inner)[0], f"{path}[]", seen)
    else:
        yield path, _reader(annotation)
