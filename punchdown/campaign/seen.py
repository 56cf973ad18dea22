"""Which of its two configurations a device runs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from punchdown.values import Change, Difference


class Seen(StrEnum):
    """What a device runs, over a new session."""

    OLD = "old"
    NEW = "new"
    PENDING = "pending"
    OTHER = "other"
    UNREACHABLE = "unreachable"


def judge(now: Change, planned: Change, groundwork: Sequence[str]) -> Seen:
    """Old: the same text, or at least the same differences in all that we own; lines of ``groundwork`` do not count."""
    left = _without(groundwork, now)
    if now.base == planned.base or (left and left == _without(groundwork, planned)):
        return Seen.OLD
    return Seen.NEW if now.empty else Seen.OTHER


def _without(groundwork: Sequence[str], change: Change) -> list[Difference]:
    return [item for item in change.differences if item.line not in groundwork]
