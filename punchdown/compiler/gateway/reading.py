"""Written forms to typed cells with their places. What is wrong becomes a diagnostic and is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from punchdown.catalog.form_values import FormFaultError, Names, Value, read_value
from punchdown.catalog.forms import Form, FormField, Product
from punchdown.compiler.context import SiteContext
from punchdown.model.diagnostics import suggest

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One written value and its place."""

    value: Value
    path: Path


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a table: its cells by column."""

    cells: Mapping[str, Cell]
    path: Path

    def get(self, column: str, default: Value = "") -> Value:
        """The value of a column, or what stands for a column that is not written."""
        return self.cells[column].value if column in self.cells else default

    def at(self, column: str) -> Path:
        """The place of a column, or of the row."""
        return self.cells[column].path if column in self.cells else self.path


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """The cells of a form by field, its tables by field (a form that is a table itself: by the empty name), and the
    fields whose value was refused."""

    path: Path
    cells: Mapping[str, Cell] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def over(self, base: WrittenForm) -> WrittenForm:
        """This one, with what it leaves open taken from another."""
        return WrittenForm(self.path, {**base.cells, **self.cells}, {**base.tables, **self.tables},
                           self.refused | base.refused)


class FormReader:
    """Reads the forms of one product."""

    def __init__(self, context: SiteContext, product: Product) -> None:
        self.context, self.product = context, product
        site = context.site
        self.names = Names(
            {name: str(host.address) for name, host in site.hosts.items()},
            {name: tuple(map(str, prefixes)) for name, prefixes in site.firewall.netblocks.items()})

    def read(self, raw: Mapping[str, object], path: Path, kind: str = "") -> dict[str, WrittenForm]:
        """Forms by key. ``kind`` of the host keeps out forms that it doesn't have; empty: any kind of the product."""
        found = {}
        for key, value in raw.items():
            form = self.product.forms.get(key)
            if form is None:
                self.context.error("setting-form-unknown", (*path, key),
                                   f"{self.product.name} has no form {key[:60]!r}",
                                   suggest(_slug(key), self.product.forms))
            elif kind and not form.is_on(kind):
                self.context.error("setting-form-kind", (*path, key), f"{kind} has no form {form.title}: {form.scope}",
                                   f"hosts of kind {', '.join(form.only_on)} have it")
            else:
                found[key] = self._form(form, value, (*path, key))
        return found

    def _form(self, form: Form, raw: object, path: Path) -> WrittenForm:
        if form.table:
            return WrittenForm(path, tables={"": self._rows(form, form.fields, raw, path, form.title)})
        if not isinstance(raw, dict):
            self._shape(path, f"{form.title} takes fields", form.fields)
            return WrittenForm(path)
        fields = {item.key: item for item in form.fields}
        cells: dict[str, Cell] = {}
        tables: dict[str, tuple[Row, ...]] = {}
        for key, value in raw.items():
            item = fields.get(key)
            if item is None:
                self._unknown(form.title, key, form.fields, (*path, key))
            elif item.columns:
                tables[key] = self._rows(form, item.columns, value, (*path, key), item.label)
            elif cell := self._cell(item, value, (*path, key)):
                cells[key] = cell
        return WrittenForm(path, cells, tables, frozenset(key for key in raw if key in fields and key not in cells))

    def _rows(self, form: Form, columns: tuple[FormField, ...], raw: object, path: Path, title: str,
              ) -> tuple[Row, ...]:
        if not isinstance(raw, list | tuple):
            self.context.error("setting-shape", path, f"{title} takes a list of entries",
                               f"each entry has: {', '.join(item.key for item in columns)}")
            return ()
        if form.maximum and len(raw) > form.maximum:
            control = f" [{form.controls[0]}]" if form.controls else ""
            self.context.error("setting-entries", (*path, str(form.maximum)),
                               f"{title} has {len(raw)} entries, {form.maximum} is the limit{control}")
        rows = tuple(self._row(columns, item, (*path, str(number)), title) for number, item in enumerate(raw))
        self._unique(columns, rows)
        return rows

    def _row(self, columns: tuple[FormField, ...], raw: object, path: Path, title: str) -> Row:
        if not isinstance(raw, dict):
            self._shape(path, f"an entry of {title} takes fields", columns)
            return Row({}, path)
        known = {item.key: item for item in columns}
        cells: dict[str, Cell] = {}
        for key, value in raw.items():
            if key not in known:
                self._unknown(title, key, columns, (*path, key))
            elif cell := self._cell(known[key], value, (*path, key)):
                cells[key] = cell
        for item in columns:
            if item.required and item.key not in raw:
                self.context.error("setting-missing", path, f"an entry of {title} needs {item.key!r}")
        return Row(cells, path)

    def _unique(self, columns: tuple[FormField, ...], rows: tuple[Row, ...]) -> None:
        for item in columns:
            seen: dict[Value, Path] = {}
            for row in rows:
                if not item.unique or item.key not in row.cells:
                    continue
                value = row.cells[item.key].value
                if value in seen:
                    self.context.error("setting-twice", row.at(item.key), f"{item.label} {value} stands twice",
                                       f"first at {self.context.loaded.positions.at(seen[value])}")
                seen.setdefault(value, row.at(item.key))

    def _cell(self, item: FormField, raw: object, path: Path) -> Cell | None:
        try:
            return Cell(read_value(item, raw, self.names), path)
        except FormFaultError as fault:
            self.context.error(fault.code, path, str(fault), fault.hint)
        return None

    def _unknown(self, title: str, key: str, fields: Iterable[FormField], path: Path) -> None:
        self.context.error("setting-field-unknown", path, f"{title} has no field {key[:60]!r}",
                           suggest(_slug(key), (item.key for item in fields)))

    def _shape(self, path: Path, message: str, fields: Iterable[FormField]) -> None:
        self.context.error("setting-shape", path, message, f"its fields: {', '.join(item.key for item in fields)}")


def _slug(word: str) -> str:
    """A label as keys are written: ``WAN Access`` is ``wan-access``."""
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
