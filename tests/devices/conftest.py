"""A Linux appliance on loopback SSH that notes every attempt to log in, and an operator's directory beside it."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest

from punchdown.devices import Operator, Target
from punchdown.platforms import Dialect

CREDENTIALS = """\
credentials:
  network-automation:
    username: punchdown
    password: {file: login}
    scope: {management: [127.0.0.0/8, 10.20.99.0/24], devices: ['box*']}
"""
PASSWORD = "hush-hush-1"
QUIET = Dialect(quiet=("terminal width 511", "terminal length 0"))


class Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def stop(self) -> None:
        self.call(end_of_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def end_of_tasks() -> None:
    """Cancel whatever still runs in this loop and wait until it has ended."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@dataclass
class Box:
    """The appliance. ``attempts`` are user names offered, ``commands`` what was executed."""

    loop: Loop
    key: Any = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    attempts: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    running: list[asyncio.subprocess.Process] = field(default_factory=list)
    port: int = 0
    server: Any = None

    async def start(self) -> None:
        self.server = await asyncssh.create_server(
            lambda: Door(self), "127.0.0.1", self.port, server_host_keys=[self.key], encoding=None, line_editor=False,
            process_factory=self.serve)
        self.port = self.server.get_port()

    async def stop(self) -> None:
        self.drop()
        self.server.close()
        await self.server.wait_closed()
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    def drop(self) -> None:
        for connection in self.connections:
            connection.abort()

    async def serve(self, process: Any) -> None:
        if process.command is None:
            process.stdout.write(b"root@box:~# ")
            async for _ in process.stdin:
                process.stdout.write(b"\r\nroot@box:~# ")
            return
        self.commands.append(process.command)
        if process.command == "drop":
            self.drop()
            return
        inner = await asyncio.create_subprocess_shell(
            process.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, start_new_session=True)
        self.running.append(inner)
        feeding = asyncio.ensure_future(pump(process.stdin, inner.stdin))
        await asyncio.gather(pump(inner.stdout, process.stdout), pump(inner.stderr, process.stderr))
        feeding.cancel()
        process.exit(await inner.wait())

    def known_hosts_line(self, name: str = "") -> str:
        public = " ".join(self.key.export_public_key().decode().split()[:2])
        return f"{name or f'[127.0.0.1]:{self.port}'} {public}\n"


async def pump(source: Any, sink: Any) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        if isinstance(sink, asyncio.StreamWriter):
            sink.close()


class Door(asyncssh.SSHServer):
    def __init__(self, box: Box) -> None:
        self._box = box

    def connection_made(self, conn: Any) -> None:
        self._box.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        self._box.attempts.append(username)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._box.passwords.append(password)
        return (username, password) == ("punchdown", PASSWORD)


@pytest.fixture
def loop() -> Iterator[Loop]:
    found = Loop()
    yield found
    found.stop()


@pytest.fixture
def box(loop: Loop) -> Iterator[Box]:
    found = Box(loop)
    loop.call(found.start())
    yield found
    loop.call(found.stop())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "login").write_text(PASSWORD + "\n")
    (tmp_path / "credentials.yml").write_text(CREDENTIALS)
    return tmp_path


@pytest.fixture
def operator(folder: Path) -> Operator:
    return Operator.load(folder)


@pytest.fixture
def target(box: Box) -> Target:
    return make_target("box-1", box.port)


def make_target(device: str, port: int, *, linux: bool = True, address: str = "127.0.0.1") -> Target:
    platform: Any = SimpleNamespace(
        name="stand-in", netmiko_type="linux" if linux else "cisco_ios",
        capabilities=SimpleNamespace(linux=linux, cli=QUIET),
        read_commands=("echo [a-z]+", "sleep 5", r"show .+") if linux else ("show .+",))
    return Target(device, address, platform, "network-automation", port)


Trust = Callable[[], None]


@pytest.fixture
def trusted(folder: Path, box: Box) -> None:
    (folder / "known_hosts").write_text(box.known_hosts_line())
