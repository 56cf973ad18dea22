"""Styled pieces of lines: what a span is, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """What a span is, not how it looks."""

    PLAIN = "plain"
    HEADING = "heading"
    MUTED = "muted"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    UNKNOWN = "unknown"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line; ``text`` is already printable."""

    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]

SEVERITY_STYLES = {"high": Style.BAD, "medium": Style.WARN, "low": Style.MUTED, "unknown": Style.UNKNOWN}
