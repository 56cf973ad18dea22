"""The options that verbs share, and what they are read as."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from punchdown import pipeline
from punchdown.cli import names
from punchdown.cli.names import ESTATE_FILE as ESTATE_FILE  # shown to the verbs from here
from punchdown.cli.names import completes
from punchdown.cli.names import find_estate as find_estate

if TYPE_CHECKING:
    from punchdown.pipeline import Context, Pace, Selection

Function = TypeVar("Function", bound=Callable[..., Any])

DEFAULT_OPERATOR = "~/.config/punchdown"
FORMATS = ("text", "json", "markdown", "junit", "sarif", "html", "prometheus")


@dataclass(frozen=True, slots=True)
class Output:
    """One ``-o``: a format and where it goes (None: standard output)."""

    format: str
    path: Path | None = None


def read_output(text: str, formats: Sequence[str]) -> Output:
    """Reads ``json`` or ``html=drift.html``.

    Raises:
        click.BadParameter: there is no such format.
    """
    kind, _, path = text.partition("=")
    if kind not in formats:
        raise click.BadParameter(f"{kind!r} is not one of {', '.join(formats)}")
    return Output(kind, Path(path) if path else None)


def formats_option(formats: Sequence[str], envvar: str) -> Callable[[Function], Function]:
    """``-o`` of a verb that can speak these formats; the function gets ``outputs``."""
    return click.option(
        "-o", "--output", "outputs", multiple=True, envvar=envvar, default=("text",), show_default="text",
        callback=lambda _context, _parameter, values: tuple(read_output(value, formats) for value in values),
        metavar="FORMAT[=PATH]", shell_complete=completes(lambda _context: ((name, "") for name in formats)),
        help=f"{', '.join(formats[:-1])} or {formats[-1]}, to standard output; html=FILE writes a file. "
             "Repeat for several.")


def _estate(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    if value is None:
        return find_estate(Path.cwd())
    if not (value / ESTATE_FILE).is_file():
        raise click.BadParameter(f"{value} holds no {ESTATE_FILE}")
    return value


def _names(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _together(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function
    return decorate


def _globs(short: tuple[str, ...], long: str, field: str, what: str) -> Callable[[Function], Function]:
    return click.option(*short, f"--{long}", field, multiple=True, callback=_names, metavar="GLOB,...",
                        shell_complete=completes(getattr(names, what), listed=True),
                        envvar=f"PUNCHDOWN_{long.upper()}", help=f"Only these {what} (globs; repeat or use commas).")


estate_option = click.option(
    "-e", "--estate", type=click.Path(file_okay=False, path_type=Path), callback=_estate, envvar="PUNCHDOWN_ESTATE",
    help=f"The estate's folder. Default: the nearest one upward with {ESTATE_FILE}, there or in inventory/.",
)
selection_options = _together(
    _globs(("-s",), "site", "sites", "sites"),
    _globs(("-d",), "device", "devices", "devices"),
    _globs((), "role", "roles", "roles"),
    _globs((), "platform", "platforms", "platforms"),
)
output_option = formats_option(FORMATS, "PUNCHDOWN_OUTPUT")
operator_option = click.option(
    "--operator", type=click.Path(file_okay=False, path_type=Path), envvar="PUNCHDOWN_OPERATOR",
    default=DEFAULT_OPERATOR, show_default=True,
    callback=lambda _context, _parameter, value: value.expanduser(),
    help="Your own folder: credentials, trusted host keys, secrets. Never part of the estate.",
)
EVENTS = "punchdown.events"


def _events(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    context.meta[EVENTS] = value


device_options = _together(
    operator_option,
    click.option("--events", type=click.Path(dir_okay=False, path_type=Path), callback=_events, expose_value=False,
                 envvar="PUNCHDOWN_EVENTS", help="Append every step to this file, one JSON object a line."),
    click.option("--workers", type=click.IntRange(1, 1000), default=50, show_default=True,
                 envvar="PUNCHDOWN_WORKERS", help="Devices at a time."),
    click.option("--timer", type=click.IntRange(5, 7200), default=120, show_default=True,
                 envvar="PUNCHDOWN_TIMER", help="Seconds until a device goes back by itself."),
    click.option("--store", envvar="PUNCHDOWN_STORE", metavar="URL",
                 help="State store. Default: state.db in the operator's folder."),
)
fail_option = click.option(
    "--fail-on", type=click.Choice(("low", "medium", "high", "never")), envvar="PUNCHDOWN_FAIL_ON",
    help="Exit code 2 only for findings and warnings as bad as this; what is unknown counts always, but for `never`.")
notify_option = click.option(
    "--notify", is_flag=True, envvar="PUNCHDOWN_NOTIFY",
    help="Tell the webhooks of notifications.yml in the operator's folder; whom that does not reach ends it with 1.")
INVARIANTS = ("protection", "continuity", "management")
"""As ``values.way.Invariant`` has them, which takes long to load."""
ACCEPTABLE = (*INVARIANTS, "counts")
pace_options = _together(
    click.option("--batch", type=click.IntRange(1, 500), envvar="PUNCHDOWN_BATCH",
                 help="Devices at a time after the canary. Default: campaigns.batch of the estate (20)."),
    click.option("--max-failures", type=click.IntRange(1, 10_000), envvar="PUNCHDOWN_MAX_FAILURES",
                 help="So many failed devices end the campaign. Default: campaigns.max_failures (1)."),
    click.option("--canary/--no-canary", default=None, envvar="PUNCHDOWN_CANARY",
                 help="One device of each platform first, alone. Default: campaigns.canary (yes)."),
    click.option("--any-time", is_flag=True, envvar="PUNCHDOWN_ANY_TIME",
                 help="Change outside of the estate's change windows, or in a freeze."),
    click.option("--accept", multiple=True, type=click.Choice(ACCEPTABLE),
                 envvar="PUNCHDOWN_ACCEPT",
                 help="Go a way on which this does not hold after every command; `plan` says where and for how long. "
                 "counts: without the numbers of counts.yml that can't be asked."),
)
yes_option = click.option("-y", "--yes", is_flag=True, envvar="PUNCHDOWN_YES", help="Do not ask.")


def cache_folder() -> Path:
    """Where this user keeps what can be made again (XDG Base Directory)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "punchdown" / "check"


def now() -> str:
    """This second, UTC, ISO 8601: the only clock that reports know."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user() -> str:
    """Who is asking, for the journal."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def selection_of(options: dict[str, Any]) -> Selection:
    """Takes the four selecting options out of ``options``."""
    fields = ("sites", "devices", "roles", "platforms")
    return pipeline.Selection(**{field: options.pop(field) for field in fields}, each=True)


def pace_of(options: dict[str, Any]) -> Pace:
    """Takes the options of the campaign out of ``options``."""
    return pipeline.Pace(options.pop("batch") or 0, options.pop("max_failures") or 0, options.pop("canary"),
                         options.pop("any_time"), tuple(options.pop("accept")))


def context_of(estate: Path, operator: Path, workers: int, timer: int, store: str | None) -> Context:
    """What the pipeline needs to reach devices."""
    return pipeline.Context(estate=estate, operator=operator, now=now(), user=user(), workers=workers,
                            timer_seconds=timer, store_url=store)
