"""What a proof stands on: whole sites, compiled, with what their devices should run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from punchdown.compiler import CompiledSite, compile_estate, compile_site
from punchdown.compiler.estate import check_estate
from punchdown.errors import InputError
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.model import Diagnostic, Estate
from punchdown.model.diagnostics import in_order
from punchdown.pipeline.select import Names, names_of
from punchdown.pipeline.work import Selection, intents_of
from punchdown.render import render_device
from punchdown.values import IntendedConfig


@dataclass(frozen=True, slots=True)
class Ground:
    """Compiled sites that the selection touches, whole, with what their devices should run."""

    estate: Estate
    sites: Mapping[str, CompiledSite]
    intended: Mapping[str, IntendedConfig]

    def intents(self) -> list[DeviceIntent]:
        """All devices of these sites."""
        return [intent for site in self.sites.values() for intent in site.devices]


def ground_of(estate: Path, selection: Selection) -> Ground:
    """The sites of the selected devices: a proof is about a whole site.

    Raises:
        InputError: the definition is wrong.
        PlanError: the selection takes no device.
    """
    loaded = load_estate(estate)
    every = compile_estate(loaded)
    chosen = {intent.site for intent in intents_of(every, selection)}
    sites = {name: site for name, site in every.items() if name in chosen}
    return Ground(loaded, sites, _intended(sites))


def grounds_of(estate: Path, selection: Selection) -> Iterator[Ground]:
    """The same, each site by itself, sorted: only one is in memory, compiled and rendered, at a time.

    Raises:
        InputError: the definition of any site is wrong.
        PlanError: the selection takes no device.
    """
    loaded = load_estate(estate)
    told: list[Diagnostic] = []
    there: list[Names] = []
    chosen: list[str] = []
    for name, item in loaded.loaded.items():
        site = compile_site(item)
        told += site.diagnostics
        there += map(names_of, site.devices)
        chosen += [name] if any(selection.takes(intent) for intent in site.devices) else []
    told += check_estate(loaded)
    if any(item.severity == "error" for item in told):
        raise InputError(in_order(told))
    selection.require(there)
    for name in sorted(chosen):
        sites = {name: compile_site(loaded.loaded[name])}
        yield Ground(loaded, sites, _intended(sites))


def _intended(sites: Mapping[str, CompiledSite]) -> dict[str, IntendedConfig]:
    return {intent.device: render_device(intent) for site in sites.values() for intent in site.devices}
