"""One value as the text of one cell, and back. No cell is ever a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from punchdown.catalog.forms import FormField
from punchdown.errors import RenderError
from punchdown.values import SettingValue

if TYPE_CHECKING:
    from punchdown.platforms.forms.columns import Column

_NUMBER = re.compile(r"[+-]?[0-9][0-9 .]*", re.ASCII)
_BYTES = re.compile(r"[0-9A-F]{12}")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute it instead of showing it. A number with its sign is none."""
    return text.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text.strip())


def require_cell(text: str, place: str) -> str:
    """The text, when it can stand in a cell as it is: an escaped one would be imported with its escape.

    Raises:
        RenderError: a formula, a character outside of ASCII (imports may mistranslate it) or a control character.
    """
    # A spreadsheet may split a cell at another delimiter than the system's.
    if any(is_formula(part) for part in (text, *re.split(r"[,;|]", text))):
        raise RenderError(f"{place}: a spreadsheet would take a part of it for a formula")
    if not text.isascii() or not text.isprintable():
        raise RenderError(f"{place}: an import takes printable ASCII only")
    return text


def to_csv(rows: Iterable[Iterable[str]], delimiter: str, place: str) -> str:
    """CSV with CRLF after each row. Raises RenderError on a cell that a spreadsheet would compute."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for number, row in enumerate(rows):
        writer.writerow([require_cell(cell, f"{place}, {f'record {number}' if number else 'header'}") for cell in row])
    return buffer.getvalue()


def to_cell(field: FormField, value: SettingValue, column: Column) -> str:
    """What stands in the system's file; blank for what nobody asks for, and always for a secret.

    Raises:
        RenderError: how the system writes yes and no is not known.
    """
    if value is None or field.type == "secret":
        return ""
    if isinstance(value, bool):
        if column.words is None:
            raise RenderError(f"{column.header}: the words for yes and no are not known; "
                              f"punchdown import --form EXPORT --words '{column.header}=YES/NO'")
        return column.words[0] if value else column.words[1]
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).replace(":", column.separator) if field.type == "mac" else str(value)


def from_cell(field: FormField, text: str, column: Column) -> SettingValue:
    """The value that a cell shows, in the spelling of our settings; None when it can't be told."""
    word = text.strip()
    if field.type == "secret":
        return None
    if field.type == "bool":
        said = [item.casefold() for item in column.words or ()]
        return said.index(word.casefold()) == 0 if word.casefold() in said else None
    if field.type in {"integer", "port"}:
        return int(word) if re.fullmatch(r"[0-9]{1,10}", word, re.ASCII) else None
    if field.type == "mac":
        digits = re.sub(r"[:.\-]", "", word).upper()
        return ":".join(re.findall("..", digits)) if _BYTES.fullmatch(digits) else None
    if field.type == "list":
        return tuple(part.strip() for part in word.split(",") if part.strip())
    return word
