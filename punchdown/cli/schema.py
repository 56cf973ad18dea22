"""``punchdown schema``: what an editor needs to complete and explain the files of an estate."""

from __future__ import annotations

from pathlib import Path

import click

from punchdown.errors import ExitCode
from punchdown.schema import KINDS, schema_text


@click.command()
@click.argument("kind", type=click.Choice(KINDS), default="site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write all of them into this folder.")
@click.option("--refresh", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Write those that this folder has anew where they are another version's; exit code 2 when any was.")
def schema(kind: str, out: Path | None, refresh: Path | None) -> ExitCode:
    """Print the JSON Schema (draft 2020-12) of what people write (a site, a profile, the estate's own file) or programs
    read (a report, a plan, what a webhook gets).

    An editor that knows YAML reads it from the first line of a file:
    # yaml-language-server: $schema=../schemas/site.schema.json

    \b
    punchdown schema site
    punchdown schema report
    punchdown schema --out schemas
    punchdown schema --refresh schemas       # as the hook punchdown-schemas does
    """
    if refresh is not None:
        return _refreshed(refresh)
    if out is None:
        click.echo(schema_text(kind), nl=False)
        return ExitCode.OK
    out.mkdir(parents=True, exist_ok=True)
    for name in KINDS:
        (out / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")
    return ExitCode.OK


def _refreshed(folder: Path) -> ExitCode:
    there = {name: folder / f"{name}.schema.json" for name in KINDS}
    there = {name: place for name, place in there.items() if place.is_file() and not place.is_symlink()}
    if not there:
        raise click.UsageError(f"no schema in {folder}; punchdown schema --out {folder}")
    stale = {place: text for name, place in there.items()
             if place.read_bytes() != (text := schema_text(name)).encode("utf-8")}
    for place, text in stale.items():
        place.write_text(text, encoding="utf-8")
        click.echo(f"written anew: {place}")
    return ExitCode.DIFFERENT if stale else ExitCode.OK
