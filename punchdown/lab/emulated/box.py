"""What every family of emulated appliance offers to the network and to the tests.

A family is a package beside this module, named as the platform; its ``APPLIANCE`` makes a :class:`Box`. It is written
from the platform's fact sheet and shares no code with the platform's room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults


@dataclass(frozen=True, slots=True)
class Question:
    """Something the device asks. ``key``: one key press answers it; ``hidden``: the answer is not echoed."""

    text: str
    answer: Callable[[str], str]
    key: bool = False
    hidden: bool = False


class Session(Protocol):
    """One user at a terminal. Lines in, text out."""

    length: int
    """Lines of a page; 0 = no paging."""
    closed: bool
    hung: bool
    question: Question | None

    @property
    def prompt(self) -> str:
        """What the device shows while it waits."""

    @property
    def verbatim(self) -> bool:
        """True while a control character is text, as in a banner."""

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end); what the device prints before its next prompt."""


class Box(Protocol):
    """An appliance as a pure state machine. Time passes only as its clock says; due timers act on the next call."""

    spec: ApplianceSpec
    faults: Faults
    listeners: list[Callable[[], None]]
    """Called when power fails: connections end."""
    server_version: str
    """What its SSH server calls itself, without ``SSH-2.0-``."""

    @property
    def booting(self) -> bool:
        """True while a restarted appliance does not answer yet."""

    def tick(self) -> None:
        """Let due timers act."""

    def login(self) -> Session:
        """A new terminal session of the appliance's user."""

    def running_config(self) -> str:
        """The text of its whole running configuration, as its own show command prints it."""

    def restart(self) -> None:
        """Power fails and comes back: sessions end, what was saved runs."""

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process. Holds secrets, as a flash does."""


class Family(Protocol):
    """Makes an appliance. ``saved`` is what ``nonvolatile`` gave."""

    def __call__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> Box: ...


@cache
def _outside() -> Mapping[str, EntryPoint]:
    """Families of other packages, which stay as they are while the process runs."""
    return {entry.name: entry for entry in entry_points(group="punchdown.appliances")}


@cache
def families() -> tuple[str, ...]:
    """Names of the platforms that can be emulated, sorted: packages beside this module, and outside ones by the
    entry-point group ``punchdown.appliances``."""
    own = (path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
    return tuple(sorted({*own, *_outside()}))


def family(name: str) -> Family:
    """What makes the appliances of a platform. Raises KeyError when there is no such family."""
    if name in _outside():
        return cast("Family", _outside()[name].load())
    if name not in families():
        raise KeyError(name)
    return cast("Family", import_module(f"punchdown.lab.emulated.{name}").APPLIANCE)


def appliance(spec: ApplianceSpec, clock: Clock, *, seed: int, saved: dict[str, Any]) -> Box:
    """An appliance of the spec's family. Raises ValueError when there is no such family."""
    if spec.platform not in families():
        raise ValueError(f"{spec.hostname}: no emulated {spec.platform!r}; there are: {', '.join(families())}")
    return family(spec.platform)(spec, clock, seed=seed, saved=saved)
