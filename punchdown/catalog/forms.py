"""The forms of voice gateways as data: what each field takes, what the vendor advises, how a value gets there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PRODUCTS = ("mivoice-business", "border-gateway", "mivoice-5000")
Kind = Literal[
    "address", "bool", "digits", "enum", "fqdn", "integer", "list", "mac", "mask", "netblocks", "port", "ports",
    "readonly", "secret", "table", "text",
]
Rendering = Literal["importable", "typed", "not-public", "unsafe", "read-only"]
Proof = Literal["probe", "export", "attest"]
Scalar = bool | int | str


class Range(NamedTuple):
    """First and last, both included."""

    first: int
    last: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def _range(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    first, _, last = value.partition("-")
    return Range(int(first), int(last))


def _accepted(value: Any) -> Any:
    return _range(value) if isinstance(value, str) else tuple(value)


Bounds = Annotated[Range, BeforeValidator(_range)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class FormField(_Data):
    """One field of a form, or one column of a table.

    ``label`` is the form's own wording where it is published. ``range`` bounds a number, ``length`` the characters of
    a text (of a whole list, with commas), ``digits`` those of a secret. ``accepted`` are the values that are not
    against the recommendation; ``named`` says that blank is against it. ``when`` names the condition under which
    ``recommended`` holds, ``derive`` the value that follows from the site. ``origin``: the vendor's security paper, the
    public help, or inferred from its purpose.
    """

    key: str
    label: str
    type: Kind
    values: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()
    item: Literal["", "digits", "netblock", "ports", "text"] = ""
    range: Bounds | None = None
    length: int = 0
    digits: Bounds | None = None
    unit: str = ""
    default: Scalar | None = None
    recommended: Scalar | None = None
    accepted: Annotated[Range | tuple[str, ...], BeforeValidator(_accepted)] = ()
    advice: str = ""
    when: str = ""
    derive: str = ""
    named: bool = False
    required: bool = False
    unique: bool = False
    controls: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()
    rendering: Rendering
    origin: Literal["paper", "help", "inferred"] = Field(alias="from")
    note: str = ""
    columns: tuple[FormField, ...] = ()

    def advised(self, value: object) -> bool:
        """Whether a value is in line with the recommendation; so is every value where there is none."""
        if self.named:
            return value != ""
        if self.accepted:
            return value in self.accepted
        return self.recommended is None or value == self.recommended


class Form(_Data):
    """One form of a product. ``table``: it holds up to ``maximum`` entries (0: no limit published) of ``fields``.

    ``only_on`` are the kinds of host that have the form at all (empty: all of the product), ``scope`` says it in words.
    """

    key: str
    product: str
    title: str
    source: str
    rendering: Rendering
    proofs: Annotated[tuple[Proof, ...], BeforeValidator(tuple)]
    check: str
    scope: str = ""
    only_on: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()
    table: bool = False
    maximum: int = 0
    controls: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()
    fields: tuple[FormField, ...]
    rules: Annotated[tuple[str, ...], BeforeValidator(tuple)] = ()

    def is_on(self, kind: str) -> bool:
        """Whether a kind of host has it."""
        return not self.only_on or kind in self.only_on

    def every_field(self) -> Iterator[FormField]:
        """Fields and columns, in the order of the form."""
        for field in self.fields:
            yield field
            yield from field.columns


class Product(_Data):
    """What has forms. ``kinds`` are the kinds of host that it runs on; ``forms`` by key."""

    key: str
    name: str
    kinds: Annotated[tuple[str, ...], BeforeValidator(tuple)]
    forms: dict[str, Form]


def _field(key: str, data: dict[str, Any], rendering: str) -> dict[str, Any]:
    own = "read-only" if data["type"] == "readonly" else "not-public" if data["from"] == "inferred" else rendering
    columns = tuple(_field(name, item, rendering) for name, item in data.get("columns", {}).items())
    return {"rendering": own, **data, "key": key, "columns": columns}


def _form(product: str, key: str, data: dict[str, Any]) -> dict[str, Any]:
    fields = tuple(_field(name, item, data["rendering"]) for name, item in data["fields"].items())
    return {**data, "key": key, "product": product, "fields": fields}


@cache
def _read(name: str) -> Product:
    text = files("punchdown").joinpath("catalog", "data", f"forms-{name}.yml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    forms = {key: _form(name, key, item) for key, item in data["forms"].items()}
    return Product.model_validate(
        {"key": data["product"], "name": data["name"], "kinds": data["kinds"], "forms": forms})


@cache
def products() -> dict[str, Product]:
    """Every product with forms, by its key."""
    return {name: _read(name) for name in PRODUCTS}


@cache
def product_of(kind: str) -> Product | None:
    """The product that a kind of host runs, None when it has no forms."""
    return next((product for product in products().values() if kind in product.kinds), None)
