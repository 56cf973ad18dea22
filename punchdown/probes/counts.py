"""Numbers that must not fall while devices change, such as the phones registered at a PBX: asked of a Prometheus
server, or of anything else that answers its HTTP API. ``counts.yml`` of the operator's directory says which, so that no
change to the definition can have anything asked anywhere.

Source: Prometheus, HTTP API, "Instant queries" (https://prometheus.io/docs/prometheus/latest/querying/api/).
"""

from __future__ import annotations

import json
import math
import re
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

from punchdown.devices.settings import read_settings
from punchdown.errors import CountError
from punchdown.secrets import Secrets

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TIMES = Timeout(connect=3.0, read=10.0)
"""Seconds."""
MOST_BYTES = 65_536
_REFERENCE = r"^([a-z0-9]([a-z0-9._-]*[a-z0-9])?)?$"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")


class Count(BaseModel):
    """One number. ``query`` is PromQL that gives one value, ``$site`` in it stands for the site's name; ``token`` or
    ``username`` with ``password`` name secrets; ``roots`` is a file of trusted roots in the operator's directory,
    in place of the machine's own. ``tolerance`` is the share that may be gone; ``settle_seconds`` is how long the
    number takes to show what has happened: the interval at which it is scraped."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(repr=False)
    query: str = Field(min_length=1, max_length=2000)
    sites: tuple[str, ...] = Field(("*",), min_length=1)
    token: str = Field("", pattern=_REFERENCE)
    username: str = ""
    password: str = Field("", pattern=_REFERENCE)
    roots: str = ""
    tolerance: float = Field(0.0, ge=0, le=1)
    settle_seconds: int = Field(30, ge=0, le=1800)

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://prometheus.example.com, without a login")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must be https; http is for this machine alone")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_login(self) -> Count:
        if bool(self.username) != bool(self.password) or (self.token and self.username):
            raise ValueError("give token, or username and password, or neither")
        return self

    def covers(self, site: str) -> bool:
        """Whether the number is one of this site."""
        return any(fnmatchcase(site, pattern) for pattern in self.sites)


class CountsFile(BaseModel):
    """``counts.yml``: numbers by a name of your choice."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    counts: dict[str, Count] = Field(default_factory=dict)

    @field_validator("counts")
    @classmethod
    def _named(cls, value: dict[str, Count]) -> dict[str, Count]:
        if wrong := [name for name in value if not _NAME.fullmatch(name)]:
            raise ValueError(f"{len(wrong)} names have other signs than letters, digits, spaces, dots and dashes")
        return value


def load_counts(operator: Path) -> dict[str, Count]:
    """The numbers of an operator's directory; none where there is no file. Raises InputError, repeating no value."""
    return read_settings(operator / "counts.yml", CountsFile).counts


def ask(name: str, count: Count, site: str, secrets: Secrets, operator: Path) -> float | None:
    """The number now; None when the server answers and has no such number.

    Raises:
        CountError: nobody answered, or not with one number; neither address nor secret is repeated.
        SecretError: there is no such secret.
    """
    headers = {"accept": "application/json"}
    if count.token:
        headers["authorization"] = f"Bearer {secrets.resolve(count.token)}"
    if count.username:
        headers |= make_headers(basic_auth=f"{count.username}:{secrets.resolve(count.password)}")
    roots = str(operator / count.roots) if count.roots else None
    try:
        with (PoolManager(retries=Retry(total=2, redirect=False, backoff_factor=0.2), timeout=TIMES,
                          ca_certs=roots) as pool,
              closing(pool.request("GET", f"{count.url}/api/v1/query", headers=headers, redirect=False,
                                   fields={"query": count.query.replace("$site", site)},
                                   preload_content=False)) as answer):
            body = answer.read(MOST_BYTES)
    except (HTTPError, OSError, ValueError) as error:
        cause = getattr(error, "reason", None) or error
        raise CountError(f"{name}: nobody answered: {type(cause).__name__}") from None
    if answer.status != 200:
        raise CountError(f"{name}: it answered {answer.status}")
    return _number(name, body)


def _number(name: str, body: bytes) -> float | None:
    try:
        found: Any = json.loads(body)
    except ValueError:
        raise CountError(f"{name}: it answered, but no JSON") from None
    match found:
        case {"status": "success", "data": {"resultType": "vector", "result": []}}:
            return None
        case ({"status": "success", "data": {"resultType": "scalar", "result": [_, str(text)]}}
              | {"status": "success", "data": {"resultType": "vector", "result": [{"value": [_, str(text)]}]}}):
            return _finite(name, text)
        case {"status": "success", "data": {"result": [_, _, *_]}}:
            raise CountError(f"{name}: the query gives several numbers: make it one with sum()")
        case _:
            raise CountError(f"{name}: it answered something else than one number")


def _finite(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise CountError(f"{name}: it answered something else than one number")
    return value
