"""Real packets between machines of the lab."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Literal

from punchdown.lab.real import netns, state
from punchdown.lab.real.commands import LabError

Outcome = Literal["open", "rejected", "silent"]
"""Connected or answered; refused by a reset or an ICMP message; nothing came back in time."""

_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def connects(lab_dir: Path, client: str, address: str, port: int, protocol: str = "tcp", timeout: float = 2.0) -> bool:
    """Whether ``client`` can open the port: a TCP handshake, or a UDP datagram that comes back."""
    return outcome(lab_dir, client, address, port, protocol, timeout) == "open"


def outcome(lab_dir: Path, client: str, address: str, port: int, protocol: str = "tcp",
            timeout: float = 2.0) -> Outcome:
    """What comes of opening a port.

    ``address`` is IPv4 or IPv6; link-local ones carry the client's interface (``fe80::1%eth0``). Timeout in seconds.
    """
    lab = state.load(lab_dir)
    if client not in lab.machines:
        raise LabError(f"no machine {client!r} in this lab; there are: {', '.join(lab.machines)}")
    if protocol not in _KINDS:
        raise LabError(f"protocol {protocol!r}: expected tcp or udp")

    def attempt() -> Outcome:
        try:
            family, kind, _, _, place = socket.getaddrinfo(address, port, type=_KINDS[protocol],
                                                           flags=socket.AI_NUMERICHOST)[0]
            with socket.socket(family, kind) as sock:
                sock.settimeout(timeout)
                sock.connect(place)
                if kind == socket.SOCK_DGRAM:
                    sock.send(b"probe")
                    sock.recv(2048)
                return "open"
        except TimeoutError:
            return "silent"
        except OSError:
            return "rejected"

    return netns.inside(lab.prefix + client, attempt)
