"""Two random sites that know the same device: what it must do before, and what after."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hypothesis import strategies as st

from punchdown.compiler import CompiledSite, compile_site
from punchdown.intent import DeviceIntent
from punchdown.model import LoadedSite, Positions, Site
from punchdown.values import Position
from tests.contract.features import SUBJECTS, definition, roles
from tests.contract.member import Member
from tests.proof.random_sites import definitions


@dataclass(frozen=True)
class Pair:
    """One device of two definitions."""

    device: str
    definitions: tuple[dict[str, Any], dict[str, Any]]

    @cached_property
    def sites(self) -> tuple[CompiledSite, CompiledSite]:
        return compiled(self.definitions[0]), compiled(self.definitions[1])

    @property
    def before(self) -> DeviceIntent:
        return self._of(self.sites[0])

    @property
    def after(self) -> DeviceIntent:
        return self._of(self.sites[1])

    def _of(self, site: CompiledSite) -> DeviceIntent:
        return next(item for item in site.devices if item.device == self.device)


@st.composite
def pairs(draw: st.DrawFn, member: Member) -> Pair:
    """Any two sites in turn; all that they have in common is the device's name."""
    one, other = draw(drawn_for(member)), draw(drawn_for(member))
    return Pair(SUBJECTS[roles(member)[0]][0], (one, other))


def drawn_for(member: Member) -> st.SearchStrategy[dict[str, Any]]:
    """Sites with one device of a platform: the switch ``sw-1``, the firewall ``fw-1``, or a server, of which some
    things are asked beyond those of the small site."""
    if member.is_switch:
        return definitions((member.name,))
    if member.is_firewall:
        return definitions(("openvswitch",), member.name)
    role = roles(member)[0]
    asked = st.lists(st.sampled_from([item for item in SUBJECTS[role][1] if not item.need]), max_size=4, unique_by=str)
    return asked.map(lambda found: definition(member, role, *(item.add for item in found)))


def compiled(definition: dict[str, Any]) -> CompiledSite:
    """A definition that checks clean."""
    site = loaded(definition)
    assert site.errors == (), [item.message for item in site.errors]
    return site


def loaded(definition: dict[str, Any]) -> CompiledSite:
    """A definition, compiled as far as its errors let it."""
    return _compiled(pickle.dumps(definition))


@lru_cache(maxsize=16)
def _compiled(written: bytes) -> CompiledSite:
    """The same is asked several times in a row."""
    return compile_site(LoadedSite(Site.model_validate(pickle.loads(written)),
                                   Positions({(): Position("porto.yml", 1, 1)}, {})))
