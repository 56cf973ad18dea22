"""The verbs. Each reads its arguments, calls one function of the pipeline, prints, and returns an exit code."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from punchdown import __version__, pipeline
from punchdown.cli.exports import exports_option
from punchdown.cli.looks import emit_look
from punchdown.cli.options import (
    Output,
    cache_folder,
    context_of,
    device_options,
    estate_option,
    fail_option,
    notify_option,
    now,
    operator_option,
    output_option,
    selection_of,
    selection_options,
    user,
)
from punchdown.cli.refusal import write_refusal
from punchdown.cli.terminal import emit, progress
from punchdown.errors import ExitCode, InputError
from punchdown.values import to_json

if TYPE_CHECKING:
    from punchdown.pipeline import ExportName

VERBS = {
    "init": "Begin an estate with one site.",
    "check": "Is the definition sound?",
    "render": "What should the devices run?",
    "plan": "What would change, and what would it mean?",
    "apply": "Change the devices, safely.",
    "rollback": "Bring a confirmed run back.",
    "history": "What was done, by whom?",
    "verify": "Do the devices do what they should?",
    "prove": "What can reach what, over all packets?",
    "drift": "Has anybody changed anything?",
    "audit": "How does every control of the guideline stand?",
    "explain": "Why is this line there?",
    "report": "How did it go over time? A folder of pages.",
    "import": "What runs already, as a definition; a form's columns.",
    "deliver": "Put the files of gateways where their people find them.",
    "trust": "Whose host keys to believe.",
    "lab": "A site to try things on.",
    "schema": "JSON Schema for your editor and your programs.",
    "completion": "Completion for your shell.",
}
"""What each is for, in the order in which they are used, not by the alphabet. What is not in this module is in one of
its own name, and is not loaded to be listed."""
NAMES = {"import": "import_form"}
"""Modules and commands that can't be called as their verb is."""


class Verbs(click.Group):
    """Loads a verb when it is asked for: whoever checks does not wait for what speaks to devices."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of use."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name, None when there is none."""
        if cmd_name in VERBS and cmd_name not in self.commands:
            name = NAMES.get(cmd_name, cmd_name)
            self.add_command(getattr(import_module(f"punchdown.cli.{name}"), name))
            self.commands[cmd_name].short_help = VERBS[cmd_name]
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs in the order of use."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The verbs that begin like this; options as everywhere."""
        return [*(CompletionItem(name, help=told) for name, told in VERBS.items() if name.startswith(incomplete)),
                *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="punchdown %(version)s")
def app() -> None:
    """A voice site's network as code, from one declarative definition.

    \b
    First time:   punchdown check                  is the definition sound?
                  punchdown trust                  whose host keys to believe
    Every change: punchdown plan -s lisbon         what would change, why, and what it means
                  punchdown apply -s lisbon        do it; whatever goes wrong goes back
                  punchdown verify -s lisbon       do the devices do what they should?
    Every night:  punchdown drift -o html=drift.html
    For auditors: punchdown audit -o html=audit.html

    \b
    Exit codes: 0 in order; 2 differences, findings or unknown;
                1 could not do it; 130 interrupted.
    Every option can also be set as PUNCHDOWN_<OPTION> in the environment.
    """


@click.command()
@estate_option
@selection_options
@output_option
@fail_option
@notify_option
@operator_option
@click.option("--no-cache", is_flag=True, envvar="PUNCHDOWN_NO_CACHE",
              help="Look at every site anew, whatever is known of its files. Only check ever uses that.")
def check(
    estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, operator: Path, no_cache: bool,
    **selecting: Any,
) -> ExitCode:
    """Check the definition as a whole; touches no device.

    \b
    punchdown check
    punchdown check -s lisbon -o json
    """
    try:
        report = pipeline.check(estate, selection_of(selecting), now(), cache=None if no_cache else cache_folder())
    except InputError as error:
        write_refusal(error, outputs, estate.name, now())
        raise
    return emit_look(report, outputs, estate, fail_on, tell=operator if notify else None)


@click.command()
@estate_option
@selection_options
@device_options
@output_option
@fail_option
@notify_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan, for `apply FILE`.")
@click.option("--commands", is_flag=True, help="Also show what would be sent, in order.")
def plan(
    estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, out: Path | None, commands: bool,
    **options: Any,
) -> ExitCode:
    """Compare the devices with the definition; changes nothing.

    Lines to add (+), to remove (-), to move (~) and those that can't be compared (?), each with the place in the
    definition that asks for it. Exit code 2 when there is something to do.

    \b
    punchdown plan -s lisbon
    punchdown plan -d 'sw-acc-*' --commands
    punchdown plan -s lisbon --out lisbon.plan && punchdown apply lisbon.plan
    """
    selection, tell = selection_of(options), options["operator"] if notify else None
    with progress(context_of(estate, **options)) as context:
        planned, report = pipeline.plan(context, selection)
    if out is not None:
        out.write_text(to_json(planned) + "\n", encoding="utf-8")
    return emit(report, outputs, commands=commands, fail_on=fail_on, tell=tell)


@click.command()
@estate_option
@selection_options
@device_options
@output_option
@fail_option
@notify_option
@exports_option
@click.option("--probe", "place", metavar="PLACE",
              help="Look at gateways from outside, logging in nowhere. You stand in PLACE: wan, wan:LIST, a host or "
                   "a segment.")
@click.option("--roots", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="PEM file of further roots that the gateways' certificates may lead to.")
def verify(
    estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, exports: tuple[ExportName, ...],
    place: str | None, roots: Path | None, **options: Any,
) -> ExitCode:
    """Compare what the devices do (ports, VLANs, sessions, services) with what they should; changes nothing.

    \b
    punchdown verify -s lisbon
    punchdown verify --role access-switch -o json
    punchdown verify --form mbg-1=phones.csv         # a gateway's form as its export shows it; opens no session
    punchdown verify --probe wan                     # gateways from the Internet: ports, TLS, certificates
    """
    selection, tell = selection_of(options), options["operator"] if notify else None
    if exports and place:
        raise click.UsageError("--form and --probe are two looks: run them one after the other")
    if exports or place:
        keep = pipeline.kept_in(options["operator"], options["store"], user())
        report = (pipeline.verify_exports(estate, selection, exports, now(), keep) if exports else
                  pipeline.verify_probes(estate, selection, place or "", now(), roots=roots, keep=keep))
    else:
        with progress(context_of(estate, **options)) as context:
            report = pipeline.verify(context, selection)
    return emit_look(report, outputs, estate, fail_on, tell=tell)


@click.command()
@estate_option
@selection_options
@device_options
@output_option
@fail_option
@notify_option
def drift(
    estate: Path, outputs: tuple[Output, ...], fail_on: str | None, notify: bool, **options: Any,
) -> ExitCode:
    """Compare what the devices run with what they should run; changes nothing.

    What is new and what is gone since the last look is told; `punchdown report` shows how it went over time.

    \b
    punchdown drift
    punchdown drift -s 'hotel-*' -o text -o html=drift.html
    punchdown drift --notify --fail-on high -o prometheus=/var/lib/node_exporter/punchdown.prom
    """
    selection = selection_of(options)
    with progress(context_of(estate, **options)) as context:
        report = pipeline.drift(context, selection)
    return emit_look(report, outputs, estate, fail_on, tell=options["operator"] if notify else None)


for verb in (check, plan, verify, drift):
    app.add_command(verb)
    verb.short_help = VERBS[str(verb.name)]
