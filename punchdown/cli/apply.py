"""``punchdown apply``: show, ask, do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from punchdown import pipeline
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
    selection_of,
    selection_options,
    yes_option,
)
from punchdown.cli.terminal import ask, emit, print_lines, progress
from punchdown.errors import ExitCode, PlanError
from punchdown.report import report_lines
from punchdown.values import DeviceReport, Plan, Report, from_json

dry_run_option = click.option("--dry-run", is_flag=True, help="Read the devices, show what would change and in which "
                              "waves, and change nothing.")
WAY_OUT = "look at `punchdown plan` first, then add --yes"


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@estate_option
@selection_options
@device_options
@pace_options
@output_option
@fail_option
@notify_option
@yes_option
@dry_run_option
@click.option("--resume", metavar="RUN", shell_complete=completes(runs),
              help="Finish or undo what this run left in the middle when it died.")
def apply(
    file: Path | None, estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, yes: bool,
    dry_run: bool, resume: str | None, **options: Any,
) -> ExitCode:
    """Bring the devices to the definition: plan, ask, canary, waves, verify, confirm; or go back.

    Each device goes back by itself when it is not confirmed within --timer seconds. With FILE (from `plan --out`)
    the plan is computed again and refused if anything differs from what was reviewed. Ctrl-C finishes or puts back
    the devices in hand and begins no other.

    \b
    punchdown apply -s lisbon
    punchdown apply -s lisbon --dry-run
    punchdown apply -d sw-acc-1 --yes --timer 60
    punchdown apply lisbon.plan --yes
    punchdown apply --role access-switch --batch 50 --max-failures 3
    punchdown apply -s lisbon --accept continuity
    punchdown apply --resume 3f0c9a1b77de
    """
    selection = selection_of(options)
    pace = pace_of(options)
    plain = replace(context_of(estate, **options), pace=pace)
    ended = partial(emit, outputs=outputs, fail_on=fail_on, tell=plain.operator if notify else None)
    if resume is not None:
        with progress(plain) as context:
            return ended(pipeline.finish(context, resume))
    if file is not None:
        planned = read_plan(file)
        selection = selection_of_plan(planned)
        report = reviewed_report(planned, estate.name, plain.now)
    else:
        with progress(plain) as context:
            planned, report = pipeline.plan(context, selection)
    return confirm_and_do(plain, planned, report, ended, yes=yes, dry_run=dry_run, way_out=WAY_OUT,
                          do=lambda context: pipeline.apply(context, selection, plan=planned))


def confirm_and_do(
    plain: pipeline.Context, planned: tuple[Plan, ...], report: Report, ended: Callable[[Report], ExitCode], *,
    yes: bool, dry_run: bool, way_out: str, do: Callable[[pipeline.Context], Report],
) -> ExitCode:
    """Show what would change, ask unless ``yes``, do it and give how it ``ended``; nothing to do is not asked about,
    and ``dry_run`` ends with what would change."""
    count = sum(not change.empty for site in planned for change in site.changes)
    if dry_run or not count:
        return ended(report)
    print_lines(report_lines(report), err=True)
    if not yes and not ask(f"Change {count} device{'' if count == 1 else 's'}?", way_out):
        click.echo("nothing changed", err=True)
        return ExitCode.FAILED
    with progress(plain) as context:
        return ended(do(context))


def read_plan(file: Path) -> tuple[Plan, ...]:
    """The plans of a file, one per site.

    Raises:
        PlanError: the file holds none.
    """
    try:
        return from_json(tuple[Plan, ...], file.read_bytes())
    except ValidationError as error:
        raise PlanError(f"{file}: not a plan: {error.error_count()} things do not fit, first: "
                        f"{error.errors()[0]['msg']}") from None


def selection_of_plan(planned: tuple[Plan, ...]) -> pipeline.Selection:
    """Exactly the devices that were looked at when the plan was made."""
    changed = [change.device for plan in planned for change in plan.changes]
    failed = [device for plan in planned for device in plan.failures]
    return pipeline.Selection(sites=tuple(plan.site for plan in planned), devices=(*changed, *failed))


def reviewed_report(planned: tuple[Plan, ...], estate: str, generated: str) -> Report:
    """What the file plans, as a report; what it can't know (roles) stays empty."""
    devices = [
        DeviceReport(change.device, plan.site, change.platform, "", "in-order" if change.empty else "different",
                     change=change)
        for plan in planned for change in plan.changes
    ]
    devices += [DeviceReport(device, plan.site, "", "", "failed", error=error)
                for plan in planned for device, error in plan.failures.items()]
    return Report("plan", estate, generated, tuple(sorted(devices, key=lambda device: (device.site, device.device))),
                  ways=tuple(plan.way for plan in planned if plan.way is not None))
