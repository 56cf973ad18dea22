"""Resolved settings put together as the system shows them: form by form, record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from punchdown.catalog.forms import Form, FormField, products
from punchdown.platforms.forms.contract import Sheet
from punchdown.values import GatewaySetting

ENTRIES = "entries"
"""The setting that counts the records of a table."""


def sheets(settings: Iterable[GatewaySetting]) -> tuple[Sheet, ...]:
    """The sheets of one host, in the order of its forms; a form's own fields come before its tables."""
    by_form: dict[str, list[GatewaySetting]] = defaultdict(list)
    product = ""
    for item in settings:
        product = item.product
        by_form[item.form].append(item)
    return tuple(sheet for form, items in by_form.items() for sheet in _sheets(products()[product].forms[form], items))


def blank_sheets(product: str) -> tuple[Sheet, ...]:
    """Every sheet that a product can have, without records."""
    return tuple(sheet for form in products()[product].forms.values() for sheet in _sheets(form, ()))


def _sheets(form: Form, items: Iterable[GatewaySetting]) -> Iterator[Sheet]:
    kept = tuple(items)
    if form.table:
        yield _table(form, "", form.title, form.fields, kept)
        return
    own = tuple(item for item in form.fields if not item.columns)
    if own:
        record = {item.field: item for item in kept if not item.table and item.field in {field.key for field in own}}
        yield Sheet(form, "", form.title, own, (record,), is_table=False)
    for field in form.fields:
        if field.columns:
            yield _table(form, field.key, f"{form.title} - {field.label}", field.columns,
                         tuple(item for item in kept if item.table == field.key))


def _table(form: Form, table: str, title: str, columns: tuple[FormField, ...], items: tuple[GatewaySetting, ...],
           ) -> Sheet:
    count = next((item for item in items if item.field == ENTRIES and not item.entry), None)
    rows: dict[int, dict[str, GatewaySetting]] = defaultdict(dict)
    for item in items:
        if item.entry:
            rows[item.entry][item.field] = item
    declared = count is not None and count.value is not None
    return Sheet(form, table, title, columns, tuple(rows[number] for number in sorted(rows)), is_table=True,
                 declared=declared, entries=count)
