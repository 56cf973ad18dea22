"""What the switch asks back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What the switch asks before it does something; one key answers it, but for a password."""

    text: str
    answer: Callable[[str], str]
    password: bool = False
