"""Single packets through the lab: made by hand, sent from a machine, heard in every other one."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address

from punchdown.lab.real import netns
from tests.road.conftest import PREFIX

TCP, UDP = 6, 17
_BETWEEN_SECONDS = 0.003
_LAST_SECONDS = 3.0
_ALL = 0x0003  # linux/if_ether.h: every frame
_TO_THIS_HOST = 0  # linux/if_packet.h


@dataclass(frozen=True, slots=True)
class Letter:
    """A packet that opens a connection (TCP SYN) or a datagram, from a machine of the lab."""

    machine: str
    protocol: int
    source: str
    source_port: int
    destination: str
    destination_port: int

    def raw(self, mark: int) -> bytes:
        """The IPv4 packet; ``mark`` is found again in what arrives: TCP's sequence number, a datagram's content."""
        ports = struct.pack("!HH", self.source_port, self.destination_port)
        if self.protocol == TCP:
            body = ports + struct.pack("!IIBBHHH", mark, 0, 5 << 4, 0x02, 1024, 0, 0)
        else:
            body = ports + struct.pack("!HHI", 12, 0, mark)
        ends = IPv4Address(self.source).packed + IPv4Address(self.destination).packed
        total = _checksum(ends + struct.pack("!BBH", 0, self.protocol, len(body)) + body)
        place = 16 if self.protocol == TCP else 6
        body = body[:place] + struct.pack("!H", total or 0xFFFF) + body[place + 2:]
        return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), mark & 0xFFFF, 0, 64, self.protocol, 0) + ends + body


def _checksum(data: bytes) -> int:
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _mark(packet: bytes) -> int | None:
    """The mark of an opening packet, None of anything else."""
    if len(packet) < 32 or packet[0] >> 4 != 4:
        return None
    head = (packet[0] & 15) * 4
    if packet[9] == TCP and len(packet) >= head + 20 and packet[head + 13] & 0x17 == 0x02:
        return int.from_bytes(packet[head + 4:head + 8], "big")
    if packet[9] == UDP and len(packet) >= head + 12:
        return int.from_bytes(packet[head + 8:head + 12], "big")
    return None


def send(letters: Iterable[Letter], ears: Iterable[str], first_mark: int) -> list[set[str]]:
    """Send each, in order; for each the machines among ``ears`` that it came to, addressed to them."""
    letters = list(letters)
    listening = {netns.inside(PREFIX + name, _ear): name for name in dict.fromkeys(ears)}
    mouths = {name: netns.inside(PREFIX + name, _mouth) for name in {letter.machine for letter in letters}}
    heard: list[set[str]] = [set() for _ in letters]

    def collect(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for ear in select.select(list(listening), [], [], left)[0]:
                packet, place = ear.recvfrom(4096)
                number = (_mark(packet) or 0) - first_mark
                if place[2] == _TO_THIS_HOST and 0 <= number < len(heard):
                    heard[number].add(listening[ear])
    try:
        for number, letter in enumerate(letters):
            mouths[letter.machine].sendto(letter.raw(first_mark + number), (letter.destination, 0))
            collect(_BETWEEN_SECONDS)
        collect(_LAST_SECONDS)
    finally:
        for opened in (*listening, *mouths.values()):
            opened.close()
    return heard


def _ear() -> socket.socket:
    return socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))


def _mouth() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
