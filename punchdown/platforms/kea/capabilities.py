"""What Kea 2.2 can enforce, and the documents that hold it. Source: fact sheet dhcp."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from types import MappingProxyType

from punchdown.intent import DeviceIntent, DhcpPool
from punchdown.platforms.contract import Capabilities
from punchdown.platforms.kea.words import phone_string, phone_vlan
from punchdown.platforms.linux import management

CONFIG = "/etc/kea/kea-dhcp4.conf"
LIVE = "live:kea-dhcp4"
"""What the daemon runs, from ``config-get``; fetched only, the file is what is pushed."""

SOCKET = "/run/kea/kea4-ctrl-socket"
LONGEST = 250
"""Bytes of the phones' string in option 125 (RFC 3925: one length byte, less enterprise number and headers)."""

DOCUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType({CONFIG: ("dhcp",), **management.DOCUMENTS})

CAPABILITIES = Capabilities(
    features=tuple(feature for features in DOCUMENTS.values() for feature in features),
    roles=("dhcp",),
    filter_out=False,
    stateful=False,
    linux=True,
    not_atomic="The file is replaced by rename, then the server loads it as a whole: until then the old one serves. "
               "Leases already given keep their options until the phone asks again. The management plane follows "
               "after it.",
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty = it can."""
    if intent.dhcp is None or not intent.dhcp.pools:
        return ("a DHCP server needs segments to serve, the definition gives it none",)
    pools = intent.dhcp.pools
    found = [problem for pool in pools for problem in _pool(pool)]
    for one, two in combinations(pools, 2):
        if one.vlan == two.vlan:
            found.append(f"{one.name} and {two.name} are both VLAN {one.vlan}")
        if IPv4Network(one.prefix).overlaps(IPv4Network(two.prefix)):
            found.append(f"the prefixes of {one.name} and {two.name} overlap")
    return tuple(found)


def _pool(pool: DhcpPool) -> list[str]:
    prefix = IPv4Network(pool.prefix)
    found = [f"{pool.name}: {address} is outside of {prefix}"
             for address in (pool.first, pool.last, *(address for _, address, _ in pool.reservations))
             if IPv4Address(address) not in prefix]
    if IPv4Address(pool.first) > IPv4Address(pool.last):
        found.append(f"{pool.name}: the range {pool.first} - {pool.last} is reversed")
    if not pool.router:
        found.append(f"{pool.name}: no router to tell the clients")
    if phone_vlan(pool) and len(phone_string(pool)) > LONGEST:
        found.append(f"{pool.name}: the phones' option string is longer than {LONGEST} bytes")
    return found
