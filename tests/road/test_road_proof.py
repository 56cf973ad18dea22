"""The proof against the real data plane: its counter-examples arrive, and on corner packets both agree."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from punchdown.lab.real.outside import USUAL
from punchdown.lab.real.site import LabSite, read_site
from punchdown.pipeline import Context, Selection
from punchdown.pipeline.proving import fetch_running, ground_of, running_documents, site_state
from punchdown.proof import SiteState
from punchdown.proof.judge import Judge
from punchdown.proof.rules import Mode
from punchdown.values.policy import Field, Match
from tests.road.conftest import Road
from tests.road.packets import TCP, UDP, Letter, send

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PACKETS = int(os.environ.get("PUNCHDOWN_ROAD_PACKETS", "250"))
PUBLIC = "203.0.113.10"
WAN_HOSTS = ("router", *USUAL)
SMDR = "table=32,priority=40000,tcp,nw_src=10.20.10.50,nw_dst=10.20.10.10,tp_dst=1752"
MINET = "table=32,priority=40000,tcp,reg0=0x96,nw_dst=10.20.50.10,tp_dst=6803"
THROUGH = "ct(commit,zone=NXM_NX_REG0[0..15]),resubmit(,40)"
BREAKS = (
    ("sw-core-1", ("ovs-ofctl", "add-flow", "br0", f"{SMDR},actions={THROUGH}")),
    ("fw-1", ("from_inside", 'ip saddr 10.20.32.0/24 ip daddr 10.20.40.20 tcp dport 22 accept')),
    ("sw-core-1", ("ovs-ofctl", "add-flow", "br0", f"{MINET},actions={THROUGH}")),
    ("fw-1", ("nat_prerouting", f'iifname "wan0" ip daddr {PUBLIC} tcp dport 6803 dnat ip to 10.20.50.10')),
    ("fw-1", ("from_wan", "ip daddr 10.20.50.10 tcp dport 6803 ct status dnat accept")),
)
"""By hand: a flow that opens SMDR to a neighbour, a rule for all PCs, a port-forward one port wider."""


def prove(road: Road, *words: str) -> tuple[int, str]:
    """The command line over what the lab's devices run."""
    done = road.run("prove", "--operator", str(road.lab_dir / "operator"), *words)
    assert done.returncode in {0, 2}, done.stderr[-2000:]
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def plan(applied: Road) -> LabSite:
    return read_site(applied.estate / "sites" / "lisbon.yml")


@pytest.fixture(scope="module")
def state(applied: Road) -> SiteState:
    """What every device of the lab runs while nothing is broken."""
    ground = ground_of(applied.estate, Selection())
    context = Context(applied.estate, applied.lab_dir / "operator", datetime.now(UTC).isoformat(), "tests")
    found, failures = fetch_running(context, ground)
    assert failures == {}
    return site_state(ground.sites["lisbon"], ground.intended, running_documents(found), "running")


def test_what_runs_is_proved(applied: Road) -> None:
    code, out = prove(applied)
    assert code == 0, out
    assert "refuted" not in out
    assert prove(applied, "--diff", "running", "rendered")[0] == 0
    code, out = prove(applied, "--query", "tcp smdr-taker -> mivb-1:1752")
    assert code == 0
    code, out = prove(applied, "--query", "tcp office -> mivb-1:1752")
    assert code == 2
    assert "tcp reset" in out


def addresses(plan: LabSite) -> dict[str, tuple[str, ...]]:
    """The IPv4 addresses of every machine that a proof may speak of and that has one leg."""
    legs = Counter(leg.machine for leg in plan.legs)
    named = {name for name in (*plan.hosts, *plan.endpoints) if legs[name] == 1}
    found = {leg.machine: tuple(text.partition("/")[0] for text in leg.addresses if ":" not in text)
             for leg in plan.legs if leg.machine in named}
    outside = {name: (cidr.partition("/")[0],) for name, cidr in plan.wan.hosts.items()} if plan.wan else {}
    return {name: some for name, some in {**found, **outside}.items() if some}


class Oracle:
    """What the proof says of single packets: the machines that one comes to."""

    def __init__(self, state: SiteState, plan: LabSite) -> None:
        self.judge: Judge = state.claims().judge
        self.space = self.judge.space
        self.addresses = addresses(plan)
        seats = self.judge.network.seats
        self.seats: dict[str, int] = {}
        for leg in plan.legs:
            if leg.machine in self.addresses:
                wanted = (("host", leg.machine), ("segment", leg.segment))
                self.seats[leg.machine] = next(
                    number for kind in wanted for number, seat in enumerate(seats)
                    if seat.device == plan.switch and leg.port in seat.members and kind in seat.who)
        (wan,) = self.judge.network.attachments("wan", "wan")
        self.seats |= dict.fromkeys((name for name in WAN_HOSTS if name in self.addresses), wan)

    def comes_to(self, letter: Letter) -> set[str]:
        packet = dict.fromkeys(Field, 0) | {
            Field.ETHERTYPE: 0x0800, Field.PROTOCOL: letter.protocol, Field.SOURCE: int(ip_address(letter.source)),
            Field.DESTINATION: int(ip_address(letter.destination)), Field.SOURCE_PORT: letter.source_port,
            Field.DESTINATION_PORT: letter.destination_port}
        one = self.space.packet({field: packet[field] for field in Field if field not in {
            Field.SOURCE_MAC, Field.DESTINATION_MAC}})
        found = set()
        for item in self.judge.delivered(self.seats[letter.machine], Mode.MAY):
            if one & item.packets != self.space.nothing:
                address = str(ip_address(item.arrival.header.of(packet)[Field.DESTINATION]))
                found |= {name for name, own in self.addresses.items()
                          if address in own and self.seats[name] == item.arrival.seat}
        return found


def corner_letters(state: SiteState, oracle: Oracle, count: int) -> list[Letter]:
    """Between any two machines, with ports on, below and above the boundaries of what the devices' rules say; each
    connection only once, since devices remember them."""
    dice = random.Random(20)
    edges: dict[Field, set[int]] = {Field.SOURCE_PORT: set(), Field.DESTINATION_PORT: set()}
    for rule in (rule for policy in state.policies.values() for table in policy.tables for rule in table.rules):
        for match in rule.matches:
            if isinstance(match, Match) and match.field in edges:
                edges[match.field] |= {number + step for pair in match.ranges for number in pair for step in (-1, 0, 1)}
    ports = sorted(number for number in edges[Field.DESTINATION_PORT] if 1 <= number <= 65535)
    sources = sorted(number for number in edges[Field.SOURCE_PORT] if 1 <= number <= 65535)
    flows = [flow for flow in state.matrix.flows if flow.protocol in {"tcp", "udp"} and flow.ports]
    machines = sorted(oracle.seats)
    used: set[tuple[object, ...]] = set()
    found: list[Letter] = []
    while len(found) < count:
        flow = dice.choice(flows)
        protocol = {"tcp": TCP, "udp": UDP}[flow.protocol] if dice.random() < 0.9 else dice.choice((TCP, UDP))
        clients = [name for name in machines if not flow.sources or _within(oracle, name, flow.sources)]
        servers = [name for name in machines if not flow.destinations or _within(oracle, name, flow.destinations)]
        client = dice.choice(clients if clients and dice.random() < 0.8 else machines)
        server = dice.choice(servers if servers and dice.random() < 0.8 else machines)
        span = dice.choice(flow.ports)
        port = dice.choice((span.first - 1, span.first, span.last, span.last + 1)) if dice.random() < 0.8 else (
            dice.choice(ports))
        source_port = dice.choice(sources) if dice.random() < 0.1 else dice.randint(1024, 30000)
        outside = server == "mbg-1" and dice.random() < (0.9 if client in WAN_HOSTS else 0.3)
        destination = PUBLIC if outside else dice.choice(oracle.addresses[server])
        source = dice.choice(oracle.addresses[client])
        ends = (protocol, source, source_port, destination, port)
        back = (protocol, destination, port, source, source_port)
        same = client == server or {client, server} <= set(WAN_HOSTS)
        if same or ends in used or back in used or not 0 < port < 65536:
            continue
        used.add(ends)
        found.append(Letter(client, protocol, source, source_port, destination, port))
    return found


def _within(oracle: Oracle, name: str, prefixes: tuple[str, ...]) -> bool:
    return any(ip_address(own) in ip_network(text) for own in oracle.addresses[name] for text in prefixes
               if ":" not in text)


def test_corner_packets_fare_as_the_proof_says(applied: Road, state: SiteState, plan: LabSite) -> None:
    """From every machine; what the proof lets through is heard where it says, and nothing else is."""
    oracle = Oracle(state, plan)
    letters = corner_letters(state, oracle, PACKETS)
    expected = [oracle.comes_to(letter) for letter in letters]
    heard = send(letters, oracle.addresses, 0x52000000)
    lost = [number for number, there in enumerate(heard) if not there and expected[number]]
    for number, there in zip(lost, send([letters[number] for number in lost], oracle.addresses, 0x53000000),
                             strict=True):  # a busy machine loses one now and then
        heard[number] |= there
    seen = Counter(bool(there) for there in expected)
    differ = [(letter, wanted, there) for letter, wanted, there in zip(letters, expected, heard, strict=True)
              if wanted != there]
    print(f"{seen[True]} packets arrive, {seen[False]} are stopped, {len(differ)} fare differently")
    assert differ == []
    assert min(seen[True], seen[False]) > PACKETS // 6


@pytest.fixture(scope="module")
def broken(applied: Road) -> Iterator[Road]:
    """The lab with the wrong lines, and without them again."""
    handles = []
    for device, words in BREAKS:
        if device == "fw-1":
            chain, rule = words
            told = applied.on(device, "nft", "-e", "-a", "insert", "rule", "inet", "punchdown", chain, *rule.split())
            handles.append((chain, re.findall(r"handle (\d+)", told)[-1]))
        else:
            applied.on(device, *words)
    yield applied
    for match in (SMDR, MINET):
        applied.on("sw-core-1", "ovs-ofctl", "--strict", "del-flows", "br0", match)
    for chain, handle in handles:
        applied.on("fw-1", "nft", "delete", "rule", "inet", "punchdown", chain, "handle", handle)
    assert prove(applied)[0] == 0


def test_counter_examples_arrive(broken: Road, plan: LabSite, tmp_path: Path) -> None:
    """Exactly the packet that is told, sent from whom it names, comes to whom it names."""
    code, _ = prove(broken, "-o", f"json={tmp_path / 'proof.json'}")
    assert code == 2
    (proof,) = json.loads((tmp_path / "proof.json").read_text())["proofs"]["proofs"]
    known = addresses(plan)
    claims = [claim for claim in proof["claims"] if claim["answer"] == "refuted" and claim["kind"] == "rest"
              and claim["server"] in known]
    assert {("neighbour", "mivb-1"), ("office", "opera"), ("wan", "mbg-1")} <= {
        (claim["client"], claim["server"]) for claim in claims}
    letters = []
    for claim in claims:
        packet = claim["packet"]
        owner = next((name for name, own in known.items() if packet["source"] in own), "")
        sender = {"office": "reception", "phones": "room-101", "wan": "stranger"}.get(claim["client"], claim["client"])
        letters.append(Letter(owner or sender, {"tcp": TCP, "udp": UDP}[packet["protocol"]], packet["source"],
                              packet["source_port"], packet["destination"], packet["destination_port"]))
    heard = send(letters, {claim["server"] for claim in claims}, 0x51000000)
    for claim, letter, there in zip(claims, letters, heard, strict=True):
        assert there == {claim["server"]}, (claim["meaning"], letter)


def test_a_difference_and_a_plan_say_what_it_means(broken: Road, tmp_path: Path) -> None:
    code, out = prove(broken, "--diff", "rendered", "running")
    assert code == 2
    assert "10.20.10.50 can open TCP 1752 on mivb-1" in out
    assert "on opera" in out
    code, out = prove(broken, "--query", "tcp neighbour -> mivb-1:1752")
    assert code == 0
    assert "tp_dst=1752" in out
    made = broken.run("plan", "--out", str(tmp_path / "lisbon.plan"))
    assert made.returncode == 2, made.stderr
    code, out = prove(broken, "--plan", str(tmp_path / "lisbon.plan"))
    assert code == 2
    assert "10.20.10.50 can't open TCP 1752 on mivb-1 any more" in out
