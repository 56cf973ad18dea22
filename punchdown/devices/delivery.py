"""Files to a server by SFTP: a folder of their own, the manifest last, so that half a delivery is never a whole."""

from __future__ import annotations

import contextlib
import posixpath
import stat
from collections.abc import Mapping

import paramiko

from punchdown.devices.chatter import hush
from punchdown.devices.client import CONNECT_SECONDS, Client
from punchdown.devices.operator import Operator
from punchdown.devices.session import login_error, login_of
from punchdown.devices.target import FileTarget
from punchdown.devices.transport import connect
from punchdown.devices.trust import require_trust
from punchdown.errors import ConnectError, DeviceError

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def deliver(operator: Operator, target: FileTarget, name: str, files: Mapping[str, bytes], last: str) -> str:
    """Put files (relative path to content) below ``FOLDER/name``, read each back, and write ``last`` at the end. Gives
    the folder. What is there already with the same content is left alone.

    Raises:
        TrustError: the server's key is not trusted, or the credential may not be offered there; nothing was sent.
        ConnectError: no session.
        DeviceError: a file could not be written, or reads back otherwise; or another file is in the folder.
    """
    client = _client(operator, target)
    try:
        sftp = client.remote_conn_pre.open_sftp()
        sftp.get_channel().settimeout(CONNECT_SECONDS)  # type: ignore[union-attr]
        return _Folder(sftp, target, name).fill(files, last)
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise DeviceError(target.device, "deliver", f"{target.folder}/{name}: {error}") from None
    finally:
        client.paramiko_cleanup()


def _client(operator: Operator, target: FileTarget) -> Client:
    hush()
    keys = require_trust(operator, target)
    login = login_of(operator, target)
    endpoint = operator.endpoint(target)
    try:
        stream = connect(endpoint, CONNECT_SECONDS)
    except OSError as error:
        raise ConnectError(target.device, "connect", f"{endpoint.host} port {endpoint.port}: {error}") from None
    try:
        return Client(endpoint, keys, stream, login, ())
    except (paramiko.SSHException, OSError, EOFError, ValueError) as error:
        stream.close()
        raise login_error(target, endpoint, error) from None


class _Folder:
    """One folder on the server."""

    def __init__(self, sftp: paramiko.SFTPClient, target: FileTarget, name: str) -> None:
        self._sftp, self._target = sftp, target
        self._root = posixpath.join(target.folder, name)

    def fill(self, files: Mapping[str, bytes], last: str) -> str:
        self._make(self._root)
        if self._read(posixpath.join(self._root, last)) != files[last]:
            # An older manifest would vouch for files that are being replaced.
            with contextlib.suppress(FileNotFoundError):
                self._sftp.remove(posixpath.join(self._root, last))
        for path, data in files.items():
            if path != last:
                self._put(path, data)
        self._require_no_other({*files, *(f"{path}.part" for path in files)})
        self._put(last, files[last])
        return self._root

    def _put(self, path: str, data: bytes) -> None:
        full = posixpath.join(self._root, path)
        if posixpath.dirname(path):
            self._make(posixpath.dirname(full))
        if self._read(full) == data:
            return
        part = f"{full}.part"
        with self._sftp.open(part, "wb") as file:
            file.write(data)
        self._sftp.chmod(part, _FILE_MODE)
        self._sftp.posix_rename(part, full)
        if self._read(full) != data:
            raise DeviceError(self._target.device, "deliver", f"{full} reads back otherwise than it was written")

    def _read(self, path: str) -> bytes | None:
        try:
            with self._sftp.open(path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def _make(self, folder: str) -> None:
        try:
            self._sftp.stat(folder)
        except FileNotFoundError:
            self._sftp.mkdir(folder, _FOLDER_MODE)

    def _require_no_other(self, own: set[str]) -> None:
        """Files that are no part of the package could be taken for one; they are named and never removed."""
        other = sorted(path for path in self._walk("") if path not in own)
        if other:
            raise DeviceError(self._target.device, "deliver",
                              f"{self._root} holds files that are no part of the package: {', '.join(other)}")

    def _walk(self, below: str) -> list[str]:
        found: list[str] = []
        for item in self._sftp.listdir_attr(posixpath.join(self._root, below)):
            path = posixpath.join(below, item.filename)
            found += self._walk(path) if stat.S_ISDIR(item.st_mode or 0) else [path]
        return found
