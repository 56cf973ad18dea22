"""Words and colours of the pages over time, as filters of their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from punchdown.report.groups import SEVERITIES
from punchdown.report.printable import TITLE
from punchdown.values import Severity

if TYPE_CHECKING:
    from punchdown.report.pages.views import SiteView

OLD = 3
"""Days after which a look is old."""
KINDS = {"drift": "drift: configuration", "verify": "verify: what the device does",
         "prove": "prove: what it lets through", "audit": "audit: guideline"}
_STATUSES = {
    "failed": ("could not be reached", "bad"), "different": ("different", "warn"), "unknown": ("unknown", "unknown"),
    "never": ("not looked at", "muted"), "skipped": ("skipped", "muted"), "in-order": ("in order", "good")}
_SEVERITY_STYLES = {Severity.HIGH: "bad", Severity.MEDIUM: "warn", Severity.LOW: "plain", Severity.UNKNOWN: "unknown"}
Tile = tuple[str, str, int, str]
"""Name, colour, count, and where it leads."""


def device_style(status: str) -> str:
    """The colour of a device's status."""
    return _STATUSES[status][1] if status in _STATUSES else "plain"


def device_word(status: str) -> str:
    """A device's status as people say it."""
    return _STATUSES[status][0] if status in _STATUSES else status.replace("-", " ")


def kind_word(kind: str) -> str:
    """What found a fault."""
    return KINDS.get(kind, kind)


def status_tiles(counts: Mapping[str, int]) -> list[Tile]:
    """Statuses, worst first; those that nobody expects only where they occur."""
    return [(word, style, counts.get(name, 0), f"devices.html#status={name}")
            for name, (word, style) in _STATUSES.items() if counts.get(name, 0) or name in {"different", "in-order"}]


def site_tiles(site: SiteView) -> list[Tile]:
    """The statuses of a site's devices."""
    return status_tiles(site.statuses)


def severity_tiles(counts: Mapping[Severity, int], address: str = "faults.html") -> list[Tile]:
    """Severities, worst first, each leading to a page that shows them."""
    return [(item.value, _SEVERITY_STYLES[item], counts.get(item, 0), f"{address}#severity={item.value}")
            for item in SEVERITIES]


def short_time(time: str) -> str:
    """``2026-03-02 04:05`` of a time in ISO 8601."""
    return time[:16].replace("T", " ")


def short_day(time: str) -> str:
    """``2026-03-02`` of a time in ISO 8601."""
    return time[:10]


def age(time: str, now: str) -> str:
    """``9 days ago`` of what is older than looks every night leave it, or ``in the future``; else nothing."""
    days = (datetime.fromisoformat(now) - datetime.fromisoformat(time)).days if time else 0
    return f"{days} days ago" if days >= OLD else "in the future" if days < -1 else ""


def clip(text: str, length: int = TITLE) -> str:
    """A text that fits; the whole stands beside it, or below."""
    return text if len(text) <= length else f"{text[:length - 1]}…"


def first_of(ids: Iterable[str], since: Mapping[str, str]) -> str:
    """The finding that began first."""
    return min(ids, key=lambda item: (since.get(item, "~"), item))


FILTERS = {"device_style": device_style, "device_word": device_word, "kind_word": kind_word, "short_time": short_time,
           "short_day": short_day, "clip": clip, "status_tiles": site_tiles, "first_of": first_of, "age": age}
