"""``punchdown deliver``: import packages of gateways to where the definition says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.options import (
    Output,
    estate_option,
    now,
    operator_option,
    output_option,
    selection_of,
    selection_options,
)
from punchdown.cli.terminal import emit
from punchdown.errors import ExitCode


@click.command()
@estate_option
@selection_options
@operator_option
@output_option
def deliver(estate: Path, operator: Path, outputs: tuple[Output, ...], **selecting: Any) -> ExitCode:
    """Put the package of every gateway whose host says `delivery` onto its server by SFTP, the manifest last.

    Nothing is imported: that is done by a person, by the checklist. The server's key is trusted first.

    \b
    punchdown trust --gateways -d mbg-1
    punchdown deliver -d mbg-1
    """
    return emit(pipeline.deliver_packages(estate, operator, selection_of(selecting), now()), outputs)
