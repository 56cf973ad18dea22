"""Interfaces of firewalls whose VLAN nothing shows: a network behind a port of its own is a segment all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Interface, IPv4Network

from punchdown.adopt.segments import Plan
from punchdown.adopt.words import Note, text_of
from punchdown.values.adopted import SeenDevice, SeenLeg, SeenVlan

_FROM = 100
"""Where numbers are looked for when the prefix suggests none."""


def placed(devices: Iterable[SeenDevice]) -> tuple[tuple[SeenDevice, ...], dict[int, str]]:
    """The devices with a VLAN for every inside interface of a firewall, and the numbers that nothing shows, each with
    the interface. A number is what another device shows for the prefix, else the third part of the address as many
    people number them, else a free one."""
    found = tuple(devices)
    known = {_network(leg): leg.vlan for device in found for leg in device.legs if leg.address and leg.vlan}
    known |= {IPv4Network(prefix): vlan for device in found for vlan, prefix in device.hints}
    taken = {1, *known.values(), *(vlan.id for device in found for vlan in device.vlans), *_used(found)}
    proposed: dict[int, str] = {}
    for device in found:
        for leg in _unplaced(device):
            network = _network(leg)
            if network not in known:
                part = network.network_address.packed[2]
                known[network] = part if part > 1 and part not in taken else next(
                    number for number in range(_FROM, 4095) if number not in taken)
                taken.add(known[network])
                proposed[known[network]] = leg.name
    return tuple(_with(device, known, proposed) for device in found), proposed


def tell(plan: Plan, proposed: dict[int, str]) -> None:
    """Say which numbers were guessed."""
    for vlan, leg in proposed.items():
        if name := plan.names.get(vlan):
            note = f"the number of its VLAN: {text_of(leg)} is no VLAN's interface"
            plan.notes.append(Note("guessed", note, ("segments", name)))
            more = plan.comments.get(("segments", name), "").removeprefix("guessed: ")
            plan.comments["segments", name] = f"guessed: {'; '.join(filter(None, (note, more)))}"


def _with(device: SeenDevice, known: dict[IPv4Network, int], proposed: Collection[int]) -> SeenDevice:
    unplaced = [*_unplaced(device)]
    if not unplaced:
        return device
    legs = tuple(replace(leg, vlan=known[_network(leg)]) if leg in unplaced else leg for leg in device.legs)
    vlans = tuple(SeenVlan(known[_network(leg)], leg.name, leg.line) for leg in unplaced
                  if known[_network(leg)] in proposed)
    return replace(device, legs=legs, vlans=(*device.vlans, *vlans))


def _unplaced(device: SeenDevice) -> Iterator[SeenLeg]:
    for leg in device.legs if device.role == "firewall" else ():
        if leg.address and not leg.vlan and not leg.outside and _network(leg).prefixlen <= 30:
            yield leg


def _network(leg: SeenLeg) -> IPv4Network:
    return IPv4Interface(leg.address).network


def _used(devices: Iterable[SeenDevice]) -> Iterator[int]:
    """Numbers that ports name."""
    for device in devices:
        for port in device.ports:
            yield from (port.access_vlan, port.voice_vlan, port.native_vlan, *(port.tagged or ()))
