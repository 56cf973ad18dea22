"""What people vouch for where no machine can see, and what they leave undone with a reason and an end."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from punchdown.model.fields import Model, Name, Text

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("date_form", "{value} is no day", {"value": repr(value)[:60]})


Day = Annotated[date, BeforeValidator(_day)]
Told = Annotated[Text, Field(min_length=3)]


class Attestation(Model):
    """One person's word for one or more controls."""

    controls: tuple[Name, ...] = Field(min_length=1, description="ids of the controls it speaks for",
                                       examples=[["process-patching", "process-advisories"]])
    who: Told = Field(description="who vouches for it", examples=["Ana Silva, IT security"])
    when: Day = Field(description="the day it was looked at", examples=["2026-09-01"])
    evidence: Told = Field(description="where the proof lies: a ticket, a report, a document",
                           examples=["change record CHG-1204"])
    valid_until: Day = Field(description="the last day it counts", examples=["2027-08-31"])


class Waiver(Model):
    """A control that the site leaves unmet for a while."""

    reason: Told = Field(description="why it is not met", examples=["PC ports stay on until the new desks arrive"])
    until: Day = Field(description="the last day it counts", examples=["2027-01-31"])
