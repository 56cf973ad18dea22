"""``punchdown render``: the configurations that devices should run, as text or files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.options import estate_option, selection_of, selection_options
from punchdown.errors import ExitCode, RenderError
from punchdown.pipeline import Selection
from punchdown.platforms.forms import MANIFEST, Package
from punchdown.values import IntendedConfig, file_name, to_json


@click.command()
@estate_option
@selection_options
@click.option("--gateways", is_flag=True, envvar="PUNCHDOWN_GATEWAYS",
              help="Import packages and checklists of gateways instead, DIR/<site>/<host>/<file>.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Write DIR/<device>/<document> instead of printing.")
@click.option("-o", "--output", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json adds where every line comes from.")
def render(estate: Path, gateways: bool, out: Path | None, kind: str, **selecting: Any) -> ExitCode:
    """Print the intended configurations; touches no device. Secrets stand as <secret:NAME>.

    \b
    punchdown render -d sw-acc-1
    punchdown render -s lisbon --out build/
    punchdown render --gateways -d mbg-1 --out build/      # what to import and what to type, with a manifest
    """
    if gateways:
        return _packages(estate, selection_of(selecting), out, kind)
    configs = pipeline.render(estate, selection_of(selecting))
    if out is not None:
        write_configs(configs, out)
    elif kind == "json":
        click.echo(to_json(configs))
    else:
        click.echo("\n".join(_text(config) for config in configs), nl=False)
    return ExitCode.OK


def _packages(estate: Path, selection: Selection, out: Path | None, kind: str) -> ExitCode:
    found = pipeline.gateway_packages(estate, selection)
    if out is not None:
        write_packages(found, out)
    elif kind == "json":
        click.echo(to_json(found))
    else:
        click.echo("\n".join(f"# {item.host}: {file.path}\n{file.text}" for item in found for file in item.files),
                   nl=False)
    return ExitCode.OK


def write_packages(found: Iterable[Package], out: Path) -> None:
    """One folder a gateway, with a manifest beside its files.

    Raises:
        RenderError: a folder holds other files, which somebody could take for a part of the package.
    """
    for item in found:
        folder = out / item.site / item.host
        own = {folder / MANIFEST, *(folder / file.path for file in item.files)}
        if other := sorted(str(path) for path in folder.rglob("*") if path.is_file() and path not in own):
            raise RenderError(f"{folder} holds files that are no part of the package: {', '.join(other)}")
        for file in item.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
        (folder / MANIFEST).write_text(item.manifest, encoding="utf-8")


def _text(config: IntendedConfig) -> str:
    """Documents one after the other, each under a line that names device and document."""
    return "".join(f"# {config.device}: {document.name}\n{document.text}" for document in config.documents)


def write_configs(configs: Iterable[IntendedConfig], out: Path) -> None:
    """One folder a device, one file a document; ``/etc/kea/kea-dhcp4.conf`` becomes ``etc_kea_kea-dhcp4.conf``."""
    for config in configs:
        folder = out / config.device
        folder.mkdir(parents=True, exist_ok=True)
        for document in config.documents:
            (folder / file_name(document.name)).write_text(document.text, encoding="utf-8")
