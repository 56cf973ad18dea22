"""The only reader of estate files: YAML with positions, profiles merged, everything checked at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from punchdown.catalog.form_secrets import clear_secrets
from punchdown.errors import InputError
from punchdown.loader.faults import faults_of
from punchdown.loader.files import Files
from punchdown.loader.netblocks import with_netblocks
from punchdown.loader.reader import Refused
from punchdown.model.diagnostics import Diagnostic, Positions, in_order, make_diagnostic
from punchdown.model.estate import Estate, EstateFile, LoadedSite
from punchdown.model.site import Site
from punchdown.values import Position

M = TypeVar("M", bound=BaseModel)

__all__ = ["Files", "Refused", "load_estate", "load_site", "misnamed", "read_estate", "read_head", "site_paths",
           "stray"]


def _build(model: type[M], data: dict[str, Any], positions: Positions) -> M | list[Diagnostic]:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return faults_of(model, error, data, positions)


def load_site(files: Files, path: Path) -> LoadedSite | list[Diagnostic]:
    """One site with its profiles, or everything that is wrong with it by itself."""
    try:
        data, places = with_netblocks(files, files.with_profiles(path))
    except Refused as refused:
        return [refused.diagnostic]
    positions = Positions(places, files.lines, hidden=clear_secrets(data))
    site = _build(Site, data, positions)
    return site if isinstance(site, list) else LoadedSite(site, positions)


def stray(files: Files) -> Iterable[Diagnostic]:
    """Files that look as if they were read, and are not."""
    for folder in ("sites", "profiles"):
        for path in sorted((files.root / folder).glob("*.yaml")):
            yield make_diagnostic("file-suffix", Position(files.name(path), 1, 1), "the file is not read",
                                  hint=f"call it {path.stem}.yml")


def misnamed(loaded: LoadedSite, path: Path) -> list[Diagnostic]:
    """A warning when a site's file is called otherwise than the site."""
    name = loaded.site.site
    if name == path.stem:
        return []
    return [loaded.positions.diagnostic("site-file", ("site",), f"the site {name!r} is in {path.name}",
                                        f"call the file {name}.yml")]


def read_head(files: Files) -> EstateFile:
    """``punchdown.yml``.

    Raises:
        InputError: it is missing or wrong.
    """
    try:
        data, places = files.read(files.root / "punchdown.yml")
    except Refused as refused:
        raise InputError([refused.diagnostic]) from refused
    head = _build(EstateFile, data, Positions(places, files.lines))
    if isinstance(head, list):
        raise InputError(in_order(head))
    return head


def site_paths(files: Files) -> list[Path]:
    """The files of the sites, sorted.

    Raises:
        InputError: there is none.
    """
    paths = sorted((files.root / "sites").glob("*.yml"))
    if not paths:
        place = Position(files.name(files.root / "punchdown.yml"), 1, 1)
        raise InputError([*stray(files), make_diagnostic("sites-none", place, "the estate has no site")])
    return paths


def read_estate(root: Path) -> tuple[Estate, tuple[Diagnostic, ...]]:
    """The sites that could be read, sorted by name, and what is wrong with the others and with the files.

    Raises:
        InputError: the head of the estate, ``punchdown.yml`` in ``root``, is wrong.
    """
    files = Files(root.absolute())
    head = read_head(files)
    found: list[Diagnostic] = []
    loaded: dict[str, LoadedSite] = {}
    for path in site_paths(files):
        result = load_site(files, path)
        if isinstance(result, list):
            found += result
            continue
        name = result.site.site
        if name in loaded:
            first = loaded[name].positions.at(("site",))
            found.append(result.positions.diagnostic("site-duplicate", ("site",), f"the site {name!r} is there already",
                                                     f"first at {first}"))
            continue
        loaded[name] = result
        found += misnamed(result, path)
    estate = Estate(head.estate, dict(sorted(loaded.items())), head.campaigns)
    return estate, tuple(in_order([*found, *stray(files)]))


def load_estate(root: Path) -> Estate:
    """The estate whose ``punchdown.yml`` lies in ``root``, all sites sorted by name.

    Raises:
        InputError: every fault of every file, sorted by place.
    """
    estate, found = read_estate(root)
    if any(item.severity == "error" for item in found):
        raise InputError(found)
    return estate
