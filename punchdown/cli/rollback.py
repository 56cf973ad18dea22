"""``punchdown rollback``: bring a confirmed run back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from punchdown import pipeline
from punchdown.cli.apply import confirm_and_do, dry_run_option
from punchdown.cli.names import completes, runs
from punchdown.cli.options import (
    Output,
    context_of,
    device_options,
    estate_option,
    fail_option,
    notify_option,
    output_option,
    pace_of,
    pace_options,
    yes_option,
)
from punchdown.cli.terminal import emit, progress
from punchdown.errors import ExitCode


@click.command()
@click.argument("run", shell_complete=completes(runs))
@estate_option
@device_options
@pace_options
@output_option
@fail_option
@notify_option
@yes_option
@dry_run_option
def rollback(
    run: str, estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, yes: bool, dry_run: bool,
    **options: Any,
) -> ExitCode:
    """Bring the devices that RUN changed back to what they were intended to run before it.

    A plan like any other: shown, asked about, waves, timer, confirmed. The names of runs: `punchdown history`. The
    definition stays as it is: revert it too, or the next apply brings the change again.

    \b
    punchdown rollback 3f0c9a1b77de
    punchdown rollback 3f0c9a1b77de --yes --any-time
    """
    pace = pace_of(options)
    plain = replace(context_of(estate, **options), pace=pace)
    ended = partial(emit, outputs=outputs, fail_on=fail_on, tell=plain.operator if notify else None)
    with progress(plain) as context:
        planned, report = pipeline.rollback_plan(context, run)
    return confirm_and_do(plain, planned, report, ended, yes=yes, dry_run=dry_run, way_out="add --yes",
                          do=lambda context: pipeline.rollback(context, run, plan=planned))
