"""How the site's boxes are wired, as the definition says it: what the proof walks along."""

from __future__ import annotations

from dataclasses import dataclass

UNUSED = "unused ports"
"""The name of whoever sits on a port that the definition closes."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Who may sit on a port: ``kind`` host (``name`` a host of the site), segment (any machine of segment ``name``:
    phone and PC ports stand once per segment they carry), wan, remote (a network that an uplink leads to), or unused
    (whoever plugs into a port that the definition closes). ``tag`` is the VLAN with which it speaks, 0 = untagged.
    ``device``/``port`` are of the switch; for the wan of the firewall, and for a network behind a VPN the firewall and
    the VPN's name."""

    kind: str
    name: str
    device: str
    port: str
    tag: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two managed devices; each end is (device, port or routed interface)."""

    one: tuple[str, str]
    other: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Topology:
    """All attachments and links, sorted."""

    site: str
    attachments: tuple[Attachment, ...]
    links: tuple[Link, ...]
