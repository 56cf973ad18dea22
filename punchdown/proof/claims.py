"""The claims of a site, judged: every declared flow, nothing beyond them, no forged sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from punchdown.intent.flows import Flow
from punchdown.intent.topology import UNUSED
from punchdown.proof.explain import Sources, Story, as_packet, tell
from punchdown.proof.judge import Judge, Verdict
from punchdown.proof.network import Network
from punchdown.proof.parties import WAN, Parties, Party
from punchdown.proof.rules import Mode
from punchdown.proof.sets import TCP, UDP, PacketSet
from punchdown.values import Provenance, finding_id
from punchdown.values.policy import Field
from punchdown.values.proof import NO_SOURCE, Answer, Claim, Packet, UnreadLine


@dataclass(frozen=True, slots=True)
class Examples:
    """Which packet of a set people understand best: as a connection of a usual client to a known service."""

    network: Network
    ports: tuple[int, ...]

    def wishes(self) -> Iterator[PacketSet]:
        """Earlier ones count more."""
        where, space = self.network.space.where, self.network.space
        yield where(Field.FAMILY, (0, 0))
        yield where(Field.PROTOCOL, (TCP, TCP))
        yield where(Field.PROTOCOL, (UDP, UDP))
        yield where(Field.ICMP_TYPE, (8, 8)) | ~where(Field.PROTOCOL, (1, 1))
        yield where(Field.ICMP_CODE, (0, 0))
        yield space.union(where(Field.DESTINATION_PORT, (port, port)) for port in self.ports)
        yield where(Field.SOURCE_PORT, (49152, 65535))
        yield where(Field.DSCP, (0, 0))
        for field in (Field.SOURCE, Field.DESTINATION):
            yield ~space.where_masked(field, 0, 0xFF) & ~space.where_masked(field, 0xFF, 0xFF)

    def draw(self, packets: PacketSet) -> dict[Field, int]:
        """One packet of a set. Raises ValueError: the set is empty."""
        return self.network.space.sample(packets, self.wishes())


@dataclass(frozen=True, slots=True)
class About:
    """What a claim is about."""

    kind: str
    key: str
    client: str
    server: str
    title: str
    service: str = ""
    source: Provenance = NO_SOURCE


class Claims:
    """One state of a site. ``sources`` tells why lines exist; ``within_limits`` judges the same site where lines that
    accept up to a rate, or at some times, accept."""

    def __init__(self, judge: Judge, sources: Sources, within_limits: Callable[[], Judge]) -> None:
        self.judge = judge
        self.sources = sources
        self._within_limits = within_limits
        self.network = judge.network
        self.parties: Parties = judge.parties
        ports = {item.first for flow in self.parties.matrix.flows for item in flow.ports}
        self.examples = Examples(self.network, tuple(sorted(ports)))

    @cached_property
    def unread(self) -> tuple[UnreadLine, ...]:
        """Lines outside of tables that could matter: whatever is proved without them is not proved."""
        return tuple(UnreadLine(name, line) for name, device in self.network.devices.items()
                     for line in device.policy.unread)

    def all(self) -> Iterator[Claim]:
        """Flows in their order, then the rest, then forged sources."""
        if not self.network.unauthenticated:
            for flow in self.parties.matrix.flows:
                yield self.flow(flow)
        for client in self.parties.all:
            for server in self.parties.all:
                if self._asked(client, server):
                    yield self.rest(client, server)
        for network in self.parties.networks:
            yield self.spoofed(network)
        for network in self.parties.tunnelled:
            yield from self.in_clear(network)
        if seats := self.network.attachments("unused", UNUSED):
            yield self._forged(About("unused", UNUSED, UNUSED, "", "nobody reaches anything from an unused port"),
                               Party("unused", UNUSED, ""), seats, f"{UNUSED} lead to")

    def _asked(self, client: Party, server: Party) -> bool:
        """Inside one segment only protected hosts are filtered: nobody promises anything about the others."""
        return client != server and (client.segment != server.segment or server.protected)

    def flow(self, flow: Flow) -> Claim:
        """A declared flow, over all that its ends stand for."""
        title = f"{flow.client} reaches {flow.server}: {flow.service} ({_service(flow)})"
        ends = [(client, server) for client in self.parties.members(flow.client)
                for server in self.parties.members(flow.server) if client != server]
        told = About("flow", flow.id, flow.client, flow.server, title, flow.service, flow.source)
        if not ends:
            return self.claim(told, Verdict(Answer.UNKNOWN), "no port of the site carries one of its ends")
        for client, server in ends:
            if router := self.parties.unread_router(client, server):
                return self.claim(told, Verdict(Answer.UNKNOWN), _unread_router(router, client, server))
        found = self._found(self.judge, flow, ends)
        if not found:
            return self.claim(told, Verdict(Answer.PROVED), "nobody can use it: its ends are one port")
        one_way = any(verdict.one_way for verdict, _, _ in found)
        verdict, client, server = max(found, key=lambda item: _RANK[item[0].answer])
        if verdict.answer is Answer.UNKNOWN and (flow.rate or flow.schedule) and all(
                item.answer is Answer.PROVED for item, _, _ in self._found(self.limited, flow, ends)):
            bounds = (f"up to {flow.rate} new connections a second" if flow.rate else "",
                      "at the times of its schedule" if flow.schedule else "")
            return self.claim(told, Verdict(Answer.PROVED), " and ".join(word for word in bounds if word), "both ways")
        meaning = {Answer.REFUTED: f"{client} can't use {flow.service} on {server}",
                   Answer.UNKNOWN: f"lines nobody understood decide whether {client} can use {flow.service} on "
                                   f"{server}",
                   Answer.PROVED: "no answer can come back" if one_way else ""}[verdict.answer]
        reach = "one way" if one_way else "both ways"
        return self.claim(told, verdict, meaning, reach if verdict.answer is Answer.PROVED else "")

    @cached_property
    def limited(self) -> Judge:
        """The same site within its limits."""
        return self._within_limits()

    def _found(self, judge: Judge, flow: Flow,
               ends: list[tuple[Party, Party]]) -> list[tuple[Verdict, Party, Party]]:
        return [(verdict, client, server) for client, server in ends for verdict in judge.flow(flow, client, server)]

    def rest(self, client: Party, server: Party) -> Claim:
        """What no flow allows, of one party to another."""
        told = About("rest", f"{client}>{server}", client.name, server.name,
                      f"nothing else from {client} reaches {server}")
        if router := self.parties.unread_router(client, server):
            return self.claim(told, Verdict(Answer.UNKNOWN), _unread_router(router, client, server))
        verdict = self.judge.rest(client, server)
        return self.claim(told, verdict, reach=_reach(verdict))

    def only(self) -> Iterator[Claim]:
        """For each declared service of each server: its clients alone can open it."""
        declared: dict[tuple[str, str], list[Flow]] = {}
        for flow in self.parties.matrix.flows:
            declared.setdefault((flow.server, flow.service), []).append(flow)
        for flows in declared.values():
            yield self._only(flows)

    def _only(self, flows: Sequence[Flow]) -> Claim:
        first, servers = flows[0], self.parties.members(flows[0].server)
        apart = "" if all(item.protected for item in servers) else " (its own segment is not asked)"
        clients = ", ".join(sorted({flow.client for flow in flows}))
        told = About("only", f"{first.server}:{first.service}", "", first.server,
                     f"only {clients} can open {first.service} on {first.server}{apart}", first.service, first.source)
        verdict = Verdict(Answer.PROVED)
        for server in servers:
            for client in self.parties.all:
                if not self._asked(client, server):
                    continue
                if router := self.parties.unread_router(client, server):
                    return self.claim(told, Verdict(Answer.UNKNOWN), _unread_router(router, client, server))
                found = self.judge.rest(client, server, flows)
                if _RANK[found.answer] > _RANK[verdict.answer]:
                    verdict, told = found, replace(told, client=client.name)
        return self.claim(told, verdict, reach=_reach(verdict))

    def spoofed(self, segment: Party) -> Claim:
        """Forged sources from any port of a segment (or from the wan) to everybody else."""
        seats = [seat for party in self.parties.all if party.segment == segment.segment
                 for seat in self.parties.seats(party)]
        return self._forged(About("spoofed", segment.name, segment.name, "",
                                  f"forged sources from {segment} reach nobody"), segment, seats,
                            "a forged source reaches")

    def in_clear(self, remote: Party) -> Iterator[Claim]:
        """What a VPN carries comes and goes by it alone, never by the wan as it is."""
        outside = self.parties.seats(WAN)
        inner = [party for party in self.parties.all if party not in {WAN, remote}]
        told = About("clear", f"{remote}>site", "wan", "",
                     f"nothing in the name of {remote} gets in unencrypted from the wan")
        found = [(self.judge.pretending(remote, outside, server), server.name) for server in inner]
        verdict, reached = max(found, key=lambda item: _RANK[item[0].answer])
        yield self.claim(replace(told, server=reached if verdict.answer is not Answer.PROVED else ""), verdict,
                         "an unencrypted packet gets in" if verdict.answer is Answer.UNKNOWN else "")
        told = About("clear", f"site>{remote}", "", remote.name,
                     f"nothing for {remote} leaves unencrypted to the wan")
        seats = dict.fromkeys(seat for party in inner for seat in self.parties.seats(party))
        verdict = self.judge.leaking(seats, remote)
        plain = verdict.answer is not Answer.PROVED
        yield self.claim(told, verdict, f"what is for {remote} leaves unencrypted" if plain else "")

    def _forged(self, told: About, sender: Party, seats: Iterable[int], words: str) -> Claim:
        """Whether what nobody at these seats may say reaches anybody of another segment, or a protected host."""
        verdict, reached = Verdict(Answer.PROVED), ""
        for server in self.parties.all:
            if not (server.protected or server.segment != sender.segment):
                continue
            own = set(self.parties.seats(server))
            found = self.judge.spoofed(sender, [seat for seat in seats if seat not in own], server)
            if _RANK[found.answer] > _RANK[verdict.answer]:
                verdict, reached = found, server.name
        return self.claim(replace(told, server=reached), verdict, f"{words} {reached}" if reached else "")

    def claim(self, told: About, verdict: Verdict, meaning: str = "", reach: str = "") -> Claim:
        """A verdict with its packet, the packet's way, and the lines that nobody understood."""
        packet, story = self._story(verdict, told.kind)
        answer = verdict.answer
        unread = story.unread if story is not None and answer is Answer.UNKNOWN else ()
        if packet is not None and answer is Answer.REFUTED:
            plain = told.kind in {"flow", "query"}
            meaning = f"{meaning}: {packet}" if plain else _harm(packet, told.server, told.kind, reach)
        if doubts := self._doubts(told, answer, story):
            meaning = f"lines nobody understood could change it: {meaning}".removesuffix(": ")
            answer, unread = Answer.UNKNOWN, doubts
        return Claim(finding_id("prove", self.parties.matrix.site, told.kind, told.key), told.kind, told.client,
                     told.server, told.title, answer, meaning, told.service, reach, packet,
                     story.hops if story is not None else (), unread, told.source)

    def _doubts(self, told: About, answer: Answer, story: Story | None) -> tuple[UnreadLine, ...]:
        """Lines outside of tables that could change a sure answer: on the way of a packet that arrives, else wherever
        the client's packets come to. What changed between two states is asked of both with the same lines."""
        if answer is Answer.UNKNOWN or not self.unread or told.kind in {"gained", "stopped"}:
            return ()
        missing = told.kind in _MISSING or (told.kind == "query" and answer is Answer.REFUTED)
        if story is not None and not missing:
            return tuple(line for line in self.unread if line.device in story.crossed)
        seats = [seat for party in self.parties.members(told.client) for seat in self.parties.seats(party)]
        if not seats:
            return self.unread
        touched = {name for seat in seats for name in self.judge.touched(seat)}
        return tuple(line for line in self.unread if line.device in touched)

    def _story(self, verdict: Verdict, kind: str) -> tuple[Packet | None, Story | None]:
        if verdict.packets is None:
            return None, None
        numbers = self.examples.draw(verdict.packets)
        sure = verdict.answer is (Answer.PROVED if kind == "query" else Answer.REFUTED) and kind not in _MISSING
        mode = Mode.MUST if sure else Mode.MAY
        story = tell(self.network, numbers, verdict.client, verdict.server, mode, self.sources)
        return as_packet(numbers), story


def _unread_router(router: str, client: Party, server: Party) -> str:
    return f"{router} routes between {client} and {server}, and nothing reads its configuration"


_MISSING = {"flow", "stopped"}
"""Kinds of claims that a packet refutes by not getting through."""
_RANK = {Answer.PROVED: 0, Answer.UNKNOWN: 1, Answer.REFUTED: 2}


def _reach(verdict: Verdict) -> str:
    if verdict.answer is not Answer.REFUTED:
        return ""
    return "one way" if verdict.one_way else "both ways"


def _harm(packet: Packet, server: str, kind: str, reach: str) -> str:
    """``10.20.32.7 can open TCP 1752 on mivb-1``."""
    port = f" {packet.destination_port}" if packet.destination_port else ""
    what = f"{packet.protocol.upper()}{port}"
    if kind == "unused":
        return f"whoever plugs into an unused port can send {what} to {server}"
    if kind == "spoofed":
        return f"a packet that says it comes from {packet.source} reaches {server} ({what})"
    if kind == "clear":
        return f"a packet from {packet.source} to {packet.destination} ({what}) passes beside the VPN, unencrypted"
    if kind == "stopped":
        return f"{packet.source} can't open {what} on {server} any more"
    if reach == "one way":
        return f"{packet.source} can send {what} to {server}; no answer comes back"
    return f"{packet.source} can open {what} on {server}"


def _service(flow: Flow) -> str:
    ports = ", ".join(str(item) for item in flow.ports)
    return f"{flow.protocol} {ports}".strip()


def ordered(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Worst first, else as they were."""
    return tuple(sorted(claims, key=lambda claim: -_RANK[claim.answer]))
