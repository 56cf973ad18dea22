"""One state of one site in, its proof out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from punchdown.intent.flows import FlowMatrix
from punchdown.intent.topology import Topology
from punchdown.proof.changes import changes
from punchdown.proof.claims import Claims
from punchdown.proof.explain import Sources
from punchdown.proof.hygiene import untidy
from punchdown.proof.judge import Judge
from punchdown.proof.network import Network
from punchdown.proof.parties import Parties
from punchdown.proof.query import ask, devices_of, read_query
from punchdown.proof.seats import following, retagged, with_devices
from punchdown.proof.sets import space
from punchdown.values import Provenance
from punchdown.values.policy import DevicePolicy, LineRef
from punchdown.values.proof import Claim, Proof


def unknown_source(_device: str, _line: LineRef) -> Provenance:
    """Nobody knows why a line exists."""
    return Provenance()


@dataclass(frozen=True)
class SiteState:
    """What a proof is about. ``policies`` by device, a device without one passes everything; ``denied`` are the
    prefixes of the wan that may use nothing, ``taken`` the addresses of devices in segments, which no machine there may
    use; ``basis`` names the state (rendered, running, "after step 7 of 12")."""

    matrix: FlowMatrix
    topology: Topology
    policies: Mapping[str, DevicePolicy]
    denied: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    basis: str = "running"
    unauthenticated: bool = False
    sources: Sources = field(default=unknown_source)

    def claims(self, like: Network | None = None) -> Claims:
        """Everything that can be asked about it. ``like``: another state of the same site, whose tables are reused."""
        return Claims(self._judge(self.policies, like), self.sources, lambda: self._judge(
            {name: _within_limits(policy) for name, policy in self.policies.items()}))

    def _judge(self, policies: Mapping[str, DevicePolicy], like: Network | None = None) -> Judge:
        network = Network(space(), self.topology, policies, unauthenticated=self.unauthenticated, like=like)
        return Judge(network, Parties(network, self.matrix, self.denied, self.taken))


def release() -> None:
    """Nothing more is asked of the sites so far: what was kept for the next question goes."""
    space().release()


_LIMIT = re.compile(r"(?:limit rate \d+/\S+(?: burst \d+ \S+)? ?)?(?:meta (?:hour|day|time) .+|time-range \S+)?")
"""Words that narrow a line to a rate or to some times, as platforms leave them unread."""


def _within_limits(policy: DevicePolicy) -> DevicePolicy:
    """The policy while no limit is reached and every schedule is on."""
    return replace(policy, tables=tuple(replace(table, rules=tuple(
        replace(rule, unread="") if rule.end_known and _LIMIT.fullmatch(rule.unread) else rule
        for rule in table.rules)) for table in policy.tables))


def prove(state: SiteState) -> Proof:
    """All claims of a site: declared flows, nothing beyond them, no forged sources."""
    claims = state.claims()
    unasked = [f"{name}: no port carries it" for name in claims.parties.seatless]
    unasked.append("inside one segment only protected hosts are filtered: what others say to each other there is not "
                   "asked")
    found = _proof(state, claims, tuple(claims.all()), tuple(unasked))
    return replace(found, untidy=tuple(item for policy in state.policies.values()
                                       for item in untidy(claims.network.space, policy)))


def evidence(state: SiteState) -> Proof:
    """All claims of a site, and for each declared service that its clients alone can open it."""
    claims = state.claims()
    return _proof(state, claims, (*claims.all(), *claims.only()))


def answer(state: SiteState, queries: Iterable[str]) -> Proof:
    """The user's own questions.

    Raises:
        PlanError: a question that can't be read, or that speaks of nobody on the site.
    """
    asked = [read_query(text) for text in queries]
    own = {name: [text.partition("/")[0] for item in policy.interfaces for text in item.addresses]
           for name, policy in state.policies.items()}
    devices = sorted({name for query in asked for name in devices_of(own, query)} - {
        host.name for host in state.matrix.hosts})
    claims = replace(state, topology=with_devices(state.topology, devices)).claims()
    return _proof(state, claims, tuple(ask(claims, query) for query in asked))


def compare(before: SiteState, after: SiteState) -> Proof:
    """What became reachable and what stopped, from one state of a site to another; empty when nothing did. States of
    two definitions are each judged by their own; who is called alike is the same."""
    before, after = (replace(state, topology=following(state.topology, state.policies)) for state in (before, after))
    old, new = before.claims(), after.claims()
    found = tuple(changes(old, new))
    told = () if before.matrix is not after.matrix else (
        *retagged(before.topology, after.topology),
        "whether people sat elsewhere before: both sides are judged by this one definition")
    return replace(_proof(after, new, found, told), basis=f"{before.basis} to {after.basis}")


def _proof(state: SiteState, claims: Claims, found: tuple[Claim, ...], unasked: tuple[str, ...] = ()) -> Proof:
    return Proof(state.matrix.site, state.basis, state.unauthenticated, found, assumed=claims.network.assumed,
                 unasked=unasked, zones=claims.parties.zones)
