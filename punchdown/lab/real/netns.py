"""Network namespaces from Python: a thread enters one, works there and ends.

What belongs to a namespace at creation (a socket, an open file below /proc/sys/net) keeps belonging to it, so the
caller gets it back and the process itself never moves.
"""

from __future__ import annotations

import array
import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FOLDER = Path("/run/netns")
_CLONE_NEWNET = 0x40000000  # linux/sched.h
_SIOCETHTOOL = 0x8946  # linux/sockios.h
_OFFLOADS = (0x17, 0x1F, 0x24, 0x2C)  # linux/ethtool.h: set TX checksum, TSO, GSO, GRO


def inside(namespace: str, work: Callable[[], T]) -> T:
    """Call ``work`` in a thread that has entered the namespace and return its result. Raises what it raises."""

    def enter_and_work() -> T:
        descriptor = os.open(FOLDER / namespace, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), namespace)
        finally:
            os.close(descriptor)
        return work()

    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(enter_and_work).result()


def existing(prefix: str) -> list[str]:
    """Names of the namespaces that start with the prefix, sorted."""
    return sorted(path.name for path in FOLDER.glob(f"{prefix}*")) if FOLDER.is_dir() else []


def set_sysctl(namespace: str, values: Mapping[str, str]) -> None:
    """Write kernel settings below ``/proc/sys/net`` (``ipv4/ip_forward``) as the namespace sees them."""

    def write() -> None:
        for name, value in values.items():
            Path("/proc/sys/net", name).write_text(value, encoding="ascii")

    inside(namespace, write)


def offloads_off(namespace: str, interfaces: Iterable[str]) -> None:
    """Make frames leave with finished checksums: a datapath on packet sockets forwards them as they are."""

    def switch() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            for interface in interfaces:
                for command in _OFFLOADS:
                    value = array.array("I", [command, 0])
                    request = struct.pack("16sP16x", interface.encode(), value.buffer_info()[0])
                    fcntl.ioctl(control, _SIOCETHTOOL, request)

    inside(namespace, switch)
