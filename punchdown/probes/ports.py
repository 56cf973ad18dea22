"""Whether a port answers, and what it says by itself."""

from __future__ import annotations

import socket

from punchdown.values.probe import PortState

BANNER_LENGTH = 200
_READ_REQUEST = b"\x00\x01punchdown-probe\x00octet\x00"
"""TFTP: read a file that is not there; a server answers with an error (RFC 1350)."""


def tcp_state(address: str, port: int, seconds: float) -> tuple[PortState, str]:
    """The state of a TCP port, and its banner when it is open: nothing is sent, nobody logs in."""
    try:
        with socket.create_connection((address, port), seconds) as stream:
            return "open", _said(stream, seconds)
    except ConnectionRefusedError:
        return "closed", ""
    except TimeoutError:
        return "silent", ""
    except OSError:
        return "unknown", ""


def _said(stream: socket.socket, seconds: float) -> str:
    stream.settimeout(min(seconds, 0.5))
    try:
        data = stream.recv(BANNER_LENGTH)
    except OSError:
        return ""
    return data.decode("ascii", "replace").strip()


def udp_state(address: str, port: int, seconds: float) -> PortState:
    """The state of a UDP port by a TFTP request for a file that is not there; any answer makes it open."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as stream:
            stream.settimeout(seconds)
            # Not connected: a TFTP server answers from a port of its own (RFC 1350).
            stream.sendto(_READ_REQUEST, (address, port))
            stream.recvfrom(BANNER_LENGTH)
    except TimeoutError:
        return "silent"
    except OSError:
        return "unknown"
    return "open"
