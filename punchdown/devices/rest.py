"""Lists of a REST API over HTTPS, page by page. It only reads, follows no redirect and leaves its server for none."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from punchdown.errors import ConnectError, InputError

_MOST_PAGES = 2000
_MOST_BYTES = 32 * 2**20
_SECONDS = Timeout(connect=10.0, read=30.0)
_AGAIN = Retry(total=2, redirect=False, status_forcelist={429, 502, 503, 504}, backoff_factor=0.5,
               raise_on_status=False)
"""A token is for one server: whoever answers with another place gets no second question."""
_TOKEN = re.compile(r"[\x21-\x7e]+")
_SAID = 200
"""Characters of a server's own words that an error shows."""
_DENIED = "the token is not valid, or may not look at this"
_HINTS = {401: _DENIED, 403: _DENIED, 404: "there is no such list: is this the address of NetBox?"}
Rows = list[Mapping[str, Any]]


class RestReader:
    """Reads lists of the form ``{"results": [...], "next": URL}``.

    Args:
        url: the server, as https; http only to this machine itself.
        token: what it knows the reader by. NetBox's version 2 tokens begin with ``nbt_``.
        authorities: certificates (PEM) that the server's own is signed by; None: those that the machine trusts.

    Raises:
        InputError: the address is none, or would carry the token in clear; the token or the file of certificates is
            none.
    """

    def __init__(self, url: str, token: str, authorities: Path | None = None) -> None:
        parts = _parts(url)
        if parts.scheme == "http" and not _is_here(parts.hostname or ""):
            raise InputError([f"{parts.hostname}: the token would go in clear; use https"])
        if not _TOKEN.fullmatch(token):
            raise InputError([f"{parts.hostname}: the token holds a space, a line's end or nothing at all"])
        try:
            trusted = ssl.create_default_context(cafile=authorities)
        except (OSError, ssl.SSLError) as error:
            raise InputError([f"{authorities}: no certificates in PEM form can be read from it"]) from error
        self._origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        self._base = parts.path.rstrip("/")
        self._host = parts.hostname or ""
        self._token = token
        self._pool = PoolManager(timeout=_SECONDS, retries=_AGAIN, ssl_context=trusted)

    def __repr__(self) -> str:
        return f"RestReader({self._host})"

    def rows(self, path: str) -> Rows:
        """All rows of a list, every page.

        Raises:
            ConnectError: the server can't be reached or trusted, refuses, sends on, answers too late or with anything
                but a list, or with fewer rows than it counts.
        """
        found: Rows = []
        place, _, query = path.partition("?")
        for _ in range(_MOST_PAGES):
            page = self._page(place, query)
            results = page.get("results")
            if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
                raise self._error(place, "this is no list of NetBox's")
            found += results
            if not isinstance(page.get("next"), str):
                count = page.get("count")
                if isinstance(count, int) and len(found) < count:
                    raise self._error(place, f"{len(found)} of {count} rows came: ask again")
                return found
            query = urlsplit(page["next"]).query  # whatever server it names, the next page is of this one
        raise self._error(place, f"more than {_MOST_PAGES:,} pages")

    def _page(self, place: str, query: str) -> Mapping[str, Any]:
        try:
            answer = self._pool.request(
                "GET", f"{self._origin}{self._base}{place}?{query}", redirect=False, preload_content=False,
                headers={"Authorization": f"{'Bearer' if self._token.startswith('nbt_') else 'Token'} {self._token}",
                         "Accept": "application/json"})
            try:
                body = answer.read(_MOST_BYTES + 1, decode_content=True)
            finally:
                answer.close()
        except HTTPError as error:
            raise self._error(place, _reason(error)) from None
        if len(body) > _MOST_BYTES:
            raise self._error(place, f"a page of more than {_MOST_BYTES // 2**20} MiB")
        page = _json(body)
        if answer.status != 200:
            raise self._error(place, _refusal(answer, page))
        if page is None:
            kind = answer.headers.get("Content-Type", "nothing").partition(";")[0]
            raise self._error(place, f"it answers with {kind} and not with JSON: is this the address of NetBox?")
        return page if isinstance(page, dict) else {}

    def _error(self, place: str, said: str) -> ConnectError:
        """An error without the token, whatever the server made of it."""
        for secret in (self._token, self._token.rpartition(".")[2]):
            said = said.replace(secret, "***")
        plain = " ".join("".join(char if char.isprintable() else " " for char in said).split())
        return ConnectError(self._host, "read", f"{self._base}{place}: {plain}")


def _parts(url: str) -> Any:
    try:
        parts = urlsplit(url)
        if parts.scheme in {"https", "http"} and parts.hostname and not parts.username and not parts.query \
                and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise InputError([f"{url!r} is no address of a server: https://HOST"])


def _json(body: bytes) -> Any:
    """What a body holds, None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refusal(answer: BaseHTTPResponse, page: Any) -> str:
    if answer.status in range(300, 400):
        beyond = urlsplit(answer.headers.get("Location", ""))
        return (f"HTTP {answer.status}: it sends on to {beyond.scheme}://{beyond.netloc}{beyond.path}"[:_SAID]
                + ", where the token does not go; name NetBox's own address")
    said = page.get("detail") if isinstance(page, dict) else None
    said = f" ({said[:_SAID]})" if isinstance(said, str) else ""
    hint = _HINTS.get(answer.status, "")
    return f"HTTP {answer.status}{said}" + (f": {hint}" if hint else "")


def _reason(error: HTTPError) -> str:
    """Why there is no answer, in words of ours where a person can do something about it."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    if isinstance(cause, SSLError):
        return f"its certificate is not trusted here ({cause}); --ca names the authority that signed it"
    if isinstance(cause, NewConnectionError):  # one of urllib3's time-outs, too
        return f"it can't be reached: {str(cause).rpartition(': ')[2]}"
    if isinstance(cause, ConnectTimeoutError):
        return "it can't be reached in time"
    return "it did not answer in time" if isinstance(cause, ReadTimeoutError) else str(cause)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
