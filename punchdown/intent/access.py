"""VLANs, switch ports and 802.1X on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class Vlan:
    """``id`` 1..4094. ``prefix``/``prefix6`` are CIDR texts, empty when the segment has none."""

    id: int
    name: str
    zone: str
    prefix: str
    prefix6: str
    source: Provenance


class LinkMode(StrEnum):
    """``access``: one untagged VLAN, a tagged voice VLAN beside it where ``voice_vlan`` is set. ``trunk``: only
    ``tagged`` VLANs. ``closed``: parked and shut."""

    ACCESS = "access"
    TRUNK = "trunk"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Dot1xPolicy:
    """Port access control. VLAN numbers are 0 when unset.

    ``host_mode``: single-host, multi-domain (one phone, one PC) or multi-auth. ``mab``: MAC authentication after
    802.1X. ``dead``: what happens when no RADIUS server answers: ``closed``, ``critical`` (``critical_vlan`` for data
    and the voice VLAN for phones). ``reauth_seconds`` 0 = as the server says; ``tx_period_seconds`` between EAPOL
    identity requests. ``auth_fail_vlan``: for wrong credentials. ``coa``: servers may end or change a session
    (RFC 5176, UDP port 3799).
    """

    host_mode: str
    mab: bool
    dead: str
    critical_vlan: int
    guest_vlan: int
    reauth_seconds: int
    tx_period_seconds: int
    source: Provenance
    auth_fail_vlan: int = 0
    coa: bool = False


@dataclass(frozen=True, slots=True)
class PortIntent:
    """One switch port by the name that the platform shows (``p5``, ``GigabitEthernet1/0/5``).

    ``role`` is the word of the definition (phone-and-pc, uplink, unused, host, server, router). ``access_vlan`` is 0 on
    trunks. ``filter_in`` names the filter of frames that enter here, ``filter_out`` of those that leave; a platform
    that can't filter outbound uses ``reply_filter`` inbound instead, which says the same of the replies.
    ``hosts`` are the addresses that may speak here ((mac or "", ipv4 or "", ipv6 or ""), anti-spoofing), empty = any.
    ``ipv6_vlans``: VLANs of this port in which IPv6 is declared; in all others IPv6 is dropped, link-local included.
    ``max_macs`` 0 = any number. ``poe``: auto, off or empty = as it is. ``mirrors``: ports whose frames it repeats.
    ``root_guard``: no switch behind it becomes the root of the spanning tree. Storm shares are in per cent of the
    port's speed, ``dhcp_rate`` in packets a second, ``arp_rate`` as well (0 = any number). ``arp_trusted``: ARP
    that enters here is believed; the other end is a switch or a device of the site.
    """

    name: str
    role: str
    mode: LinkMode
    description: str
    access_vlan: int
    voice_vlan: int
    tagged: tuple[int, ...]
    native_vlan: int
    dot1x: Dot1xPolicy | None
    trust_dscp: bool
    dhcp_trusted: bool
    edge: bool
    lldp_med: bool
    filter_in: str
    filter_out: str
    reply_filter: str
    hosts: tuple[tuple[str, str, str], ...]
    ipv6_vlans: tuple[int, ...]
    storm_control: bool
    source: Provenance
    max_macs: int = 0
    poe: str = ""
    mirrors: tuple[str, ...] = ()
    root_guard: bool = False
    broadcast_percent: float = 1.0
    multicast_percent: float = 2.0
    dhcp_rate: int = 15
    arp_rate: int = 15
    arp_trusted: bool = False


@dataclass(frozen=True, slots=True)
class LinkIntent:
    """Several ports as one (IEEE 802.1AX). ``mode``: active, passive (LACP) or static; ``port``: what it carries, under
    the name of its first member."""

    name: str
    number: int
    members: tuple[str, ...]
    mode: str
    min_links: int
    port: PortIntent


@dataclass(frozen=True, slots=True)
class FixedAddress:
    """A station of VLAN ``vlan`` that has its IPv4 address from nobody: no lease tells who it is."""

    vlan: int
    address: str
    mac: str
    name: str
    source: Provenance


@dataclass(frozen=True, slots=True)
class SwitchProtection:
    """Against forged stations and loops. ``tree_mode``: rapid-pvst, mst or empty = as it is; ``root``: this switch is
    the root of every tree; ``cdp_voice``: it announces the voice VLAN by CDP. ``fixed``: whom ARP inspection knows
    without a lease, sorted by VLAN and address."""

    arp_inspection: bool
    source_guard: bool
    tree_mode: str
    root: bool
    loop_guard: bool
    cdp_voice: bool
    source: Provenance
    fixed: tuple[FixedAddress, ...] = ()
