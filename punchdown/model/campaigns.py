"""How and when devices may be changed: estate-wide, in ``punchdown.yml``."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from punchdown.model.fields import Model, Text

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _time(value: str) -> str:
    if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", value):
        raise PydanticCustomError("time_form", "{value} is no time of day", {"value": repr(value[:60])})
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that is too long for a file
        raise PydanticCustomError("time_zone", "{value} is no time zone", {"value": repr(value[:60])}) from None
    return value


TimeOfDay = Annotated[str, AfterValidator(_time)]


class Window(Model):
    """A change window. One that ends before it starts runs past midnight and belongs to the day of its start."""

    days: tuple[Weekday, ...] = Field(
        WEEKDAYS, min_length=1, description="Days on which the window starts.")
    start: TimeOfDay = Field(description="Local time of day, 22:00.")
    end: TimeOfDay = Field(description="Local time of day, 04:00; excluded.")


class Freeze(Model):
    """Days on which nothing is changed."""

    start: date = Field(description="First day, 2026-12-20.")
    end: date = Field(description="Last day, included.")
    why: Text = Field(description="Told to whoever tries.")

    @model_validator(mode="after")
    def _in_order(self) -> Freeze:
        if self.end < self.start:
            raise PydanticCustomError("dates_backwards", "the freeze ends ({end}) before it starts ({start})",
                                      {"end": str(self.end), "start": str(self.start)})
        return self


class Campaigns(Model):
    """Waves, tolerated failures, change windows and freezes."""

    batch: int = Field(20, ge=1, le=500, description="Devices at a time after the canary.")
    canary: bool = Field(True, description="One device of each platform goes first, alone.")
    max_failures: int = Field(1, ge=1, le=10_000, description="So many failed devices end the campaign.")
    tolerance: float = Field(0.0, ge=0, le=1, description="Share of phones, sessions, powered ports and ports "
                             "without errors on a device that may be gone after its change; more rolls it back.")
    silent: float = Field(0.25, ge=0, le=1, description="Share of learned MAC addresses that may be gone after it: "
                          "what sends nothing is forgotten.")
    time_zone: Annotated[str, AfterValidator(_zone)] = Field("UTC", description="IANA name, of all times here.")
    windows: tuple[Window, ...] = Field((), description="When devices may be changed; none = always.")
    freezes: tuple[Freeze, ...] = Field((), description="When they may not, whatever the windows say.")
