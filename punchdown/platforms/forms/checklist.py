"""What people do at the gateway, in order, by the product's own labels: Markdown with a box for each step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from punchdown.catalog.forms import Form, products
from punchdown.platforms.forms.columns import ColumnMap
from punchdown.platforms.forms.contract import FormProduct, Gateway, PackageFile, Sheet
from punchdown.values import GatewaySetting, SettingValue

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>|~])")
_TOLD = {"unsafe": " (by hand; its value is written to no file)",
         "not-public": " (the product's own label is not published)"}
ASKED = ("site", "profile", "derived", "recommended")
"""Sources of values that somebody asks for; what is left is the product's default, or open."""


def escaped(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> escaped("<secret:a_b>")
    '\\<secret:a\\_b\\>'
    """
    return _MEANS_SOMETHING.sub(r"\\\1", text)


def spelt(value: SettingValue) -> str:
    """A value as people type it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(escaped, value)) or "nothing (empty)"
    return escaped(str(value)) if value not in {None, ""} else "nothing (blank)"


def checklist(product: FormProduct, gateway: Gateway, files: Iterable[PackageFile], imported: frozenset[str]) -> str:
    """The whole list. ``imported`` are the names of sheets that the files stand for."""
    lines = [f"# {gateway.host} ({products()[product.key].name}), site {gateway.site}", "",
             "Work from top to bottom. Secrets are named here and stand in no file; you have their values.",
             "", "## Before", "", *(f"- {escaped(text)}" for text in product.before)]
    lines += _imports(files)
    lines += _typed(product, gateway, imported)
    lines += _attested(gateway)
    lines += ["", "## After", "",
              f"- [ ] Export the forms again and compare: `punchdown verify --form {gateway.host}=EXPORT`.",
              "- [ ] Remove the records by hand that it lists as in no definition."]
    lines += [f"- [ ] {escaped(form.title)}: {escaped(form.check)}" for form in _forms(gateway)]
    return "\n".join(lines) + "\n"


def _forms(gateway: Gateway) -> Iterator[Form]:
    seen: set[str] = set()
    for sheet in gateway.sheets:
        if sheet.form.key not in seen:
            seen.add(sheet.form.key)
            yield sheet.form


def _imports(files: Iterable[PackageFile]) -> list[str]:
    steps = [f"- [ ] `{item.path}`: {escaped(item.what)}" for item in files]
    return ["", "## Import", "", *steps] if steps else []


def _typed(product: FormProduct, gateway: Gateway, imported: frozenset[str]) -> list[str]:
    lines = ["", "## Type"]
    for sheet in sorted(gateway.sheets, key=lambda item: item.form.key in product.last):
        if not sheet.is_table:
            steps = _fields(sheet)
        elif sheet.name in imported:
            steps = _left_out(sheet, gateway.columns.get(sheet.name))
        else:
            steps = _records(sheet)
        if steps:
            lines += ["", f"### {escaped(sheet.title)}", "", *steps]
    return lines


def _fields(sheet: Sheet) -> list[str]:
    record = sheet.records[0] if sheet.records else {}
    typed = [item for item in record.values() if item.rendering in {"typed", "importable", "unsafe"}]
    steps = [_step(item, unit=sheet.column(item.field).unit) for item in typed if item.source in ASKED]
    left = [f"{escaped(item.label)} {spelt(item.value)}" for item in typed if item.source == "default"]
    return [*steps, *([f"- [ ] Left at the product's default: {'; '.join(left)}"] if left else [])]


def _left_out(sheet: Sheet, columns: ColumnMap | None) -> list[str]:
    """What a file of records can't carry: secrets, and fields for which the system has no column."""
    if columns is None:
        return []
    return [f"- [ ] {escaped(_called(sheet, record, number))}: {escaped(item.label)} = {spelt(item.value)}"
            for number, record in enumerate(sheet.records, 1) for item in record.values()
            if item.source in ASKED and item.value not in {None, ""}
            and (sheet.column(item.field).type == "secret" or columns.of(item.field) is None)]


def _records(sheet: Sheet) -> list[str]:
    if not sheet.declared:
        return []
    lines = []
    if not sheet.records:
        lines.append("- [ ] No record: remove all that are there")
    elif sheet.importable:
        lines += ["The columns of this form are not published. Take them once from an export of your own system,",
                  f"`punchdown import --form EXPORT --as {sheet.name}`, and a file is made. Or type:", ""]
    for number, record in enumerate(sheet.records, 1):
        lines.append(f"- [ ] {escaped(_called(sheet, record, number))}")
        lines += [f"  {_step(item, unit=sheet.column(item.field).unit)}" for item in record.values()
                  if item.value is not None and item.rendering != "read-only"]
    return lines


def _called(sheet: Sheet, record: Mapping[str, GatewaySetting], number: int) -> str:
    item = record.get(sheet.key)
    return f"{item.label} {item.value}" if item is not None and item.value is not None else f"record {number}"


def _step(item: GatewaySetting, unit: str) -> str:
    against = f" (against the advice: {escaped(item.advice) or spelt(item.recommended)})" if item.against else ""
    told = _TOLD.get(item.rendering, "")
    return f"- [ ] {escaped(item.label)}: {spelt(item.value)}{f' {unit}' if unit else ''}{told}{against}"


def _attested(gateway: Gateway) -> list[str]:
    """What is asked for and has no published label: no line to type, a claim to check."""
    steps = [f"- [ ] {escaped(sheet.title)}: {escaped(item.label)} shall be {spelt(item.value)}"
             for sheet in gateway.sheets if not sheet.is_table for record in sheet.records for item in record.values()
             if item.rendering == "not-public" and item.source in ASKED]
    return ["", "## Check, and attest in the site definition", "",
            "Where the product sets these is not published.", "", *steps] if steps else []
