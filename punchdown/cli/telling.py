"""Tell webhooks of a report."""

from __future__ import annotations

from pathlib import Path

import click

from punchdown.devices import Operator
from punchdown.errors import NotifyError, SecretError
from punchdown.notify import deliver, load_hooks, wanted
from punchdown.report import printable
from punchdown.values import Report


def notify(report: Report, operator: Path) -> bool:
    """Tell every webhook that wants to hear of the report. False when one was not reached; the others are told."""
    reached = True
    for name, hook in sorted(load_hooks(operator).items()):
        try:
            if (message := wanted(hook, report)) is not None:
                deliver(name, hook, message, Operator.load(operator).secrets)
        except (NotifyError, SecretError) as error:
            click.echo(f"error: {printable(str(error))}", err=True)
            reached = False
    return reached
