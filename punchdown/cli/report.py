"""``punchdown report``: pages over all that was found so far."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click

from punchdown import pipeline
from punchdown.cli.audit import site_option
from punchdown.cli.options import estate_option, now, operator_option
from punchdown.errors import ExitCode, PlanError
from punchdown.report.pages import estate_pages

LIST = "pages.txt"
"""The pages that were written, one a line: what the next run may remove."""
_OURS = re.compile(r"(?:(?:sites|devices|controls)/)?[a-z0-9][a-z0-9.-]*\.html")


@click.command()
@estate_option
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="The folder that gets the pages; index.html is the first.")
@site_option
@operator_option
@click.option("--store", envvar="PUNCHDOWN_STORE", metavar="URL",
              help="State store. Default: state.db in the operator's folder.")
def report(estate: Path, out: Path, sites: tuple[str, ...], operator: Path, store: str | None) -> ExitCode:
    """Write pages over the history of all looks (drift, verify, prove, audit) and runs; touches no device.

    Estate, sites, devices, controls and faults: what is wrong, since when, who applied last, how it went over time,
    what can reach what, and differences side by side with the line of the definition that asks for them. The pages
    open from the folder or from any web server; they load nothing from elsewhere.

    \b
    punchdown report --out public
    punchdown drift; punchdown verify; punchdown prove; punchdown report --out public
    """
    overview = pipeline.overview(estate, sites, operator, store, now())
    written = write_pages(out, estate_pages(overview))
    click.echo(f"{written} pages; open {out / 'index.html'}", err=True)
    return ExitCode.OK


def write_pages(out: Path, pages: Iterable[tuple[str, str]]) -> int:
    """Write the pages and remove those of an earlier run that are there no more. Gives how many were written.

    Raises:
        PlanError: the folder holds something else.
    """
    before = _before(out)
    written = set()
    for address, text in pages:
        path = out / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.add(address)
    for address in before - written:
        (out / address).unlink(missing_ok=True)
    (out / LIST).write_text("".join(f"{address}\n" for address in sorted(written)), encoding="utf-8")
    return len(written)


def _before(out: Path) -> set[str]:
    listed = out / LIST
    if listed.is_file():
        return {line for line in listed.read_text(encoding="utf-8").splitlines() if _OURS.fullmatch(line)}
    if out.is_dir() and any(out.iterdir()):
        raise PlanError(f"{out}: holds something that is no report; name a folder of its own")
    return set()
