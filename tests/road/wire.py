"""Frames as they pass: tcpdump in a machine of the lab."""

from __future__ import annotations

import itertools
import socket
import subprocess
import time
from collections.abc import Callable

from punchdown.lab.real import netns
from tests.road.conftest import PREFIX

_LAST_FRAME_SECONDS = 0.4
_silent = itertools.count(201)


def shout(machine: str, network: str) -> None:
    """Make a machine ask its whole segment for an address that nobody has, each time another one."""
    send(machine, f"{network}.{next(_silent)}", 9)


def frames(machine: str, interface: str, expression: str, act: Callable[[], object], *, incoming: bool = False) -> str:
    """What tcpdump says of the frames that match while ``act`` runs, one frame in one or two lines, with tags."""
    words = ["ip", "netns", "exec", PREFIX + machine, "tcpdump", "-lnnve", "-i", interface,
             *(["-Q", "in"] if incoming else []), expression]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        while "listening" not in (line := process.stderr.readline()):
            assert line, words
        act()
        time.sleep(_LAST_FRAME_SECONDS)
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=10)
    return said.strip()


def send(machine: str, address: str, port: int, *, tos: int = 0, protocol: str = "udp") -> None:
    """A datagram, or the first packet of a connection, with this type of service byte (DSCP times four)."""
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM

    def work() -> None:
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
            sock.settimeout(0.3)
            try:
                sock.connect((address, port))
                sock.send(b"marked")
            except OSError:
                return

    netns.inside(PREFIX + machine, work)
