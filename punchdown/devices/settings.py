"""The files of the operator's directory, checked: credentials with their scope, and settings."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from punchdown.errors import InputError

M = TypeVar("M", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretPlace(_Strict):
    """Where a password is: an environment variable, or a file below ``secrets/``; exactly one."""

    env: str = Field("", pattern=r"^([A-Z][A-Z0-9_]*)?$")
    file: str = Field("", pattern=r"^([a-z0-9][a-z0-9._-]*)?$")

    @model_validator(mode="after")
    def _one(self) -> SecretPlace:
        if bool(self.env) == bool(self.file):
            raise ValueError("give either env or file")
        return self


class Scope(_Strict):
    """Where a credential may be offered: management prefixes and device globs; both must hold."""

    management: tuple[IPv4Network | IPv6Network, ...] = Field(min_length=1)
    devices: tuple[str, ...] = Field(("*",), min_length=1)


class CredentialEntry(_Strict):
    """How to log in: by key or by password."""

    username: str = Field(min_length=1)
    key_file: str = ""
    password: SecretPlace | None = None
    scope: Scope

    @model_validator(mode="after")
    def _one(self) -> CredentialEntry:
        if bool(self.key_file) == bool(self.password):
            raise ValueError("needs one of key_file and password")
        return self


class CredentialsFile(_Strict):
    """``credentials.yml``."""

    credentials: dict[str, CredentialEntry] = Field(default_factory=dict)


class Settings(_Strict):
    """``settings.yml``. ``store_url`` is a database URL, empty for ``state.db`` in the operator's directory."""

    logins_per_second: float = Field(20.0, gt=0)
    store_url: str = ""
    workers: int = Field(50, ge=1, le=1000)
    timer_seconds: int = Field(120, ge=30, le=3600)


def read_settings(path: Path, model: type[M]) -> M:
    """The file as ``model``; an absent or empty file gives the defaults. Raises InputError naming file and key, never
    repeating a value."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return model()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([f"{path}: can't be read: {error}"]) from None
    try:
        return model.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise InputError([f"{path}{place}: not YAML: {getattr(error, 'problem', '')}"]) from None
    except ValidationError as error:
        raise InputError([f"{path}: {'.'.join(map(str, item['loc'])) or 'top level'}: {item['msg']}"
                          for item in error.errors()]) from None
