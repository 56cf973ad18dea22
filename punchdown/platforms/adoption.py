"""How a platform helps to adopt devices that run already. Optional: a platform without it can't be imported.

A platform offers it as an attribute ``adopter`` beside the members of its contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from punchdown.platforms.contract import Fingerprint, Platform, Reader
from punchdown.values import RunningConfig
from punchdown.values.adopted import DENIES, Advice, SeenDevice, SeenPort
from punchdown.values.policy import LineRef

Found = tuple[str, LineRef, tuple[str, ...], str]
"""What the guideline wants otherwise: title, line, controls, severity."""
WIDE = 64
"""A trunk's list of more VLANs than this is one of convenience: nobody meant each of them."""
_STRICT = ("dot1x-enabled-on-access-switches",)
_APART = ("segregation-by-type-and-trust",)


class Adopter(Protocol):
    """Reads what a device runs into vendor-free words. Everything but ``fetch`` is pure."""

    def recognises(self, text: str) -> bool:
        """Whether a text is a configuration of this platform."""

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """Saved texts of one device by file name, as documents by name, secrets masked: nothing else ever sees them."""

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """What an import wants to know of a device, masked. Raises DeviceError."""

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """The device as its documents show it; ``name`` where they don't name it, ``source`` for people."""


def adopter_of(room: Platform) -> Adopter | None:
    """What a platform offers for it, None where it offers nothing."""
    found: Adopter | None = getattr(room, "adopter", None)
    return found


def judged(port: SeenPort) -> Iterator[Found]:
    """What a port as a whole has against the guideline."""
    if port.closed or port.unread or port.mode == "routed" or (port.bundle and not port.is_bundle):
        return
    if port.mode == "trunk":
        if port.tagged is None or len(port.tagged) > WIDE:
            yield "a trunk carries every VLAN", port.line, _APART, "medium"
        if port.native_vlan == 1:
            yield "a trunk carries VLAN 1 untagged", port.line, _APART, "low"
    elif port.mode == "access":
        if port.auth is None and not port.list_name:
            yield "a port asks nobody who plugs in", port.line, _STRICT, "medium"
        if port.voice_vlan and port.voice_vlan == port.access_vlan:
            yield "phones and PCs share a VLAN", port.line, ("segregation-phone-vlan",), "high"
        if not port.broadcast_percent:
            yield "a port passes any flood of broadcasts", port.line, ("dos-broadcast-containment",), "low"
    elif not port.is_bundle:
        yield "a port that nobody configured is open in VLAN 1", port.line, _APART, "medium"


def gathered(found: Iterable[Found]) -> tuple[Advice, ...]:
    """The same thing on several lines as one, in order of the first."""
    by_title: dict[tuple[str, tuple[str, ...], str], list[LineRef]] = {}
    for title, line, controls, severity in found:
        by_title.setdefault((title, controls, severity), []).append(line)
    return tuple(Advice(title, tuple(lines), controls, severity)
                 for (title, controls, severity), lines in by_title.items())


def denials(lists: Iterable[tuple[str, Sequence[tuple[LineRef, str]]]], ours: str) -> Iterator[Advice]:
    """Lists of others (name, entries in order) that deny something before they permit, as one; those of ours begin
    with ``ours``."""
    found: list[LineRef] = []
    for name, entries in lists:
        last = max((place for place, (_, text) in enumerate(entries) if text.startswith("permit ")), default=0)
        early = tuple(line for line, text in entries[:last] if text.startswith("deny "))
        found += early if not name.startswith(ours) else ()
    if found:
        yield Advice(DENIES, tuple(found), (), "medium")
