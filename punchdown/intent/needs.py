"""What a definition asks beyond what every platform does, and what it states that no device here enforces."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class Need:
    """Something that only some platforms do. ``feature`` is a key of ``Capabilities.meets``; ``what`` names it in a
    sentence ("first-hop redundancy (vrrp group 10) in phones"). A platform that doesn't meet it refuses the site."""

    feature: str
    what: str
    source: Provenance


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the site states and that systems outside of its devices must fulfil: wireless controllers, name
    servers, PBX settings. ``subject`` is the name it is about, ``text`` what must hold."""

    feature: str
    subject: str
    text: str
    source: Provenance
