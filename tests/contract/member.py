"""What the suite has to be told of a platform because no device and no definition says it.

A member is found in the entry-point group ``punchdown.contract`` or in ``tests/contract/members/<platform>.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import Family, families, family
from punchdown.platforms import Capabilities, Platform, platform, platform_names
from tests.proof.edits import Edit


@dataclass(frozen=True, eq=False)
class Member:
    """One platform in the suite; the defaults fit most.

    ``appliance`` makes its emulated appliance, by default that of the family of its name; a platform without one is
    judged on text alone, its daemons have tests of their own. ``box`` are fields of the appliance's specification,
    ``prepared`` more of them that follow from what the device must do. ``says`` matches what the device prints after a
    line that it took, other than nothing.

    ``document`` is the one in which its filters stand. ``alike`` are (pattern in the text that a device shows, words
    that mean the same there). ``order`` exchanges two lines of a filter. ``edits`` are single wrong rules, by kind.
    ``foreign`` are commands of somebody else, and ``foreign_shown`` what is shown of them ever after. ``shows``: what
    of its documents a daemon shows otherwise than they were written. ``refuses`` are the features of
    ``features.py`` that it refuses by itself, with a reason; ``inert`` matches lines that may stay where they have no
    effect; ``golden`` is laid over the site whose text is kept for people to read; ``spread`` says (line at the margin,
    line) one by one, where lists of ports run together.
    """

    name: str
    document: str
    box: Mapping[str, Any] = field(default_factory=dict)
    prepared: Callable[[DeviceIntent], Mapping[str, Any]] = lambda _: {}
    says: str = r"(?!)"
    alike: tuple[tuple[str, str], ...] = ()
    order: Edit | None = None
    edits: Mapping[str, Edit] = field(default_factory=dict)
    shows: Callable[[Mapping[str, str]], Mapping[str, str]] = dict
    refuses: tuple[str, ...] = ()
    inert: str = r"(?!)"
    spread: Callable[[str, str], tuple[str, ...]] = lambda _root, line: (line,)
    foreign: tuple[str, ...] = ()
    foreign_shown: tuple[str, ...] = ()
    golden: Mapping[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> Platform:
        """The platform itself."""
        return platform(self.name)

    @property
    def capabilities(self) -> Capabilities:
        return self.room.capabilities

    @property
    def family(self) -> Family | None:
        """What makes its emulated appliances; None when text stands for the device."""
        return family(self.name) if self.name in families() else None

    @property
    def is_switch(self) -> bool:
        return "access-switch" in self.capabilities.roles

    @property
    def is_firewall(self) -> bool:
        return "firewall" in self.capabilities.roles


@cache
def members() -> Mapping[str, Member]:
    """Every member whose platform is registered, by its name, sorted."""
    own = [import_module(f"tests.contract.members.{path.stem}").MEMBER
           for path in (Path(__file__).parent / "members").glob("*.py") if path.stem in platform_names()]
    outside = [entry.load() for entry in entry_points(group="punchdown.contract")]
    return {member.name: member for member in sorted([*own, *outside], key=lambda member: str(member.name))}
