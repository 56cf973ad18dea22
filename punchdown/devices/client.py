"""A login with paramiko alone, for reading: half the cost of netmiko's, whose preparation only a writer needs."""

from __future__ import annotations

import base64
import re
import time
from typing import Any

import paramiko

from punchdown.devices.operator import Endpoint

CONNECT_SECONDS = 15.0

_CHUNK = 2**16
_WIDTH, _HEIGHT = 511, 1000
_PROMPT = re.compile(rb"(?:^|[\r\n])([^\s>#]+) ?[>#$] ?$")
# IOS cuts long names in the prompts of configuration mode.
_BASE_LENGTH = 16


class PromptError(Exception):
    """The device showed no prompt in time."""


class Client:
    """An open connection; where ``shell``, with a terminal at its prompt. Named as netmiko names the same things."""

    def __init__(self, endpoint: Endpoint, keys: dict[str, str], stream: Any, login: dict[str, Any],
                 first: tuple[str, ...]) -> None:
        """Log in where the server shows one of ``keys`` (algorithm to base64). ``first`` are the commands to begin a
        terminal with; without any, none is opened.

        Raises:
            paramiko.SSHException, OSError, EOFError: no session; nothing is offered to a server with another key.
            PromptError: logged in, but no prompt came.
        """
        self.remote_conn_pre = paramiko.SSHClient()
        for algorithm, data in keys.items():
            key = paramiko.PKey.from_type_string(algorithm, base64.b64decode(data))
            self.remote_conn_pre.get_host_keys().add(endpoint.known_as, algorithm, key)
        self.remote_conn: paramiko.Channel | None = None
        self.base_prompt = ""
        try:
            self.remote_conn_pre.connect(
                endpoint.host, endpoint.port, sock=stream, timeout=CONNECT_SECONDS, banner_timeout=CONNECT_SECONDS,
                auth_timeout=CONNECT_SECONDS, allow_agent=False, look_for_keys=False, **login)
            if first:
                self.remote_conn = self.remote_conn_pre.invoke_shell("vt100", _WIDTH, _HEIGHT)
                self.base_prompt = self._begun(self.remote_conn, first)
        except BaseException:
            self.paramiko_cleanup()
            raise

    def _begun(self, channel: paramiko.Channel, first: tuple[str, ...]) -> str:
        """The name before ``>`` or ``#`` once the last command has been echoed: a banner may end like a prompt."""
        deadline = time.monotonic() + CONNECT_SECONDS
        _prompt(channel, deadline)
        channel.sendall("".join(f"{command}\n" for command in first).encode())
        return _prompt(channel, deadline, after=first[-1].encode()).decode("utf-8", "replace")[:_BASE_LENGTH]

    def paramiko_cleanup(self) -> None:
        """Close everything."""
        self.remote_conn_pre.close()


def _prompt(channel: paramiko.Channel, deadline: float, *, after: bytes = b"") -> bytes:
    seen = b""
    while True:
        channel.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data = channel.recv(_CHUNK)
        except TimeoutError:
            raise PromptError from None
        if not data:
            raise EOFError
        seen += data
        if match := _PROMPT.search(seen.partition(after)[2] if after else seen):
            return match[1]
