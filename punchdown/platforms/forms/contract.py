"""What a product with forms is to punchdown, and what passes between its parts.

A gateway is a host of the site and no device: nobody opens a session to it, there is no running configuration, no
candidate and no timer. So it has this contract of its own instead of a :class:`~punchdown.platforms.Platform`: settings
go in, files and a checklist come out, and an export is read back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from punchdown.catalog.forms import Form, FormField
from punchdown.values import GatewaySetting

if TYPE_CHECKING:
    from punchdown.platforms.forms.columns import ColumnMap

Netblocks = Mapping[str, tuple[str, ...]]
"""Name of a netblock list to its prefixes."""


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package. ``path`` is relative to the package, ``what`` says what to do with it."""

    path: str
    text: str
    what: str

    @property
    def data(self) -> bytes:
        """What is written, byte for byte."""
        return self.text.encode("utf-8")


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that one gateway needs to be set as the site says; holds no secret."""

    site: str
    host: str
    product: str
    files: tuple[PackageFile, ...]

    @property
    def manifest(self) -> str:
        """JSON: each file with its size in bytes and its SHA-256, and the SHA-256 of the whole."""
        rows = [{"path": item.path, "bytes": len(item.data), "sha256": hashlib.sha256(item.data).hexdigest(),
                 "what": item.what} for item in self.files]
        whole = hashlib.sha256("".join(f"{row['sha256']}  {row['path']}\n" for row in rows).encode()).hexdigest()
        return json.dumps({"site": self.site, "host": self.host, "product": self.product, "sha256": whole,
                           "files": rows}, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form without its tables, or one table of a form: what one file of the system holds.

    ``records`` map keys of ``columns`` to the resolved settings; a form without tables has exactly one record.
    ``declared`` is false for a table that nobody wrote: nothing is known of its records, not even that it has none.
    """

    form: Form
    table: str
    title: str
    columns: tuple[FormField, ...]
    records: tuple[Mapping[str, GatewaySetting], ...]
    is_table: bool
    declared: bool = True
    entries: GatewaySetting | None = None

    @property
    def name(self) -> str:
        """``minet-devices.devices``, or the key of the form."""
        return f"{self.form.key}.{self.table}" if self.table else self.form.key

    @property
    def importable(self) -> bool:
        """Whether the system may take it from a file."""
        return self.is_table and self.form.rendering == "importable"

    def column(self, key: str) -> FormField:
        """The column of that key. Raises KeyError."""
        return next((item for item in self.columns if item.key == key), None) or _absent(key)

    @property
    def key(self) -> str:
        """The column that tells records apart, empty when none does: unique and required, else unique."""
        unique = [item for item in self.columns if item.unique]
        return next((item.key for item in unique if item.required), unique[0].key if unique else "")


def _absent(key: str) -> FormField:
    raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway as a package is made from: its sheets, the mapped columns by the sheet's name, the site's lists."""

    site: str
    host: str
    sheets: tuple[Sheet, ...]
    columns: Mapping[str, ColumnMap] = field(default_factory=dict)
    netblocks: Netblocks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormProduct:
    """What one product does its own way.

    ``records_per_file``: the most that one import takes, 0 where no limit is published. ``own_files`` makes files whose
    layout is public, ``own_sheets`` are the names of the sheets that they stand for. ``before`` are sentences for
    whoever imports and types; ``last`` are forms to be typed after all others.
    """

    key: str
    before: tuple[str, ...]
    records_per_file: int = 0
    own_files: Callable[[Gateway], tuple[PackageFile, ...]] = lambda _gateway: ()
    own_sheets: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
