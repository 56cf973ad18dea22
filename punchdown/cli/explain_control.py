"""``punchdown explain --control ID``: what a control asks, where it stands, and how it is met here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from punchdown import pipeline
from punchdown.catalog.controls import Control, closest_control, controls, domains, open_reasons, papers, traits
from punchdown.cli.names import completes, devices
from punchdown.cli.options import DEFAULT_OPERATOR, now
from punchdown.cli.terminal import print_lines
from punchdown.errors import ExitCode, InputError
from punchdown.report import STATE_STYLES, Span, Style, control_lines, printable
from punchdown.values import Audit, ControlResult, to_json

PROOF = {
    "render": "lines of configuration", "verify": "the state that devices show", "probe": "a look from outside",
    "export": "an export of the gateway", "attest": "a person's word",
}
SHOWN_LINES, SHOWN_PLACES = 5, 8

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ExplainedControl:
    """A control with its result on each site, by the site's name."""

    control: Control
    sites: dict[str, ControlResult]


def complete_control(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids that begin like this, with their titles."""
    return [CompletionItem(name, help=item.title) for name, item in controls().items() if name.startswith(incomplete)]


def complete_subject(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Control ids after ``--control``, devices otherwise."""
    complete = complete_control if context.params.get("is_control") else completes(devices)
    return complete(context, parameter, incomplete)


def find_control(name: str) -> Control:
    """The control of that id.

    Raises:
        InputError: there is none; names the likely one.
    """
    if name in controls():
        return controls()[name]
    close = closest_control(name)
    raise InputError([f"there is no control {name!r}" + (f"; did you mean {close!r}?" if close else "")])


def control_explained(control: Control, audit: Audit) -> Iterator[Line]:
    """The control itself, then how it stands on each site of the audit."""
    yield (Span(control.title, Style.HEADING), Span(f"  {control.id} · {domains()[control.domain]} · "
                                                    f"severity {control.severity}", Style.MUTED))
    yield (Span(f"  {control.asks}"),)
    yield (Span(f"  source     {papers()[control.paper]}: {control.section}", Style.MUTED),)
    yield (Span(f"  at         {', '.join(control.places)}", Style.MUTED),)
    yield (Span(f"  proof      {', '.join(PROOF[kind] for kind in control.proof)}", Style.MUTED),)
    yield (Span(f"  not when   {_exceptions(control)}", Style.MUTED),)
    yield (Span(f"  shown by   {_shown(control)}", Style.MUTED),)
    for site in audit.sites:
        yield ()
        yield (Span(printable(site.site), Style.HEADING),)
        for result in site.results:
            if result.id == control.id:
                yield from control_lines(result)
                yield from _evidence(result)


def _exceptions(control: Control) -> str:
    return "; or ".join(traits()[name].otherwise for name in control.needs) or "it concerns every site"


def _shown(control: Control) -> str:
    if control.open:
        return f"a person's word for now: {open_reasons()[control.open]}"
    if control.shown is None:
        return "a person's word"
    ways = ["lines of intended configurations that cite it"] if control.shown.lines else []
    ways += [f"the claim {name!r} about the definition" for name in control.shown.claims]
    ways += ["the proof of what intended configurations let through"] if control.shown.proved else []
    ways += ["looks from outside: punchdown verify --probe PLACE"] if control.shown.looks else []
    ways += ["a person's word for the rest"] if control.shown.attest else []
    return "; ".join(ways)


def _evidence(result: ControlResult) -> Iterator[Line]:
    for part in result.lines[:SHOWN_PLACES]:
        place = f"{part.device}: {part.document} · {part.feature} · {part.field} · {part.position}"
        yield (Span(f"      {printable(place)}", Style.MUTED),)
        for line in part.lines[:SHOWN_LINES]:
            yield (Span(f"        {printable(line.strip())}", STATE_STYLES[result.state]),)
        if len(part.lines) > SHOWN_LINES:
            yield (Span(f"        and {len(part.lines) - SHOWN_LINES} more", Style.MUTED),)
    if len(result.lines) > SHOWN_PLACES:
        more = len(result.lines) - SHOWN_PLACES
        yield (Span(f"      and {more} more places; `punchdown audit -o json` has all of them", Style.MUTED),)
    for claim in result.proofs:
        told = f"{claim.answer}: {claim.title}" + (f" ({claim.claims} claims)" if claim.claims > 1 else "")
        yield (Span(f"      {printable(told)}", Style.MUTED),)
    for setting in result.settings:
        told = f"{setting.host}: {setting.title}, {setting.label}: {setting.value} ({setting.source}; unchecked)"
        yield (Span(f"      {printable(told)}", Style.MUTED),)
    for item in result.statements:
        told = f"{item.kind} {item.name}: {item.text}, until {item.until} · {item.position}"
        yield (Span(f"      {printable(told)}", Style.MUTED),)


def explain_control(name: str, estate: Path, kind: str) -> ExitCode:
    """Print a control and how it stands on every site of the estate, as of today."""
    control = find_control(name)
    folder = Path(os.environ.get("PUNCHDOWN_OPERATOR", DEFAULT_OPERATOR)).expanduser()
    audit = pipeline.audit(estate, (), pipeline.Witnesses(folder, proof=bool(control.shown and control.shown.proved)),
                           datetime.now(UTC).date(), now())
    if kind == "json":
        results = {site.site: next(item for item in site.results if item.id == name) for site in audit.sites}
        click.echo(to_json(ExplainedControl(control, results)))
    else:
        print_lines(control_explained(control, audit))
    return ExitCode.OK
