"""``punchdown explain``: why a line of configuration exists."""

from __future__ import annotations

from pathlib import Path

import click

from punchdown import pipeline
from punchdown.cli.explain_code import print_page
from punchdown.cli.explain_control import complete_subject, explain_control
from punchdown.cli.explain_settings import settings_lines
from punchdown.cli.options import estate_option
from punchdown.cli.terminal import print_lines
from punchdown.errors import ExitCode, InputError
from punchdown.report import Span, Style, printable
from punchdown.values import ConfigLine, to_json


@click.command()
@click.argument("device", shell_complete=complete_subject, is_eager=True, callback=print_page)
@click.argument("line", required=False)
@click.option("--control", "is_control", is_flag=True, help="DEVICE is the id of a control of the guideline.")
@estate_option
@click.option("-o", "--output", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True,
              envvar="PUNCHDOWN_EXPLAIN_OUTPUT")
def explain(device: str, line: str | None, is_control: bool, estate: Path, kind: str) -> ExitCode:
    """Print a device's lines with feature, field, file and line of the definition, controls and notes.

    LINE is any part of a line; without it, all lines are explained. For a gateway, DEVICE is its host (SITE/HOST where
    two sites have it): each field of its forms with its value, where it comes from, and how it gets there.

    \b
    punchdown explain sw-acc-1
    punchdown explain sw-acc-1 'authentication port-control auto'
    punchdown explain mivb-1 'password strength'
    punchdown explain --control acl-smdr         # what a control asks, and how it is met here
    punchdown explain PD1201                     # the page of an error or warning
    """
    if is_control:
        return explain_control(device, estate, kind)
    if settings := pipeline.settings(estate, device, line):
        if kind == "json":
            click.echo(to_json(settings))
        else:
            print_lines(settings_lines(settings))
        return ExitCode.OK
    lines = pipeline.explain(estate, device, line)
    if not lines:
        raise InputError([f"{device}: no line like {line!r} in its intended configuration"])
    if kind == "json":
        click.echo(to_json(lines))
    else:
        print_lines([spans for config_line in lines for spans in _explained(config_line)])
    return ExitCode.OK


def _explained(line: ConfigLine) -> list[tuple[Span, ...]]:
    source = line.source
    why = " · ".join(part for part in (source.feature, source.field, str(source.position), *source.controls) if part)
    told: list[tuple[Span, ...]] = [
        (Span(printable(line.text), Style.HEADING),), (Span(f"    {printable(why)}", Style.MUTED),),
    ]
    if source.note:
        told.append((Span(f"    {printable(source.note)}"),))
    return told
