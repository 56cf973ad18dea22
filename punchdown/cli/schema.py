"""``punchdown schema``: what an editor needs to complete and explain the files of an estate."""

from __future__ import annotations

from pathlib import Path

import click

from punchdown.errors import ExitCode
from punchdown.schema import KINDS, schema_text


@click.command(short_help="JSON Schema for your editor and your programs.")
@click.argument("kind", type=click.Choice(KINDS), default="site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write all of them into this folder.")
def schema(kind: str, out: Path | None) -> ExitCode:
    """Print the JSON Schema (draft 2020-12) of what people write (a site, a profile, the estate's own file) or programs
    read (a report, a plan, what a webhook gets).

    An editor that knows YAML reads it from the first line of a file:
    # yaml-language-server: $schema=../schemas/site.schema.json

    \b
    punchdown schema site
    punchdown schema report
    punchdown schema --out schemas
    """
    if out is None:
        click.echo(schema_text(kind), nl=False)
        return ExitCode.OK
    out.mkdir(parents=True, exist_ok=True)
    for name in KINDS:
        (out / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")
    return ExitCode.OK
