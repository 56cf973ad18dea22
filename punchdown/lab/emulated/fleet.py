"""Many emulated appliances in one process, each with its own port and host key."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import asyncssh

from punchdown.lab.emulated.box import Box, appliance
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, ScaledClock
from punchdown.lab.emulated.terminal import Terminal

_QUICK = {"kex_algs": ["curve25519-sha256", "ecdh-sha2-nistp256"], "compression_algs": ["none"],
          "encryption_algs": ["aes128-gcm@openssh.com", "aes128-ctr", "aes256-ctr"]}


class Fleet:
    """Starts and stops appliances. ``appliances`` maps host names to their state machines while they run."""

    def __init__(self, clock: Clock | None = None, *, seed: int = 0) -> None:
        self.clock, self.seed = clock or ScaledClock(), seed
        self.appliances: dict[str, Box] = {}
        self.ports: dict[str, int] = {}
        self.host = ""
        self._keys: dict[str, asyncssh.SSHKey] = {}
        self._servers: list[asyncssh.SSHAcceptor] = []
        self._connections: dict[str, set[asyncssh.SSHServerConnection]] = {}

    async def start(self, specs: Iterable[ApplianceSpec], host: str = "127.0.0.1", base_port: int = 0, *,
                    saved: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, int]:
        """Start one listener per spec, from ``base_port`` upwards (0 = any free ports); returns name to port.

        ``saved`` is what ``nonvolatile`` gave, by name; it brings back files and host keys. Raises OSError.
        """
        self.host = host
        for place, spec in enumerate(specs):
            if spec.hostname in self.appliances:
                raise ValueError(f"two appliances are called {spec.hostname}")
            kept = dict((saved or {}).get(spec.hostname, {}))
            await self._start_one(spec, host, base_port + place if base_port else 0, kept)
        return dict(self.ports)

    async def _start_one(self, spec: ApplianceSpec, host: str, port: int, kept: dict[str, Any]) -> None:
        name = spec.hostname
        box = appliance(spec, self.clock, seed=self.seed, saved=kept)
        text = kept.get("host_key")
        key = asyncssh.import_private_key(text) if text else asyncssh.generate_private_key("ssh-ed25519")
        self.appliances[name], self._keys[name], self._connections[name] = box, key, set()
        box.listeners.append(lambda: self._drop(name))
        server = await asyncssh.create_server(lambda: _Door(box, self._connections[name]), host, port,
                                              server_host_keys=[key], line_editor=False, encoding=None,
                                              server_version=box.server_version, **_QUICK)
        self._servers.append(server)
        self.ports[name] = server.get_port()

    def _drop(self, name: str) -> None:
        for connection in tuple(self._connections[name]):
            connection.abort()

    async def stop(self) -> None:
        """Close all connections and listeners."""
        for name in self.appliances:
            self._drop(name)
        for server in self._servers:
            server.close()
        await asyncio.gather(*(server.wait_closed() for server in self._servers))
        self._servers.clear()

    def known_hosts(self) -> str:
        """Lines for a known_hosts file, one per appliance: address and host name."""
        lines = []
        for name, port in self.ports.items():
            key = self._keys[name].export_public_key().decode().split()[:2]
            places = [self.host, name] if port == 22 else [f"[{self.host}]:{port}", f"[{name}]:{port}"]
            lines.append(f"{','.join(places)} {' '.join(key)}\n")
        return "".join(lines)

    def nonvolatile(self) -> dict[str, dict[str, Any]]:
        """What the appliances keep without power, by name, host keys included."""
        return {name: {**box.nonvolatile(), "host_key": self._keys[name].export_private_key().decode()}
                for name, box in self.appliances.items()}


class _Door(asyncssh.SSHServer):
    """Lets the appliance's user in, by password or key, and nobody else."""

    def __init__(self, box: Box, connections: set[asyncssh.SSHServerConnection]) -> None:
        self._box, self._connections = box, connections
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._connections.add(conn)
        self._box.tick()
        if self._box.booting:
            conn.abort()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._connection is not None:
            self._connections.discard(self._connection)

    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return bool(self._box.spec.password)

    def validate_password(self, username: str, password: str) -> bool:
        spec = self._box.spec
        return username == spec.username and bool(spec.password) and hmac.compare_digest(
            password.encode(), spec.password.encode())

    def public_key_auth_supported(self) -> bool:
        return bool(self._box.spec.authorized_key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        spec = self._box.spec
        return username == spec.username and key == asyncssh.import_public_key(spec.authorized_key)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Shell(self._box)


class _Shell(asyncssh.SSHServerSession[bytes]):
    """A shell channel: bytes between the network and a terminal."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._terminal = Terminal(box.login(), self._write)

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, _term_type: str, _term_size: tuple[int, int, int, int],
                      _term_modes: Mapping[int, int]) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def session_started(self) -> None:
        self._terminal.start()

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        text = data.decode("utf-8", "replace")
        if self._box.faults.delay and ("\r" in text or "\n" in text):
            asyncio.get_running_loop().call_later(self._box.faults.delay, self._type, text)
        else:
            self._type(text)

    def _type(self, text: str) -> None:
        if not self._terminal.type(text) and self._channel is not None:
            self._channel.exit(0)
            self._channel.close()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, _exc: Exception | None) -> None:
        self._terminal.session.closed = True

    def _write(self, text: str) -> None:
        if self._channel is not None and not self._channel.is_closing():
            self._channel.write(text.encode())
