"""Ethernet frames of EAPOL (IEEE 802.1X-2010, 11) and what else the authenticator reads from a port."""

from __future__ import annotations

import struct
from dataclasses import dataclass

GROUP = bytes.fromhex("0180c2000003")
EAPOL, LLDP = 0x888E, 0x88CC
EAP_PACKET, START, LOGOFF = 0, 1, 2
REQUEST, RESPONSE, SUCCESS, FAILURE = 1, 2, 3, 4
IDENTITY = 1
_MED_CAPABILITIES = b"\x00\x12\xbb\x01"
_MED_PHONE_CLASS = 3


@dataclass(frozen=True, slots=True)
class Eapol:
    """Packet type and body."""

    kind: int
    body: bytes

    @property
    def eap_code(self) -> int:
        """Code of the EAP packet inside, 0 when there is none."""
        return self.body[0] if self.kind == EAP_PACKET and len(self.body) >= 4 else 0


def source(frame: bytes) -> str:
    """The sender's MAC address, empty for group addresses, which nobody may send from."""
    return "" if len(frame) < 14 or frame[6] & 1 else frame[6:12].hex(":")


def kind(frame: bytes) -> int:
    """The EtherType."""
    return int(struct.unpack("!H", frame[12:14])[0])


def read_eapol(frame: bytes) -> Eapol | None:
    """The EAPOL packet of a frame, None when it is cut off."""
    if len(frame) < 18:
        return None
    _, packet, length = struct.unpack("!BBH", frame[14:18])
    body = frame[18:18 + length]
    return Eapol(packet, body) if len(body) == length else None


def eap_frame(target: str, own: bytes, eap: bytes) -> bytes:
    """An EAP packet to one station; to the group when ``target`` is empty."""
    head = bytes.fromhex(target.replace(":", "")) if target else GROUP
    return head + own + struct.pack("!HBBH", EAPOL, 2, EAP_PACKET, len(eap)) + eap


def eap_packet(code: int, identifier: int, data: bytes = b"") -> bytes:
    """An EAP packet (RFC 3748, 4)."""
    return struct.pack("!BBH", code, identifier, 4 + len(data)) + data


def is_phone(frame: bytes) -> bool:
    """Whether an LLDP frame says that its sender is a phone (LLDP-MED class III)."""
    position = frame.find(_MED_CAPABILITIES, 14)
    return position > 0 and frame[position + 6:position + 7] == bytes([_MED_PHONE_CLASS])
