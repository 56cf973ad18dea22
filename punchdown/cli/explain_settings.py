"""The settings of a gateway as lines: what each field shall be, why, and how it gets there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punchdown.catalog.forms import products
from punchdown.report import Span, Style, printable
from punchdown.values import GatewaySetting, SettingValue

SOURCES = {
    "site": "by the site", "profile": "by its profile", "derived": "follows from the site",
    "recommended": "left out: as recommended", "default": "left out: the product's default",
    "undeclared": "left out",
}
WAYS = {
    "importable": "by import, where the system offers it", "typed": "typed by hand",
    "not-public": "checked or attested: how to set it is not published", "unsafe": "by hand: never written to a file",
    "read-only": "shown by the product",
}


def settings_lines(settings: Iterable[GatewaySetting]) -> Iterator[tuple[Span, ...]]:
    """Each form once, its fields below it."""
    form = ""
    for item in settings:
        if item.form != form:
            form = item.form
            yield from _heading(item)
        yield from _setting(item)


def _heading(item: GatewaySetting) -> Iterator[tuple[Span, ...]]:
    form = products()[item.product].forms[item.form]
    yield (Span(printable(form.title), Style.HEADING),)
    for told in (form.source, form.check, *form.rules):
        yield (Span(f"  {printable(told)}", Style.MUTED),)


def _setting(item: GatewaySetting) -> Iterator[tuple[Span, ...]]:
    entry = f"{item.table or 'entry'} {item.entry}: " if item.entry else ""
    yield (Span(printable(f"  {entry}{item.label} = {shown(item.value)}"), Style.PLAIN),)
    place = str(item.provenance.position) if item.provenance.field else ""
    way = WAYS[item.rendering] if item.value is not None or item.rendering == "read-only" else ""
    why = (SOURCES[item.source], item.provenance.field, place, *item.controls, way)
    yield (Span(printable("      " + " · ".join(part for part in why if part)), Style.MUTED),)
    if item.against:
        advised = item.advice or shown(item.recommended)
        yield (Span(printable(f"      against the advice: {advised}"), Style.WARN),)
    if item.provenance.note:
        yield (Span(printable(f"      {item.provenance.note}"), Style.MUTED),)


def shown(value: SettingValue) -> str:
    """A value as people read it."""
    if value is None:
        return "(not declared)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "(empty list)"
    return "(blank)" if value == "" else str(value)
