"""The terminal of a device with a command line of its own: prompts that tell the mode, questions, sessions that break.

Lines that are sent may hold secrets: no message of this module repeats what was sent or read.
"""

from __future__ import annotations

import re
import time
from typing import Any

from punchdown.errors import ConnectError, DeviceTimeout
from punchdown.platforms import Dialect

_CHUNK = 2**16
_BANNER_OPEN = r"Enter TEXT message\.[^\n]*\n\s*$"
_NEXT_LINE = "\x1bE"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Longer lines are scrolled sideways by the device's line editor: their echo can't be told from the answer.
_ECHOED_LENGTH = 200
_MAX_QUESTIONS = 5
_MAX_UNREAD = 100
"""Chunks that a device may have said unasked, such as log lines; more may well never end."""
_MAX_LEVELS = 9


class Terminal:
    """Reads the channel of a logged-in netmiko connection itself: netmiko waits a full timeout on a broken one."""

    def __init__(self, connection: Any, device: str, dialect: Dialect) -> None:
        self._connection = connection
        self._device = device
        self._dialect = dialect
        self._prompt = dialect.prompt.replace("{name}", re.escape(connection.base_prompt.strip()))
        self._more = re.compile(rf"{dialect.more}(?:[ \b\r]*[\b\r])?") if dialect.more else None
        self.in_configuration = False

    def ask(self, step: str, command: str, timeout: float) -> str:
        """Send one line and give what the device says until its prompt. Raises DeviceTimeout, ConnectError."""
        deadline = time.monotonic() + timeout
        self._send(step, command)
        return self._until(step, self._prompt, deadline, command)[0]

    def run(self, command: str, timeout: float) -> str:
        """As :meth:`ask`, and answer each question of the device as the dialect says."""
        deadline = time.monotonic() + timeout
        self._send("run", command)
        said, echo = "", command
        for _ in range(_MAX_QUESTIONS + 1):
            text, match = self._until("run", f"{self._prompt}|{self._dialect.question}", deadline, echo)
            said += text
            if match["prompt"] is not None:
                return said
            said, echo = f"{said}{match[0]}\n", ""
            self._send("run", self._answer(said))
        raise DeviceTimeout(self._device, "run", f"the device asked more than {_MAX_QUESTIONS} questions")

    def _answer(self, said: str) -> str:
        asked = said.splitlines()[-1]
        return next((answer for pattern, answer in self._dialect.answers if re.search(pattern, asked)),
                    self._dialect.answer)

    def configure(self, line: str, timeout: float) -> str:
        """Send one line in configuration mode, entering it when the prompt shows that it is not yet entered.

        A step of several lines (a banner with its delimiters) is one: the device asks for its text and shows no
        prompt before it has all of it.
        """
        if not self.in_configuration and self._dialect.enter:
            said = self.ask("configure", self._dialect.enter, timeout)
            if not self.in_configuration:
                return said
        first, *rest = line.split("\n")
        if not rest:
            return self.ask("configure", line, timeout)
        deadline = time.monotonic() + timeout
        self._send("configure", first)
        text, match = self._until("configure", f"{self._prompt}|{_BANNER_OPEN}", deadline, first)
        if match["prompt"] is not None:
            return text
        self._send("configure", "\n".join(rest))
        return self._until("configure", self._prompt, deadline, rest[-1])[0]

    def leave_configuration(self, timeout: float) -> None:
        """Back to exec mode, when in configuration mode."""
        for _ in range(_MAX_LEVELS):
            if self.in_configuration:
                self.ask("configure", self._dialect.leave, timeout)

    def _send(self, step: str, text: str) -> None:
        channel = self._channel(step)
        for _ in range(_MAX_UNREAD):
            if not (channel.recv_ready() and channel.recv(_CHUNK)):
                break
        try:
            channel.sendall(f"{text}\n".encode())
        except OSError as error:
            raise self._lost(step, type(error).__name__) from None

    def _until(self, step: str, pattern: str, deadline: float, echo: str) -> tuple[str, re.Match[str]]:
        """The text after the echo up to where it ends as the pattern says, and the match."""
        sought, data, pages = re.compile(pattern), bytearray(), 0
        while True:
            data += self._receive(step, deadline)
            seen = _ANSI.sub("", data.decode("utf-8", errors="replace").replace(_NEXT_LINE, "\n"))
            if self._more:
                if len(self._more.findall(seen)) > pages:
                    pages += 1
                    self._channel(step).sendall(b" ")
                seen = self._more.sub("", seen)
            seen = seen.replace("\r", "")
            text = _after_echo(seen, echo)
            match = sought.search(text)
            if match:
                if match["prompt"] is not None:
                    self.in_configuration = bool(re.match(self._dialect.configuring, match["mode"] or ""))
                return text[: match.start()].removeprefix("\n"), match

    def _receive(self, step: str, deadline: float) -> bytes:
        channel, left = self._channel(step), deadline - time.monotonic()
        late = DeviceTimeout(self._device, step, "the device did not come back to its prompt in time")
        if left <= 0:
            raise late
        channel.settimeout(left)
        try:
            data: bytes = channel.recv(_CHUNK)
        except TimeoutError:
            raise late from None
        except OSError as error:
            raise self._lost(step, type(error).__name__) from None
        if not data:
            raise self._lost(step, "closed by the device")
        return data

    def _channel(self, step: str) -> Any:
        channel = self._connection.remote_conn
        if channel is None:
            raise self._lost(step, "closed")
        return channel

    def _lost(self, step: str, why: str) -> ConnectError:
        return ConnectError(self._device, step, f"the session broke: {why}")


def _after_echo(text: str, echo: str) -> str:
    """What follows the echo of what was sent; empty while it has not come back."""
    if not echo or len(echo) > _ECHOED_LENGTH:
        return text
    at = text.find(echo)
    return "" if at < 0 else text[at + len(echo):]
