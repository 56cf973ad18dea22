"""What an emulated appliance is made of, its clock, its faults, and what stands behind its ports."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network
from typing import Any, Protocol


class Clock(Protocol):
    """Seconds since the epoch, as the appliance sees them."""

    def now(self) -> float: ...


@dataclass(slots=True)
class ScaledClock:
    """The machine's clock, running ``scale`` times as fast; timers of minutes then end in seconds."""

    scale: float = 1.0
    start: float = field(default_factory=time.time)
    _mark: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        return self.start + (time.monotonic() - self._mark) * self.scale


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until it is advanced; for tests."""

    seconds: float = 1_763_700_000.0

    def now(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class Faults:
    """What goes wrong. Patterns are regular expressions searched in the line as typed; empty = never.

    ``drop_after``: the connection ends after that many lines; ``drop_on``: on this line, after it took effect;
    ``hang_on``: never answered, without effect; ``refuse``: refused as invalid; ``restart_on``: power fails after
    the line took effect; ``timer_factor``: the revert timer runs out after this fraction of its time;
    ``lose_confirm``: ``configure confirm`` has no effect and the connection ends; ``delay``: seconds before an
    answer; ``boot``: seconds without a connection after a restart. Each fault but refuse and delay fires ``times``
    times.
    """

    drop_after: int = 0
    drop_on: str = ""
    hang_on: str = ""
    refuse: str = ""
    restart_on: str = ""
    timer_factor: float = 1.0
    lose_confirm: bool = False
    delay: float = 0.0
    boot: float = 0.0
    times: int = 1

    @classmethod
    def from_seed(cls, seed: int) -> Faults:
        """One fault, chosen by the seed; the same seed gives the same fault."""
        dice = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
        makers: tuple[Callable[[], Faults], ...] = (
            lambda: cls(drop_after=dice.randint(3, 60)),
            lambda: cls(hang_on=dice.choice(("^show running", "^interface ", "^ip access-list", "^conf"))),
            lambda: cls(refuse=dice.choice(("^ *permit", "^ *dot1x", "^ *switchport access", "^ *service-policy"))),
            lambda: cls(restart_on=dice.choice(("^interface ", "^configure terminal", "^end", "^write"))),
            lambda: cls(timer_factor=dice.choice((0.0, 0.1, 0.5))),
            lambda: cls(lose_confirm=True),
            lambda: cls(delay=dice.uniform(0.05, 0.5)),
        )
        return dice.choice(makers)()


@dataclass(frozen=True, slots=True)
class ApplianceSpec:
    """One emulated appliance of a family (``platform``). ``startup`` replaces the baseline configuration; an empty
    ``model`` or ``version`` is the family's usual one; ``version`` of an IOS below 16 prints access lists without
    numbers; ``style``: ``new-style`` for an IOS switch that was converted to control policies; a stack has several
    ``members`` of ``ports`` each; ``authorized_key`` is one OpenSSH public key line; ``legs`` of a firewall that its
    engineer named are (name, address in CIDR form, empty = shut), the last one the outside, with the default route to
    ``router``."""

    hostname: str
    platform: str = "cisco_ios"
    model: str = ""
    version: str = ""
    style: str = ""
    ports: int = 48
    members: int = 1
    startup: str = ""
    username: str = "punchdown"
    password: str = ""
    authorized_key: str = ""
    management: str = ""
    management_vlan: int = 199
    management_length: int = 24
    legs: tuple[tuple[str, str], ...] = ()
    router: str = ""
    faults: Faults = field(default_factory=Faults, compare=False)

    @property
    def management_mask(self) -> str:
        """``255.255.255.0`` of a length of 24."""
        return str(IPv4Network((0, self.management_length)).netmask)

    @property
    def release(self) -> tuple[int, int]:
        """(17, 12) of ``17.12.4``."""
        major, minor = self.version.split(".")[:2]
        return int(major), int("".join(character for character in minor if character.isdigit()) or 0)

    def __repr__(self) -> str:
        return f"ApplianceSpec({self.hostname!r}, {self.model!r}, {self.version!r})"


@dataclass(slots=True)
class Station:
    """Something behind a port. ``voice``: it sends in the voice VLAN; ``watts``: it is powered by the port;
    ``errors``: damaged frames received from it so far."""

    port: str
    mac: str
    voice: bool = False
    watts: float = 0.0
    errors: int = 0


def spec_from_mapping(data: Mapping[str, Any]) -> ApplianceSpec:
    """A spec from decoded JSON. Raises ValueError naming an unknown or missing key."""
    unknown = set(data) - {one.name for one in fields(ApplianceSpec)}
    if unknown or "hostname" not in data:
        raise ValueError(f"appliance specification: unknown {sorted(unknown)}" if unknown else "hostname is missing")
    faults = data.get("faults", {})
    legs = tuple((name, address) for name, address in data.get("legs", ()))
    return ApplianceSpec(**{**data, "faults": Faults(**faults), "legs": legs})


def read_specs(text: str) -> tuple[ApplianceSpec, ...]:
    """Specs from JSON text: one object, or a list of them. Raises ValueError."""
    data = json.loads(text)
    return tuple(spec_from_mapping(one) for one in (data if isinstance(data, list) else [data]))
