"""What the pages are made from: the definition's places and the store's past, handed in."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.model.attest import Ignore
from punchdown.values import Past, RunRecord

KEPT_DAYS = 90
"""Days for which faults that have ended are known; what was there before can't be told."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A device of the definition. ``segments`` are those it takes part in, ``routes`` those it routes."""

    device: str
    role: str
    platform: str
    segments: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    wan: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A segment: one broadcast domain with its VLAN, prefixes and trust zone."""

    name: str
    vlan: int
    zone: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """What one segment (or ``wan``, or a remote network) may use in another: services, sorted."""

    source: str
    target: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One site as it is defined; ``cables`` are pairs of devices, each once."""

    site: str
    devices: tuple[Listed, ...]
    lanes: tuple[Lane, ...] = ()
    cables: tuple[tuple[str, str], ...] = ()
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything: ``generated`` is handed in (UTC, ISO 8601); ``places`` sorted by site; ``runs`` newest first;
    ``rules`` are the estate's, with their last days."""

    estate: str
    generated: str
    places: tuple[Place, ...]
    past: Past
    runs: tuple[RunRecord, ...] = ()
    rules: tuple[Ignore, ...] = ()
