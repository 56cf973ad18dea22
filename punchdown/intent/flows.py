"""All that may be reached on a site, and by whom; what no flow allows is denied."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.intent.filters import PortRange, Schedule
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class SegmentFact:
    """A segment as the proof needs it. ``router`` is the device that routes it."""

    name: str
    vlan: int
    zone: str
    prefix: str
    prefix6: str
    router: str


@dataclass(frozen=True, slots=True)
class HostFact:
    """A host. ``protected``: what reaches it is filtered on its own port as well. ``port`` is (device, port)."""

    name: str
    kind: str
    segment: str
    address: str
    address6: str
    mac: str
    protected: bool
    port: tuple[str, str]
    public_address: str


@dataclass(frozen=True, slots=True)
class Flow:
    """client -> server : service. ``client`` is a host, segment or remote name, ``wan`` or ``wan:LIST``;
    ``sources`` its prefixes of both families, empty = any address of the WAN. ``client_kind``: host, segment, remote
    (over a private WAN) or wan. ``schedule`` and ``rate`` as of a rule."""

    id: str
    client: str
    client_kind: str
    sources: tuple[str, ...]
    server: str
    destinations: tuple[str, ...]
    service: str
    protocol: str
    ports: tuple[PortRange, ...]
    source: Provenance
    schedule: Schedule = ()
    rate: int = 0


@dataclass(frozen=True, slots=True)
class RemoteFact:
    """A network beyond the site. ``via``: ``wan``, or the segment or VPN that leads there; no prefixes = anywhere."""

    name: str
    kind: str
    prefixes: tuple[str, ...]
    via: str


@dataclass(frozen=True, slots=True)
class FlowMatrix:
    """Flows sorted by id, with the hosts, segments and remote networks they speak of."""

    site: str
    segments: tuple[SegmentFact, ...]
    hosts: tuple[HostFact, ...]
    flows: tuple[Flow, ...]
    remotes: tuple[RemoteFact, ...] = ()
