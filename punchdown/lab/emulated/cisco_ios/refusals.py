"""How a configuration line is refused, and the banner being typed."""

from __future__ import annotations

from dataclasses import dataclass, field


class Rejected(Exception):
    """The device refuses a well-formed line, in these words."""


class Invalid(Exception):
    """A word the device does not know in this situation; ``place`` is its index in the line."""

    def __init__(self, place: int) -> None:
        super().__init__(f"word {place}")
        self.place = place


@dataclass(slots=True)
class Banner:
    """A banner being typed: every line up to the delimiter belongs to it."""

    kind: str
    delimiter: str
    lines: list[str] = field(default_factory=list)
    closed: bool = False
