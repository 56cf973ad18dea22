"""Lists of a REST API over HTTPS, page by page. It only reads, follows no redirect and leaves its server for none."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from punchdown.errors import ConnectError, InputError

_MOST_PAGES = 2000
_MOST_BYTES = 32 * 2**20
_SECONDS = Timeout(connect=10.0, read=30.0)
_AGAIN = Retry(total=2, redirect=False, status_forcelist={429, 502, 503, 504}, backoff_factor=0.5,
               raise_on_status=False)
"""A token is for one server: whoever answers with another place gets no second question."""
Rows = list[Mapping[str, Any]]


class RestReader:
    """Reads lists of the form ``{"results": [...], "next": URL}``.

    Args:
        url: the server, as https; http only to this machine itself.
        token: what it knows the reader by. NetBox's version 2 tokens begin with ``nbt_``.

    Raises:
        InputError: the address is none, or would carry the token in clear.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.query:
            raise InputError([f"{url!r} is no address of a server: https://HOST"])
        if parts.scheme == "http" and not _is_here(parts.hostname):
            raise InputError([f"{parts.hostname}: the token would go in clear; use https"])
        self._origin = (parts.scheme, parts.netloc)
        self._base = parts.path.rstrip("/")
        self._host = parts.hostname
        self._header = f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"
        self._pool = PoolManager(timeout=_SECONDS, retries=_AGAIN, ssl_context=ssl.create_default_context())

    def __repr__(self) -> str:
        return f"RestReader({self._host})"

    def rows(self, path: str) -> Rows:
        """All rows of a list, every page. Raises ConnectError."""
        found: Rows = []
        following = f"{self._base}{path}"
        for _ in range(_MOST_PAGES):
            page = self._page(following)
            results = page.get("results")
            if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
                raise ConnectError(self._host, "read", f"{path.partition('?')[0]} is no list of NetBox's")
            found += results
            if not isinstance(page.get("next"), str):
                return found
            beyond = urlsplit(page["next"])  # whatever server it names, the next page is of this one
            following = urlunsplit(("", "", beyond.path, beyond.query, ""))
        raise ConnectError(self._host, "read", f"{path.partition('?')[0]} has more than {_MOST_PAGES:,} pages")

    def _page(self, path: str) -> Mapping[str, Any]:
        place = path.partition("?")[0]
        try:
            answer = self._pool.request(
                "GET", urlunsplit((*self._origin, "", "", "")) + path, redirect=False, preload_content=False,
                headers={"Authorization": self._header, "Accept": "application/json"})
            try:
                body = answer.read(_MOST_BYTES + 1, decode_content=True)
            finally:
                answer.close()
        except HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise ConnectError(self._host, "read", f"{place}: {reason}") from None
        if answer.status != 200:
            raise ConnectError(self._host, "read", f"{place}: HTTP {answer.status}")
        if len(body) > _MOST_BYTES:
            raise ConnectError(self._host, "read", f"{place}: a page of more than {_MOST_BYTES // 2**20} MiB")
        try:
            page = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ConnectError(self._host, "read", f"{place}: no JSON") from error
        return page if isinstance(page, dict) else {}


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
