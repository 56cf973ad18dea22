"""The byte stream below a session: TCP, or a ProxyCommand's pipes as one socket."""

from __future__ import annotations

import shlex
import socket
import subprocess
import threading

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
        try:
            process = subprocess.Popen(shlex.split(command), stdin=theirs.fileno(), stdout=theirs.fileno(),
                                       stderr=subprocess.DEVNULL, start_new_session=True)
        except BaseException:
            ours.close()
            raise
    # It ends when our end of the pair closes; somebody has to collect it.
    threading.Thread(target=process.wait, name="proxy-command", daemon=True).start()
    ours.settimeout(timeout)
    return ours
