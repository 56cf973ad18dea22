"""Names for a shell to complete: sites, devices and runs as they are now. What can't be read completes to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import get_args

import click
from click.shell_completion import CompletionItem

from punchdown.errors import PunchdownError

ESTATE_FILE = "punchdown.yml"
SITES_READ = 100
"""So many sites are read for their devices: about a second."""
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
Source = Callable[[click.Context], Iterable[tuple[str, str]]]


def find_estate(start: Path) -> Path:
    """The nearest folder upward that holds ``punchdown.yml``, or whose ``inventory/`` does.

    Raises:
        click.UsageError: there is none up to the root.
    """
    for folder in (start, *start.parents):
        for candidate in (folder, folder / "inventory"):
            if (candidate / ESTATE_FILE).is_file():
                return candidate
    raise click.UsageError(
        f"no estate: no {ESTATE_FILE} in {start} or above it (nor in an inventory/ there); name its folder with -e"
    )


def completes(source: Source, *, listed: bool = False) -> Completer:
    """Completes what begins like one of the source's names, each with its help. ``listed``: after the last comma."""
    def complete(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, word = incomplete.rpartition(",") if listed else ("", "", incomplete)
        found: list[CompletionItem] = []
        with suppress(PunchdownError, OSError, click.UsageError):
            found += (CompletionItem(f"{before}{comma}{name}", help=told) for name, told in source(context)
                      if name.startswith(word))
        return found
    return wraps(source)(complete)


def _estate(context: click.Context) -> Path:
    found: Path = context.params.get("estate") or find_estate(Path.cwd())
    return found.absolute()


def sites(context: click.Context) -> Iterator[tuple[str, str]]:
    """The sites of the estate that the command line is about, by their files."""
    from punchdown.loader import Files, site_paths

    yield from ((path.stem, "") for path in site_paths(Files(_estate(context))))


def devices(context: click.Context) -> Iterator[tuple[str, str]]:
    """Their devices, with role and platform; of the sites that ``-s`` says, where it does."""
    from punchdown.loader import Files, Refused

    folder = _estate(context)
    globs = context.params.get("sites") or ("*",)
    chosen = (name for name, _told in sites(context) if any(fnmatchcase(name, glob) for glob in globs))
    for name in islice(chosen, SITES_READ):
        with suppress(Refused):
            found = Files(folder).read(folder / "sites" / f"{name}.yml")[0].get("devices")
            for device, item in (found.items() if isinstance(found, dict) else ()):
                kind = item if isinstance(item, dict) else {}
                yield str(device), " ".join(str(kind[key]) for key in ("role", "platform") if key in kind)


def roles(_context: click.Context) -> Iterator[tuple[str, str]]:
    """Every role that a device may have."""
    from punchdown.model.devices import Role

    yield from ((name, "") for name in get_args(Role))


def platforms(_context: click.Context) -> Iterator[tuple[str, str]]:
    """Every platform that is installed."""
    from punchdown.platforms.register import platform_names

    yield from ((name, "") for name in platform_names())


def runs(context: click.Context) -> Iterator[tuple[str, str]]:
    """The last runs of the state store. None is made for the question."""
    from punchdown import pipeline

    operator: Path = context.params.get("operator") or Path()
    store: str | None = context.params.get("store")
    if store or (operator / "state.db").is_file():
        yield from ((run.run, f"{run.site} {run.started[:16]} {run.result or 'not ended'}")
                    for run in pipeline.runs(operator, store, 20))
