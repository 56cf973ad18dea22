"""What a code is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """``title`` names the fault, ``why`` says why it matters, ``expected`` what should stand there instead."""

    number: int
    name: str
    title: str
    why: str
    expected: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"PD{self.number}"
