"""``punchdown audit``: how every control of the guideline stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from punchdown import pipeline
from punchdown.cli.exports import exports_option
from punchdown.cli.looks import emit_look
from punchdown.cli.names import completes, sites
from punchdown.cli.options import (
    FORMATS,
    Output,
    estate_option,
    fail_option,
    formats_option,
    notify_option,
    now,
    operator_option,
    user,
)
from punchdown.errors import ExitCode
from punchdown.report import audit_html, audit_lines, audit_markdown, audit_report, audit_summary, audit_text

if TYPE_CHECKING:
    from punchdown.pipeline import ExportName


def _sites(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date:
    return (value or datetime.now(UTC)).date()


site_option = click.option("-s", "--site", "sites", multiple=True, callback=_sites, metavar="GLOB,...",
                           shell_complete=completes(sites, listed=True),
                           envvar="PUNCHDOWN_SITE", help="Only these sites (globs; repeat or use commas).")
store_option = click.option("--store", envvar="PUNCHDOWN_STORE", metavar="URL",
                            help="Where verifications were kept. Default: state.db in the operator's folder.")
as_of_option = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), callback=_day, metavar="YYYY-MM-DD",
                            envvar="PUNCHDOWN_AS_OF", help="The day on which attestations and waivers must count. "
                                                           "Default: today (UTC).")


proof_option = click.option("--proof/--no-proof", default=True, envvar="PUNCHDOWN_AUDIT_PROOF", show_default=True,
                            help="Prove what the intended configurations let through: a second or so for each site.")


def _watched(names: Sequence[str]) -> Iterable[str]:
    """The sites with a bar, where somebody could be waiting for it."""
    console = Console(stderr=True)
    return track(names, "sites", console=console, transient=True, disable=not console.is_terminal or len(names) < 2)


@click.command()
@estate_option
@site_option
@operator_option
@store_option
@as_of_option
@exports_option
@formats_option(FORMATS, "PUNCHDOWN_AUDIT_OUTPUT")
@proof_option
@fail_option
@notify_option
def audit(
    estate: Path, sites: tuple[str, ...], operator: Path, store: str | None, as_of: date,
    exports: tuple[ExportName, ...], outputs: tuple[Output, ...], proof: bool, fail_on: str | None,
    notify: bool,
) -> ExitCode:
    """Account for every control of the vendor's papers, once for each site; touches no device.

    A control is verified (the last `punchdown verify` saw it hold), enforced (lines of intended configurations exist
    for it, and the proof of what they let through refutes nothing that it asks), exported (read from a gateway's
    export), attested (a person vouches for it), waived, not applicable, expired (an attestation or waiver has run
    out) or missing. Exit code 2 when something is missing or has expired.

    \b
    punchdown audit -s lisbon
    punchdown audit -o html=audit.html -o json=audit.json
    punchdown audit --as-of 2027-01-01 -o markdown
    punchdown audit --form mbg-1=phones.csv      # what an export of a gateway's form shows counts, too
    """
    result = pipeline.audit(estate, sites, pipeline.Witnesses(operator, store, exports, proof), as_of, now(),
                            _watched)
    report = audit_report(result)
    if store is not None or operator.is_dir():
        report = pipeline.remember(report, operator, store, user())
    return emit_look(report, outputs, estate, fail_on, lines=lambda: audit_lines(result),
                     told=audit_summary(result), tell=operator if notify else None, writers={
        "text": lambda: audit_text(result), "html": lambda: audit_html(result),
        "markdown": lambda: audit_markdown(result)})
