"""A guarded port with a guest VLAN, before and after somebody has authenticated."""

from __future__ import annotations

import pytest

from punchdown.intent.topology import Attachment, Topology
from punchdown.proof.network import Network
from punchdown.proof.rules import Mode
from punchdown.proof.sets import space
from punchdown.proof.ways import openings
from punchdown.values.policy import DevicePolicy, PortPolicy

SEATS = ("wall", "office", "lobby")
TOPOLOGY = Topology("here", tuple(sorted((Attachment("host", name, "sw", name) for name in SEATS),
                                         key=lambda seat: seat.name)), ())


def arrivals(guest: int, *, unauthenticated: bool) -> set[str]:
    """Who hears the machine on the guarded port ``wall``."""
    ports = (PortPolicy("wall", 10, guarded=True, guest=guest), PortPolicy("office", 10), PortPolicy("lobby", 66))
    network = Network(space(), TOPOLOGY, {"sw": DevicePolicy("sw", "any", (), ports)}, unauthenticated=unauthenticated)
    number = next(place for place, seat in enumerate(network.seats) if seat.port == "wall")
    if network.shut(network.seats[number]):
        return set()
    reach = openings(network, number, space().valid, Mode.MAY)
    return {network.seats[item.seat].port for item in reach.arrivals} - {"wall"}


@pytest.mark.parametrize(("guest", "unauthenticated", "heard"), [
    (66, False, {"office"}), (66, True, {"lobby"}), (0, False, {"office"}), (0, True, set()),
])
def test_a_guest_reaches_the_guest_vlan_only(guest: int, unauthenticated: bool, heard: set[str]) -> None:
    assert arrivals(guest, unauthenticated=unauthenticated) == heard
