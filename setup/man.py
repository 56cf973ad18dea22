"""Write the manual pages: ``python setup/man.py FOLDER``."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

import click
from click_man.core import write_man_pages

from punchdown.cli.app import app

_AS_IT_IS = re.compile(r"\.PP\n\x08\n(.*?)(?=^\.(?:PP|SH)|\Z)", re.DOTALL | re.MULTILINE)
EXIT = """.SH EXIT STATUS
.TP
0
In order.
.TP
2
Differences, findings, or something unknown.
.TP
1
Could not do it: a wrong definition, wrong usage, a device that could not be reached, a failed change.
.TP
130
Interrupted.
"""
FILES = """.SH ENVIRONMENT
PUNCHDOWN_ESTATE, PUNCHDOWN_OPERATOR, PUNCHDOWN_STORE and so on stand for the option of that name.
NO_COLOR takes colours away, FORCE_COLOR shows them where no terminal is.
PUNCHDOWN_DEBUG shows where a fault of the program itself is.
.SH FILES
.TP
punchdown.yml
The estate, with its folders profiles/ and sites/.
.TP
~/.config/punchdown
The operator's folder: credentials.yml, known_hosts, secrets/, fingerprint.key, state.db.
"""


def main(folder: Path) -> None:
    """One page per verb and one of all."""
    folder.mkdir(parents=True, exist_ok=True)
    with click.Context(app) as context:
        app.commands = {verb: found for verb in app.list_commands(context)
                        if (found := app.get_command(context, verb)) is not None}
    app.short_help = "a voice site's network as code"
    write_man_pages("punchdown", app, version=version("punchdown"), target_dir=str(folder))
    for page in folder.glob("punchdown*.1"):
        page.write_text(mended(page.read_text()) + EXIT + (FILES if page.stem == "punchdown" else ""))


def mended(text: str) -> str:
    """Examples as they are typed, one a line; names with hyphens, as ``man`` is asked for them."""
    title, _, rest = text.partition("\n")
    title = re.sub(r'(?<=\.TH ")[^"]*', lambda name: name[0].replace(" ", "-"), title)
    rest = re.sub(r"(?m)^(?=')", r"\\&", rest)
    rest = _AS_IT_IS.sub(lambda found: ".PP\n.EX\n" + found[1].replace("\\", "\\e").rstrip() + "\n.EE\n", rest)
    return title + "\n" + rest.replace(".SH COMMANDS\n.PP\n", ".SH COMMANDS\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
