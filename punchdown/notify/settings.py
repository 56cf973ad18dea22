"""``notifications.yml`` of the operator's directory: whom to tell, and of what. It lies outside of the estate, so that
no change to the definition can send anything anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from punchdown.devices.settings import read_settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
Kind = Literal["check", "plan", "apply", "rollback", "verify", "prove", "drift", "audit"]


class Hook(BaseModel):
    """One webhook. ``url`` may hold a token and is never printed; ``key`` names the secret that signs. ``when``:
    something is new, gone or could not be seen, a device was changed or would be (changes), anything is wrong
    (findings), or always."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(repr=False)
    key: str = Field(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")
    kinds: tuple[Kind, ...] = get_args(Kind)
    when: Literal["changes", "findings", "always"] = "changes"
    severity: Literal["low", "medium", "high"] = "low"

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if not parts.hostname or parts.username or parts.password:
            raise ValueError("must be an address such as https://hooks.example.com/..., without a login")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must be https; http is for this machine alone")
        return value


class HooksFile(BaseModel):
    """``notifications.yml``: webhooks by a name of your choice."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    webhooks: dict[str, Hook] = Field(default_factory=dict)


def load_hooks(operator: Path) -> dict[str, Hook]:
    """The webhooks of an operator's directory; none where there is no file. Raises InputError, repeating no value."""
    return read_settings(operator / "notifications.yml", HooksFile).webhooks
