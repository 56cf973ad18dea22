"""Where a definition holds a secret in clear, so that nothing prints the line before or after it is refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from punchdown.catalog.form_values import SECRET
from punchdown.catalog.forms import products

Path = tuple[str, ...]
_LIKE_A_SECRET = re.compile(r"pass|pwd|secret|pin|code|key|credential")


@cache
def _keys() -> tuple[frozenset[str], frozenset[str]]:
    """Keys of secret fields, and keys of all others."""
    fields = [field for product in products().values() for form in product.forms.values()
              for field in form.every_field()]
    secret = frozenset(field.key for field in fields if field.type == "secret")
    return secret, frozenset(field.key for field in fields) - secret


def clear_secrets(data: dict[str, Any]) -> Iterator[Path]:
    """The paths of a raw definition at which a gateway's secret stands instead of its name.

    A key that no form has counts when it reads like one of a secret: a misspelt password is still a password.
    """
    hosts = data.get("hosts")
    for name, host in hosts.items() if isinstance(hosts, dict) else ():
        if isinstance(host, dict) and host.get("settings"):
            yield from _walk(host["settings"], ("hosts", name, "settings"), "")
    if data.get("gateway_settings"):
        yield from _walk(data["gateway_settings"], ("gateway_settings",), "")


def _walk(node: Any, path: Path, key: str) -> Iterator[Path]:
    if isinstance(node, dict):
        for name, item in node.items():
            yield from _walk(item, (*path, name), name)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _walk(item, (*path, str(number)), key)
    elif node not in {None, ""} and not (isinstance(node, str) and SECRET.fullmatch(node)) and _is_secret(key):
        yield path


def _is_secret(key: str) -> bool:
    secret, other = _keys()
    word = re.sub(r"[^a-z0-9]+", "-", key[:60].lower()).strip("-")
    if word in other:
        return False
    return bool(word in secret or _LIKE_A_SECRET.search(word) or difflib.get_close_matches(word, secret, 1, 0.7))
