"""RADIUS packets against what the RFCs say, worked out by hand here."""

from __future__ import annotations

import hashlib
import hmac
import struct

import pytest

from punchdown.lab.real.authenticator import radius
from punchdown.lab.real.authenticator.exchange import TRIES, TRY_SECONDS, Exchange
from punchdown.lab.real.authenticator.settings import Server, read_settings

SECRET = b"s3cret"


def _reply(code: int, identifier: int, request: bytes, attributes: list[tuple[int, bytes]]) -> bytes:
    body = b"".join(bytes([kind, len(value) + 2]) + value for kind, value in [(80, bytes(16)), *attributes])
    head = struct.pack("!BBH", code, identifier, 20 + len(body))
    proof = hmac.new(SECRET, head + request + body, "md5").digest()
    body = body[:2] + proof + body[18:]
    return head + hashlib.md5(head + request + body + SECRET).digest() + body


def test_request_carries_a_valid_message_authenticator_first() -> None:
    packet, _ = radius.access_request(7, SECRET, [(radius.USER_NAME, b"phone")])
    assert packet[:2] == b"\x01\x07"
    assert struct.unpack("!H", packet[2:4])[0] == len(packet)
    assert packet[20:22] == b"\x50\x12"
    assert hmac.new(SECRET, packet[:22] + bytes(16) + packet[38:], "md5").digest() == packet[22:38]


def test_password_is_hidden_as_in_rfc_2865() -> None:
    packet, authenticator = radius.access_request(1, SECRET, [], b"08000f100103")
    hidden = packet[-16:]
    pad = hashlib.md5(SECRET + authenticator).digest()
    assert bytes(left ^ right for left, right in zip(hidden, pad, strict=True)) == b"08000f100103" + bytes(4)


def test_reply_is_decoded() -> None:
    avpair = struct.pack("!IBB", 9, 1, 28) + b"device-traffic-class=voice"
    eap = bytes(range(256)) + bytes(100)
    reply = radius.read_reply(_reply(2, 3, bytes(16), [(81, b"\x01120"), (26, avpair), (27, struct.pack("!I", 60)),
                                                       *radius.fragments(eap)]), bytes(16), SECRET)
    assert (reply.code, reply.vlan, reply.voice, reply.session_seconds, reply.eap) == (2, 120, True, 60, eap)


@pytest.mark.parametrize("place", [5, 25, 40])
def test_a_changed_reply_is_refused(place: int) -> None:
    packet = bytearray(_reply(2, 3, bytes(16), [(81, b"120"), (79, b"\x03\x01\x00\x04")]))
    packet[place] ^= 1
    with pytest.raises(ValueError, match="authenticator"):
        radius.read_reply(bytes(packet), bytes(16), SECRET)


def test_eap_without_proof_is_refused() -> None:
    body = bytes([79, 6]) + b"\x03\x01\x00\x04"
    head = struct.pack("!BBH", 2, 3, 20 + len(body))
    packet = head + hashlib.md5(head + bytes(16) + body + SECRET).digest() + body
    with pytest.raises(ValueError, match="without Message-Authenticator"):
        radius.read_reply(packet, bytes(16), SECRET)


def test_dead_servers_are_tried_in_order_and_given_up() -> None:
    sent: list[tuple[str, int]] = []
    answers: list[radius.Reply | None] = []
    servers = (Server("a", "192.0.2.1", 1812, 1813, "x"), Server("b", "192.0.2.2", 1812, 1813, "y"))
    exchange = Exchange(lambda _, place: sent.append(place), servers)
    exchange.ask([], b"", answers.append, 0.0)
    for step in range(1, 2 * TRIES + 1):
        exchange.tick(step * TRY_SECONDS)
    assert [place[0] for place in sent] == ["192.0.2.1"] * TRIES + ["192.0.2.2"] * TRIES
    assert answers == [None]
    assert exchange.waiting == {}


def test_an_answer_from_elsewhere_is_ignored() -> None:
    answers: list[radius.Reply | None] = []
    exchange = Exchange(lambda *_: None, (Server("a", "192.0.2.1", 1812, 1813, SECRET.decode()),))
    exchange.ask([], b"", answers.append, 0.0)
    packet = _reply(2, 0, exchange.waiting[0].authenticator, [])
    exchange.receive(packet, "192.0.2.9")
    assert answers == []
    exchange.receive(packet, "192.0.2.1")
    assert answers[0] is not None
    assert answers[0].code == radius.ACCEPT


def test_settings_errors_show_no_secret() -> None:
    with pytest.raises(ValueError, match="not settings") as caught:
        read_settings('{"nas_identifier": "x", "servers": [{"secret": "hush"}]')
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(Server("a", "192.0.2.1", 1812, 1813, "hush"))
