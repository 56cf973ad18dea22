"""One MAC address on one port, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """``asked``: an identity request waits. ``busy``: a server works on it. ``open``: authenticated. ``critical``: open
    because no server answers. ``held``: refused for a while."""

    ASKED = "asked"
    BUSY = "busy"
    OPEN = "open"
    CRITICAL = "critical"
    HELD = "held"


@dataclass(slots=True)
class Station:
    """``deadline``: when the status ends (monotonic seconds, infinite = never). ``domain``: voice or data."""

    mac: str
    status: Status = Status.ASKED
    deadline: float = float("inf")
    identity: str = ""
    method: str = ""
    domain: str = ""
    vlan: int = 0
    eap_id: int = 0
    radius_state: bytes = field(default=b"", repr=False)
    reason: str = ""

    @property
    def admitted(self) -> bool:
        """Whether its frames pass."""
        return self.status in {Status.OPEN, Status.CRITICAL} or bool(self.domain)


def slot_free(stations: list[Station], mac: str, domain: str, host_mode: str) -> bool:
    """Whether one more station fits: one in all, one phone and one PC, or any number.

    >>> slot_free([Station("02:00:00:00:00:01", domain="data")], "02:00:00:00:00:02", "voice", "multi-domain")
    True
    >>> slot_free([Station("02:00:00:00:00:01", domain="data")], "02:00:00:00:00:02", "data", "multi-domain")
    False
    """
    others = [station for station in stations if station.admitted and station.mac != mac]
    if host_mode == "single-host":
        return not others
    if host_mode == "multi-domain":
        return all(station.domain != domain for station in others)
    return True
