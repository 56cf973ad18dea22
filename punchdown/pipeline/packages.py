"""Import packages of gateways, and the columns of their forms, which the estate keeps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from punchdown.catalog.forms import products
from punchdown.compiler import compile_estate
from punchdown.compiler.gateway import gateway_settings
from punchdown.errors import InputError, PlanError
from punchdown.loader import Files, load_estate
from punchdown.loader.reader import Refused
from punchdown.model import Host, LoadedSite
from punchdown.pipeline.select import Selection
from punchdown.platforms.forms import ColumnMap, Gateway, Package, Sheet, blank_sheets, can_map, make_package, sheets
from punchdown.values import GatewaySetting

FOLDER = "forms"
"""Where an estate keeps the columns of its systems: ``forms/<product>/<form>.yml``."""


def gateway_packages(estate: Path, selection: Selection) -> tuple[Package, ...]:
    """What each selected gateway needs, sorted by site and host. A gateway is selected by its site, its host (as a
    device), its kind (as a role) and its product (as a platform).

    Raises:
        InputError: the definition, or a file of columns, is wrong.
        PlanError: the selection takes no gateway.
        RenderError: a value can't stand in a file of the system as it is.
    """
    return tuple(make_package(settings[0].product, gateway) for gateway, settings in gateways(estate, selection))


def gateways(estate: Path, selection: Selection) -> tuple[tuple[Gateway, tuple[GatewaySetting, ...]], ...]:
    """The selected gateways with their settings; as :func:`gateway_packages`."""
    loaded = load_estate(estate)
    compile_estate(loaded)
    files = Files(estate.absolute())
    columns = {product: columns_of(files, product) for product in products()}
    found = tuple(
        (_gateway(item, name, settings, columns[settings[0].product]), settings)
        for site, item in loaded.loaded.items() for name, settings in gateway_settings(item).items()
        if _takes(selection, site, name, item.site.hosts[name], settings[0].product))
    if not found:
        raise PlanError("the selection takes no gateway; a gateway is selected by site, host (-d), kind (--role) and "
                        "product (--platform)")
    return found


def _takes(selection: Selection, site: str, name: str, host: Host, product: str) -> bool:
    return selection.names(site, name, host.kind, product)


def _gateway(loaded: LoadedSite, name: str, settings: tuple[GatewaySetting, ...], columns: Mapping[str, ColumnMap],
             ) -> Gateway:
    netblocks = {key: tuple(map(str, prefixes)) for key, prefixes in loaded.site.firewall.netblocks.items()}
    return Gateway(loaded.site.site, name, sheets(settings), columns, netblocks)


def columns_of(files: Files, product: str) -> dict[str, ColumnMap]:
    """The kept columns of a product by the name of the sheet.

    Raises:
        InputError: a file is wrong, or speaks of a field that the form doesn't have.
    """
    known = {sheet.name: sheet for sheet in blank_sheets(product)}
    found = {}
    for path in sorted((files.root / FOLDER / product).glob("*.yml")):
        columns = _read(files, path)
        if columns.product != product or columns.form != path.stem or columns.form not in known:
            said = f"{columns.product} {columns.form}"
            raise InputError([f"{files.name(path)}: it says {said}: not what its place says, or no such form"])
        require_fields(known[columns.form], columns, files.name(path))
        found[columns.form] = columns
    return found


def _read(files: Files, path: Path) -> ColumnMap:
    try:
        return ColumnMap.model_validate(files.read(path)[0])
    except Refused as refused:
        raise InputError([refused.diagnostic]) from refused
    except ValidationError as error:
        raise columns_fault(files.name(path), error) from None


def columns_fault(name: str, error: ValidationError) -> InputError:
    """What is wrong with columns, in words."""
    return InputError([": ".join(filter(None, (name, ".".join(map(str, item["loc"])), item["msg"])))
                       for item in error.errors(include_url=False, include_input=False)])


def require_fields(sheet: Sheet, columns: ColumnMap, place: str) -> None:
    """Every mapped field is one of the sheet that a column can stand for, and its words are known.

    Raises:
        InputError: which are not.
    """
    able = {item.key: item for item in sheet.columns if can_map(item)}
    wrong = [f"{place}: {item.header}: {sheet.title} has no field {item.field!r} that a column can stand for; "
             f"there are {', '.join(able)}" for item in columns.columns if item.field and item.field not in able]
    wrong += [f"{place}: {item.header}: the system's words for yes and no are missing"
              for item in columns.columns if item.field in able and able[item.field].type == "bool" and not item.words]
    if wrong:
        raise InputError(wrong)
