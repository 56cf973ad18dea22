"""A firewall that routes: interfaces, policies, port-forwards, NAT, netblock lists."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.intent.filters import PortRange, Rule, Schedule
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class FirstHop:
    """A router's address that several devices share. ``protocol`` vrrp or hsrp; ``address`` is the shared one, the
    interface keeps its own; the highest ``priority`` (1..254) routes."""

    protocol: str
    group: int
    address: str
    priority: int
    preempt: bool
    advertise_seconds: int


@dataclass(frozen=True, slots=True)
class Vpn:
    """A site-to-site VPN (IKEv2). ``local`` and ``remote`` are prefixes; ``secret`` is a reference or empty."""

    name: str
    peer: str
    local: tuple[str, ...]
    remote: tuple[str, ...]
    authentication: str
    secret: str
    source: Provenance


@dataclass(frozen=True, slots=True)
class Interface:
    """``name`` on the device, ``segment`` it routes ("wan" for the outside). Addresses in CIDR form, empty = none.
    ``behind`` are prefixes of networks that the segment leads to (private WAN): they may send here as well."""

    name: str
    segment: str
    zone: str
    address: str
    address6: str
    prefix: str
    prefix6: str
    source: Provenance
    behind: tuple[str, ...] = ()
    vrf: str = ""
    first_hop: FirstHop | None = None


@dataclass(frozen=True, slots=True)
class Netblocks:
    """A named list of IPv4 and IPv6 prefixes."""

    name: str
    prefixes: tuple[str, ...]
    source: Provenance


@dataclass(frozen=True, slots=True)
class PortForward:
    """Public address and ports to a host, same ports inside (a shifted range does not map 1:1 on nftables).
    ``allow`` is the name of a Netblocks or empty = any source that is not denied. ``hairpin``: inside clients
    use the public address too."""

    name: str
    protocol: str
    public_address: str
    ports: PortRange
    host_address: str
    host_port: int
    allow: str
    hairpin: bool
    source: Provenance
    schedule: Schedule = ()
    rate: int = 0


@dataclass(frozen=True, slots=True)
class FirewallIntent:
    """``policies`` are stateful openings between segments in order (NAT already undone: real addresses); all else is
    denied and logged. ``denied`` names the deny list. ``reject``: answer what is refused, else drop silently.
    ``outbound``: zones whose hosts may open to the WAN with source NAT, as rules in ``policies`` already.
    ``hairpin_segments``: interfaces whose clients reach forwards through the public address."""

    wan: str
    wan_address: str
    interfaces: tuple[Interface, ...]
    policies: tuple[Rule, ...]
    forwards: tuple[PortForward, ...]
    netblocks: tuple[Netblocks, ...]
    denied: str
    reject: bool
    log: bool
    sip_helper: bool
    hairpin_interfaces: tuple[str, ...]
    management_sources: tuple[str, ...]
    management_interface: str
    source_nat: tuple[str, ...]
    ping: bool
    source: Provenance
    vpns: tuple[Vpn, ...] = ()
