"""``punchdown prove``: what can reach what, over all packets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.apply import read_plan
from punchdown.cli.looks import emit_look
from punchdown.cli.options import (
    FORMATS,
    Output,
    context_of,
    device_options,
    estate_option,
    fail_option,
    formats_option,
    notify_option,
    now,
    selection_of,
    selection_options,
)
from punchdown.cli.terminal import progress
from punchdown.errors import ExitCode
from punchdown.report import proof_html, proof_lines, proof_summary, proofs_report, proofs_text
from punchdown.values import Proofs, Report


@click.command()
@estate_option
@selection_options
@device_options
@formats_option(FORMATS, "PUNCHDOWN_PROVE_OUTPUT")
@fail_option
@notify_option
@click.option("--running", "basis", flag_value="running", default=True,
              help="From what the devices run (default); reads them, changes nothing.")
@click.option("--rendered", "basis", flag_value="rendered",
              help="From what they should run; touches no device.")
@click.option("--plan", "planned", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Before a plan (from `plan --out`), what it changes, and after it.")
@click.option("--diff", "sides", nargs=2, metavar="A B",
              help="What becomes reachable and what stops from A to B: `running`, `rendered`, or folders from "
                   "`render --out`.")
@click.option("--was", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The estate's folder as it was when A of --diff was made: who sat where, and by which addresses.")
@click.option("--query", "queries", multiple=True, metavar="QUESTION",
              help="A question of your own instead; may be repeated.")
@click.option("--unauthenticated", is_flag=True,
              help="As if nobody had authenticated on any port that asks for 802.1X.")
def prove(
    estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, basis: str,
    planned: Path | None, sides: tuple[str, str] | None, was: Path | None,
    queries: tuple[str, ...], unauthenticated: bool, **options: Any,
) -> ExitCode:
    """Prove the flow matrix from the devices' own configurations: over all packets, not a sample of them.

    Every declared flow is open; nothing else gets through, from any host, segment or the wan to any other; forged
    sources reach nobody. Each is proved, refuted by one packet (with its way, and the line that decides), or unknown,
    with the lines that were not understood. Exit code 0 when all is proved, else 2.

    A QUESTION is `PROTOCOL FROM -> TO[:PORT[-PORT],...]`; ends are hosts, segments, devices, `wan`, `any`, addresses,
    prefixes or two addresses with `-` between them. Its answer is proved when something of it gets through, refuted
    when nothing does.

    \b
    punchdown prove -s lisbon --rendered
    punchdown prove -s lisbon
    punchdown prove -s lisbon --query "tcp 10.20.32.0/22 -> mivb-1:1752"
    punchdown prove -s lisbon --rendered --unauthenticated -o html=proof.html
    punchdown prove --plan lisbon.plan
    punchdown prove -s lisbon --diff running rendered
    punchdown prove -s lisbon --diff rendered rendered --was ../before      # a checkout of an older definition
    """
    selection, question = selection_of(options), pipeline.Question(queries, unauthenticated)
    tell = options["operator"] if notify else None
    if sides and (queries or planned or unauthenticated):
        raise click.UsageError("--diff compares two states by itself: no --plan, --query or --unauthenticated with it")
    if was and not sides:
        raise click.UsageError("--was tells --diff what its first side was made from: there is no --diff")
    if basis == "rendered" and not sides and planned is None:
        return emit_proofs(proofs_report(pipeline.prove_rendered(estate, selection, question, now())), outputs, estate,
                           fail_on, tell)
    with progress(context_of(estate, **options)) as context:
        if sides:
            one, other = (side if side in {"running", "rendered"} else Path(side) for side in sides)
            report = proofs_report(pipeline.prove_difference(context, selection, (one, other), was))
        elif planned is not None:
            report = proofs_report(pipeline.prove_plan(context, read_plan(planned), question))
        else:
            report = proofs_report(pipeline.prove_running(context, selection, question))
            if question == pipeline.Question():
                report = pipeline.remember(report, context.operator, context.store_url, context.user)
    return emit_proofs(report, outputs, estate, fail_on, tell)


def emit_proofs(report: Report, outputs: tuple[Output, ...], estate: Path, fail_on: str | None,
                tell: Path | None = None) -> ExitCode:
    """Print or write the proofs in every format asked for; text and page show every claim, ignored or not. Gives the
    exit code."""
    proofs = report.proofs or Proofs(report.estate, report.generated, ())
    return emit_look(report, outputs, estate, fail_on, lines=lambda: proof_lines(proofs), told=proof_summary(proofs),
                     tell=tell, writers={"text": lambda: proofs_text(proofs), "html": lambda: proof_html(proofs)})
