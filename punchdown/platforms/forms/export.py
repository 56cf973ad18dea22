"""An export of one form as rows under their headings. Nothing in it is believed, and no cell is ever printed here."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field

from punchdown.errors import InputError

LARGEST = 16 * 2**20
"""Bytes of an export, at most."""

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Export:
    """``rows`` have as many cells as ``headers``; they may hold secrets and stay out of every message. ``day`` is when
    the file was written (UTC, ISO 8601), ``digest`` its SHA-256."""

    name: str
    headers: tuple[str, ...]
    delimiter: str
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    day: str = ""
    digest: str = ""

    def cells(self, header: str) -> tuple[str, ...]:
        """One column, without its heading."""
        at = self.headers.index(header)
        return tuple(row[at].strip() for row in self.rows)


def read_export(name: str, data: bytes, day: str = "") -> Export:
    """CSV with one row of headings; the delimiter is the one that makes the most columns of them.

    Raises:
        InputError: no such file: too large, no text, no headings, two columns of one heading, a row of another length.
    """
    if len(data) > LARGEST:
        raise InputError([f"{name}: larger than {LARGEST // 2**20} MiB"])
    text = _text(name, data)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda item: len(next(csv.reader([first], delimiter=item), [])))
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
                if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError([f"{name}: no CSV: {error}"]) from None
    if not rows:
        raise InputError([f"{name}: the file is empty"])
    headers = tuple(cell.strip() for cell in rows[0])
    _require(name, headers, rows)
    return Export(name, headers, delimiter, tuple(rows[1:]), day, hashlib.sha256(data).hexdigest())


def _text(name: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    for attempt in (encoding, "cp1252"):
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError([f"{name}: no text"])


def _require(name: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    wrong = [f"{name}: column {number} has no heading" for number, item in enumerate(headers, 1) if not item]
    wrong += [f"{name}: two columns are called {item!r}" for item in dict.fromkeys(headers) if headers.count(item) > 1]
    wrong += [f"{name}: record {number} has {len(row)} cells under {len(headers)} headings"
              for number, row in enumerate(rows[1:], 1) if len(row) != len(headers)]
    if wrong:
        raise InputError(wrong[:20])
