"""The operator's directory: trusted keys, credentials with their scope, secrets. It lies outside of the estate."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from pathlib import Path

import paramiko

from punchdown.devices.settings import CredentialEntry, CredentialsFile, Settings, read_settings
from punchdown.devices.ssh_config import SshConfig
from punchdown.devices.target import Reachable
from punchdown.errors import InputError, SecretError, TrustError
from punchdown.secrets import Secrets


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A login. One of ``key_file``, ``password_name`` (a secret) and ``password_variable`` (of the environment) is set.
    Scope: where it may be offered at all."""

    name: str
    username: str
    key_file: Path | None
    password_name: str
    prefixes: tuple[str, ...]
    devices: tuple[str, ...]
    password_variable: str = ""

    def __repr__(self) -> str:
        return f"Credential({self.name})"

    def covers(self, target: Reachable) -> bool:
        """Whether it may be offered to this target."""
        inside = any(ip_address(target.address) in ip_network(prefix) for prefix in self.prefixes)
        return inside and any(fnmatchcase(target.device, glob) for glob in self.devices)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a session really goes: OpenSSH's ``HostName``, ``Port`` and ``ProxyCommand`` are honoured."""

    host: str
    port: int
    proxy_command: str

    @property
    def known_as(self) -> str:
        """The name under which a host key is looked up."""
        return self.host if self.port == 22 else f"[{self.host}]:{self.port}"


def _credential(name: str, entry: CredentialEntry, root: Path) -> Credential:
    place = entry.password
    return Credential(name, entry.username, root / entry.key_file if entry.key_file else None,
                      place.file if place else "", tuple(str(prefix) for prefix in entry.scope.management),
                      entry.scope.devices, place.env if place else "")


def _ssh_config(path: Path) -> SshConfig:
    try:
        return SshConfig(path.read_text(encoding="utf-8") if path.is_file() else "")
    except (OSError, UnicodeDecodeError, paramiko.SSHException) as error:
        raise InputError([f"{path}: {error}"]) from error


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator's directory, read once."""

    root: Path
    credentials: dict[str, Credential]
    ssh_config: SshConfig
    logins_per_second: float
    store_url: str

    @classmethod
    def load(cls, root: Path) -> Operator:
        """Read a directory.

        Raises:
            TrustError: there is none.
            InputError: a file in it is wrong.
        """
        if not root.is_dir():
            raise TrustError(f"there is no operator's directory {root}: make it, or name it with --operator")
        entries = read_settings(root / "credentials.yml", CredentialsFile).credentials
        settings = read_settings(root / "settings.yml", Settings)
        return cls(root, {name: _credential(name, entry, root) for name, entry in entries.items()},
                   _ssh_config(root / "ssh_config"), settings.logins_per_second,
                   settings.store_url or f"sqlite:///{root / 'state.db'}")

    @property
    def known_hosts(self) -> Path:
        return self.root / "known_hosts"

    @property
    def secrets(self) -> Secrets:
        """Resolver and fingerprints of this directory."""
        key = self.root / "fingerprint.key"
        return Secrets(self.root / "secrets", key.read_bytes() if key.is_file() else b"")

    def endpoint(self, target: Reachable) -> Endpoint:
        """Where a session to this target really goes."""
        found = self.ssh_config.lookup(target.address)
        port = found.get("port", str(target.port))
        if not port.isdecimal():
            raise InputError([f"{self.root / 'ssh_config'}: Port of {target.address} is no number: {port!r}"])
        command = found.get("proxycommand", "") or (self._through(target) if target.jump else "")
        return Endpoint(found.get("hostname", target.address), int(port), "" if command == "none" else command)

    def _through(self, target: Reachable) -> str:
        """The command that carries bytes over a jump host; its own key must be trusted and its login needs no typing.

        Raises:
            TrustError: the operator's ssh_config doesn't know the jump host; the definition only names it.
        """
        config = self.root / "ssh_config"
        if target.jump not in self.ssh_config.get_hostnames():
            raise TrustError(f"{target.device}: there is no Host {target.jump} in {config}: nothing was sent")
        return (f"ssh -F {shlex.quote(str(config))} -o BatchMode=yes -o StrictHostKeyChecking=yes -W %h:%p "
                f"{target.jump}")

    def credential(self, target: Reachable) -> Credential:
        """The login for this target.

        Raises:
            TrustError: unknown, or this target is outside of its scope.
        """
        credential = self.credentials.get(target.credential)
        if credential is None:
            known = ", ".join(sorted(self.credentials)) or "none"
            raise TrustError(f"{target.device}: no credential {target.credential!r} in {self.root / 'credentials.yml'} "
                             f"(known: {known})")
        if not credential.covers(target):
            raise TrustError(f"{target.device}: {target.address} is outside of the scope of the credential "
                             f"{credential.name!r}: nothing was sent")
        return credential

    def password(self, credential: Credential) -> str:
        """The credential's password.

        Raises:
            SecretError: it is not where the credential says.
        """
        if not credential.password_variable:
            return self.secrets.resolve(credential.password_name)
        value = os.environ.get(credential.password_variable, "")
        if not value.isprintable() or not value:
            raise SecretError(f"{credential.name}: {credential.password_variable} is not set, or holds a control "
                              "character")
        return value
