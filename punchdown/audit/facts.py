"""What an audit looks at, gathered once for each site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from punchdown.catalog.forms import products
from punchdown.intent import DeviceIntent, FlowMatrix
from punchdown.model import LoadedSite, Site
from punchdown.values import Expectation, IntendedConfig, LineEvidence, Position, Proof, Provenance, Sighting
from punchdown.values.reading import SettingReading
from punchdown.values.settings import GatewaySetting


@dataclass(frozen=True)
class SiteFacts:
    """``configs`` and ``expectations`` are of all devices of the site, ``sightings`` of their last verifications;
    ``gateways`` maps hosts to the resolved settings of their forms, ``readings`` are what exports show of them,
    ``proof`` what the intended configurations let through (None: nobody asked)."""

    loaded: LoadedSite
    intents: tuple[DeviceIntent, ...]
    matrix: FlowMatrix
    configs: tuple[IntendedConfig, ...]
    expectations: Mapping[str, tuple[Expectation, ...]] = field(default_factory=dict)
    sightings: tuple[Sighting, ...] = ()
    gateways: Mapping[str, tuple[GatewaySetting, ...]] = field(default_factory=dict)
    readings: tuple[SettingReading, ...] = ()
    proof: Proof | None = None

    @property
    def site(self) -> Site:
        """The definition."""
        return self.loaded.site

    def at(self, *path: str) -> Position:
        """Where a path of the definition was written."""
        return self.loaded.positions.at(path)

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The definition as plain data; a host's ``zone`` is its segment's."""
        data: dict[str, Any] = self.site.model_dump(mode="json")
        for host in data["hosts"].values():
            segment = data["segments"].get(host["segment"])
            host["zone"] = segment["zone"] if segment else ""
        return data

    @cached_property
    def lines(self) -> dict[str, tuple[LineEvidence, ...]]:
        """Control id to the lines that exist for it."""
        found: defaultdict[str, list[LineEvidence]] = defaultdict(list)
        for config in self.configs:
            for document in config.documents:
                for source, texts in _by_source((line.source, line.text) for line in document.lines):
                    evidence = LineEvidence(config.device, document.name, source.feature, source.field,
                                            source.position, texts)
                    for control in source.controls:
                        found[control].append(evidence)
        return {control: tuple(items) for control, items in found.items()}

    @cached_property
    def settings(self) -> dict[str, tuple[GatewaySetting, ...]]:
        """Control id to the settings that serve it by themselves."""
        found: defaultdict[str, list[GatewaySetting]] = defaultdict(list)
        for settings in self.gateways.values():
            for setting in settings:
                for control in _own_controls(setting):
                    found[control].append(setting)
        return {control: tuple(items) for control, items in found.items()}

    @cached_property
    def read(self) -> dict[str, tuple[SettingReading, ...]]:
        """Control id to what exports show of the settings that serve it by themselves."""
        found: defaultdict[str, list[SettingReading]] = defaultdict(list)
        for reading in self.readings:
            for control in _own_controls(reading.setting):
                found[control].append(reading)
        return {control: tuple(items) for control, items in found.items()}

    @cached_property
    def seen(self) -> dict[str, tuple[Sighting, ...]]:
        """Control id to what the last verification of each device saw, for what is still expected today."""
        recorded = {(item.device, item.key, item.value): item for item in self.sightings}
        found: defaultdict[str, list[Sighting]] = defaultdict(list)
        for device, items in self.expectations.items():
            for item in items:
                sighting = recorded.get((device, item.key, item.recorded_value))
                for control in item.source.controls:
                    found[control].append(sighting or Sighting(device, item.key, item.title, item.recorded_value,
                                                               None, ""))
        return {control: tuple(items) for control, items in found.items()}


def _own_controls(setting: GatewaySetting) -> tuple[str, ...]:
    """The controls that a setting itself serves, without those of its whole form (unless it has no others)."""
    shared = products()[setting.product].forms[setting.form].controls
    own = tuple(name for name in setting.controls if name not in shared)
    return own or setting.controls[:1]


def _by_source(lines: Iterable[tuple[Provenance, str]]) -> list[tuple[Provenance, tuple[str, ...]]]:
    grouped: defaultdict[Provenance, list[str]] = defaultdict(list)
    for source, text in lines:
        if source.controls:
            grouped[source].append(text)
    return [(source, tuple(texts)) for source, texts in grouped.items()]
