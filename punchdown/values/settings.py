"""What one field of a gateway's form shall be, where that comes from, and how it gets there."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from punchdown.values.position import Provenance

Source = Literal["site", "profile", "derived", "recommended", "default", "undeclared"]
SettingValue = bool | int | str | tuple[str, ...] | None
"""None: nothing is asked for. A secret is ``<secret:NAME>``, an empty text is a blank field."""


@dataclass(frozen=True, slots=True)
class GatewaySetting:
    """One resolved field of one host.

    ``form``, ``table`` and ``field`` are keys of the catalogue, ``title`` and ``label`` the product's own words.
    ``entry`` counts the rows of a table from 1; 0 is a field of the form itself. The field ``entries`` of a table holds
    its number of rows, None when nobody wrote the table. ``source``: written in the site or its profile, derived from
    the rest of the site, the recommended value, the product's default, or undeclared. ``against`` says that the value
    breaks the recommendation. ``rendering`` is importable, typed, not-public, unsafe or read-only; ``proofs`` are
    probe, export and attest, and ``check`` says how in words.
    """

    host: str
    product: str
    form: str
    title: str
    field: str
    label: str
    value: SettingValue
    recommended: SettingValue = None
    advice: str = ""
    against: bool = False
    source: Source = "undeclared"
    provenance: Provenance = default(default_factory=Provenance)
    rendering: str = "typed"
    proofs: tuple[str, ...] = ()
    check: str = ""
    table: str = ""
    entry: int = 0

    @property
    def controls(self) -> tuple[str, ...]:
        """Ids of the controls that it serves: its own first, then those of its whole table and form."""
        return self.provenance.controls
