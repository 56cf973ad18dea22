"""Write the manual pages: ``python setup/man.py FOLDER``."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import click
from click_man.core import write_man_pages

from punchdown.cli.app import app


def main(folder: Path) -> None:
    """One page per verb and one of all."""
    folder.mkdir(parents=True, exist_ok=True)
    with click.Context(app) as context:
        for verb in app.list_commands(context):
            app.get_command(context, verb)  # the group knows it from then on
    write_man_pages("punchdown", app, version=version("punchdown"), target_dir=str(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
