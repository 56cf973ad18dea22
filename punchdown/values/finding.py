"""One difference, violation or failed check, with an identity that survives runs and formats."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from punchdown.values.position import NOWHERE, Position


class Severity(StrEnum):
    """How bad it is; ``unknown`` is never in order."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


def finding_id(*parts: str) -> str:
    """A stable 12-digit id from what identifies the fault (device, document, line), never from a clock or a counter."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind``: drift, verify, prove or check. ``line`` is the device's line, ``meaning`` says it in words;
    ``excerpt`` is the line of the definition with a caret below it."""

    id: str
    device: str
    kind: str
    severity: Severity
    title: str
    meaning: str = ""
    document: str = ""
    line: str = ""
    expected: str = ""
    controls: tuple[str, ...] = ()
    position: Position = NOWHERE
    field: str = ""
    hint: str = ""
    excerpt: str = ""
