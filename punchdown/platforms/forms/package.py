"""Settings to an import package: files for what can be imported, a checklist for the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from punchdown.platforms.forms import border_gateway, mivoice_5000, mivoice_business
from punchdown.platforms.forms.cells import to_cell, to_csv
from punchdown.platforms.forms.checklist import checklist
from punchdown.platforms.forms.columns import Column, ColumnMap
from punchdown.platforms.forms.contract import FormProduct, Gateway, Package, PackageFile, Sheet
from punchdown.values import GatewaySetting

CHECKLIST, MANIFEST = "checklist.md", "manifest.json"
PRODUCTS: dict[str, FormProduct] = {
    item.PRODUCT.key: item.PRODUCT for item in (mivoice_business, border_gateway, mivoice_5000)}


def make_package(product: str, gateway: Gateway) -> Package:
    """The files of one gateway: imports in the order of the forms, then the checklist.

    Raises:
        RenderError: a value can't stand in a file of the system as it is.
    """
    known = PRODUCTS[product]
    mapped = [sheet for sheet in gateway.sheets
              if sheet.importable and sheet.records and sheet.name in gateway.columns
              and sheet.name not in known.own_sheets]
    files = (*(file for sheet in mapped for file in _csv(sheet, gateway.columns[sheet.name], known.records_per_file)),
             *known.own_files(gateway))
    imported = frozenset((*(sheet.name for sheet in mapped), *known.own_sheets))
    text = checklist(known, gateway, files, imported)
    return Package(gateway.site, gateway.host, product,
                   (*files, PackageFile(CHECKLIST, text, "what to do, in order")))


def _csv(sheet: Sheet, columns: ColumnMap, limit: int) -> Iterator[PackageFile]:
    rows = [tuple(_cell(sheet, record, column) for column in columns.columns) for record in sheet.records]
    parts = [rows[first:first + limit] for first in range(0, len(rows), limit)] if limit else [rows]
    blank = [item.header for item in columns.columns
             if not item.field or sheet.column(item.field).type == "secret"]
    told = f"import into {sheet.title}" + (
        f"; blank columns: {', '.join(blank)}; see in the preview that this empties nothing" if blank else "")
    for number, part in enumerate(parts, 1):
        path = f"{sheet.name}{f'-{number}' if len(parts) > 1 else ''}.csv"
        yield PackageFile(path, to_csv([columns.headers, *part], columns.delimiter, sheet.name), told)


def _cell(sheet: Sheet, record: Mapping[str, GatewaySetting], column: Column) -> str:
    setting = record.get(column.field or "")
    return to_cell(sheet.column(setting.field), setting.value, column) if setting else ""
