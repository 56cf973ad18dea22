"""How a line is refused."""

from __future__ import annotations


class Rejected(Exception):
    """The device refuses a well-formed line, in these words."""


class Invalid(Exception):
    """A word that the device does not know in this situation; ``place`` is its index in the line."""

    def __init__(self, place: int) -> None:
        super().__init__(f"word {place}")
        self.place = place


class Incomplete(Exception):
    """The line ends too early."""
