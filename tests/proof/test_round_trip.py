"""Random sites: what is rendered means what the flow matrix says, no less and no more; one wrong line breaks it."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from punchdown.compiler import CompiledSite, compile_site
from punchdown.model import LoadedSite, Positions, Site
from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.proof import SiteState, prove
from punchdown.render import render_device
from punchdown.values import IntendedConfig, Position
from punchdown.values.policy import Field
from punchdown.values.proof import Answer

from . import plain
from .plain_walk import Site as PlainSite
from .plain_walk import ends, swapped
from .random_sites import definitions
from .test_lisbon import happens
from .test_walk import answer_to

SITES = int(os.environ.get("PUNCHDOWN_RANDOM_SITES", "5"))
SWITCHES = {"cisco_ios": (("cisco_ios",), ("cisco_ios", "openvswitch"), ("cisco_ios", "cisco_ios")),
            "openvswitch": (("openvswitch",), ("openvswitch", "cisco_ios")),
            "linux_nftables": (("openvswitch",), ("cisco_ios",))}
BOUNDED = settings(max_examples=SITES, deadline=None, suppress_health_check=list(HealthCheck),
                   phases=(Phase.reuse, Phase.generate))
"""A site takes a second: a failing one is shown as it was drawn."""
OUTSIDE, HOME = "192.0.2.77", "203.0.113.70"
CLIENT_PORT = 40000


def compiled(definition: dict[str, Any]) -> CompiledSite:
    site = compile_site(LoadedSite(Site.model_validate(definition),
                                   Positions({(): Position("porto.yml", 1, 1)}, {})))
    assert site.errors == (), [item.message for item in site.errors]
    return site


def rendered(site: CompiledSite) -> tuple[Mapping[str, IntendedConfig], dict[str, dict[str, str]]]:
    intended = {intent.device: render_device(intent) for intent in site.devices}
    return intended, rendered_documents(intended)


def people(state: SiteState) -> dict[str, tuple[str, str, str]]:
    """An address of everybody who may send: to (name of host, segment or wan; segment; public address)."""
    found = {host.address: (host.name, host.segment, host.public_address) for host in state.matrix.hosts}
    for segment in state.matrix.segments:
        network = ip_network(segment.prefix)
        found[str(network[201])] = (segment.name, segment.name, "")
    return {**found, OUTSIDE: ("wan", "wan", ""), HOME: ("wan", "wan", "")}


def declared(state: SiteState, packet: plain.Packet) -> bool:
    """Whether some flow allows it, flow by flow; ``packet`` goes to the real address of the host."""
    inside = [ip_network(segment.prefix) for segment in state.matrix.segments]

    def lies(number: int, prefixes: tuple[str, ...]) -> bool:
        address = ip_address(number)
        if not prefixes:
            return not any(address in network for network in inside)
        return any(address in ip_network(text) for text in prefixes if ":" not in text)

    return any(lies(packet[Field.SOURCE], flow.sources) and lies(packet[Field.DESTINATION], flow.destinations)
               and {"tcp": 6, "udp": 17}.get(flow.protocol) == packet[Field.PROTOCOL]
               and any(ports.first <= packet[Field.DESTINATION_PORT] <= ports.last for ports in flow.ports)
               for flow in state.matrix.flows)


def opened(state: SiteState, client: str, server: str, packet: plain.Packet) -> set[bool]:
    """Whether the plain evaluator sees it open: TCP arrives and is answered, UDP arrives; from each port to each, of
    segments with many the outermost."""
    site = PlainSite(state.topology, dict(state.policies))
    starts, targets = (sorted({(item.device, item.port, item.tag) for item in state.topology.attachments
                               if item.name == name}) for name in (client, server))
    told = set()
    for start in {*starts[:2], *starts[-1:]}:
        arrived, memory = site.send(start, packet, None)
        for target in {*targets[:2], *targets[-1:]} - {start}:
            came = [plain.thawed(left) for where, left in arrived if where == target]
            back = any(where == start and swapped(ends(plain.thawed(reply))) == ends(packet)
                       for left in came for where, reply in site.send(target, answer_to(left), memory)[0])
            told.add(back if packet[Field.PROTOCOL] == 6 else bool(came))
    return told


def letters(state: SiteState, dice: random.Random, count: int) -> list[tuple[str, str, plain.Packet, plain.Packet]]:
    """(client, server, packet as sent, as meant for the real address): corners of flows between anybody."""
    everybody = people(state)
    seated = {item.name for item in state.topology.attachments}
    protected = {host.name for host in state.matrix.hosts if host.protected}
    found = []
    while len(found) < count:
        flow = dice.choice(state.matrix.flows)
        wanted = [address for address in everybody if any(
            ip_address(address) in ip_network(text) for text in flow.destinations if ":" not in text)]
        source = dice.choice(list(everybody))
        target = dice.choice(wanted if wanted and dice.random() < 0.7 else list(everybody))
        (client, one, _), (server, other, public) = everybody[source], everybody[target]
        alone = one == other and not {client, server} & protected
        if source == target or alone or not {client, server} <= seated or (client == "wan" and not public):
            continue
        port = dice.choice([number + step for ports in flow.ports for number in (ports.first, ports.last)
                            for step in (-1, 0, 0, 1)] or [443])
        meant = dict.fromkeys(Field, 0) | {
            Field.ETHERTYPE: 0x0800, Field.PROTOCOL: dice.choice((6, 17)), Field.SOURCE: int(ip_address(source)),
            Field.DESTINATION: int(ip_address(target)), Field.SOURCE_PORT: CLIENT_PORT,
            Field.DESTINATION_PORT: min(65535, max(1, port))}
        as_sent = {**meant, Field.DESTINATION: int(ip_address(public))} if client == "wan" else meant
        found.append((client, server, as_sent, meant))
    return found


def means_the_matrix(definition: dict[str, Any], dice: random.Random) -> Counter[bool]:
    """Every declared flow of a rendered site is proved and nothing else is; the plain evaluator says the same of corner
    packets. How many of these were allowed, and how many not."""
    site, seen = compiled(definition), Counter[bool]()
    state = site_state(site, *rendered(site), "rendered")
    found = prove(state)
    assert [(claim.kind, claim.title, claim.meaning) for claim in found.claims
            if claim.answer is not Answer.PROVED] == []
    assert sum(claim.kind == "flow" for claim in found.claims) == len(state.matrix.flows) > 0
    for client, server, packet, meant in letters(state, dice, 25):
        allowed = declared(state, meant)
        assert opened(state, client, server, packet) == {allowed}, (client, server, packet)
        seen[allowed] += 1
    return seen


@pytest.mark.parametrize("name", SWITCHES)
def test_what_is_rendered_means_the_flow_matrix(name):
    seen = Counter()

    @settings(BOUNDED)
    @given(st.one_of(*map(definitions, SWITCHES[name])), st.randoms(use_true_random=False))
    def check(definition: dict[str, Any], dice: random.Random) -> None:
        seen.update(means_the_matrix(definition, dice))

    check()
    assert min(seen[True], seen[False]) > 10


def wrong_line(name: str, texts: dict[str, str], state: SiteState) -> dict[str, str]:
    """A device's documents with one line too many; on IOS in each of the lists that stand between the two hosts."""
    hosts = {host.name: host.address for host in state.matrix.hosts}
    if name == "linux_nftables":
        office = next(ip_network(item.prefix) for item in state.matrix.segments if item.name == "office")
        line = f"\t\tip saddr {office} ip daddr {hosts['neighbour']} tcp dport 4444 accept\n"
        return {key: text.replace("\tchain from_inside {\n", f"\tchain from_inside {{\n{line}")
                for key, text in texts.items()}
    if name == "cisco_ios":
        lists = re.compile(rf"(ip access-list extended PD-from-(?:pbx-1|{re.escape(hosts['neighbour'])})\n)")
        return {key: lists.sub(r"\1 1 permit tcp any any\n", text) for key, text in texts.items()}
    return {key: text + "table=0,priority=60000,ip actions=NORMAL\n" if key.startswith("flows:") else text
            for key, text in texts.items()}


@pytest.mark.parametrize("name", SWITCHES)
def test_one_wrong_line_is_refuted(name):
    """With packets that the plain evaluator sees arrive; declared flows stay open."""
    shown = {"linux_nftables": ("office", "neighbour"), "cisco_ios": ("neighbour", "pbx-1"),
             "openvswitch": ("neighbour", "pbx-1")}[name]

    @settings(BOUNDED)
    @given(definitions(SWITCHES[name][0]))
    def check(definition: dict[str, Any]) -> None:
        site = compiled(definition)
        intended, texts = rendered(site)
        device = "fw-1" if name == "linux_nftables" else "sw-1"
        good = site_state(site, intended, texts, "rendered")
        changed = {**texts, device: wrong_line(name, texts[device], good)}
        assert changed[device] != texts[device]
        state = site_state(site, intended, changed, "edited")
        refuted = [claim for claim in prove(state).claims if claim.answer is Answer.REFUTED]
        assert shown in {(claim.client, claim.server) for claim in refuted}
        for claim in refuted:
            if claim.kind == "rest":
                assert happens(state, claim)[0], claim
        assert {claim.kind for claim in refuted} <= {"rest", "spoofed"}

    check()
