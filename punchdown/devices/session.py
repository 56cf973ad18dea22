"""Sessions: a reader that can't write, and a writer over netmiko that the campaign alone opens."""

from __future__ import annotations

import contextlib
import re
import select
import threading
import time
from typing import Any

import paramiko
from netmiko import ssh_dispatcher
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoBaseException

from punchdown.devices.chatter import hush
from punchdown.devices.client import CONNECT_SECONDS, Client, PromptError
from punchdown.devices.operator import Endpoint, Operator
from punchdown.devices.target import Reachable, Target
from punchdown.devices.terminal import Terminal
from punchdown.devices.transport import connect
from punchdown.devices.trust import require_trust
from punchdown.errors import ConnectError, DeviceTimeout, InputError, RejectedError, TrustError
from punchdown.platforms import Answer

_CHUNK = 2**16
# netmiko's driver for Fortinet leaves only old key exchanges, unless it is told what to leave out.
_ALL_EXCHANGES = {"kex": ["none"]}


_NOTHING_MORE = "-"
"""What netmiko would send to a device that asks for more than the key; it only looks whether that is so."""


def login_of(operator: Operator, target: Reachable) -> dict[str, Any]:
    """The credential and nothing else."""
    credential = operator.credential(target)
    login: dict[str, Any] = {"username": credential.username}
    if not credential.key_file:
        return {**login, "password": operator.password(credential)}
    try:
        return {**login, "pkey": paramiko.PKey.from_path(credential.key_file)}
    except (OSError, ValueError, paramiko.SSHException) as error:
        raise InputError([f"{credential.key_file}: not readable as a private key: {type(error).__name__}"]) from None


def _open(operator: Operator, target: Target, *, writes: bool) -> Any:
    """A netmiko connection, or for a reader one that has the same parts of it. No agent, and no key that merely lies in
    a home directory."""
    hush()
    keys = require_trust(operator, target)
    login = login_of(operator, target)
    endpoint = operator.endpoint(target)
    capabilities = target.platform.capabilities
    first = () if capabilities.linux else capabilities.cli.quiet
    try:
        stream = connect(endpoint, CONNECT_SECONDS)
    except OSError as error:
        raise ConnectError(target.device, "connect", f"{endpoint.host} port {endpoint.port}: {error}") from None
    try:
        if not writes and (capabilities.linux or first):
            return Client(endpoint, keys, stream, login, first)
        more = {"secret": _NOTHING_MORE} if capabilities.cli.privileged and "pkey" in login else {}
        return _driver(target.platform.netmiko_type)(
            device_type=target.platform.netmiko_type, host=endpoint.host, port=endpoint.port, sock=stream,
            ssh_strict=True, alt_host_keys=True, system_host_keys=False, alt_key_file=str(operator.known_hosts),
            use_keys=False, allow_agent=False, conn_timeout=CONNECT_SECONDS, auth_timeout=CONNECT_SECONDS,
            banner_timeout=CONNECT_SECONDS, fast_cli=True, disabled_algorithms=_ALL_EXCHANGES, **login, **more)
    except PromptError:
        stream.close()
        raise DeviceTimeout(target.device, "connect", "no prompt came after the login") from None
    # netmiko raises ValueError and its own errors as well as paramiko's; whatever it is, there is no session.
    except (NetmikoBaseException, paramiko.SSHException, OSError, EOFError, ValueError, AttributeError) as error:
        stream.close()
        raise login_error(target, endpoint, error) from None


def _driver(device_type: str) -> Any:
    """netmiko's driver, which offers what it was given: that for ArubaOS-Switch would offer no key, and try to get in
    with nothing at all, where there is no password."""
    driver = ssh_dispatcher(device_type)
    return type(driver.__name__, (driver,), {"_get_ssh_client_instance": lambda _: paramiko.SSHClient()})


def login_error(target: Reachable, endpoint: Endpoint, error: Exception) -> ConnectError | TrustError:
    """In words that help. netmiko wraps paramiko's errors, which say what it really was."""
    cause = error if type(error).__module__.startswith("paramiko") else error.__context__ or error
    if isinstance(cause, paramiko.BadHostKeyException):
        return TrustError(f"{target.device}: the host key is not the one that is trusted, nothing was sent; find out "
                          f"why it changed, then: punchdown trust -d {target.device}")
    if isinstance(error, NetmikoAuthenticationException | paramiko.AuthenticationException):
        return ConnectError(target.device, "login", f"the device refused the credential {target.credential!r}")
    why = str(cause).strip() if isinstance(cause, paramiko.SSHException | OSError) else ""
    return ConnectError(target.device, "connect", f"{endpoint.host} port {endpoint.port}: "
                        f"{why.splitlines()[0] if why else type(cause).__name__}")


class _Session:
    """What reading needs: one netmiko connection and the platform's way of running a command."""

    _writes = False

    def __init__(self, operator: Operator, target: Target) -> None:
        self._operator = operator
        self._target = target
        self._allowed = [re.compile(pattern) for pattern in target.platform.read_commands]
        self._connection = _open(operator, target, writes=self._writes)
        capabilities = target.platform.capabilities
        self._terminal = None if capabilities.linux else Terminal(self._connection, target.device, capabilities.cli)

    @property
    def device(self) -> str:
        """The device's name in the definition."""
        return self._target.device

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        """Run one of the platform's read commands. Any other is refused before anything is sent."""
        self._require_read(command)
        return self._execute("read", command, timeout)

    def _require_read(self, command: str) -> None:
        allowed = any(pattern.fullmatch(command) for pattern in self._allowed)
        if not allowed or not command.isprintable():
            raise RejectedError(self.device, "read", command, f"not a read command of {self._target.platform.name}")

    def close(self) -> None:
        """End the session at once; never raises. What is armed on the device stays armed."""
        with contextlib.suppress(Exception):
            self._connection.paramiko_cleanup()

    def _execute(self, step: str, command: str, timeout: float, stdin: str = "") -> Answer:
        if self._terminal is not None:
            self._terminal.leave_configuration(timeout)
            return Answer(self._terminal.ask(step, command, timeout))
        try:
            channel = self._connection.remote_conn_pre.get_transport().open_session(timeout=timeout)
            channel.settimeout(timeout)
            channel.exec_command(command)
            return _exchange(channel, stdin, timeout)
        except TimeoutError:
            raise DeviceTimeout(self.device, step, f"the command did not end within {timeout:g} s") from None
        except (paramiko.SSHException, OSError, EOFError, AttributeError) as error:
            raise ConnectError(self.device, step, f"the session broke: {type(error).__name__}") from None


def _feed(channel: paramiko.Channel, data: bytes) -> None:
    """A command may end without reading all of its input; its exit code tells."""
    with contextlib.suppress(OSError, EOFError):
        channel.sendall(data)
        channel.shutdown_write()


def _exchange(channel: paramiko.Channel, stdin: str, timeout: float) -> Answer:
    """Feed, read both streams to their ends, and take the exit code; bounded by ``timeout`` seconds in all."""
    deadline = time.monotonic() + timeout
    # Fed from beside: a command that answers while it reads would block both ends.
    threading.Thread(target=_feed, args=(channel, stdin.encode()), daemon=True).start()
    output, error = bytearray(), bytearray()
    try:
        while True:
            # Asked first: what came before the end is then in the buffers.
            ended = channel.eof_received or channel.closed
            if channel.recv_ready():
                output += channel.recv(_CHUNK)
            elif channel.recv_stderr_ready():
                error += channel.recv_stderr(_CHUNK)
            elif ended:
                break
            elif time.monotonic() > deadline:
                raise TimeoutError
            else:
                select.select([channel], [], [], 0.05)
        if not channel.status_event.wait(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
    finally:
        channel.close()
    if channel.exit_status == -1:
        raise EOFError
    return Answer(output.decode("utf-8", "replace"), error.decode("utf-8", "replace"), channel.exit_status)


class ReadSession(_Session):
    """Can look and nothing else: it has no method that enters configuration mode or feeds input."""


class WriteSession(_Session):
    """May change the device."""

    _writes = True

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        """Run a command; on devices with a CLI in the mode that the session is in, questions answered by Enter."""
        if self._terminal is None:
            return self._execute("run", command, timeout, stdin)
        return Answer(self._terminal.run(command, timeout))

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        """Send one line in configuration mode; a step of several lines is a banner with its text."""
        if self._terminal is None:
            raise RejectedError(self.device, "configure", "a line", "a shell has no configuration mode")
        return Answer(self._terminal.configure(line, timeout))

    def reconnect(self) -> WriteSession:
        """A new session to the same device; this one stays open."""
        return WriteSession(self._operator, self._target)


def open_reader(operator: Operator, target: Target) -> ReadSession:
    """A session that can only look. Raises ConnectError, TrustError."""
    return ReadSession(operator, target)


def open_writer(operator: Operator, target: Target) -> WriteSession:
    """A session that may change the device. Raises ConnectError, TrustError."""
    return WriteSession(operator, target)
