"""Numbers from outside of the devices that must not fall: before the first wave, before each, and after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from punchdown.errors import CountError, PlanError, SecretError

POLL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Number:
    """``ask`` gives it now, None where there is none any more, and raises CountError when nobody answers.
    ``tolerance`` is the share that may be gone; it takes ``settle_seconds`` to show what happened."""

    name: str
    ask: Callable[[], float | None]
    tolerance: float = 0.0
    settle_seconds: float = 0.0


class Counts:
    """The numbers of one campaign, held against those before its first wave, so that small losses add up. With
    ``without`` it goes on without those that can't be asked."""

    def __init__(self, numbers: tuple[Number, ...] = (), *, without: bool = False) -> None:
        self._numbers = numbers
        self._without = without
        self._before: dict[str, float] = {}
        self._now: dict[str, float] = {}
        self.unasked: dict[str, str] = {}

    def begin(self, timer_seconds: int) -> None:
        """Ask for the first time.

        Raises:
            PlanError: one can't be asked, or would show a loss only when the devices' timer has run out.
        """
        self._before, self._now, self.unasked = {}, {}, {}
        wrong = []
        for number in self._numbers:
            if 3 * number.settle_seconds > timer_seconds:
                wrong.append(f"{number.name} takes {number.settle_seconds:g} s to show a loss: the devices' timer must "
                             f"be three times that (--timer {3 * number.settle_seconds:g})")
                continue
            try:
                self._before[number.name] = _first(number)
            except (CountError, SecretError) as error:
                self.unasked[number.name] = str(error)
        if not self._without:
            wrong += self.unasked.values()
        if wrong:
            more = "" if not self.unasked else "; --accept counts goes without those that can't be asked"
            raise PlanError("\n".join((*wrong, f"nothing was changed{more}")))

    def lost(self) -> str:
        """What is gone now, as ``registered phones 12 of 40``; empty when nothing is. Who does not answer now is
        remembered in ``unasked`` and counts as unchanged."""
        told = []
        for number, before in self._asked():
            try:
                now = number.ask() or 0.0
            except (CountError, SecretError) as error:
                self.unasked[number.name] = str(error)
                continue
            self.unasked.pop(number.name, None)
            self._now[number.name] = now
            if before - now > number.tolerance * before:
                told.append(f"{number.name} {before - now:g} of {before:g}")
        return ", ".join(told)

    def closed(self) -> str:
        """Why no other wave may begin, empty = it may: something is gone, or can't be asked any more."""
        if lost := self.lost():
            return f"since the campaign began, {lost} are gone"
        return "" if self._without else "; ".join(self.unasked.values())

    def after(self, deadline: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> str:
        """What is gone and does not come back until ``deadline``, once the numbers can show it; empty = nothing."""
        if not self._before:
            return ""
        sleep(max(number.settle_seconds for number, _ in self._asked()))
        while lost := self.lost():
            if clock() >= deadline:
                return lost
            sleep(POLL_SECONDS)
        return ""

    @property
    def told(self) -> str:
        """``registered phones 40 of 40``, as seen last; empty where nothing is counted."""
        return ", ".join(self.unasked.get(number.name, f"{number.name} {self._now.get(number.name, before):g} of "
                                          f"{before:g}") for number, before in self._asked())

    def _asked(self) -> Iterator[tuple[Number, float]]:
        return ((number, self._before[number.name]) for number in self._numbers if number.name in self._before)


def _first(number: Number) -> float:
    if (found := number.ask()) is None:
        raise CountError(f"{number.name}: there is no such number")
    return found
