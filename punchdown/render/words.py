"""Jinja filters that every template may use: pure functions over plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from netaddr import IPNetwork

from punchdown.errors import RenderError
from punchdown.values.numbers import collapse

SECRET_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def plain(value: object) -> str:
    """The value as text; refuses control characters and None.

    Raises:
        RenderError: the text could end a line or start another.
    """
    if value is None:
        raise RenderError("a value that is None would reach a line")
    text = str(value)
    if _CONTROL.search(text):
        raise RenderError(f"control character in {text!r}")
    return text


def quoted(value: object) -> str:
    """As :func:`plain`, and no double quote or backslash either: safe between double quotes."""
    text = plain(value)
    if '"' in text or "\\" in text:
        raise RenderError(f"quote or backslash in {text!r}")
    return text


def secret(name: str) -> str:
    """A reference that only the push resolves.

    >>> secret("radius-key")
    '<secret:radius-key>'
    """
    if not SECRET_NAME.fullmatch(name):
        raise RenderError(f"not a secret's name: {name!r}")
    return f"<secret:{name}>"


def netmask(cidr: str) -> str:
    """
    >>> netmask("10.0.0.0/22")
    '255.255.252.0'
    """
    return str(IPNetwork(cidr).netmask)


def wildcard(cidr: str) -> str:
    """
    >>> wildcard("10.0.0.0/22")
    '0.0.3.255'
    """
    return str(IPNetwork(cidr).hostmask)


def network(cidr: str) -> str:
    """The network address of a prefix.

    >>> network("10.20.99.1/24")
    '10.20.99.0'
    """
    return str(IPNetwork(cidr).network)


def address(cidr: str) -> str:
    """The address part.

    >>> address("10.20.99.1/24")
    '10.20.99.1'
    """
    return str(IPNetwork(cidr).ip)


FILTERS: Mapping[str, Callable[..., str]] = {
    "address": address, "netmask": netmask, "network": network, "plain": plain, "quoted": quoted, "secret": secret,
    "vlan_list": collapse, "wildcard": wildcard,
}
