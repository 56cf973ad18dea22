"""``punchdown lab``: a site to try things on, without touching a real one."""

from __future__ import annotations

from pathlib import Path

import click

from punchdown import lab as labs
from punchdown.cli.names import completes, sites
from punchdown.cli.options import estate_option
from punchdown.errors import ExitCode
from punchdown.lab import LabStatus
from punchdown.values import to_json

lab_option = click.option("--lab", "folder", type=click.Path(file_okay=False, path_type=Path), default=".lab",
                          show_default=True, envvar="PUNCHDOWN_LAB", help="Where everything of the lab is written.")


@click.group()
def lab() -> None:
    """Build a site out of network namespaces (Linux and root) or of emulated switches (anyone, anywhere).

    \b
    sudo punchdown lab up -s lisbon
    punchdown lab up -s lisbon --emulated
    punchdown plan -s lisbon --operator .lab/operator
    sudo punchdown lab down
    """


@lab.command(short_help="Build it.")
@estate_option
@lab_option
@click.option("-s", "--site", required=True, envvar="PUNCHDOWN_SITE", shell_complete=completes(sites),
              help="The site to build.")
@click.option("--emulated", is_flag=True, help="Emulated switches on loopback only; needs no root.")
def up(estate: Path, folder: Path, site: str, emulated: bool) -> ExitCode:
    """Build the lab of a site, in the place of one that stands.

    \b
    sudo punchdown lab up -s lisbon
    """
    file = estate / "sites" / f"{site}.yml"
    if not file.is_file():
        raise click.BadParameter(f"there is no {file}", param_hint="--site")
    return _told(labs.up(file, folder, emulated_only=emulated))


@lab.command(short_help="End and delete it.")
@lab_option
def down(folder: Path) -> ExitCode:
    """End and delete the lab; harmless when there is none.

    \b
    sudo punchdown lab down
    """
    labs.down(folder)
    click.echo("the lab is down")
    return ExitCode.OK


@lab.command(short_help="What is up?")
@lab_option
@click.option("-o", "--output", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(folder: Path, kind: str) -> ExitCode:
    """Show the lab's machines. Exit code 2 when there is no lab, or not all of it is up.

    \b
    punchdown lab status -o json
    """
    return _told(labs.status(folder), kind)


def _told(found: LabStatus, kind: str = "text") -> ExitCode:
    if kind == "json":
        click.echo(to_json(found))
    else:
        click.echo(f"lab: {found.kind}" + (f", site {found.site}" if found.site else ""))
        for device, state in sorted(found.devices.items()):
            click.echo(f"  {device:<16} {state}")
        if found.devices:
            click.echo(f"reach it with: --operator {found.operator}")
    return ExitCode.OK if found.healthy else ExitCode.DIFFERENT
