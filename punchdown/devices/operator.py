"""The operator's directory: trusted keys, credentials with their scope, secrets. It lies outside of the estate."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import paramiko
import yaml

from punchdown.devices.target import Target
from punchdown.errors import InputError, TrustError
from punchdown.secrets import Secrets


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A login. Exactly one of ``key_file`` and ``password_name`` is set. Scope: where it may be offered at all."""

    name: str
    username: str
    key_file: Path | None
    password_name: str
    prefixes: tuple[str, ...]
    devices: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Credential({self.name})"

    def covers(self, target: Target) -> bool:
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


def _credential(name: str, item: dict[str, Any], root: Path) -> Credential:
    scope = item.get("scope", {})
    password = item.get("password") or {}
    key = item.get("key_file")
    if not item.get("username") or bool(key) == bool(password):
        raise InputError([f"{root / 'credentials.yml'}: {name}: needs `username` and one of `key_file` and `password`"])
    if not scope.get("management"):
        raise InputError([f"{root / 'credentials.yml'}: {name}: needs `scope: {{management: [PREFIX]}}`"])
    return Credential(name, item["username"], root / key if key else None, str(password.get("file", "")),
                      tuple(scope["management"]), tuple(scope.get("devices", ["*"])))


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    except yaml.YAMLError as error:
        raise InputError([f"{path}: {error}"]) from error
    if not isinstance(data or {}, dict):
        raise InputError([f"{path}: expected a mapping"])
    return data or {}


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator's directory, read once."""

    root: Path
    credentials: dict[str, Credential]
    ssh_config: paramiko.SSHConfig
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
        credentials = _read_yaml(root / "credentials.yml").get("credentials", {})
        settings = _read_yaml(root / "settings.yml")
        config = paramiko.SSHConfig()
        if (root / "ssh_config").is_file():
            config = paramiko.SSHConfig.from_path(str(root / "ssh_config"))
        return cls(root, {name: _credential(name, item, root) for name, item in credentials.items()}, config,
                   float(settings.get("logins_per_second", 20)),
                   str(settings.get("store_url", f"sqlite:///{root / 'state.db'}")))

    @property
    def known_hosts(self) -> Path:
        return self.root / "known_hosts"

    @property
    def secrets(self) -> Secrets:
        """Resolver and fingerprints of this directory."""
        key = self.root / "fingerprint.key"
        return Secrets(self.root / "secrets", key.read_bytes() if key.is_file() else b"")

    def endpoint(self, target: Target) -> Endpoint:
        """Where a session to this target really goes."""
        found = self.ssh_config.lookup(target.address)
        return Endpoint(found.get("hostname", target.address), int(found.get("port", target.port)),
                        found.get("proxycommand", ""))

    def credential(self, target: Target) -> Credential:
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
