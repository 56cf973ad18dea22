"""Real packets between machines of the lab."""

from __future__ import annotations

import socket
from pathlib import Path

from punchdown.lab.real import netns, state
from punchdown.lab.real.commands import LabError

_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def connects(lab_dir: Path, client: str, address: str, port: int, protocol: str = "tcp", timeout: float = 2.0) -> bool:
    """Whether ``client`` can open the port: a TCP handshake, or a UDP datagram that comes back.

    ``address`` is IPv4 or IPv6; link-local ones carry the client's interface (``fe80::1%eth0``). Timeout in seconds.
    """
    lab = state.load(lab_dir)
    if client not in lab.machines:
        raise LabError(f"no machine {client!r} in this lab; there are: {', '.join(lab.machines)}")
    if protocol not in _KINDS:
        raise LabError(f"protocol {protocol!r}: expected tcp or udp")

    def attempt() -> bool:
        try:
            family, kind, _, _, place = socket.getaddrinfo(address, port, type=_KINDS[protocol],
                                                           flags=socket.AI_NUMERICHOST)[0]
            with socket.socket(family, kind) as sock:
                sock.settimeout(timeout)
                sock.connect(place)
                if kind == socket.SOCK_DGRAM:
                    sock.send(b"probe")
                    return bool(sock.recv(2048))
                return True
        except OSError:
            return False

    return netns.inside(lab.prefix + client, attempt)
