"""The control of one port, without a switch."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

import pytest

from punchdown.lab.real.authenticator import frames, radius
from punchdown.lab.real.authenticator.access import HOLD_SECONDS, PortControl
from punchdown.lab.real.authenticator.settings import Port
from punchdown.lab.real.authenticator.station import Station

PHONE, PC, OTHER = "08:00:0f:00:00:01", "02:00:00:00:00:01", "02:00:00:00:00:02"
PORT = Port("p1", 1, 130, 120, "multi-domain", True, "critical", 130, 0, 0, 10)
VOICE = (26, struct.pack("!IBB", 9, 1, 28) + b"device-traffic-class=voice")


@dataclass
class World:
    """Remembers what the port did."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    asked: list[tuple[str, radius.Attributes, bytes]] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)

    def transmit(self, port: Port, target: str, eap: bytes) -> None:
        self.sent.append((target, eap))

    def ask(self, attributes: radius.Attributes, password: bytes, port: Port, mac: str) -> None:
        self.asked.append((mac, attributes, password))

    def admit(self, port: Port, station: Station) -> None:
        self.inside[station.mac] = station.domain

    def shut(self, port: Port, mac: str) -> None:
        self.inside.pop(mac, None)


def _frame(mac: str, kind: int, body: bytes = b"") -> bytes:
    return frames.GROUP + bytes.fromhex(mac.replace(":", "")) + struct.pack("!H", kind) + body


def _eapol(mac: str, packet: int, body: bytes = b"") -> bytes:
    return _frame(mac, frames.EAPOL, struct.pack("!BBH", 2, packet, len(body)) + body)


def _control(port: Port = PORT) -> tuple[PortControl, World]:
    world = World()
    return PortControl(port, world, "sw-core-1", "10.20.99.2"), world


def _login(control: PortControl, world: World, mac: str, *attributes: tuple[int, bytes]) -> None:
    control.frame(_eapol(mac, frames.START), 0.0)
    identity = frames.eap_packet(frames.RESPONSE, world.sent[-1][1][1], b"\x01someone")
    control.frame(_eapol(mac, frames.EAP_PACKET, identity), 0.1)
    control.answer(mac, radius.Reply(radius.ACCEPT, ((79, b"\x03\x01\x00\x04"), *attributes)), 0.2)


def test_a_phone_and_a_pc_share_a_port() -> None:
    control, world = _control()
    _login(control, world, PHONE, VOICE, (81, b"120"))
    _login(control, world, PC, (81, b"130"))
    assert world.inside == {PHONE: "voice", PC: "data"}


def test_who_answers_the_greeting_is_asked_by_name() -> None:
    control, world = _control()
    control.greet()
    assert world.sent[-1][0] == ""
    control.frame(_eapol(PC, frames.EAP_PACKET, frames.eap_packet(frames.RESPONSE, 0, b"\x01x")), 0.1)
    assert world.sent[-1][0] == PC
    assert world.asked == []
    control.frame(_eapol(PC, frames.EAP_PACKET, frames.eap_packet(frames.RESPONSE, 1, b"\x01x")), 0.2)
    assert [mac for mac, _, _ in world.asked] == [PC]


def test_a_second_pc_is_refused_and_told() -> None:
    control, world = _control()
    _login(control, world, PC)
    _login(control, world, OTHER)
    assert world.inside == {PC: "data"}
    assert world.sent[-1][1][0] == frames.FAILURE


def test_a_vlan_that_is_not_the_ports_is_refused() -> None:
    control, world = _control()
    _login(control, world, PC, (81, b"199"))
    assert world.inside == {}


def test_single_host_takes_one() -> None:
    control, world = _control(replace(PORT, host_mode="single-host"))
    _login(control, world, PHONE, VOICE)
    _login(control, world, PC)
    assert world.inside == {PHONE: "voice"}


def test_reject_keeps_the_port_closed() -> None:
    control, world = _control()
    control.frame(_eapol(PC, frames.START), 0.0)
    control.frame(_eapol(PC, frames.EAP_PACKET, frames.eap_packet(frames.RESPONSE, 1, b"\x01x")), 0.1)
    control.answer(PC, radius.Reply(radius.REJECT, ()), 0.2)
    assert world.inside == {}
    assert world.sent[-1] == (PC, bytes([frames.FAILURE, 1, 0, 4]))


def test_an_accept_that_nobody_asked_for_opens_nothing() -> None:
    control, world = _control()
    control.frame(_eapol(PC, frames.START), 0.0)
    control.answer(PC, radius.Reply(radius.ACCEPT, ()), 0.1)
    control.answer(OTHER, radius.Reply(radius.ACCEPT, ()), 0.1)
    assert world.inside == {}


def test_a_silent_phone_is_asked_for_by_its_mac() -> None:
    control, world = _control()
    control.frame(_frame(PHONE, 0x0800), 0.0)
    control.tick(9.9)
    assert world.asked == []
    control.tick(10.0)
    mac, attributes, password = world.asked[0]
    assert (mac, password) == (PHONE, b"08000f000001")
    assert (radius.CALLING_STATION, b"08-00-0F-00-00-01") in attributes
    assert (radius.SERVICE_TYPE, radius.number(10)) in attributes
    control.answer(PHONE, radius.Reply(radius.ACCEPT, (VOICE,)), 10.1)
    assert world.inside == {PHONE: "voice"}


def test_without_mac_authentication_silence_stays_outside() -> None:
    control, world = _control(replace(PORT, mab=False))
    control.frame(_frame(PC, 0x0800), 0.0)
    control.tick(10.0)
    assert (world.asked, world.inside) == ([], {})


@pytest.mark.parametrize(("dead", "expected"), [("critical", {PHONE: "voice", PC: "data"}), ("closed", {})])
def test_dead_servers(dead: str, expected: dict[str, str]) -> None:
    control, world = _control(replace(PORT, dead=dead))
    med = b"\x00\x12\xbb\x01\x00\x03\x03"
    control.frame(_frame(PHONE, frames.LLDP, b"\xfe\x07" + med), 0.0)
    control.frame(_frame(PC, 0x0800), 0.0)
    control.tick(10.0)
    for mac in (PHONE, PC):
        control.answer(mac, None, 12.0)
    assert world.inside == expected


def test_who_came_in_without_a_server_is_asked_again() -> None:
    control, world = _control()
    control.frame(_frame(PC, 0x0800), 0.0)
    control.tick(10.0)
    control.answer(PC, None, 12.0)
    assert world.inside == {PC: "data"}
    control.tick(12.0 + HOLD_SECONDS)
    control.answer(PC, radius.Reply(radius.REJECT, ()), 23.0)
    assert world.inside == {}


def test_a_dead_server_throws_nobody_out() -> None:
    control, world = _control(replace(PORT, dead="closed", reauth_seconds=60))
    _login(control, world, PC)
    control.tick(61.0)
    control.frame(_eapol(PC, frames.EAP_PACKET, frames.eap_packet(frames.RESPONSE, 2, b"\x01x")), 61.1)
    control.answer(PC, None, 65.0)
    assert world.inside == {PC: "data"}


def test_logoff_and_link_down_close() -> None:
    control, world = _control()
    _login(control, world, PHONE, VOICE)
    _login(control, world, PC)
    control.frame(_eapol(PC, frames.LOGOFF), 1.0)
    assert world.inside == {PHONE: "voice"}
    control.link_down()
    assert world.inside == {}


def test_group_addresses_are_no_stations() -> None:
    control, world = _control()
    control.frame(_frame("01:00:5e:00:00:01", 0x0800), 0.0)
    assert control.stations == {}
    assert world.sent == []
