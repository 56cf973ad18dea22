"""Lists of whole numbers as text."""

from __future__ import annotations

from collections.abc import Iterable


def collapse(numbers: Iterable[int]) -> str:
    """Sorted, runs as ranges, without blanks.

    >>> collapse([20, 10, 11, 12])
    '10-12,20'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
