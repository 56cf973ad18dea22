"""``punchdown render``: the configurations that devices should run, as text or files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.options import estate_option, selection_of, selection_options
from punchdown.errors import ExitCode
from punchdown.values import IntendedConfig, file_name, to_json


@click.command(short_help="What should the devices run?")
@estate_option
@selection_options
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Write DIR/<device>/<document> instead of printing.")
@click.option("-o", "--output", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json adds where every line comes from.")
def render(estate: Path, out: Path | None, kind: str, **selecting: Any) -> ExitCode:
    """Print the intended configurations; touches no device. Secrets stand as <secret:NAME>.

    \b
    punchdown render -d sw-acc-1
    punchdown render -s lisbon --out build/
    """
    configs = pipeline.render(estate, selection_of(selecting))
    if out is not None:
        write_configs(configs, out)
    elif kind == "json":
        click.echo(to_json(configs))
    else:
        click.echo("\n".join(_text(config) for config in configs), nl=False)
    return ExitCode.OK


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
