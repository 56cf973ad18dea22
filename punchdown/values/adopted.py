"""What a running configuration says, in no vendor's words: the way from a device back to a definition.

A platform's reader fills a :class:`SeenDevice`; whoever writes a definition from several of them knows no platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from punchdown.values.policy import LineRef


class Fate(StrEnum):
    """What becomes of a line. ``RECOGNISED``: a definition can say it. ``OWN``: the device wrote it by itself, nobody
    configured it. ``UNMANAGED``: no definition says it."""

    RECOGNISED = "recognised"
    OWN = "own"
    UNMANAGED = "unmanaged"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line of a device; ``within`` is the line that encloses it, ``note`` says what a reader should know, ``shown``
    how a comparison shows it, where that is not the line as it stands."""

    line: LineRef
    fate: Fate
    within: str = ""
    note: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that the guideline wants otherwise. ``controls`` are ids of the catalogue; ``severity`` is high, medium
    or low; ``lines`` are all that say it."""

    title: str
    lines: tuple[LineRef, ...]
    controls: tuple[str, ...]
    severity: str = "medium"


DENIES = "a filter denies before it permits: what was taken over of it may be more than it lets through"
"""Openings are what permits say; nothing is subtracted from them."""


@dataclass(frozen=True, slots=True)
class SeenAuth:
    """Port access control on one port. VLAN numbers are 0 where none is set; ``reauth_seconds`` -1: never."""

    host_mode: str
    mab: bool = False
    dead: str = "closed"
    critical_vlan: int = 0
    guest_vlan: int = 0
    auth_fail_vlan: int = 0
    reauth_seconds: int = 3600
    tx_period_seconds: int = 30


@dataclass(frozen=True, slots=True)
class SeenPort:
    """One switch port. ``mode``: access, trunk, routed, or empty where nothing is configured. ``tagged`` None: every
    VLAN. ``list_name``: the filter of frames that enter. ``max_macs`` 0: any number. ``bundle``: number of the
    aggregation that it is (``is_bundle``) or belongs to, 0 = none, ``bundle_mode`` active, passive or static. Storm
    shares are in per cent, ``dhcp_rate`` in packets a second, 0 = no limit. ``unread``: why its
    text does not tell what it does, empty where it does. ``mirrors``: the ports whose frames it repeats, as a sensor's
    port. ``root_guard``: no bridge behind it may become root."""

    name: str
    line: LineRef
    mode: str = ""
    closed: bool = False
    access_vlan: int = 1
    voice_vlan: int = 0
    tagged: tuple[int, ...] | None = None
    native_vlan: int = 1
    description: str = ""
    auth: SeenAuth | None = None
    poe: str = ""
    max_macs: int = 0
    trusted: bool = False
    edge: bool = False
    list_name: str = ""
    bundle: int = 0
    bundle_mode: str = ""
    is_bundle: bool = False
    broadcast_percent: float = 0.0
    multicast_percent: float = 0.0
    dhcp_rate: int = 0
    unread: str = ""
    mirrors: tuple[str, ...] = ()
    root_guard: bool = False


@dataclass(frozen=True, slots=True)
class SeenVlan:
    """A VLAN as the device names it; ``name`` is empty where it has none but the device's own."""

    id: int
    name: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class SeenLeg:
    """A layer-3 interface of a VLAN (0: of the outside, or nothing tells it). Addresses in CIDR form, empty = none.
    ``outside``: it leads to the provider."""

    name: str
    vlan: int
    address: str
    line: LineRef
    address6: str = ""
    description: str = ""
    management: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class SeenServer:
    """A RADIUS server that the device asks."""

    name: str
    address: str
    auth_port: int
    accounting_port: int
    timeout_seconds: int
    retries: int
    line: LineRef
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What a filter lets through: clients may open ``protocol`` (tcp, udp) to the servers' ports. Prefixes in CIDR
    form; an empty client is any, an empty server the outside. ``list_name`` is the list that says it."""

    client: str
    server: str
    protocol: str
    first: int
    last: int
    list_name: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class Forward:
    """A public port that leads to an inside address. ``allow``: name of the list of those who may use it."""

    public: str
    protocol: str
    first: int
    last: int
    host: str
    allow: str
    hairpin: bool
    line: LineRef


@dataclass(frozen=True, slots=True)
class SeenVpn:
    """A site-to-site VPN. ``peer`` is the address of the far end, ``local`` and ``remote`` are IPv4 prefixes in CIDR
    form. ``unfit`` says why no definition could hold it, empty = it can."""

    name: str
    peer: str
    local: tuple[str, ...]
    remote: tuple[str, ...]
    line: LineRef
    shared_secret: bool = False
    unfit: str = ""


@dataclass(frozen=True, slots=True)
class SeenLogins:
    """Servers that check logins to a device: ``method`` radius or tacacs, their addresses in order of preference.
    ``accounting``: what is typed is reported to them."""

    method: str
    servers: tuple[str, ...]
    line: LineRef = field(compare=False)
    accounting: bool = False


@dataclass(frozen=True, slots=True)
class SeenSnmp:
    """SNMPv3 with hash and cipher. ``authentication`` sha, sha256 or sha512; ``privacy`` aes128 or aes256; ``managers``
    are addresses. ``guessed``: what of it no line tells, empty where lines tell all."""

    user: str
    authentication: str
    privacy: str
    managers: tuple[str, ...]
    line: LineRef = field(compare=False)
    traps: bool = True
    guessed: str = ""


@dataclass(frozen=True, slots=True)
class SeenGuards:
    """What a switch holds senders to: ARP and IP addresses against the leases that it has seen, ``arp_rate`` in packets
    a second (0: not said), and (address, MAC address) of those with an address of their own."""

    arp: bool = False
    arp_rate: int = 0
    source: bool = False
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """One device. ``tree_mode``, ``router`` and numbers are empty or 0 where the device does not say them.
    ``vlans_known``: all VLANs of the device stand in what was read. ``logins`` are prefixes that may log in, None where
    nothing restricts it. ``secrets`` are (what it is for, the line without its value). ``refused``: why the platform
    can't be used for it. ``authentication``: the style of port access control, as a definition says it."""

    name: str
    shown_name: str
    platform: str
    role: str
    source: str
    lines: tuple[SeenLine, ...] = ()
    advice: tuple[Advice, ...] = ()
    model: str = ""
    version: str = ""
    authentication: str = "classic"
    refused: str = ""
    vlans: tuple[SeenVlan, ...] = ()
    vlans_known: bool = False
    ports: tuple[SeenPort, ...] = ()
    legs: tuple[SeenLeg, ...] = ()
    router: str = ""
    ntp: tuple[str, ...] = ()
    syslog: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    banner: tuple[str, ...] = ()
    session_minutes: int = 0
    logins: tuple[str, ...] | None = None
    servers: tuple[SeenServer, ...] = ()
    dead_minutes: int = 0
    tree_mode: str = ""
    tree_root: bool = False
    loop_guard: bool = False
    openings: tuple[Opening, ...] = ()
    forwards: tuple[Forward, ...] = ()
    vpns: tuple[SeenVpn, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Prefixes that it routes neither to the outside nor by a VPN above: to another router of the site, for one."""
    login_check: SeenLogins | None = None
    snmp: SeenSnmp | None = None
    guards: SeenGuards = SeenGuards()
    change_of_authorization: bool = False
    netblocks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    denied: str = ""
    secrets: tuple[tuple[str, LineRef], ...] = ()
    own_names: tuple[tuple[str, str], ...] = ()
    """(address, name) of hosts behind a filter of ours, the name empty where the filter is called by the address."""
    called: tuple[tuple[str, str], ...] = ()
    """(address, or prefix beyond the site; name) that remarks give to them."""
    marks: tuple[tuple[str, int], ...] = ()
    """(class of traffic, DSCP) that it gives to voice."""
    hints: tuple[tuple[int, str], ...] = ()
    """(VLAN, prefix) that something else than an interface suggests: a filter of a port, a class of traffic."""
