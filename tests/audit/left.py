"""``python -m tests.audit.left``: control by control, what a machine could show and punchdown leaves to people.

Whether observations confirm a control is tried on every shipped estate: all that is expected there is taken as seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from punchdown.catalog.controls import Control, controls, domains, open_reasons
from punchdown.values import ControlState

from .conftest import ROOT, by_id, facts_in, seen
from .estates import SITES

PAGE = ROOT / "docs" / "controls-left.md"
HEAD = """# Controls that a machine could show and punchdown does not

Made by `make controls`; a test fails when it is stale. A person may vouch for a control of the first list (see
[audit.md](audit.md)). Those of the second are enforced by lines, but on no shipped example do all devices that have
such lines show that they hold.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_counts(), *_open(), *_unseen()]) + "\n"


def _observed() -> set[str]:
    """Controls that are verified on some site once a verification saw everything hold."""
    return {name for folder, site in SITES for name, item in by_id(seen(facts_in(folder, site))).items()
            if item.state is ControlState.VERIFIED}


def _counts() -> Iterator[str]:
    known = controls().values()
    machine = [item for item in known if item.proof != ("attest",)]
    shown = [item for item in machine if item.shown]
    yield "| | controls |"
    yield "| --- | --- |"
    yield f"| in the catalogue | {len(known)} |"
    yield f"| only a person can vouch for | {len(known) - len(machine)} |"
    yield f"| a machine could show | {len(machine)} |"
    yield f"| shown by punchdown | {len(shown)} |"
    yield f"| left to people for now | {len(machine) - len(shown)} |"
    for key, reason in open_reasons().items():
        yield f"| ... {reason} | {sum(item.open == key for item in machine)} |"


def _open() -> Iterator[str]:
    yield "\n## Left to people"
    for key, reason in open_reasons().items():
        yield f"\n### {reason[0].upper()}{reason[1:]}\n"
        yield from _rows(item for item in controls().values() if item.open == key)


def _unseen() -> Iterator[str]:
    yield "\n## Enforced by lines, not confirmed by observations\n"
    observed = _observed()
    yield from _rows(item for item in controls().values()
                     if item.shown and "verify" in item.proof and item.id not in observed)


def _rows(items: Iterable[Control]) -> Iterator[str]:
    yield "| control | domain | severity | could be shown by |"
    yield "| --- | --- | --- | --- |"
    for item in items:
        proof = ", ".join(kind for kind in item.proof if kind != "attest")
        yield f"| `{item.id}` {item.title} | {domains()[item.domain]} | {item.severity} | {proof} |"


def main(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
