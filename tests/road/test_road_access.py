"""802.1X with real supplicants: who may not come in is outside in both directions, who may comes in again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from punchdown import lab
from punchdown.lab.real.pki import Authority
from tests.road.conftest import Road, eventually
from tests.road.wire import frames, shout

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PC, PHONE, SIMPLE_PHONE = "02:00:00:20:00:01", "08:00:0f:10:01:01", "08:00:0f:10:01:03"
NOT_ACCESS = "not (ether proto 0x888e) and not (ether proto 0x88cc)"


def refusals(road: Road) -> int:
    """How often the switch's authenticator has kept somebody out because RADIUS said so."""
    return road.on("sw-core-1", "cat", "/var/log/dot1x.log").count("held: refused by RADIUS")


def locked_out(road: Road, endpoint: str, segment: str) -> None:
    """Nothing of the endpoint reaches its segment, and nothing of the segment reaches the endpoint."""
    network = "10.20.20" if segment == "lan120" else "10.20.32"
    inward = frames("fw-1", segment, f"ether src {hardware(road, endpoint)}", lambda: shout(endpoint, network),
                    incoming=True)
    assert inward == ""
    outward = frames(endpoint, "eth0", NOT_ACCESS, lambda: shout("dhcp-1", network), incoming=True)
    assert outward == ""


def let_in(road: Road, endpoint: str, segment: str) -> None:
    """The same frames with a session: they pass in both directions."""
    network = "10.20.20" if segment == "lan120" else "10.20.32"
    assert frames("fw-1", segment, f"ether src {hardware(road, endpoint)}", lambda: shout(endpoint, network),
                  incoming=True)
    assert frames(endpoint, "eth0", NOT_ACCESS, lambda: shout("dhcp-1", network), incoming=True)


def hardware(road: Road, endpoint: str) -> str:
    return road.on(endpoint, "cat", "/sys/class/net/eth0/address").strip()


@pytest.fixture
def files(applied: Road, request: pytest.FixtureRequest) -> Iterator[Path]:
    """What an endpoint logs in with, put back afterwards."""
    folder = applied.lab_dir / "hosts" / str(request.param)
    kept = {path: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".log"}
    yield folder
    for path, content in kept.items():
        path.write_bytes(content)
    lab.log_in_again(applied.lab_dir, str(request.param))


def test_who_may_is_in(applied: Road) -> None:
    assert {str(item["port"]): item["method"] for item in applied.sessions().values()} == {
        "p1": "eap", "p2": "eap", "p3": "mab", "p4": "eap"}
    let_in(applied, "reception", "lan130")


@pytest.mark.parametrize("files", ["reception"], indirect=True)
def test_a_wrong_password_stays_outside(applied: Road, files: Path) -> None:
    conf = files / "wpa.conf"
    password = (applied.lab_dir / "operator" / "secrets" / "eap-reception").read_text().strip()
    assert password in conf.read_text()
    conf.write_text(conf.read_text().replace(password, "guessed"))
    before = refusals(applied)
    lab.log_in_again(applied.lab_dir, "reception")
    assert eventually(lambda: refusals(applied) > before)
    assert PC not in applied.sessions()
    locked_out(applied, "reception", "lan130")


def test_with_the_right_password_it_is_in_again(applied: Road) -> None:
    shout("reception", "10.20.32")
    assert eventually(lambda: PC in applied.sessions())
    let_in(applied, "reception", "lan130")


@pytest.mark.parametrize("files", ["room-101"], indirect=True)
def test_a_certificate_of_another_authority_stays_outside(applied: Road, files: Path) -> None:
    certificate, key = Authority("somebody else").issue("room-101", server=False)
    (files / "client.pem").write_text(certificate)
    (files / "client.key").write_text(key)
    before = refusals(applied)
    lab.log_in_again(applied.lab_dir, "room-101")
    assert eventually(lambda: refusals(applied) > before)
    assert PHONE not in applied.sessions()
    locked_out(applied, "room-101", "lan120")


def test_with_its_own_certificate_it_is_in_again(applied: Road) -> None:
    assert eventually(lambda: PHONE in applied.sessions())


def test_a_wrong_mac_stays_outside(applied: Road) -> None:
    stranger = "08:00:0f:99:99:99"
    before = refusals(applied)
    lab.replace_endpoint(applied.lab_dir, "room-103", stranger)
    try:
        assert eventually(lambda: refusals(applied) > before)
        assert not {stranger, SIMPLE_PHONE} & set(applied.sessions())
        locked_out(applied, "room-103", "lan120")
    finally:
        lab.replace_endpoint(applied.lab_dir, "room-103", SIMPLE_PHONE)
    assert eventually(lambda: SIMPLE_PHONE in applied.sessions())
    assert eventually(lambda: lab.connects(applied.lab_dir, "room-103", "10.20.10.10", 6801, timeout=1))
