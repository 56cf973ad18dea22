"""Sessions over netmiko: a reader that can't write, and a writer that the campaign alone opens."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from typing import Any

import paramiko
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoTimeoutException, ReadTimeout

from punchdown.devices.operator import Operator
from punchdown.devices.target import Target
from punchdown.devices.transport import connect
from punchdown.devices.trust import require_trust
from punchdown.errors import ConnectError, DeviceError, DeviceTimeout, TrustError
from punchdown.platforms import Answer

CONNECT_SECONDS = 15.0
PROMPT = r"(?:^|[\r\n])[\w.-]+(?:\([\w-]+\))?[>#]\s*$"
QUESTION = r"\[confirm\]\s*$|\?\s*(?:\[[^\]]*\])?:?\s*$"


def _login(operator: Operator, target: Target) -> dict[str, Any]:
    credential = operator.credential(target)
    login: dict[str, Any] = {"username": credential.username}
    if credential.key_file:
        return {**login, "use_keys": True, "key_file": str(credential.key_file), "allow_agent": False}
    return {**login, "password": operator.secrets.resolve(credential.password_name), "allow_agent": False}


def _open(operator: Operator, target: Target) -> Any:
    login = _login(operator, target)
    require_trust(operator, target)
    endpoint = operator.endpoint(target)
    try:
        return ConnectHandler(
            device_type=target.platform.netmiko_type, host=endpoint.host, port=endpoint.port,
            sock=connect(endpoint, CONNECT_SECONDS), ssh_strict=True, alt_host_keys=True, system_host_keys=False,
            alt_key_file=str(operator.known_hosts), conn_timeout=CONNECT_SECONDS, fast_cli=True, **login)
    except NetmikoAuthenticationException as error:
        raise ConnectError(target.device, "login", "the device refused the credential "
                           f"{target.credential!r}") from error
    except (NetmikoTimeoutException, paramiko.SSHException, OSError, EOFError, ReadTimeout) as error:
        text = str(error)
        if "not found in known_hosts" in text or "does not match" in text or "BadHostKey" in type(error).__name__:
            raise TrustError(f"{target.device}: the host key is not the one that is trusted, nothing was sent; find "
                             f"out why it changed, then: punchdown trust -d {target.device}") from error
        raise ConnectError(target.device, "connect", f"{endpoint.host} port {endpoint.port}: "
                           f"{text.strip().splitlines()[0] if text.strip() else type(error).__name__}") from error


class _Session:
    """What reading needs: one netmiko connection and the platform's way of running a command."""

    def __init__(self, operator: Operator, target: Target) -> None:
        self._operator = operator
        self._target = target
        self._connection = _open(operator, target)
        self._linux = target.platform.capabilities.linux
        self._allowed = [re.compile(pattern) for pattern in target.platform.read_commands]

    @property
    def device(self) -> str:
        """The device's name in the definition."""
        return self._target.device

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        """Run one of the platform's read commands."""
        if not any(pattern.fullmatch(command) for pattern in self._allowed):
            raise DeviceError(self.device, "read", f"not a read command of {self._target.platform.name}: {command!r}")
        return self._execute(command, timeout)

    def close(self) -> None:
        """End the session; never raises."""
        with contextlib.suppress(Exception):
            self._connection.remote_conn_pre.close()
        with contextlib.suppress(Exception):
            self._connection.disconnect()

    def _execute(self, command: str, timeout: float, stdin: str = "") -> Answer:
        if self._linux:
            return self._shell(command, timeout, stdin)
        with self._faults("read", command):
            return Answer(str(self._connection.send_command(command, expect_string=PROMPT, read_timeout=timeout)))

    def _shell(self, command: str, timeout: float, stdin: str) -> Answer:
        with self._faults("run", command.split("\n", 1)[0][:60]):
            channel = self._connection.remote_conn_pre.get_transport().open_session(timeout=timeout)
            channel.settimeout(timeout)
            channel.exec_command(command)
            return _exchange(channel, stdin, timeout)

    @contextlib.contextmanager
    def _faults(self, step: str, what: str) -> Iterator[None]:
        try:
            yield
        except (ReadTimeout, TimeoutError) as error:
            raise DeviceTimeout(self.device, step, f"no answer to {what.split('<', 1)[0]!r}") from error
        except (paramiko.SSHException, OSError, EOFError, AttributeError) as error:
            raise ConnectError(self.device, step, f"the session broke: {type(error).__name__}") from error


def _exchange(channel: paramiko.Channel, stdin: str, timeout: float) -> Answer:
    """Feed, read both streams to their ends, and take the exit code; bounded by ``timeout`` seconds in all."""
    deadline = time.monotonic() + timeout
    if stdin:
        channel.sendall(stdin.encode())
    channel.shutdown_write()
    output, error = bytearray(), bytearray()
    while True:
        moved = False
        while channel.recv_ready():
            output += channel.recv(65536)
            moved = True
        while channel.recv_stderr_ready():
            error += channel.recv_stderr(65536)
            moved = True
        if channel.exit_status_ready() and not channel.recv_ready() and not channel.recv_stderr_ready():
            break
        if time.monotonic() > deadline:
            channel.close()
            raise TimeoutError
        if not moved:
            channel.status_event.wait(0.005)
    code = channel.recv_exit_status()
    channel.close()
    if code == -1:
        raise EOFError
    return Answer(output.decode("utf-8", "replace"), error.decode("utf-8", "replace"), code)


class ReadSession(_Session):
    """Can look and nothing else: it has no method that enters configuration mode or feeds input."""


class WriteSession(_Session):
    """May change the device."""

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        """Run a command; on devices with a CLI, answers to its questions are Enter."""
        if self._linux:
            return self._execute(command, timeout, stdin)
        with self._faults("run", command):
            output = self._connection.send_command(command, expect_string=f"{PROMPT}|{QUESTION}", read_timeout=timeout,
                                                   strip_prompt=False)
            for _ in range(4):
                if not re.search(QUESTION, output) or re.search(PROMPT, output):
                    break
                output = self._connection.send_command("\n", expect_string=f"{PROMPT}|{QUESTION}", cmd_verify=False,
                                                       read_timeout=timeout, strip_prompt=False)
            return Answer(str(output))

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        """Send one line in configuration mode; a step of several lines (a banner) goes without echo verification."""
        with self._faults("configure", line.split("\n", 1)[0]):
            if "(config" not in self._connection.find_prompt():
                self._connection.send_command("configure terminal", expect_string=PROMPT, read_timeout=timeout)
            if "\n" in line:
                return Answer(self._lines(line, timeout))
            return Answer(str(self._connection.send_command(line, expect_string=PROMPT, read_timeout=timeout)))

    def _lines(self, text: str, timeout: float) -> str:
        for part in text.split("\n"):
            self._connection.write_channel(part + "\n")
        return str(self._connection.read_until_pattern(pattern=PROMPT, read_timeout=timeout))

    def reconnect(self) -> WriteSession:
        """A new session to the same device; this one stays open."""
        return WriteSession(self._operator, self._target)


def open_reader(operator: Operator, target: Target) -> ReadSession:
    """A session that can only look. Raises ConnectError, TrustError."""
    return ReadSession(operator, target)


def open_writer(operator: Operator, target: Target) -> WriteSession:
    """A session that may change the device. Raises ConnectError, TrustError."""
    return WriteSession(operator, target)
