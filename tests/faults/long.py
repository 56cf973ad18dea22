"""Many nights on all cores, for `make long`: what failed, how it ended, and every violation.

    python -m tests.faults.long 10000
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.faults.boxes import OLD, Rack
from tests.faults.runs import Night, violations

Told = tuple[int, Counter[str], Counter[str], list[str]]


@cache
def _rack(fresh: bool) -> Rack:
    return Rack(None if fresh else OLD)


def one(seed: int) -> Told:
    """One night: its seed, faults that happened, how devices ended, violations."""
    folder = Path(tempfile.mkdtemp(prefix="night-"))
    try:
        night = Night(seed, _rack(seed % 10 == 7), folder)
        result = night.go()
        happened = Counter(fault for box in night.boxes.values() for fault in box.happened)
        return seed, happened, Counter(item.status for item in result.outcomes), violations(night, result)
    finally:
        shutil.rmtree(folder)


def main(nights: int) -> int:
    """Run them and print the tables. Gives 1 when anything was violated."""
    happened, ended, broken = Counter[str](), Counter[str](), []
    console = Console()
    with ProcessPoolExecutor() as pool:
        for seed, faults, ends, found in track(pool.map(one, range(nights), chunksize=8), "nights", nights):
            happened += faults
            ended += ends
            broken += [f"seed {seed}: {text}" for text in found]
    for title, counted in ((f"Faults in {nights} nights", happened), ("Devices at the end", ended)):
        table = Table(title=title)
        table.add_column("what")
        table.add_column("times", justify="right")
        for name, count in counted.most_common():
            table.add_row(name, f"{count:,}")
        console.print(table)
    console.print(f"violations: {len(broken)}")
    for text in broken:
        console.print(text, markup=False)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
