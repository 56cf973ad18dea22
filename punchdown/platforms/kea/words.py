"""The words of Kea's configuration: JSON texts, option data, the phones' option string. Pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address

from punchdown.errors import RenderError
from punchdown.intent import DhcpPool

VENDOR = "ipphone.mitel.com"


def text(value: str) -> str:
    """A JSON string. Raises RenderError for control characters."""
    if not value.isprintable():
        raise RenderError(f"control character in {value!r}")
    return json.dumps(value, ensure_ascii=False)


def option(value: str) -> str:
    r"""Option data as a JSON string: Kea splits at commas and silently drops the rest unless they are escaped.

    >>> print(option("a,b"))
    "a\\,b"
    """
    return text(value.replace("\\", "\\\\").replace(",", "\\,"))


def addresses(values: Iterable[str]) -> str:
    """A list of IPv4 addresses as option data.

    >>> addresses(["10.0.0.1", "10.0.0.2"])
    '"10.0.0.1, 10.0.0.2"'
    """
    return text(", ".join(str(IPv4Address(value)) for value in values))


def mac(value: str) -> str:
    """A hardware address as Kea shows it: lower case with colons, as a JSON string."""
    digits = re.sub(r"[-:.]", "", value).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise RenderError(f"{value!r} is no MAC address")
    return text(":".join(digits[place:place + 2] for place in range(0, 12, 2)))


def phone_vlan(pool: DhcpPool) -> int:
    """The VLAN that phones asking here are told: the segment's own, or from a data segment the voice VLAN; 0 = none."""
    return pool.vlan if pool.phones else pool.voice_vlan


def phone_string(pool: DhcpPool) -> str:
    """What options 43 and 125 tell a phone (fact sheet dhcp, what the phones need); parts without a value are left out.

    ``l2p`` 0..7 (IEEE 802.1Q), ``dscp`` 0..63 (RFC 2474).
    """
    parts = [f"id:{VENDOR}"]
    if pool.tftp_server:
        parts.append(f"sw_tftp={pool.tftp_server}")
    if pool.call_servers:
        parts.append(f"call_srv={','.join(pool.call_servers)}")
    parts += [f"vlan={phone_vlan(pool)}", f"l2p={pool.pcp}", f"dscp={pool.dscp}"]
    return ";".join(parts)


def required_classes(pool: DhcpPool) -> str:
    """The classes whose options this segment adds, as a JSON list."""
    kinds = ("minet", "vivso", "sip") if pool.tftp_server else ("minet", "vivso")
    return json.dumps([f"{kind}-{pool.vlan}" for kind in kinds] if phone_vlan(pool) else [])


FILTERS: Mapping[str, Callable[..., str]] = {
    "text": text, "option": option, "addresses": addresses, "mac": mac, "phone_string": phone_string,
    "phone_vlan": lambda pool: str(phone_vlan(pool) or ""), "required_classes": required_classes,
}
