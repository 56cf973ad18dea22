"""``punchdown prove``: what can reach what, over all packets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.apply import read_plan
from punchdown.cli.options import (
    Output,
    context_of,
    device_options,
    estate_option,
    formats_option,
    now,
    selection_of,
    selection_options,
)
from punchdown.cli.terminal import progress, write_out
from punchdown.errors import ExitCode
from punchdown.report import proof_html, proof_lines, proof_summary, proofs_text
from punchdown.values import to_json
from punchdown.values.proof import Proofs


@click.command(short_help="What can reach what, over all packets?")
@estate_option
@selection_options
@device_options
@formats_option(("text", "json", "html"), "PUNCHDOWN_PROVE_OUTPUT")
@click.option("--running", "basis", flag_value="running", default=True,
              help="From what the devices run (default); reads them, changes nothing.")
@click.option("--rendered", "basis", flag_value="rendered",
              help="From what they should run; touches no device.")
@click.option("--plan", "planned", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Before a plan (from `plan --out`), what it changes, and after it.")
@click.option("--diff", "sides", nargs=2, metavar="A B",
              help="What becomes reachable and what stops from A to B: `running`, `rendered`, or folders from "
                   "`render --out`.")
@click.option("--query", "queries", multiple=True, metavar="QUESTION",
              help="A question of your own instead; may be repeated.")
@click.option("--unauthenticated", is_flag=True,
              help="As if nobody had authenticated on any port that asks for 802.1X.")
def prove(
    estate: Path, outputs: tuple[Output, ...], basis: str, planned: Path | None, sides: tuple[str, str] | None,
    queries: tuple[str, ...], unauthenticated: bool, **options: Any,
) -> ExitCode:
    """Prove the flow matrix from the devices' own configurations: over all packets, not a sample of them.

    Every declared flow is open; nothing else gets through, from any host, segment or the wan to any other; forged
    sources reach nobody. Each is proved, refuted by one packet (with its way, and the line that decides), or unknown,
    with the lines that were not understood. Exit code 0 when all is proved, else 2.

    A QUESTION is `PROTOCOL FROM -> TO[:PORT[-PORT]]`; ends are hosts, segments, `wan`, addresses or prefixes. Its
    answer is proved when something of it gets through, refuted when nothing does.

    \b
    punchdown prove -s lisbon --rendered
    punchdown prove -s lisbon
    punchdown prove -s lisbon --query "tcp 10.20.32.0/22 -> mivb-1:1752"
    punchdown prove -s lisbon --rendered --unauthenticated -o html=proof.html
    punchdown prove --plan lisbon.plan
    punchdown prove -s lisbon --diff running rendered
    """
    selection, question = selection_of(options), pipeline.Question(queries, unauthenticated)
    if sides and (queries or planned or unauthenticated):
        raise click.UsageError("--diff compares two states by itself: no --plan, --query or --unauthenticated with it")
    if basis == "rendered" and not sides and planned is None:
        return emit_proofs(pipeline.prove_rendered(estate, selection, question, now()), outputs)
    with progress(context_of(estate, **options)) as context:
        if sides:
            one, other = (side if side in {"running", "rendered"} else Path(side) for side in sides)
            proofs = pipeline.prove_difference(context, selection, (one, other))
        elif planned is not None:
            proofs = pipeline.prove_plan(context, read_plan(planned), question)
        else:
            proofs = pipeline.prove_running(context, selection, question)
    return emit_proofs(proofs, outputs)


def emit_proofs(proofs: Proofs, outputs: tuple[Output, ...]) -> ExitCode:
    """Print or write the proofs in every format asked for. Gives their exit code."""
    write_out(outputs, {"text": lambda: proofs_text(proofs), "json": lambda: to_json(proofs) + "\n",
                        "html": lambda: proof_html(proofs)}, lambda: proof_lines(proofs), proof_summary(proofs))
    return proofs.exit_code
