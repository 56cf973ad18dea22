"""The page of a code, wherever one stands: no estate is needed."""

from __future__ import annotations

import re
from importlib.resources import files

import click

from punchdown.model.codes import find_code, like_code


def print_page(context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """When the argument is a code, print its page and end; anything else passes through.

    Raises:
        click.BadParameter: it looks like a code and is none.
    """
    code = find_code(value)
    if code is not None:
        page = files("punchdown").joinpath("error_pages", f"{code}.md")
        click.echo(page.read_text(encoding="utf-8"), nl=False)
        context.exit(0)
    if re.fullmatch(r"PD\d+", value, re.IGNORECASE):
        near = like_code(value.upper())
        raise click.BadParameter(f"there is no code {value}" + (f"; did you mean {near}?" if near else ""))
    return value
