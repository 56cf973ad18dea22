"""``punchdown import``: what runs already, as a definition; the columns of a gateway's export."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.import_site import import_site, site_options
from punchdown.cli.options import find_estate
from punchdown.errors import ExitCode
from punchdown.pipeline import Layout
from punchdown.report import printable

NONE = "-"
"""What stands for a column that is none of our fields."""


def _pairs(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    found = {}
    for value in values:
        header, equals, said = value.rpartition("=")
        if not equals or not header or not said:
            raise click.BadParameter(f"{value!r} is no HEADING=VALUE")
        found[header] = said
    return found


def _words(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for header, said in _pairs(context, parameter, values).items():
        yes, slash, no = said.partition("/")
        if not slash or not yes or not no:
            raise click.BadParameter(f"{said!r} is no YES/NO")
        found[header] = (yes, no)
    return found


@click.command("import")
@site_options
@click.option("--form", "export", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="An export of a gateway's form from your own system (CSV with headings).")
@click.option("--as", "name", metavar="[PRODUCT/]FORM[.TABLE]", help="The form that it is of.")
@click.option("--map", "fields", multiple=True, callback=_pairs, metavar="HEADING=FIELD",
              help=f"What a column is; {NONE} for none of our fields. Repeat.")
@click.option("--words", multiple=True, callback=_words, metavar="HEADING=YES/NO",
              help="How the system writes yes and no in a column, where the export does not show both.")
@click.option("--release", default="", help="Release of the system: layouts differ between releases.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask: take headings that are spelt as our labels, leave others.")
@click.option("--replace", is_flag=True, help="Write over the columns that are kept.")
def import_form(
    export: Path | None, name: str | None, fields: dict[str, str], words: dict[str, tuple[str, str]], release: str,
    yes: bool, replace: bool, estate: Path | None, **site: Any,
) -> ExitCode:
    """Write a site from what its devices run, or from NetBox; or take the columns of a gateway's form.

    A definition that is written this way checks clean. What was recognised, what stays unmanaged and what contradicts
    the guideline stands in the report. Nothing is sent to a device; no file is overwritten without --force.

    With --form, the columns of an export are taken, once; the estate keeps them. No record of the export is kept.

    \b
    punchdown import --from saved/ --site lisbon               # a file, or a folder, for each device
    punchdown import --live sw-acc-1=cisco_ios@10.20.99.11 --site lisbon --admin 10.20.99.100
    punchdown import --netbox https://netbox.example.net --site lisbon
    punchdown import --form phones.csv --as minet-devices.devices
    punchdown import --form phones.csv --as minet-devices.devices --map 'MAC=mac-address' --words 'On=Y/N' -y
    """
    if export is None:
        return import_site(estate, **site)
    if name is None:
        raise click.UsageError("--form needs --as: the form that it is of")
    estate = estate or find_estate(Path.cwd())
    source = pipeline.layout(export, name)
    chosen = dict(fields)
    for header in source.export.headers:
        if header not in chosen:
            chosen[header] = _decided(source, header, set(chosen.values()), yes)
    kept = {header: field for header, field in chosen.items() if field != NONE}
    path = pipeline.keep_columns(estate, source, kept, words, release=release, replace=replace)
    for header in source.export.headers:
        click.echo(f"{printable(header)}: {kept.get(header, 'none of ours')}")
    click.echo(f"kept in {path}")
    return ExitCode.OK


def _decided(source: Layout, header: str, taken: set[str], yes: bool) -> str:
    """What a column is: as proposed, or asked.

    Raises:
        click.UsageError: nobody is there to ask.
    """
    proposed = source.proposed.get(header, NONE)
    proposed = NONE if proposed in taken else proposed
    if yes:
        return proposed
    if not sys.stdin.isatty():
        raise click.UsageError(f"nobody to ask what column {printable(header)!r} is: --map '{printable(header)}=FIELD' "
                               f"(one of {', '.join(source.fields)}, or {NONE}), or --yes")
    choices = [field for field in source.fields if field not in taken]
    answer: str = click.prompt(f"{printable(header)} is", default=proposed, type=click.Choice([*choices, NONE]),
                               err=True)
    return answer
