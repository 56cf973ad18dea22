"""Where something was written, and why a line exists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; ``line`` and ``column`` count from 1, 0 means unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.file else "(built in)"


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a line of configuration exists.

    ``field`` is the path in the site definition (``hosts.smdr-taker.uses``), ``controls`` are guideline ids,
    ``note`` says in words what the reader should know ("replies filtered inbound: the port can't filter outbound").
    """

    field: str = ""
    position: Position = NOWHERE
    controls: tuple[str, ...] = ()
    note: str = ""
    feature: str = ""
