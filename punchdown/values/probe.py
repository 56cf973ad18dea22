"""What was looked at from outside, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from punchdown.values.position import Provenance

PortState = Literal["open", "closed", "silent", "unknown"]
"""Silent: nothing came back in time, as a filter that drops does; unknown: the look itself failed."""


@dataclass(frozen=True, slots=True)
class PortQuestion:
    """One port of one host from one place. ``allowed``: the definition lets the place reach it; ``tls``: by TLS."""

    host: str
    address: str
    protocol: Literal["tcp", "udp"]
    port: int
    allowed: bool
    tls: bool = False
    service: str = ""
    source: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class TlsSeen:
    """What a server agrees to. ``versions`` maps ``TLS 1.0`` and so on to whether it is accepted (None: can't be told);
    ``weak`` is the cipher chosen when only broken ones were offered, ``static_key`` whether a key exchange without
    forward secrecy is accepted. ``not_after`` is an ISO day; ``chain`` says why the chain is not trusted, empty when it
    is, None when nobody could tell."""

    versions: dict[str, bool | None]
    weak: str = ""
    static_key: bool | None = None
    subject: str = ""
    issuer: str = ""
    not_after: str = ""
    chain: str | None = None


@dataclass(frozen=True, slots=True)
class PortSeen:
    """The answer to a question. ``banner`` is what the port says before it is spoken to, at most 200 characters."""

    question: PortQuestion
    state: PortState
    banner: str = ""
    tls: TlsSeen | None = None
