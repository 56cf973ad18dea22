"""Ports that join or leave an aggregation. They lose their VLANs, and the aggregation ends with its last member.

Source: HPE Aruba techhub 16.07 to 16.10, "Static trunk" (ports are enabled one by one, whatever trunk they belong to),
"Configuring a static trunk" and "Unable to enable LACP on a port" (disable ports before they join or leave).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from punchdown.platforms.hp_procurve.normalise import Entry, Tree
from punchdown.platforms.hp_procurve.phases import Phase, negation, template


@dataclass(frozen=True, slots=True)
class Trunks:
    """What a change does to aggregations. ``members``: port to the trunk that it is in now; ``joining`` and ``leaving``
    what says so of each port; ``ended`` are trunks that lose all their members."""

    members: Mapping[str, str]
    joining: Mapping[str, Entry]
    leaving: Mapping[str, Entry]
    ended: frozenset[str]

    @classmethod
    def of(cls, missing: Iterable[Entry], surplus: Iterable[Entry], running: Tree) -> Trunks:
        """Out of what is missing on the device, and what is too much there."""
        now = {slot[1]: entry for slot, entry in running.items() if _joins(entry)}
        joining = {entry.slot[1]: entry for entry in missing if _joins(entry)}
        leaving = {entry.slot[1]: entry for entry in surplus if _joins(entry)}
        leaving |= {port: now[port] for port, entry in joining.items()
                    if port in now and trunk_of(now[port]) != trunk_of(entry)}
        kept = {trunk_of(entry) for port, entry in now.items() if port not in leaving}
        kept |= {trunk_of(entry) for entry in joining.values()}
        members = {port: trunk_of(entry) for port, entry in now.items()}
        return cls(members, joining, leaving, frozenset(members.values()) - kept)

    def closed(self, moving: Iterable[str]) -> set[str]:
        """The ports that are disabled meanwhile; a trunk that changes hands is by its members."""
        wanted = set(moving)
        named = {*self.members.values(), *map(trunk_of, self.joining.values())}
        inside = {port for port, trunk in self.members.items() if trunk in wanted - self.ended}
        return (wanted - named) | inside | set(self.joining) | set(self.leaving)

    def moves(self) -> Iterator[tuple[Phase, str, str]]:
        """Phase, command with ``{}`` and port. Who joins comes first, so that no trunk ends in between; unless a port
        goes from one trunk to another."""
        join = [(Phase.CLOSE, template(entry)[1], port) for port, entry in self.joining.items()]
        leave = [(Phase.CLOSE, negation(entry), port) for port, entry in self.leaving.items()]
        yield from (*leave, *join) if self.joining.keys() & self.leaving.keys() else (*join, *leave)


def _joins(entry: Entry) -> bool:
    return entry.slot[0] == "port" and entry.slot[2] == "trunk"


def trunk_of(entry: Entry) -> str:
    """The trunk of ``trunk 7 trk1 lacp`` by the name that its other lines have."""
    return entry.line.split(" ")[2].replace("trk", "Trk")
