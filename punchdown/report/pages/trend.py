"""How many faults were open at each look: the shape of a stacked chart, and the figures behind it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from punchdown.report.groups import SEVERITIES
from punchdown.values import Fault, Look, Severity

WIDTH, HEIGHT = 720, 140
LAST = 18
"""Width of what holds since the last look."""
POINTS = 100
"""Looks that are drawn; of more, the last of each day."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One look: ``counts`` are the faults open right after it, by severity."""

    at: str
    counts: dict[Severity, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Trend:
    """``areas`` are (severity, points of a polygon in a box of ``WIDTH`` by ``HEIGHT``), the lowest first."""

    moments: tuple[Moment, ...]
    areas: tuple[tuple[Severity, str], ...]
    highest: int


def trend(looks: Iterable[Look], faults: Sequence[Fault]) -> Trend:
    """The trend over the looks, oldest first; empty with fewer than two of them. What a clock that was set back ended
    before it began was never there."""
    times = _drawn(sorted({look.at for look in looks}))
    begun = {severity: sorted(item.since for item in faults if item.finding.severity is severity)
             for severity in SEVERITIES}
    ended = {severity: sorted(max(item.since, item.until) for item in faults
                              if item.until and item.finding.severity is severity) for severity in SEVERITIES}
    moments = tuple(Moment(at, {severity: bisect_right(begun[severity], at) - bisect_right(ended[severity], at)
                                for severity in SEVERITIES}) for at in times)
    highest = max((moment.total for moment in moments), default=0)
    if len(moments) < 2 or not highest:
        return Trend(moments, (), highest)
    return Trend(moments, tuple(_areas(moments, highest)), highest)


def _drawn(times: list[str]) -> list[str]:
    days = list({at[:10]: at for at in times}.values())
    return times if len(times) <= POINTS else days if 2 <= len(days) <= POINTS else times[-POINTS:]


def _areas(moments: Sequence[Moment], highest: int) -> Iterable[tuple[Severity, str]]:
    """Steps, since a fault is there from the look that found it on; bands without any fault are left out."""
    seconds = [datetime.fromisoformat(moment.at).timestamp() for moment in moments]
    first, span = seconds[0], max(seconds[-1] - seconds[0], 1.0)
    across = [(WIDTH - LAST) * (second - first) / span for second in seconds]
    floor = [0] * len(moments)
    for severity in SEVERITIES:
        top = [low + moment.counts[severity] for low, moment in zip(floor, moments, strict=True)]
        if top != floor:
            upper, lower = _steps(across, top, highest), _steps(across, floor, highest)
            yield severity, " ".join(f"{x:.1f},{y:.1f}" for x, y in (*upper, *reversed(lower)))
        floor = top


def _steps(across: Sequence[float], values: Sequence[int], highest: int) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for index, (x, value) in enumerate(zip(across, values, strict=True)):
        y = HEIGHT - (HEIGHT - 8) * value / highest
        if index:
            points.append((x, points[-1][1]))
        points.append((x, y))
    return [*points, (float(WIDTH), points[-1][1])]
