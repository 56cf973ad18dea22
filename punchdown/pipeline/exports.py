"""Exports of gateways' forms: their columns, taken over once, and what they show of the settings. Sends nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from punchdown.catalog.forms import products
from punchdown.errors import InputError, PlanError
from punchdown.loader import load_estate
from punchdown.model.diagnostics import suggest
from punchdown.pipeline.packages import FOLDER, columns_fault, gateways, require_fields
from punchdown.pipeline.remembering import Keep
from punchdown.pipeline.select import Selection
from punchdown.platforms.forms import (
    ColumnMap,
    Export,
    Gateway,
    Sheet,
    blank_sheets,
    can_map,
    compare,
    make_columns,
    proposals,
    read_export,
)
from punchdown.values import DeviceReport, Report, Severity
from punchdown.values.reading import FormReading
from punchdown.verify import form_findings


@dataclass(frozen=True, slots=True)
class ExportName:
    """An export and whose it is. ``form`` is empty where its headings tell."""

    host: str
    path: Path
    form: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """An export that is to give its columns: what is proposed, and which fields a column can stand for, by label."""

    sheet: Sheet
    export: Export
    proposed: Mapping[str, str]
    fields: Mapping[str, str]


def layout(path: Path, form: str) -> Layout:
    """The headings of an export of ``[PRODUCT/]FORM[.TABLE]``, and what they are likely to be.

    Raises:
        InputError: the file is no export.
        PlanError: there is no such form, or several products have it.
    """
    product, _, name = form.rpartition("/")
    known = [sheet for key in products() if not product or key == product for sheet in blank_sheets(key)]
    found = [sheet for sheet in known if name in {sheet.name, f"{sheet.form.product}/{sheet.name}"}]
    if len(found) != 1:
        hint = suggest(name, [sheet.name for sheet in known])
        raise PlanError(f"there is no form {form!r}; {hint}" if not found else
                        f"several products have {name}: write {' or '.join(f'{s.form.product}/{name}' for s in found)}")
    export = _export(path)
    fields = {item.key: item.label for item in found[0].columns if can_map(item)}
    return Layout(found[0], export, proposals(found[0], export), fields)


def keep_columns(estate: Path, source: Layout, fields: Mapping[str, str], words: Mapping[str, tuple[str, str]], *,
                 release: str = "", replace: bool = False) -> Path:
    """Write the columns of a form into the estate. Gives the file.

    Raises:
        InputError: a field, a heading or the words for yes and no are wrong or missing.
        PlanError: other columns are kept already, and ``replace`` is not said; or no column is one of ours.
    """
    if not fields:
        raise PlanError(f"{source.export.name}: no column of it is a field of {source.sheet.title}")
    try:
        columns = ColumnMap.model_validate({
            "product": source.sheet.form.product, "form": source.sheet.name, "release": release,
            "delimiter": source.export.delimiter,
            "columns": make_columns(source.sheet, source.export, fields, words)})
    except ValidationError as error:
        raise columns_fault(source.export.name, error) from None
    path = estate / FOLDER / columns.product / f"{columns.form}.yml"
    require_fields(source.sheet, columns, str(path))
    text = _written(columns)
    if path.exists() and path.read_text("utf-8") != text and not replace:
        raise PlanError(f"{path} keeps other columns already; --replace writes these in their place")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _written(columns: ColumnMap) -> str:
    """YAML in which every text is quoted, whatever it looks like."""
    head = {key: getattr(columns, key) for key in ("product", "form", "release", "delimiter")}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    rows = [item.model_dump(exclude_defaults=True, mode="json") for item in columns.columns]
    return "\n".join([*lines, "columns:", *(f"  - {json.dumps(row, ensure_ascii=False)}" for row in rows)]) + "\n"


def read_exports(estate: Path, selection: Selection, exports: Sequence[ExportName],
                 ) -> tuple[tuple[Gateway, tuple[FormReading, ...]], ...]:
    """What exports show of the gateways that they are of, in the order of the definition.

    Raises:
        InputError: the definition, a file of columns or an export is wrong.
        PlanError: no gateway, or several, have the name; no form, or several, have the headings.
    """
    found = [gateway for gateway, _settings in gateways(estate, selection)]
    readings: dict[tuple[str, str], list[FormReading]] = {}
    for item in exports:
        gateway = _named(found, item.host)
        export = _export(item.path)
        columns = _fitting(gateway, export, item.form)
        sheet = next(sheet for sheet in gateway.sheets if sheet.name == columns.form)
        readings.setdefault((gateway.site, gateway.host), []).append(compare(gateway.host, sheet, columns, export))
    return tuple((gateway, tuple(readings[gateway.site, gateway.host])) for gateway in found
                 if (gateway.site, gateway.host) in readings)


def verify_exports(estate: Path, selection: Selection, exports: Sequence[ExportName], now: str,
                   keep: Keep | None = None) -> Report:
    """The forms of gateways as exports show them, against the definition; ``keep`` keeps what was found. Raises as
    :func:`read_exports`."""
    rows, looked_at = [], {}
    for gateway, readings in read_exports(estate, selection, exports):
        findings = tuple(finding for reading in readings for finding in form_findings(reading))
        unknown = all(finding.severity is Severity.UNKNOWN for finding in findings)
        status = "in-order" if not findings else "unknown" if unknown else "different"
        product = gateway.sheets[0].form.product
        rows.append(DeviceReport(gateway.host, gateway.site, product, "gateway", status, findings))
        looked_at[gateway.host] = frozenset(reading.form for reading in readings)
    report = Report("verify", load_estate(estate).name, now, tuple(rows))
    return report if keep is None else keep(report, looked_at, ())


def _named(found: Sequence[Gateway], name: str) -> Gateway:
    named = [item for item in found if item.host == name]
    if len(named) == 1:
        return named[0]
    if named:
        raise PlanError(f"{name} is in several sites: choose one with -s ({', '.join(item.site for item in named)})")
    raise PlanError(f"there is no gateway {name!r}; {suggest(name, [item.host for item in found])}")


def _fitting(gateway: Gateway, export: Export, form: str) -> ColumnMap:
    """The kept columns that an export has: those of a form, or those whose headings of ours it has, all of them."""
    on_host = {sheet.name for sheet in gateway.sheets}
    kept = [item for item in gateway.columns.values() if item.form in on_host and form in {"", item.form}]
    fitting = [item for item in kept if {column.header for column in item.columns if column.field}
               <= set(export.headers)]
    exact = [item for item in fitting if set(item.headers) == set(export.headers)]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    if fitting:
        forms = ", ".join(f"{gateway.host}/{item.form}" for item in fitting)
        raise PlanError(f"{export.name} could be of several forms: write one of {forms}")
    raise PlanError(f"{export.name}: no kept columns of {form or gateway.host} have its headings; take them over once: "
                    f"punchdown import --form {export.name} --as {form or 'FORM'}")


def _export(path: Path) -> Export:
    try:
        data = path.read_bytes()
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise InputError([f"{path}: can't be opened: {error.strerror}"]) from error
    return read_export(str(path), data, written.date().isoformat())
