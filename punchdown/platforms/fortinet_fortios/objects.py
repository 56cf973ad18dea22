"""What a firewall's intent becomes on FortiOS: address, service and schedule objects, virtual IPs, policies in order.

Names begin with ``PD-``: whatever bears one is ours. A policy's number says nothing of its place; it is made from what
the policy is about, so that one more policy does not renumber the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from punchdown.intent import FirewallIntent, Interface, PortForward, PortRange, Rule, Schedule, Vpn
from punchdown.platforms.lines import PREFIX
from punchdown.platforms.vpns import vpn_to
from punchdown.values import Provenance

OWN_IDS = range(100_000, 1_000_000)
NAME_LENGTH = 35
"""Of a policy. Source: vendor's CLI reference, ``config firewall policy``."""
UNTRUSTED_ZONES = frozenset({"data", "guest", "wan"})
ICMP = {4: {"echo": 8, "echo-reply": 0, "unreachable": 3, "ttl-exceeded": 11, "parameter-problem": 12},
        6: {"echo": 128, "echo-reply": 129, "unreachable": 1, "ttl-exceeded": 3, "packet-too-big": 2,
            "parameter-problem": 4}}
"""Numbers of the types that rules name. Source: RFC 792, RFC 4443."""
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Service:
    """``ports``: destination ports, or destination and source ports as ``80:1024-65535``; ``icmp`` -1 = any type."""

    name: str
    protocol: str
    ports: str
    icmp: int
    source: Provenance


@dataclass(frozen=True, slots=True)
class Policy:
    """One entry of ``config firewall policy``; names of objects throughout. ``pool`` empty with ``nat``: the address of
    the interface by which it leaves."""

    key: str
    title: str
    family: int
    entry: tuple[str, ...]
    leaving: tuple[str, ...]
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    services: tuple[str, ...]
    permit: bool
    source: Provenance
    schedule: str = "always"
    nat: bool = False
    pool: str = ""
    log: bool = False
    answer: bool = False
    translated_too: bool = False
    unmark: bool = False
    unmark_replies: bool = False
    id: int = 0

    @property
    def name(self) -> str:
        """Unique, since it bears the number."""
        return f"{PREFIX}{self.id} {self.title}"[:NAME_LENGTH].strip()


@dataclass(frozen=True, slots=True)
class Objects:
    """All of one firewall, in the order in which they can be made."""

    addresses: tuple[tuple[str, str, Provenance], ...]
    addresses6: tuple[tuple[str, str, Provenance], ...]
    groups: tuple[tuple[str, tuple[str, ...], Provenance], ...]
    groups6: tuple[tuple[str, tuple[str, ...], Provenance], ...]
    services: tuple[Service, ...]
    schedules: tuple[tuple[str, Schedule, Provenance], ...]
    pools: tuple[tuple[str, str, Provenance], ...]
    forwards: tuple[PortForward, ...]
    policies: tuple[Policy, ...]


def virtual_ip(forward: PortForward) -> str:
    """The name of a port-forward."""
    return f"{PREFIX}{forward.name}"


def group(name: str) -> str:
    """The name of a netblock list."""
    return f"{PREFIX}list-{name}"


def tunnel(vpn: Vpn) -> str:
    """The name of a VPN's interface."""
    return f"{PREFIX}{vpn.name}"


def real_ports(forward: PortForward) -> PortRange:
    """The ports that the host sees: a range keeps its length."""
    first = forward.host_port or forward.ports.first
    return PortRange(first, first + forward.ports.last - forward.ports.first)


def inside(firewall: FirewallIntent) -> tuple[Interface, ...]:
    """The interfaces other than the WAN's."""
    return tuple(item for item in firewall.interfaces if item.name != firewall.wan)


def legs(firewall: FirewallIntent, prefix: str) -> tuple[str, ...]:
    """The interfaces behind which some of a prefix lies, a VPN's among them; the WAN's where none does."""
    if (vpn := vpn_to(firewall, prefix)) is not None:
        return (tunnel(vpn),)
    wanted = ip_network(prefix, strict=False)
    found = [item.name for item in inside(firewall)
             if any(overlap(wanted, text) for text in (item.prefix, item.prefix6, *item.behind) if text)]
    return tuple(found) or ((firewall.wan,) if firewall.wan else ())


def overlap(one: Network, text: str) -> bool:
    """Whether two prefixes have an address in common."""
    other = ip_network(text, strict=False)
    return one.version == other.version and one.overlaps(other)


def from_wan(rule: Rule, firewall: FirewallIntent) -> bool:
    """Whether a policy opens from the outside."""
    return not rule.sources or all(legs(firewall, prefix) == (firewall.wan,) for prefix in rule.sources)
