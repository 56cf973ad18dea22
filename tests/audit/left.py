"""``python -m tests.audit.left``: control by control, what a machine could show and punchdown leaves to people.

Whether an observation exists for a control is taken from the expectations of every shipped estate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from punchdown.catalog.controls import Control, controls, domains, open_reasons

from .conftest import ROOT, facts_in
from .estates import SITES

PAGE = ROOT / "docs" / "controls-left.md"
HEAD = """# Controls that a machine could show and punchdown does not

Made by `make controls`; a test fails when it is stale. A person may vouch for a control of the first list (see
[audit.md](audit.md)); those of the second are enforced by lines that cite them, but no observation confirms them yet.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_counts(), *_open(), *_unseen()]) + "\n"


def _observed() -> set[str]:
    return {name for folder, site in SITES for name in facts_in(folder, site).seen}


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
    yield "\n## Enforced by lines, confirmed by no observation\n"
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
