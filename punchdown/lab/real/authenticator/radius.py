"""RADIUS packets (RFC 2865) with EAP and Message-Authenticator (RFC 3579)."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

ACCEPT, REJECT, CHALLENGE = 2, 3, 11
USER_NAME, USER_PASSWORD, NAS_ADDRESS, SERVICE_TYPE, FRAMED_MTU, STATE, VENDOR = 1, 2, 4, 6, 12, 24, 26
SESSION_TIMEOUT, CALLING_STATION, NAS_IDENTIFIER, NAS_PORT_TYPE = 27, 31, 32, 61
EAP_MESSAGE, MESSAGE_AUTHENTICATOR, PRIVATE_GROUP, NAS_PORT_ID = 79, 80, 81, 87
CISCO = 9

Attributes = list[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A checked answer."""

    code: int
    attributes: tuple[tuple[int, bytes], ...]

    def first(self, kind: int) -> bytes:
        """The first value of an attribute, empty when there is none."""
        return next((value for number, value in self.attributes if number == kind), b"")

    @property
    def eap(self) -> bytes:
        """The EAP packet that the fragments make up."""
        return b"".join(value for number, value in self.attributes if number == EAP_MESSAGE)

    @property
    def vlan(self) -> int:
        """The VLAN number of Tunnel-Private-Group-ID without its tag octet (RFC 3580, 3.31); 0 = none."""
        text = self.first(PRIVATE_GROUP)
        text = text[1:] if text and text[0] < 0x20 else text
        return int(text) if text.isdigit() else 0

    @property
    def voice(self) -> bool:
        """Whether the server says that this is a phone."""
        head = struct.pack("!I", CISCO) + b"\x01"
        return any(number == VENDOR and value[:5] == head and value[6:] == b"device-traffic-class=voice"
                   for number, value in self.attributes)

    @property
    def session_seconds(self) -> int:
        """Session-Timeout, 0 = none."""
        value = self.first(SESSION_TIMEOUT)
        return int.from_bytes(value, "big") if len(value) == 4 else 0


def number(value: int) -> bytes:
    """An integer attribute."""
    return struct.pack("!I", value)


def fragments(eap: bytes) -> Attributes:
    """An EAP packet as attributes of at most 253 octets."""
    return [(EAP_MESSAGE, eap[start:start + 253]) for start in range(0, len(eap), 253)]


def access_request(identifier: int, secret: bytes, attributes: Attributes,
                   password: bytes = b"") -> tuple[bytes, bytes]:
    """(packet, request authenticator). A password is hidden as RFC 2865, 5.2 says."""
    authenticator = os.urandom(16)
    own = [(MESSAGE_AUTHENTICATOR, bytes(16)), *attributes]
    if password:
        own.append((USER_PASSWORD, _hidden(password, secret, authenticator)))
    body = b"".join(bytes([kind, len(value) + 2]) + value for kind, value in own)
    packet = bytearray(struct.pack("!BBH", 1, identifier, 20 + len(body)) + authenticator + body)
    packet[22:38] = hmac.new(secret, bytes(packet), "md5").digest()
    return bytes(packet), authenticator


def _hidden(password: bytes, secret: bytes, authenticator: bytes) -> bytes:
    padded = password + bytes(-len(password) % 16)
    hidden, last = b"", authenticator
    for start in range(0, len(padded), 16):
        pad = hashlib.md5(secret + last).digest()  # noqa: S324  the protocol's own
        last = bytes(left ^ right for left, right in zip(padded[start:start + 16], pad, strict=True))
        hidden += last
    return hidden


def read_reply(packet: bytes, authenticator: bytes, secret: bytes) -> Reply:
    """Check and decode an answer to the request with this authenticator. Raises ValueError."""
    if len(packet) < 20 or struct.unpack("!H", packet[2:4])[0] != len(packet):
        raise ValueError("wrong length")
    expected = hashlib.md5(packet[:4] + authenticator + packet[20:] + secret).digest()  # noqa: S324  the protocol's own
    if not hmac.compare_digest(expected, packet[4:20]):
        raise ValueError("wrong response authenticator")
    reply = Reply(packet[0], tuple(_attributes(packet)))
    proof = reply.first(MESSAGE_AUTHENTICATOR)
    if reply.eap and not proof:
        raise ValueError("EAP without Message-Authenticator")
    if proof and not hmac.compare_digest(proof, _proof(packet, authenticator, secret)):
        raise ValueError("wrong Message-Authenticator")
    return reply


def _attributes(packet: bytes) -> Attributes:
    found, position = [], 20
    while position < len(packet):
        if position + 2 > len(packet) or not 2 <= packet[position + 1] <= len(packet) - position:
            raise ValueError("broken attribute")
        found.append((packet[position], packet[position + 2:position + packet[position + 1]]))
        position += packet[position + 1]
    return found


def _proof(packet: bytes, authenticator: bytes, secret: bytes) -> bytes:
    """The HMAC over the reply with the request's authenticator and a blank proof."""
    blank, position = bytearray(packet[:4] + authenticator + packet[20:]), 20
    while position < len(packet):
        if packet[position] == MESSAGE_AUTHENTICATOR:
            blank[position + 2:position + 18] = bytes(16)
        position += packet[position + 1]
    return hmac.new(secret, bytes(blank), "md5").digest()
