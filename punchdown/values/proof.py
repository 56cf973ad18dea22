"""What a proof found: claims, each proved, refuted by a packet, or unknown because of lines nobody understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from punchdown.errors import ExitCode
from punchdown.values.policy import LineRef
from punchdown.values.position import Provenance

NO_SOURCE = Provenance()


class Answer(StrEnum):
    """Three, never two."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as it was sent. ``family`` is 4 or 6; ports are 0 where the protocol has none; ``icmp_type`` is -1
    for what is not ICMP."""

    family: int
    protocol: str
    source: str
    destination: str
    source_port: int = 0
    destination_port: int = 0
    icmp_type: int = -1

    def __str__(self) -> str:
        if self.icmp_type >= 0:
            return f"{self.protocol} type {self.icmp_type} {self.source} -> {self.destination}"
        if not self.destination_port and not self.source_port:
            return f"{self.protocol} {self.source} -> {self.destination}"
        left, right = (f"[{text}]" if self.family == 6 else text for text in (self.source, self.destination))
        return f"{self.protocol} {left}:{self.source_port} -> {right}:{self.destination_port}"


@dataclass(frozen=True, slots=True)
class Hop:
    """One look at the packet on its way. ``place`` says where ("in by p5", "from lan130 to lan110"); ``passed`` what
    became of it; ``table`` and ``line`` decided (None: nothing is bound there); ``source`` is the line's provenance
    where it was rendered. ``reply``: it was the answer that was looked at."""

    device: str
    place: str
    passed: bool
    table: str = ""
    line: LineRef | None = None
    source: Provenance = NO_SOURCE
    reply: bool = False


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that was not understood and could matter."""

    device: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class Claim:
    """``kind``: flow (a declared flow is open), only (to its clients alone), rest (nothing that no flow allows gets
    through), spoofed (forged sources reach nothing), clear (nothing that a VPN carries passes beside it), unused
    (whoever plugs into a closed port reaches nothing), query, gained or stopped (what changed between two states).
    ``reach``: ``both ways``, or ``one way`` when the packet arrives but no answer can come back. ``packet`` is the
    counter-example of a refuted claim (the example of a proved query)."""

    id: str
    kind: str
    client: str
    server: str
    title: str
    answer: Answer
    meaning: str = ""
    service: str = ""
    reach: str = ""
    packet: Packet | None = None
    hops: tuple[Hop, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    source: Provenance = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Untidy:
    """Something of a filter that is not wrong but not right. ``kind``: shadowed (``other`` takes all its packets and
    does otherwise), redundant (without it all stays the same), unreachable (no packet can come there), unused,
    undefined."""

    kind: str
    device: str
    table: str
    line: LineRef | None = None
    other: LineRef | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One site. ``basis``: rendered, running or a step of a plan; ``unauthenticated``: ports that ask for 802.1X were
    taken as nobody had authenticated. ``assumed`` are devices whose configuration nothing reads, taken as passing
    everything; ``unasked`` says in words what no claim covers. ``zones``: hosts, segments and
    ``wan`` to their trust zone."""

    site: str
    basis: str
    unauthenticated: bool
    claims: tuple[Claim, ...]
    untidy: tuple[Untidy, ...] = ()
    assumed: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    zones: dict[str, str] = field(default_factory=dict)

    def count(self, answer: Answer) -> int:
        """How many claims got this answer."""
        return sum(claim.answer is answer for claim in self.claims)

    @property
    def exit_code(self) -> ExitCode:
        """0 when all is proved, else 2."""
        return ExitCode.OK if self.count(Answer.PROVED) == len(self.claims) else ExitCode.DIFFERENT


@dataclass(frozen=True, slots=True)
class Proofs:
    """All that one run proved. ``failures``: device to why its configuration could not be had; its site has no proof.
    ``generated`` is handed in (UTC, ISO 8601)."""

    estate: str
    generated: str
    proofs: tuple[Proof, ...]
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> ExitCode:
        """1 when a configuration could not be had; else 2 unless all is proved."""
        if self.failures:
            return ExitCode.FAILED
        return max((proof.exit_code for proof in self.proofs), default=ExitCode.OK)
