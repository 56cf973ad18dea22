"""The configuration that a switch holds: VLANs with their members, ports with their settings, lists, global lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from punchdown.lab.emulated.hp_procurve.words import port_order
from punchdown.lab.emulated.spec import ApplianceSpec

CHASSIS, STACKED = ("J9850A",), ("JL323A",)
"""Models with slots, and models that stack even alone."""


@dataclass(slots=True)
class Port:
    """``untagged`` is 0 for a port that has tagged VLANs only. ``settings`` of its own block, ``lines`` of the global
    ones that name it, both by what they set. ``trunk`` is the aggregation that took its place."""

    untagged: int = 1
    tagged: set[int] = field(default_factory=set)
    settings: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    trunk: str = ""


@dataclass(slots=True)
class Configuration:
    """``vlans`` maps numbers to the lines of their blocks by what they set; ``lists`` maps first lines to entries by
    number; ``lines`` are global, by what they set; ``other`` are blocks that are kept and do nothing here."""

    ports: dict[str, Port] = field(default_factory=dict)
    vlans: dict[int, dict[str, str]] = field(default_factory=lambda: {1: {"name": 'name "DEFAULT_VLAN"'}})
    lists: dict[str, dict[int, str]] = field(default_factory=dict)
    remarks: dict[str, dict[int, str]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    other: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def hostname(self) -> str:
        return self.lines.get("hostname", 'hostname "switch"').split(" ", 1)[1].strip('"')

    def members(self, vlan: int, kind: str) -> list[str]:
        """Ports of a VLAN, sorted; ``kind`` is ``untagged`` or ``tagged``."""
        return sorted((name for name, port in self.ports.items() if not port.trunk
                       and (port.untagged == vlan if kind == "untagged" else vlan in port.tagged)), key=port_order)

    def users(self, line: str) -> list[str]:
        """Ports with such a line in their block."""
        return [name for name, port in self.ports.items() if line in port.settings.values()]


def new_configuration(spec: ApplianceSpec) -> Configuration:
    """A switch from the factory: every port untagged in VLAN 1."""
    names = [str(number) for number in range(1, spec.ports + 1)]
    if spec.model in CHASSIS:
        names = [f"{slot}{number}" for slot in "AB" for number in range(1, 25)]
    elif spec.members > 1 or spec.model in STACKED:
        whole = (*names, "A1", "A2", "A3", "A4")
        names = [f"{member}/{name}" for member in range(1, spec.members + 1) for name in whole]
    return Configuration({name: Port() for name in names})
