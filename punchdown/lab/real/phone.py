"""The network half of a desk phone: LLDP-MED, a tagged voice interface and a switch for the PC behind it.

Run as a plain script inside the phone's namespace: ``phone.py NAME MAC ADDRESS/LEN[,ADDRESS/LEN] ROUTER[,ROUTER]``.
``eth0`` goes to the switch, ``pc0`` to the PC. As soon as the switch announces a voice policy, ``voice0`` appears: its
frames leave eth0 with the announced VLAN and priority, and the phone's addresses move there. When the switch
announces none for its time to live, they move back. Frame formats: IEEE 802.1AB, ANSI/TIA-1057.
"""

import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ETH_ALL, SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 3, 263, 8, 4  # linux/if_packet.h
TP_VLAN_VALID = 0x10
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000  # linux/if_tun.h
LLDP_GROUP, LLDP_TYPE = bytes.fromhex("0180c200000e"), b"\x88\xcc"
EAPOL_GROUP, EAPOL_LOGOFF = bytes.fromhex("0180c2000003"), b"\x88\x8e\x02\x02\x00\x00"
MED = b"\x00\x12\xbb"
LLDP_SECONDS = 1.0


@dataclass(slots=True)
class Policy:
    """What LLDP-MED says of voice."""

    vlan: int
    pcp: int
    expires: float


@dataclass(slots=True)
class Phone:
    """Sockets and state. ``tap`` is open while the voice interface exists."""

    name: str
    mac: str
    addresses: list[str]
    routers: list[str]
    network: socket.socket
    pc: socket.socket
    tap: int = -1
    policy: Policy | None = None
    last_sent: float = 0.0
    pc_macs: set[bytes] = field(default_factory=set)


def raw(interface: str) -> socket.socket:
    """A packet socket that also says which tag a frame carried."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.bind((interface, ETH_ALL))
    sock.setblocking(False)
    return sock


def receive(sock: socket.socket) -> tuple[bytes, int | None] | None:
    """(frame without tag, tag control or None); None for a frame that this machine sent."""
    data, ancillary, _, address = sock.recvmsg(65536, 64)
    if address[2] == PACKET_OUTGOING:
        return None
    for level, kind, content in ancillary:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, control, _ = struct.unpack("IIIHHHH", content[:20])
            if status & TP_VLAN_VALID:
                return data, control
    if data[12:14] == b"\x81\x00":
        return data[:12] + data[16:], struct.unpack("!H", data[14:16])[0]
    return data, None


def voice_policy(frame: bytes, now: float) -> Policy | None:
    """The voice network policy in an LLDP frame, tagged ones only."""
    position, found, seconds = 14, None, 120
    while position + 2 <= len(frame):
        head = struct.unpack("!H", frame[position:position + 2])[0]
        kind, length = head >> 9, head & 0x1FF
        value = frame[position + 2:position + 2 + length]
        position += 2 + length
        if kind == 0:
            break
        if kind == 3 and len(value) >= 2:
            seconds = struct.unpack("!H", value[:2])[0]
        if kind == 127 and value[:4] == MED + b"\x02" and len(value) >= 8 and value[4] == 1:
            bits = int.from_bytes(value[5:8], "big")
            if bits >> 22 & 1:
                found = (bits >> 9 & 0xFFF, bits >> 6 & 7)
    return Policy(*found, now + seconds) if found else None


def announcement(phone: Phone) -> bytes:
    """The phone's own LLDP frame: an LLDP-MED endpoint of class III."""
    mac = bytes.fromhex(phone.mac.replace(":", ""))

    def part(kind: int, value: bytes) -> bytes:
        return struct.pack("!H", kind << 9 | len(value)) + value

    bits = 0x800000 if phone.policy is None else 0x400000 | phone.policy.vlan << 9 | phone.policy.pcp << 6 | 46
    parts = [part(1, b"\x04" + mac), part(2, b"\x03" + mac), part(3, struct.pack("!H", 10)),
             part(5, phone.name.encode()), part(7, struct.pack("!HH", 0x24, 0x24)),
             part(127, MED + b"\x01" + struct.pack("!HB", 0x03, 3)),
             part(127, MED + b"\x02\x01" + bits.to_bytes(3, "big")),
             part(0, b"")]
    return LLDP_GROUP + mac + LLDP_TYPE + b"".join(parts)


def ip(lines: list[str]) -> None:
    """One batch of ip; what is gone already is no fault."""
    subprocess.run(["ip", "-force", "-batch", "-"], input="\n".join(lines) + "\n", text=True, capture_output=True,
                   check=False)


def move(phone: Phone, source: str, target: str) -> None:
    """Take the phone's addresses and routes to another of its interfaces."""
    lines = [f"addr del {address} dev {source}" for address in phone.addresses]
    lines += [f"addr add {address} dev {target}" + (" nodad" if ":" in address else "") for address in phone.addresses]
    lines += [f"route replace default via {router}" for router in phone.routers]
    ip(lines)


def open_voice(phone: Phone) -> None:
    """Make the voice interface with the phone's MAC address."""
    phone.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(phone.tap, TUNSETIFF, struct.pack("16sH22x", b"voice0", IFF_TAP | IFF_NO_PI))
    ip([f"link set voice0 address {phone.mac}", "link set voice0 up"])
    move(phone, "eth0", "voice0")


def close_voice(phone: Phone) -> None:
    """Back to an untagged phone."""
    move(phone, "voice0", "eth0")
    os.close(phone.tap)
    phone.tap = -1


def from_network(phone: Phone) -> None:
    """Voice to the phone, untagged to the PC, LLDP to neither."""
    received = receive(phone.network)
    if received is None:
        return
    frame, control = received
    if frame[12:14] == LLDP_TYPE:
        phone.policy = voice_policy(frame, time.monotonic()) or phone.policy
    elif control is not None and control & 0xFFF:
        if phone.tap >= 0 and phone.policy and control & 0xFFF == phone.policy.vlan:
            os.write(phone.tap, frame)
    else:
        phone.pc.send(frame)


def from_voice(phone: Phone) -> None:
    """Tag what the phone says."""
    frame = os.read(phone.tap, 65536)
    if phone.policy:
        tag = struct.pack("!HH", 0x8100, phone.policy.pcp << 13 | phone.policy.vlan)
        phone.network.send(frame[:12] + tag + frame[12:])


def from_pc(phone: Phone) -> None:
    """Pass on what the PC says, tags included: keeping it out of the voice VLAN is the switch's duty."""
    received = receive(phone.pc)
    if received is None or received[0][12:14] == LLDP_TYPE:
        return
    frame, control = received
    phone.pc_macs.add(frame[6:12])
    tag = b"" if control is None else struct.pack("!HH", 0x8100, control)
    phone.network.send(frame[:12] + tag + frame[12:])


def pc_present() -> bool:
    """Whether a PC is plugged into the phone."""
    try:
        return Path("/sys/class/net/pc0/carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def log_off(phone: Phone) -> None:
    """Say EAPOL-Logoff for a PC that was unplugged: the switch can't see its cable."""
    for mac in phone.pc_macs:
        phone.network.send(EAPOL_GROUP + mac + EAPOL_LOGOFF)
    phone.pc_macs.clear()


def tick(phone: Phone) -> None:
    """Announce, and follow what the switch announced."""
    now = time.monotonic()
    if phone.policy and phone.policy.expires < now:
        phone.policy = None
    if phone.policy and phone.tap < 0:
        open_voice(phone)
    elif phone.policy is None and phone.tap >= 0:
        close_voice(phone)
    if phone.pc_macs and not pc_present():
        log_off(phone)
    if now - phone.last_sent >= LLDP_SECONDS:
        phone.last_sent = now
        phone.network.send(announcement(phone))


def work(phone: Phone) -> None:
    """Serve every interface that has a frame."""
    sources: list[socket.socket | int] = [phone.network, phone.pc]
    if phone.tap >= 0:
        sources.append(phone.tap)
    ready, _, _ = select.select(sources, [], [], 0.2)
    for source in ready:
        try:
            if source is phone.network:
                from_network(phone)
            elif source is phone.pc:
                from_pc(phone)
            else:
                from_voice(phone)
        except OSError:
            continue  # an interface is down or its queue full: the frame is lost, as on a wire
    try:
        tick(phone)
    except OSError:
        phone.last_sent = time.monotonic()


def main() -> None:
    """Run until killed."""
    name, mac, addresses, routers = sys.argv[1:5]
    phone = Phone(name, mac, addresses.split(","), routers.split(","), raw("eth0"), raw("pc0"))
    while True:
        work(phone)


if __name__ == "__main__":
    main()
