"""Marking and trust."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.intent.filters import PortRange
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class TrafficClass:
    """``dscp`` 0..63 (RFC 2474), ``pcp`` 0..7 (IEEE 802.1Q). ``name``: media, signalling, video.
    ``udp_ports``/``tcp_ports`` recognise the class where the marks can't be trusted."""

    name: str
    dscp: int
    pcp: int
    udp_ports: tuple[PortRange, ...]
    tcp_ports: tuple[PortRange, ...]
    source: Provenance


@dataclass(frozen=True, slots=True)
class QosIntent:
    """Classes in order of priority; frames in ``untrusted_vlans`` and untagged frames of a phone port get DSCP 0."""

    classes: tuple[TrafficClass, ...]
    voice_vlans: tuple[int, ...]
    untrusted_vlans: tuple[int, ...]
    source: Provenance
