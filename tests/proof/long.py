"""Thousands of mutants and a hundred thousand packets a platform on all cores, for `make long`.

    python -m tests.proof.long 2000 100000
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import track
from rich.table import Table

from .agreement import PER_DEVICE, Agreement, asked
from .edits import PLATFORMS
from .mutants import Score, scores

_BLOCK = 20
_FRESH = 10_000
"""The first seed: those of the everyday tests stay theirs."""
Job = tuple[str, int]


def judged(job: Job) -> tuple[str, Counter[Score], list[str]]:
    """A block of mutants."""
    name, first = job
    return name, *scores(name, range(first, first + _BLOCK))


def compared(job: Job) -> tuple[str, Agreement]:
    """The packets of one mutant."""
    return job[0], asked(*job)


def main(mutants: int, packets: int) -> int:
    """Runs both and prints the tables. Gives 1 when anything was missed, invented or told differently."""
    board: dict[str, Counter[Score]] = {name: Counter() for name in PLATFORMS}
    told = {name: Agreement() for name in PLATFORMS}
    bad: list[str] = []
    console = Console()
    with ProcessPoolExecutor() as pool:
        jobs = [(name, _FRESH + first) for name in PLATFORMS for first in range(0, mutants, _BLOCK)]
        for name, counted, found in track(pool.map(judged, jobs), "mutants", len(jobs)):
            board[name] += counted
            bad += found
        console.print(_table("Mutants", [str(score) for score in Score],
                             {name: [counted[score] for score in Score] for name, counted in board.items()}))
        jobs = [(name, _FRESH + seed) for name in PLATFORMS for seed in range(-(-packets // PER_DEVICE))]
        for name, said in track(pool.map(compared, jobs, chunksize=4), "packets", len(jobs)):
            told[name] += said
    console.print(_table("Packets", ["stopped", "arrive", "and are answered", "told differently"], {
        name: [said.same[False, False], said.same[True, False], said.same[True, True], len(said.differ)]
        for name, said in told.items()}))
    bad += [text for said in told.values() for text in said.differ]
    for text in bad:
        console.print(text, markup=False)
    return int(bool(bad))


def _table(title: str, columns: Sequence[str], rows: dict[str, list[int]]) -> Table:
    table = Table("platform", title=title)
    for column in columns:
        table.add_column(column, justify="right")
    for name, numbers in rows.items():
        table.add_row(name, *(f"{number:,}" for number in numbers))
    return table


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(given or [2_000, 100_000])))
