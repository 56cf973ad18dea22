"""A hand at an emulated appliance: punchdown's own terminal over a wire that is a pair of Python calls."""

from __future__ import annotations

import re

from punchdown.devices.terminal import Terminal
from punchdown.lab.emulated import Box
from punchdown.lab.emulated.terminal import Terminal as Screen
from punchdown.platforms import Platform
from punchdown.platforms.contract import Answer

_NAME = re.compile(r"(?:^|[\r\n])([^\s>#]+?) ?[>#%$] ?$")


class Wire:
    """The channel between a terminal and a screen: what is sent is typed, what is shown can be received at once."""

    def __init__(self, box: Box) -> None:
        self._shown = ""
        self.session = box.login()
        self._screen = Screen(self.session, self._show)
        self._screen.start()

    def _show(self, text: str) -> None:
        self._shown += text

    def sendall(self, data: bytes) -> None:
        if self.session.closed:
            raise OSError("closed")
        self._screen.type(data.decode())

    def recv_ready(self) -> bool:
        return bool(self._shown)

    def settimeout(self, _seconds: float) -> None:
        """Nothing is ever waited for."""

    def recv(self, _most: int) -> bytes:
        shown, self._shown = self._shown, ""
        if not shown and not self.session.closed:
            raise TimeoutError
        return shown.encode()


class _Connection:
    """What a terminal wants of netmiko."""

    def __init__(self, wire: Wire, base_prompt: str) -> None:
        self.remote_conn, self.base_prompt = wire, base_prompt


class Hand:
    """A writer; see :class:`punchdown.platforms.contract.Writer`. ``sent`` are the lines that it configured."""

    def __init__(self, room: Platform, box: Box, device: str) -> None:
        self._room, self._box, self.device = room, box, device
        self.sent: list[str] = []
        self.wire = Wire(box)
        if self.wire.session.question is not None:  # a greeting that waits for a key
            self.wire.sendall(b"\n")
        first = _NAME.search(self.wire.recv(0).decode())
        assert first, "the appliance shows no prompt after the login"
        dialect = room.capabilities.cli
        self._terminal = Terminal(_Connection(self.wire, first[1][:16]), device, dialect)
        for command in dialect.quiet:
            self._terminal.ask("connect", command, 1.0)

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        assert any(re.fullmatch(pattern, command) for pattern in self._room.read_commands), command
        self._terminal.leave_configuration(timeout)
        return Answer(self._terminal.ask("read", command, timeout))

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        assert not stdin, "a command line takes no input"
        return Answer(self._terminal.run(command, timeout))

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        self.sent.append(line)
        return Answer(self._terminal.configure(line, timeout))

    def reconnect(self) -> Hand:
        return Hand(self._room, self._box, self.device)

    def close(self) -> None:
        self.wire.session.closed = True
