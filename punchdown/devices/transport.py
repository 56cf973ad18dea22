"""The byte stream below a session: TCP, or a ProxyCommand's pipes as one socket."""

from __future__ import annotations

import shlex
import socket
import subprocess

from punchdown.devices.operator import Endpoint


def connect(endpoint: Endpoint, timeout: float) -> socket.socket:
    """An open socket to the endpoint.

    Raises:
        OSError: unreachable, refused or no answer in time.
    """
    if not endpoint.proxy_command:
        return socket.create_connection((endpoint.host, endpoint.port), timeout=timeout)
    command = endpoint.proxy_command.replace("%h", endpoint.host).replace("%p", str(endpoint.port))
    ours, theirs = socket.socketpair()
    with theirs:
        subprocess.Popen(shlex.split(command), stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.DEVNULL,
                         start_new_session=True)
    ours.settimeout(timeout)
    return ours
