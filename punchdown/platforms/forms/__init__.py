"""Gateways that are set through forms: settings to files and a checklist, exports back to what they show."""

from punchdown.platforms.forms.columns import Column, ColumnMap, can_map
from punchdown.platforms.forms.contract import FormProduct, Gateway, Package, PackageFile, Sheet
from punchdown.platforms.forms.package import MANIFEST, PRODUCTS, make_package
from punchdown.platforms.forms.sheets import blank_sheets, sheets

__all__ = [
    "MANIFEST", "PRODUCTS", "Column", "ColumnMap", "FormProduct", "Gateway", "Package", "PackageFile", "Sheet",
    "blank_sheets", "can_map", "make_package", "sheets",
]
