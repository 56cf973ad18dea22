"""``--form HOST=EXPORT``, which several verbs take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchdown import pipeline

if TYPE_CHECKING:
    from punchdown.pipeline import ExportName


def _exports(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[ExportName, ...]:
    found = []
    for value in values:
        name, equals, path = value.partition("=")
        host, _, form = name.partition("/")
        if not equals or not host or not path:
            raise click.BadParameter(f"{value!r} is no HOST=EXPORT")
        found.append(pipeline.ExportName(host, Path(path), form))
    return tuple(found)


exports_option = click.option(
    "--form", "exports", multiple=True, callback=_exports, metavar="HOST[/FORM]=EXPORT",
    help="An export of a gateway's form, against what the form should hold. Repeat for several.",
)
