"""Which column of an export is which of our fields. The layout is the system's own and is never guessed."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from punchdown.catalog.forms import FormField
from punchdown.model.fields import Model, Name, Text
from punchdown.model.gateway import Product
from punchdown.platforms.forms.cells import is_formula

_SHEET = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)?")
HEADER_LENGTH = 200
"""Characters of a column's heading, at most."""


def _header(value: str) -> str:
    if not 1 <= len(value) <= HEADER_LENGTH or not value.isprintable() or is_formula(value):
        raise PydanticCustomError("header_form", "not the heading of a column")
    return value


def _sheet(value: str) -> str:
    if not _SHEET.fullmatch(value):
        raise PydanticCustomError("sheet_form", "not the name of a form")
    return value


Header = Annotated[str, AfterValidator(_header)]


class Column(Model):
    """One column of the system, in its order. Without ``field`` it is none of ours and stays blank."""

    header: Header = Field(description="its heading in the export")
    field: Name | None = Field(None, description="our field")
    words: tuple[Text, Text] | None = Field(None, description="how the system writes yes and no")
    separator: Literal[":", "-", ""] = Field(":", description="what stands between the bytes of a MAC address")

    @model_validator(mode="after")
    def _differ(self) -> Column:
        if self.words and (self.words[0].casefold() == self.words[1].casefold() or "" in self.words):
            raise PydanticCustomError("words_same", "yes and no are the same word, or blank")
        return self


class ColumnMap(Model):
    """The columns of one sheet of a product, taken once from an export of a real system."""

    product: Product
    form: Annotated[str, AfterValidator(_sheet)] = Field(description="the form, or FORM.TABLE")
    release: Text = Field("", description="of the system that the export came from; layouts differ between releases")
    delimiter: Literal[",", ";", "\t", "|"] = Field(",", description="what stands between cells")
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> ColumnMap:
        for what, values in (("heading", [item.header for item in self.columns]),
                             ("field", [item.field for item in self.columns if item.field])):
            if twice := sorted({value for value in values if values.count(value) > 1}):
                raise PydanticCustomError("column_twice", "the {what} {value} stands twice",
                                          {"what": what, "value": twice[0]})
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row."""
        return tuple(item.header for item in self.columns)

    def of(self, field: str) -> Column | None:
        """The column of a field of ours, None when the system has none for it."""
        return next((item for item in self.columns if item.field == field), None)


def can_map(field: FormField) -> bool:
    """Whether a column can stand for a field: how the system writes a list in one cell is only known of some."""
    if field.type in {"readonly", "table"} or field.rendering == "unsafe":
        return False
    return field.type != "list" or bool(field.length)
