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
Glob = Annotated[str, Field(pattern=r"^[a-z0-9*?-]{1,80}$")]
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


class Ignore(Model):
    """Findings that are known and left for a while: those that meet all that is said here."""

    finding: Annotated[str, Field(pattern=r"^([0-9a-f]{12})?$")] = Field(
        "", description="id of one finding, as reports show it", examples=["3f0c9a1b77de"])
    site: Glob = Field("*", description="sites, as a glob")
    device: Glob = Field("*", description="devices, as a glob", examples=["sw-acc-*"])
    title: Text = Field(
        "*", description="titles of findings; * is any text", examples=["*banner motd*"])
    control: Name | None = Field(None, description="only findings that concern this control")
    reason: Told = Field(description="why it is left", examples=["new access switches come in March"])
    until: Day = Field(description="the last day it is left", examples=["2027-03-31"])

    @property
    def narrow(self) -> bool:
        """False when it would leave every finding of the estate."""
        return bool(self.finding or self.control) or {self.site, self.device, self.title} != {"*"}


class Waiver(Model):
    """A control that the site leaves unmet for a while."""

    reason: Told = Field(description="why it is not met", examples=["PC ports stay on until the new desks arrive"])
    until: Day = Field(description="the last day it counts", examples=["2027-01-31"])
