"""Every field of every form of a host: its value, where that comes from, and how it gets there."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.catalog.forms import Form, FormField
from punchdown.compiler.context import SiteContext
from punchdown.compiler.gateway.advice import CONDITIONS, DERIVED, DERIVED_IN_ROW
from punchdown.compiler.gateway.gateway import Gateway, read_gateways
from punchdown.compiler.gateway.reading import Path, Row
from punchdown.model import LoadedSite
from punchdown.values import GatewaySetting, Provenance, SettingValue
from punchdown.values.settings import Source


def gateway_settings(loaded: LoadedSite) -> dict[str, tuple[GatewaySetting, ...]]:
    """Host to its resolved settings in the order of the forms, for every host with forms; what is faulty is left out.

    Needs a site that compiles; faults are :func:`check_gateways`'s to tell.
    """
    return {gateway.name: host_settings(gateway) for gateway in read_gateways(SiteContext(loaded))}


def host_settings(gateway: Gateway) -> tuple[GatewaySetting, ...]:
    """The resolved settings of one host: fields, then each table as its number of entries and its entries."""
    return tuple(setting for form in gateway.product.forms.values() if form.is_on(gateway.host.kind)
                 for setting in _form(gateway, form))


def _form(gateway: Gateway, form: Form) -> Iterator[GatewaySetting]:
    if form.table:
        yield from _table(gateway, form, "", form.title, form.fields)
        return
    for item in form.fields:
        if item.columns:
            yield from _table(gateway, form, item.key, item.label, item.columns, item.controls)
        else:
            yield _field(gateway, form, item)


def _table(gateway: Gateway, form: Form, table: str, title: str, columns: tuple[FormField, ...],
           controls: tuple[str, ...] = ()) -> Iterator[GatewaySetting]:
    rows = gateway.rows(form.key, table)
    written = gateway.forms.get(form.key)
    source: Source = "undeclared"
    path: Path = ()
    if written is not None and table in written.tables:
        path = rows[0].path[:-1] if rows else (*written.path, *filter(None, [table]))
        source = _layer(gateway, path)
    origin = _origin(gateway, path, (*controls, *form.controls), "")
    yield GatewaySetting(
        gateway.name, gateway.product.key, form.key, form.title, "entries", title,
        None if source == "undeclared" else len(rows), source=source,
        provenance=origin, rendering=form.rendering, proofs=form.proofs, check=form.check, table=table)
    for number, row in enumerate(rows, 1):
        for column in columns:
            yield _column(gateway, form, column, row, table, number, controls)


def _field(gateway: Gateway, form: Form, item: FormField) -> GatewaySetting:
    advised = item.recommended if not item.when or CONDITIONS[item.when](gateway) else None
    cell = gateway.cell(form.key, item.key)
    value: SettingValue = None
    path: Path = ()
    if cell:
        value, path, source = cell.value, cell.path, _layer(gateway, cell.path)
    else:
        if item.derive:
            value, path = DERIVED[item.derive](gateway)
        source = "derived"
        if value is None:
            path, value, source = (), *_left_out(item, advised)
    return _setting(gateway, form, item, value, advised, source, path)


def _column(gateway: Gateway, form: Form, item: FormField, row: Row, table: str, number: int,
            controls: tuple[str, ...]) -> GatewaySetting:
    advised = item.recommended if not item.when or CONDITIONS[item.when](gateway) else None
    if item.key in row.cells:
        cell = row.cells[item.key]
        return _setting(gateway, form, item, cell.value, advised, _layer(gateway, cell.path), cell.path, table, number,
                        controls)
    value = DERIVED_IN_ROW[item.derive](row) if item.derive else None
    source: Source = "derived"
    if value is None:
        value, source = _left_out(item, advised)
    return _setting(gateway, form, item, value, advised, source, row.path, table, number, controls)


def _left_out(item: FormField, advised: SettingValue) -> tuple[SettingValue, Source]:
    if advised is not None:
        return advised, "recommended"
    return (item.default, "default") if item.default is not None else (None, "undeclared")


def _setting(gateway: Gateway, form: Form, item: FormField, value: SettingValue, advised: SettingValue, source: Source,
             path: Path, table: str = "", number: int = 0, controls: tuple[str, ...] = ()) -> GatewaySetting:
    binding = item.accepted or item.named or advised is not None
    return GatewaySetting(
        host=gateway.name, product=gateway.product.key, form=form.key, title=form.title, field=item.key,
        label=item.label, value=value, recommended=advised, advice=item.advice,
        against=bool(binding) and value is not None and not item.advised(value), source=source,
        provenance=_origin(gateway, path, (*item.controls, *controls, *form.controls), item.note),
        rendering=item.rendering, proofs=form.proofs, check=form.check, table=table, entry=number)


def _origin(gateway: Gateway, path: Path, controls: tuple[str, ...], note: str) -> Provenance:
    unique = tuple(dict.fromkeys(controls))
    if not path:
        return Provenance(controls=unique, note=note, feature="settings")
    position = gateway.context.loaded.positions.at(path)
    return Provenance(".".join(path), position, unique, note, "settings")


def _layer(gateway: Gateway, path: Path) -> Source:
    positions = gateway.context.loaded.positions
    return "site" if positions.at(path).file == positions.at(("site",)).file else "profile"
