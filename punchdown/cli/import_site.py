"""``punchdown import --from``, ``--live`` and ``--netbox``: a site's definition from what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from punchdown import pipeline
from punchdown.cli.options import (
    ESTATE_FILE,
    Output,
    context_of,
    find_estate,
    now,
    operator_option,
    output_option,
)
from punchdown.cli.terminal import emit, progress
from punchdown.errors import ExitCode, InputError
from punchdown.platforms import platform, platform_names
from punchdown.schema import KINDS, schema_text

if TYPE_CHECKING:
    from punchdown.pipeline import Import

Function = TypeVar("Function", bound=Callable[..., Any])
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TARGET = re.compile(
    r"(?P<name>[^=@]+)=(?P<platform>[a-z0-9_]+)@(?P<address>\d+\.\d+\.\d+\.\d+)(?::(?P<port>\d{1,5}))?")


def _site(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _NAME.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no name: lower-case letters, digits and inner hyphens")
    return value


def _admins(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        try:
            IPv4Address(value)
        except ValueError:
            raise click.BadParameter(f"{value!r} is no IPv4 address") from None
    return tuple(values)


def _targets(_context: click.Context, _parameter: click.Parameter,
             values: Sequence[str]) -> tuple[tuple[str, str, str, int], ...]:
    found = []
    for value in values:
        match = _TARGET.fullmatch(value)
        if not match or not _NAME.fullmatch(match["name"]) or match["platform"] not in platform_names():
            raise click.BadParameter(f"{value!r} is no NAME=PLATFORM@ADDRESS (platforms: "
                                     f"{', '.join(platform_names())})")
        found.append((match["name"], match["platform"], match["address"], int(match["port"] or 22)))
    return tuple(found)


def site_options(function: Function) -> Function:
    """The options of a site's import."""
    for option in reversed((
        click.option("-e", "--estate", type=click.Path(file_okay=False, path_type=Path), envvar="PUNCHDOWN_ESTATE",
                     help=f"The estate's folder; made where there is no {ESTATE_FILE}. Default: the nearest one "
                          "upward, else this folder."),
        click.option("--from", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
                     help="Saved running configurations: a file, or a folder of files, for each device."),
        click.option("--live", multiple=True, callback=_targets, metavar="NAME=PLATFORM@ADDRESS[:PORT]",
                     help="Read this device now. Repeat. Its host key must be trusted already."),
        click.option("--netbox", metavar="URL", help="Read the site with this slug from NetBox; asks no device."),
        click.option("--token", default="netbox-token", show_default=True,
                     help="Name of your secret that holds NetBox's token."),
        click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="Certificates (PEM) that NetBox's own is signed by, instead of those that this machine "
                          "trusts."),
        click.option("--site", callback=_site, help="Name of the site. Default: the name of the folder."),
        click.option("--admin", "admins", multiple=True, callback=_admins, metavar="ADDRESS",
                     help="An address that may log in to the devices, where they don't say it. Repeat."),
        click.option("--credential", default="network-automation", show_default=True,
                     help="Name of the login for --live."),
        click.option("--jump", default="", help="Jump host for --live: a Host of the operator's ssh_config."),
        click.option("--force", is_flag=True, help="Write over a site's file that is there."),
        operator_option,
        output_option,
    )):
        function = option(function)
    return function


def import_site(
    estate: Path | None, folder: Path | None, live: tuple[tuple[str, str, str, int], ...], netbox: str | None,
    token: str, ca: Path | None, site: str | None, admins: tuple[str, ...], credential: str, jump: str, force: bool,
    operator: Path, outputs: tuple[Output, ...],
) -> ExitCode:
    """Write ``sites/SITE.yml`` and say what it is worth.

    Raises:
        click.UsageError: not exactly one source, or no name for the site.
        InputError: the file is there, or nothing could be read.
    """
    if sum((folder is not None, bool(live), netbox is not None)) != 1:
        raise click.UsageError("import what? One of --from DIR, --live NAME=PLATFORM@ADDRESS, --netbox URL and "
                               "--form EXPORT")
    name = site or (folder.resolve().name if folder else "")
    if not _NAME.fullmatch(name):
        raise click.UsageError("the site needs a name: --site NAME")
    root = estate or _nearest()
    _refuse_existing(root, name, force=force)
    context = context_of(root, operator, workers=50, timer=120, store=None)
    if netbox is not None:
        made = pipeline.import_netbox(context, netbox, name, token, admins, ca)
    elif folder is not None:
        made = pipeline.import_folder(folder, name, admins, now())
    else:
        from punchdown.devices import Target
        targets = [Target(device, address, platform(room), credential, port, jump)
                   for device, room, address, port in live]
        with progress(context) as told:
            made = pipeline.import_live(told, targets, name, admins)
    written = write_site(root, made, force=force)
    code = emit(made.report, outputs)
    for path in written:
        click.echo(f"wrote {path}", err=True)
    return code


def _nearest() -> Path:
    try:
        return find_estate(Path.cwd())
    except click.UsageError:
        return Path.cwd()


def _refuse_existing(root: Path, site: str, *, force: bool) -> None:
    path = root / "sites" / f"{site}.yml"
    if not force and (path.exists() or path.is_symlink()):
        raise InputError([f"{path} is there already; nothing was written (--force writes over it)"])


def write_site(root: Path, made: Import, *, force: bool = False) -> list[Path]:
    """The files that were written: the site's, and those of an estate where there is none yet.

    Raises:
        InputError: the site's file is there already, and not ``force``.
    """
    _refuse_existing(root, made.site, force=force)
    files: dict[Path, str] = {}
    if not (root / ESTATE_FILE).exists():
        files[root / ESTATE_FILE] = (f"# yaml-language-server: $schema=schemas/estate.schema.json\n"
                                     f"estate: {made.site}\n")
        files |= {path: schema_text(kind) for kind in KINDS
                  if not (path := root / "schemas" / f"{kind}.schema.json").exists()}
    files[root / "sites" / f"{made.site}.yml"] = made.text
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    return list(files)
