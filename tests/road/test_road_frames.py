"""Marks and tags, read off frames that were captured on both sides of the switch."""

from __future__ import annotations

import pytest

from punchdown import lab
from tests.road.conftest import Road, eventually
from tests.road.wire import frames, send, shout

pytestmark = pytest.mark.lab

PBX, PHONE, PC = "10.20.10.10", "10.20.20.11", "10.20.32.11"


@pytest.fixture(scope="module", autouse=True)
def _working(applied: Road) -> None:
    assert eventually(lambda: lab.connects(applied.lab_dir, "room-101", PBX, 6801, timeout=1))


@pytest.mark.parametrize(("port", "protocol", "tos"), [(50002, "udp", 0xB8), (6801, "tcp", 0x60)],
                         ids=["media", "signalling"])
def test_a_phone_is_tagged_and_keeps_its_mark(port: int, protocol: str, tos: int) -> None:
    def speak() -> None:
        send("room-101", PBX, port, tos=tos, protocol=protocol)

    wire = f"{protocol} port {port} and host {PHONE}"
    own = frames("sw-core-1", "p1", f"({wire}) or (vlan and {wire})", speak, incoming=True)
    assert "vlan 120, " in own
    routed = frames("fw-1", "lan120", wire, speak, incoming=True)
    assert f"tos {tos:#x}" in routed
    assert "802.1Q" not in routed
    arrived = frames("mivb-1", "eth0", wire, speak, incoming=True)
    assert f"tos {tos:#x}" in arrived
    trunk = frames("sw-acc-1", "uplink-p20", "arp or (vlan and arp)",
                   lambda: shout("room-101", "10.20.20"), incoming=True)
    assert "vlan 120, " in trunk


def test_what_a_phone_hears_is_tagged() -> None:
    heard = frames("room-101", "eth0", f"udp port 50000 or (vlan and udp port 50000 and host {PHONE})",
                   lambda: send("mivb-1", PHONE, 50000, tos=0xB8), incoming=True)
    assert "vlan 120, " in heard
    assert "tos 0xb8" in heard


@pytest.mark.parametrize("tos", [0xB8, 0x60])
def test_a_pc_is_untagged_and_loses_its_mark(tos: int) -> None:
    def speak() -> None:
        send("reception", "10.20.99.5", 53, tos=tos)

    wire = f"udp port 53 and src host {PC}"
    own = frames("sw-core-1", "p4", f"({wire}) or (vlan and {wire})", speak, incoming=True)
    assert f"tos {tos:#x}" in own
    assert "802.1Q" not in own
    routed = frames("fw-1", "lan130", wire, speak, incoming=True)
    assert "tos 0x0" in routed
    trunk = frames("sw-acc-1", "uplink-p20", "arp or (vlan and arp)",
                   lambda: shout("reception", "10.20.32"), incoming=True)
    assert "vlan 130, " in trunk
