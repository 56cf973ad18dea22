"""Gateways that are set through forms: settings to files and a checklist, exports back to what they show."""

from punchdown.platforms.forms.columns import Column, ColumnMap, can_map
from punchdown.platforms.forms.contract import FormProduct, Gateway, Package, PackageFile, Sheet
from punchdown.platforms.forms.export import Export, read_export
from punchdown.platforms.forms.learn import make_columns, proposals
from punchdown.platforms.forms.package import MANIFEST, PRODUCTS, make_package
from punchdown.platforms.forms.reading import compare
from punchdown.platforms.forms.sheets import blank_sheets, sheets

__all__ = [
    "MANIFEST", "PRODUCTS", "Column", "ColumnMap", "Export", "FormProduct", "Gateway", "Package", "PackageFile",
    "Sheet", "blank_sheets", "can_map", "compare", "make_columns", "make_package", "proposals", "read_export", "sheets",
]
