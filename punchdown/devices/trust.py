"""Host keys: none is trusted on first use; no credential leaves before the key is known."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import paramiko

from punchdown.devices.chatter import hush
from punchdown.devices.operator import Operator
from punchdown.devices.target import Reachable
from punchdown.devices.transport import connect
from punchdown.errors import ConnectError, TrustError


@dataclass(frozen=True, slots=True)
class HostKey:
    """What a device shows; ``fingerprint`` as OpenSSH prints it."""

    device: str
    known_as: str
    algorithm: str
    data: str

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(base64.b64decode(self.data)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def seen_key(operator: Operator, target: Reachable, timeout: float = 10.0) -> HostKey:
    """The key that the device shows now; nothing is offered to it.

    Raises:
        ConnectError: no SSH server answers.
    """
    hush()
    endpoint = operator.endpoint(target)
    try:
        transport = paramiko.Transport(connect(endpoint, timeout))
        try:
            transport.start_client(timeout=timeout)
            key = transport.get_remote_server_key()
        finally:
            transport.close()
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise ConnectError(target.device, "trust", f"{endpoint.host} port {endpoint.port}: {error}") from error
    return HostKey(target.device, endpoint.known_as, key.get_name(), key.get_base64())


@lru_cache(maxsize=4)
def _host_keys(path: Path, _modified_ns: int, _bytes: int) -> paramiko.HostKeys:
    """The parsed file: parsing costs more than a login from some hundred keys on, so each state of it is read once."""
    return paramiko.HostKeys(str(path))


def _known(operator: Operator, name: str) -> dict[str, str]:
    path = operator.known_hosts
    if not path.is_file():
        return {}
    state = path.stat()
    keys = _host_keys(path, state.st_mtime_ns, state.st_size)
    return {algorithm: key.get_base64() for algorithm, key in (keys.lookup(name) or {}).items()}


def is_trusted(operator: Operator, key: HostKey) -> bool:
    """Whether exactly this key is enrolled for this name."""
    return _known(operator, key.known_as).get(key.algorithm) == key.data


def enrol(operator: Operator, key: HostKey) -> None:
    """Trust this key from now on, in the place of any other of that name."""
    path = operator.known_hosts
    keys = paramiko.HostKeys(str(path)) if path.is_file() else paramiko.HostKeys()
    if keys.lookup(key.known_as):
        del keys[key.known_as]
    keys.add(key.known_as, key.algorithm, paramiko.PKey.from_type_string(key.algorithm, base64.b64decode(key.data)))
    keys.save(str(path))


def require_trust(operator: Operator, target: Reachable) -> dict[str, str]:
    """The enrolled keys of a device, algorithm to base64.

    Raises:
        TrustError: there is none; before anything is offered; says what to run.
    """
    if keys := _known(operator, operator.endpoint(target).known_as):
        return keys
    raise TrustError(f"{target.device}: its host key is not trusted, nothing was sent; compare the fingerprint and "
                     f"enrol it: punchdown trust -d {target.device}")
