"""May devices be changed now?"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from punchdown.model.campaigns import WEEKDAYS, Campaigns, Window


def closed_because(settings: Campaigns, now: datetime) -> str:
    """Why nothing may be changed at ``now`` (aware), in words; empty when it may.

    A freeze is stronger than a window. Daylight saving: a window is read on the wall clock of its zone.
    """
    local = now.astimezone(ZoneInfo(settings.time_zone))
    for freeze in settings.freezes:
        if freeze.start <= local.date() <= freeze.end:
            return f"changes are frozen until {freeze.end} ({freeze.why})"
    if settings.windows and not any(_open(window, local) for window in settings.windows):
        told = ", ".join(f"{'/'.join(window.days)} {window.start}-{window.end}" for window in settings.windows)
        return f"it is {local:%a %H:%M} in {settings.time_zone}; the change window is {told}"
    return ""


def _open(window: Window, local: datetime) -> bool:
    start, end = time.fromisoformat(window.start), time.fromisoformat(window.end)
    clock = local.time()
    if start < end:
        return _starts(window, local) and start <= clock < end
    return (_starts(window, local) and clock >= start) or (_starts(window, local - timedelta(days=1)) and clock < end)


def _starts(window: Window, day: datetime) -> bool:
    return WEEKDAYS[day.weekday()] in window.days
