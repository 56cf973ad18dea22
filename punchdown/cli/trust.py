"""``punchdown trust``: host keys are shown to a person before they are believed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.options import estate_option, operator_option, selection_of, selection_options, yes_option
from punchdown.cli.terminal import ask
from punchdown.devices import FileTarget, HostKey, Operator, Target, enrol, is_trusted, seen_key
from punchdown.errors import ConnectError, ExitCode
from punchdown.pipeline import Selection
from punchdown.report import printable

WAY_OUT = "compare the fingerprints first, then add --yes"


@click.command()
@estate_option
@selection_options
@operator_option
@yes_option
@click.option("--gateways", is_flag=True, help="The servers that take the files of gateways (`delivery`), not devices.")
def trust(estate: Path, operator: Path, yes: bool, gateways: bool, **selecting: Any) -> ExitCode:
    """Show the devices' SSH host keys and enrol those that are not trusted yet. Nothing is sent to a device.

    Compare each fingerprint with one that you got another way (`show ip ssh`, `ssh-keygen -lf`): whoever sits
    between you and the device could show a key of their own.

    \b
    punchdown trust -s lisbon
    punchdown trust -d sw-acc-1 --yes
    """
    mine = Operator.load(operator)
    new: list[HostKey] = []
    silent = False
    for target in _targets(estate, selection_of(selecting), gateways=gateways):
        try:
            key = seen_key(mine, target)
        except ConnectError as error:
            click.echo(f"error: {printable(str(error))}", err=True)
            silent = True
            continue
        known = is_trusted(mine, key)
        click.echo(f"{key.device:<16} {key.algorithm} {key.fingerprint}  {'trusted' if known else 'NOT TRUSTED'}")
        if not known:
            new.append(key)
    return ExitCode.FAILED if not _enrolled(mine, new, yes=yes) or silent else ExitCode.OK


def _targets(estate: Path, selection: Selection, *, gateways: bool) -> Iterable[Target | FileTarget]:
    if gateways:
        return [target for target, _package in pipeline.file_targets(estate, selection)]
    return pipeline.targets(estate, selection)


def _enrolled(operator: Operator, new: list[HostKey], *, yes: bool) -> bool:
    """Whether nothing is left untrusted."""
    if not new:
        return True
    if not yes and not ask(f"Trust {len(new)} new key{'' if len(new) == 1 else 's'}?", WAY_OUT):
        return False
    for key in new:
        enrol(operator, key)
    click.echo(f"trusted: {', '.join(key.device for key in new)}", err=True)
    return True
