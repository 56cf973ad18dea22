"""What exports of a gateway's forms show of the settings that the site asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from punchdown.values.settings import GatewaySetting

ReadingState = Literal["in-order", "different", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class SettingReading:
    """One setting against an export. ``record`` names the record of a table, empty for a field of the form itself.

    ``state``: in order, different, missing (the whole record is not there) or unknown: the field is blank in every
    export, has no column, or holds a word that nobody explained. ``shown`` is the cell, always empty for a secret.
    ``file`` is the export, ``day`` when it was written (UTC, ISO 8601), ``digest`` its SHA-256.
    """

    setting: GatewaySetting
    state: ReadingState
    record: str = ""
    shown: str = ""
    why: str = ""
    file: str = ""
    day: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FormReading:
    """One export against one form or table of one gateway. ``extra`` are records that no definition has: an import
    never deletes them, so that people do."""

    host: str
    form: str
    title: str
    file: str
    settings: tuple[SettingReading, ...]
    extra: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The records that the system does not have, each once."""
        return tuple(dict.fromkeys(item.record for item in self.settings if item.state == "missing"))
