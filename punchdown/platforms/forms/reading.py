"""An export against what the site asks for, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from punchdown.catalog.forms import FormField
from punchdown.platforms.forms.cells import from_cell
from punchdown.platforms.forms.checklist import ASKED
from punchdown.platforms.forms.columns import ColumnMap
from punchdown.platforms.forms.contract import Sheet
from punchdown.platforms.forms.export import Export
from punchdown.values import GatewaySetting, SettingValue
from punchdown.values.reading import FormReading, ReadingState, SettingReading

Record = Mapping[str, GatewaySetting]
Row = Mapping[str, str]
_ANY_CASE = frozenset({"enum", "fqdn"})


def compare(host: str, sheet: Sheet, columns: ColumnMap, export: Export) -> FormReading:
    """What the export shows of a sheet. Fields that nobody asks for are left out; a form's own field counts as asked
    for when the site, its profile or the advice says it, a table's cell also with its default: an import writes it."""
    at = {item.field: export.headers.index(item.header) for item in columns.columns if item.field}
    rows = [{name: row[number].strip() for name, number in at.items()} for row in export.rows]
    reader = _Reader(sheet, columns, export)
    if not sheet.is_table:
        record = sheet.records[0] if sheet.records else {}
        single = rows[0] if len(rows) == 1 else None
        found = [item for setting in record.values() if setting.source in ASKED
                 for item in reader.field(setting, single, "")]
        return FormReading(host, sheet.name, sheet.title, export.name, tuple(found))
    return reader.table(host, rows)


class _Reader:
    """One sheet against the rows of one export."""

    def __init__(self, sheet: Sheet, columns: ColumnMap, export: Export) -> None:
        self._sheet, self._columns, self._export = sheet, columns, export

    def table(self, host: str, rows: Sequence[Row]) -> FormReading:
        """Every record of a table; a row counts once, so that a second one of the same name is extra."""
        left = list(enumerate(rows, 1))
        found: list[SettingReading] = []
        for number, record in enumerate(self._sheet.records, 1):
            named = self._name(record, number)
            match = next((pair for pair in left if self._same(record, pair[1])), None)
            if match:
                left.remove(match)
            for setting in record.values():
                found += self.field(setting, match[1] if match else None, named, absent=match is None)
        extra = tuple(self._row_name(row, number) for number, row in left) if self._sheet.declared else ()
        if self._sheet.entries is not None and self._sheet.declared:
            complete = not extra and all(item.state != "missing" for item in found)
            found.append(self._reading(self._sheet.entries, "in-order" if complete else "different", "",
                                       str(len(rows))))
        return FormReading(host, self._sheet.name, self._sheet.title, self._export.name, tuple(found), extra)

    def field(self, setting: GatewaySetting, row: Row | None, record: str, *, absent: bool = False,
              ) -> Iterator[SettingReading]:
        """One setting; nothing when it asks for nothing."""
        if setting.value is None or setting.rendering == "read-only":
            return
        field = self._sheet.column(setting.field)
        column = self._columns.of(field.key)
        if absent:
            yield self._reading(setting, "missing", record)
        elif field.type == "secret":
            yield self._reading(setting, "unknown", record, why="no export shows it")
        elif column is None:
            yield self._reading(setting, "unknown", record, why="the export has no column for it")
        elif row is None:
            yield self._reading(setting, "unknown", record, why="the export has not exactly one record")
        else:
            shown = row[field.key]
            value = from_cell(field, shown, column)
            if value is None and shown:
                yield self._reading(setting, "unknown", record, shown, "nobody said what this word means")
            else:
                state: ReadingState = "in-order" if _equal(field, setting.value, value) else "different"
                yield self._reading(setting, state, record, shown)

    def _reading(self, setting: GatewaySetting, state: ReadingState, record: str, shown: str = "", why: str = "",
                 ) -> SettingReading:
        return SettingReading(setting, state, record, shown, why, self._export.name, self._export.day,
                              self._export.digest)

    def _same(self, record: Record, row: Row) -> bool:
        """Whether a row is a record: by the key, or where the form has none, by every field that it shows."""
        key = self._sheet.key
        fields = [key] if key and self._columns.of(key) and key in record else list(record)
        compared = [item for name in fields if (item := self._cell_equal(record[name], row)) is not None]
        return bool(compared) and all(compared)

    def _cell_equal(self, setting: GatewaySetting, row: Row) -> bool | None:
        field = self._sheet.column(setting.field)
        column = self._columns.of(field.key)
        if column is None or setting.value is None or field.type == "secret":
            return None
        return _equal(field, setting.value, from_cell(field, row[field.key], column))

    def _name(self, record: Record, number: int) -> str:
        setting = record.get(self._sheet.key)
        return f"{setting.label} {setting.value}" if setting and setting.value is not None else f"record {number}"

    def _row_name(self, row: Row, number: int) -> str:
        key = self._sheet.key
        if key in row:
            return f"{self._sheet.column(key).label} {row[key]}"
        shown = ", ".join(f"{self._sheet.column(name).label} {text}" for name, text in row.items()
                          if text and self._sheet.column(name).type != "secret")
        return f"record {number} of the export ({shown})"


def _equal(field: FormField, wanted: SettingValue, shown: SettingValue) -> bool:
    if field.type in _ANY_CASE:
        return str(wanted).casefold() == str(shown).casefold()
    return wanted == shown
