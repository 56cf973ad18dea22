"""Faults of a session, before a line takes effect and after it. What they are stands in :class:`Faults`."""

from __future__ import annotations

import re
from typing import Protocol

from punchdown.lab.emulated.spec import Faults


class Struck(Protocol):
    """A session as its faults see it: ``lines`` counts what was typed."""

    lines: int
    closed: bool
    hung: bool


class Powered(Protocol):
    """An appliance as its faults see it."""

    faults: Faults

    def restart(self) -> None:
        """Power fails and comes back."""


def hit(pattern: str, line: str) -> bool:
    """Whether a fault's pattern, empty = never, is found in a line as typed."""
    return bool(pattern and re.search(pattern, line))


def strike_before(session: Struck, faults: Faults, line: str, *, confirms: bool) -> bool:
    """Count the line; hang on it, or lose it where it ``confirms`` a change. True = no effect and no answer."""
    session.lines += 1
    if _due(faults, hit(faults.hang_on, line)):
        session.hung = True
    if _due(faults, faults.lose_confirm and confirms):
        session.closed = True
    return session.hung or session.closed


def strike_after(session: Struck, box: Powered, line: str) -> None:
    """End the session or cut the power after the line took effect."""
    faults = box.faults
    enough = 0 < faults.drop_after <= session.lines
    if _due(faults, enough or hit(faults.drop_on, line)):
        session.closed = True
    if _due(faults, hit(faults.restart_on, line)):
        box.restart()


def _due(faults: Faults, met: bool) -> bool:
    """Whether a fault strikes now; all together do so ``times`` times."""
    if not (met and faults.times):
        return False
    faults.times -= 1
    return True
