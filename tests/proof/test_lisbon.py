"""The example site: all proved as rendered; each fault is found, with a packet that the plain evaluator confirms."""

from __future__ import annotations

import random
from dataclasses import replace
from ipaddress import ip_address

import pytest

from punchdown.errors import PlanError
from punchdown.proof import answer, prove
from punchdown.proof.parties import PROTOCOLS
from punchdown.values.policy import Enter, Field, LineRef, Match, Rule, Table, Verdict
from punchdown.values.proof import Answer

from . import plain
from .plain_walk import Site, ends, swapped
from .test_walk import answer_to

FORWARD = "inet punchdown from_inside"


def as_numbers(packet) -> plain.Packet:
    """A packet of a claim as the plain evaluator takes it."""
    numbers = dict.fromkeys(Field, 0)
    numbers |= {Field.FAMILY: int(packet.family == 6), Field.ETHERTYPE: 0x86DD if packet.family == 6 else 0x0800,
                Field.PROTOCOL: PROTOCOLS.get(packet.protocol) or int(packet.protocol),
                Field.SOURCE: int(ip_address(packet.source)), Field.DESTINATION: int(ip_address(packet.destination)),
                Field.SOURCE_PORT: packet.source_port, Field.DESTINATION_PORT: packet.destination_port,
                Field.ICMP_TYPE: max(packet.icmp_type, 0)}
    return numbers


def happens(state, claim) -> tuple[bool, bool]:
    """Whether a claim's packet arrives, and is answered: from some port of its client at some port of its server; for
    a flow from each to each."""
    site = Site(state.topology, dict(state.policies))
    numbers = as_numbers(claim.packet)
    hosts = {address: host.name for host in state.matrix.hosts for address in (host.address, host.public_address)}

    def places(name, address):
        """The ports of a host by its address, else of the segment or the wan."""
        names = {hosts.get(address, name.partition(":")[0])}
        return {(item.device, item.port, item.tag) for item in state.topology.attachments if item.name in names}

    together = all if claim.kind == "flow" else any
    sent = {place: site.send(place, numbers, None) for place in places(claim.client, claim.packet.source)}
    pairs = [(place, where) for place in sent for where in places(claim.server, claim.packet.destination)]
    arrived = {(place, where): [left for there, left in sent[place][0] if there == where] for place, where in pairs}
    answered = together(any(
        home == place and swapped(ends(plain.thawed(reply))) == ends(numbers) for left in arrived[place, where]
        for home, reply in site.send(where, answer_to(plain.thawed(left)), sent[place][1])[0])
        for place, where in pairs)
    return together(bool(found) for found in arrived.values()), answered


def with_rules(policy, name, change):
    """A policy whose named table has other rules."""
    return replace(policy, tables=tuple(
        replace(table, rules=tuple(change(table.rules))) if table.name == name else table for table in policy.tables))


def broken(state, kind="rest"):
    return [claim for claim in prove(state).claims if claim.kind == kind and claim.answer is Answer.REFUTED]


def test_as_rendered_everything_is_proved(lisbon):
    """47 flows open, nothing else, no forged source: no line unread matters."""
    proof = prove(lisbon)
    assert [claim for claim in proof.claims if claim.answer is not Answer.PROVED] == []
    assert proof.assumed == ()
    assert sum(claim.kind == "flow" for claim in proof.claims) == len(lisbon.matrix.flows)


def test_as_long_as_nobody_authenticated_guarded_ports_reach_nothing(lisbon):
    """Phones and PCs sit on guarded ports only."""
    state = replace(lisbon, unauthenticated=True)
    found = answer(state, ["any phones -> any", "any office -> any"])
    assert {claim.answer for claim in found.claims} == {Answer.REFUTED}
    assert answer(lisbon, ["any phones -> mivb-1"]).claims[0].answer is Answer.PROVED


def test_an_opening_too_many_is_refuted_with_its_packet_and_line(lisbon, edited):
    """The data segment may open SMDR at the firewall and on the PBX's own port."""
    line = LineRef("nft", 34, "accept anything to smdr")
    smdr = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((6, 6),)),
            Match(Field.DESTINATION_PORT, ((1752, 1752),)))
    state = edited("fw-1", lambda policy: with_rules(
        policy, FORWARD, lambda rules: (Rule(smdr, Verdict.ACCEPT, line), *rules)))
    assert [claim for claim in broken(state) if claim.server == "mivb-1"] == []  # its own port still protects it
    core = with_rules(lisbon.policies["sw-core-1"], "table 32", lambda rules: (
        replace(next(rule for rule in rules if "tp_dst=1752" in rule.line.text), matches=smdr), *rules))
    state = replace(state, policies={**state.policies, "sw-core-1": core})
    (claim,) = [claim for claim in broken(state) if (claim.client, claim.server) == ("office", "mivb-1")]
    assert claim.packet.destination_port == 1752
    assert claim.meaning == f"{claim.packet.source} can open TCP 1752 on mivb-1"
    assert line in [hop.line for hop in claim.hops]
    assert happens(state, claim) == (True, True)


def test_a_missing_permit_is_refuted_where_it_stops(edited):
    """Without its line on the firewall the collector is stopped there."""
    state = edited("fw-1", lambda policy: with_rules(
        policy, FORWARD, lambda rules: (rule for rule in rules if "tcp dport 1752" not in rule.line.text)))
    (claim,) = broken(state, "flow")
    assert claim.client == "smdr-taker"
    assert not claim.hops[-1].passed
    assert claim.hops[-1].device == "fw-1"
    assert happens(state, claim)[1] is False


def test_a_reply_that_can_not_come_back_breaks_a_tcp_flow(edited):
    """The stateless list of a switch port drops the PBX's answers."""
    state = edited("sw-acc-1", lambda policy: replace(policy, tables=tuple(
        replace(table, rules=tuple(rule for rule in table.rules if "eq 443" not in rule.line.text))
        if "from-mivb-2" in table.name else table for table in policy.tables)))
    (claim,) = broken(state, "flow")
    assert claim.title.startswith("admin-1 reaches mivb-2: admin-https")
    assert claim.hops[-1].reply
    assert happens(state, claim) == (True, False)


def test_a_datagram_without_an_answer_is_one_way(edited):
    """UDP to the PBX on the stateless switch: it arrives, and the port drops what the PBX would say."""
    open_syslog = Rule((Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((17, 17),)),
                        Match(Field.DESTINATION_PORT, ((514, 514),))), Verdict.ACCEPT, LineRef("nft", 1, "udp 514"))
    state = edited("fw-1", lambda policy: with_rules(policy, FORWARD, lambda rules: (open_syslog, *rules)))
    access = state.policies["sw-acc-1"]
    uplink = tuple(replace(port, inbound=()) if port.name.endswith("/48") else port for port in access.ports)
    state = replace(state, policies={**state.policies, "sw-acc-1": replace(access, ports=uplink)})
    (claim,) = [claim for claim in broken(state) if (claim.client, claim.server) == ("office", "mivb-2")]
    assert claim.reach == "one way"
    assert "no answer comes back" in claim.meaning
    assert happens(state, claim) == (True, False)


def test_an_unread_line_makes_unknown_what_it_could_decide_and_nothing_else(edited):
    """A permit towards SMDR that nobody understood: unknown for the PBX's clients it may concern, proved for others."""
    line = LineRef("nft", 7, "ip saddr @mystery tcp dport 22 accept")
    doubtful = Rule((Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((6, 6),)), Match(
        Field.DESTINATION, ((int(ip_address("10.20.40.20")), int(ip_address("10.20.40.20"))),)),
        Match(Field.DESTINATION_PORT, ((22, 22),))), Verdict.ACCEPT, line, unread="ip saddr @mystery")
    proof = prove(edited("fw-1", lambda policy: with_rules(policy, FORWARD, lambda rules: (doubtful, *rules))))
    doubted = [claim for claim in proof.claims if claim.answer is not Answer.PROVED]
    assert {claim.server for claim in doubted} == {"opera"}
    assert {claim.answer for claim in doubted} == {Answer.UNKNOWN}
    assert all([item.line for item in claim.unread] == [line] for claim in doubted)
    assert {claim.client for claim in doubted} >= {"phones", "office", "admin-1"}


ASKED = {
    "tcp smdr-taker -> mivb-1:1,1752": Answer.PROVED, "tcp office -> mivb-1:1752": Answer.REFUTED,
    "tcp 10.20.40.14-10.20.40.16 -> 10.20.10.10:1752": Answer.PROVED,
    "tcp 10.20.40.16-10.20.40.19 -> mivb-1:1752": Answer.REFUTED,
    "tcp office -> office:445": Answer.PROVED, "tcp smdr-taker -> opera:445": Answer.PROVED,
    "tcp admin-1 -> sw-acc-1:22": Answer.PROVED, "tcp admin-1 -> 10.20.99.11:22": Answer.PROVED,
    "tcp office -> 10.20.99.11:22": Answer.REFUTED, "udp sw-acc-1 -> radius-1:1812": Answer.PROVED,
    "tcp wan:teleworkers -> mbg-1:5061": Answer.PROVED, "tcp 203.0.113.97 -> mbg-1:5061": Answer.REFUTED,
    "tcp 2001:db8::5 -> 2001:db8::6": Answer.REFUTED, "tcp fe80::1 -> [fe80::2]:443": Answer.REFUTED,
    "icmp office -> mivb-1": Answer.REFUTED, "6 smdr-taker -> mivb-1:1752": Answer.PROVED,
}


def test_questions_of_all_kinds(lisbon):
    assert {claim.title: claim.answer for claim in answer(lisbon, ASKED).claims} == ASKED


def test_what_the_definition_denies_is_asked_of_the_device(edited):
    """Without the line that drops it, an address of the blocked prefix gets in as any other."""
    def undone(policy):
        return replace(policy, tables=tuple(replace(table, rules=tuple(
            rule for rule in table.rules if "@netblock_blocked" not in rule.line.text)) for table in policy.tables))

    (claim,) = answer(edited("fw-1", undone), ["udp 203.0.113.97 -> 203.0.113.10:20000"]).claims
    assert claim.answer is Answer.PROVED


@pytest.mark.parametrize(("question", "words"), [
    ("icmp office -> mivb-1:8", "icmp has no ports"), ("tcp mivb-1 -> mivb-1:1", "one and the same"),
    ("tcp 10.20.32.5/22 -> mivb-1", "did you mean 10.20.32.0/22"), ("tcp office -> MIVB-1:1752", "did you mean mivb-1"),
    ("tcp office -> fe80::1:443", "Write [fe80::1]:443 or [fe80::1:443]"),
    ("tcp office -> mivb-1:smdr", "'smdr' is no port"), ("tcp office -> [fe80::1:443", "is written [2001:db8::1]:443"),
    ("tcp 10.0.0.9-fe80::1 -> mivb-1", "no address or prefix"), ("tcp 10.0.0.9-10.0.0.1 -> mivb-1", "no address"),
])
def test_questions_that_make_no_sense_say_why(lisbon, question, words):
    with pytest.raises(PlanError) as fault:
        answer(lisbon, [question])
    assert words in str(fault.value)


def test_an_unread_line_outside_of_tables_proves_nothing(edited):
    """What could matter on a device makes everything unknown that may come there, whatever the answer was."""
    line = LineRef("running-config", 3, "vlan filter mystery vlan-list all")
    proof = prove(edited("sw-acc-1", lambda policy: replace(policy, unread=(line,))))
    assert {claim.client for claim in proof.claims if claim.answer is Answer.PROVED} == {"wan", "wan:teleworkers"}
    assert all(claim.unread[0].line == line for claim in proof.claims if claim.answer is Answer.UNKNOWN)


def test_an_unprotected_ipv6_path_is_found(edited):
    """Without the drop of IPv6 on the switch, a neighbour reaches the PBX by link-local addresses."""
    state = edited("sw-core-1", lambda policy: replace(policy, tables=tuple(
        replace(table, rules=tuple(rule for rule in table.rules if not (table.name == "table 11" and "ipv6" in
                                                                         rule.line.text)))
        for table in policy.tables)))
    state = replace(state, policies={**state.policies, "sw-acc-1": replace(
        state.policies["sw-acc-1"], ports=tuple(replace(port, inbound=())
                                                for port in state.policies["sw-acc-1"].ports))})
    found = [claim for claim in broken(state) if claim.packet.family == 6]
    assert ("mivb-2", "mivb-1") in {(claim.client, claim.server) for claim in found} or \
        ("mivb-1", "mivb-2") in {(claim.client, claim.server) for claim in found}
    assert all(happens(state, claim)[0] for claim in found)


def test_a_device_nobody_reads_is_assumed_to_pass_everything_and_named(lisbon):
    """Without a policy of the access switch its list is not counted on."""
    proof = prove(replace(lisbon, policies={name: policy for name, policy in lisbon.policies.items()
                                            if name != "sw-acc-1"}))
    assert proof.assumed == ("sw-acc-1",)


def test_an_unused_port_that_somebody_opened_into_the_segment_of_the_pbx(edited):
    """The definition closes it; the device has it open in the VLAN of the PBX."""
    name = "GigabitEthernet1/0/46"
    state = edited("sw-acc-1", lambda policy: replace(policy, ports=tuple(
        replace(port, closed=False, untagged=110, inbound=()) if port.name == name else port
        for port in policy.ports)))
    (claim,) = broken(state, "unused")
    assert claim.meaning.startswith("whoever plugs into an unused port can send")
    assert claim.server
    assert claim.hops[0].place == f"in by {name}, VLAN 110"


def mutate(dice: random.Random, policy):
    """One rule dropped, moved, turned round, or narrowed to another port; None where nothing can be done."""
    tables = [table for table in policy.tables if len(table.rules) > 2]
    table: Table = dice.choice(tables)
    rules = list(table.rules)
    place = dice.randrange(len(rules))
    rule = rules[place]
    kind = dice.choice(("drop", "swap", "turn", "widen"))
    if kind == "drop":
        del rules[place]
    elif kind == "swap":
        other = dice.randrange(len(rules))
        rules[place], rules[other] = rules[other], rules[place]
    elif kind == "turn" and not isinstance(rule.end, Enter):
        rules[place] = replace(rule, end=Verdict.DROP if rule.end is Verdict.ACCEPT else Verdict.ACCEPT)
    elif rule.matches:
        at = dice.randrange(len(rule.matches))
        rules[place] = replace(rule, matches=(*rule.matches[:at], *rule.matches[at + 1:]))
    return with_rules(policy, table.name, lambda _: rules)


@pytest.mark.parametrize("block", range(2))
def test_what_a_mutation_breaks_is_confirmed_by_the_plain_evaluator(block, edited):
    """Every packet of every refuted claim; three mutations of the firewall, two of a switch, one of the other."""
    refuted = 0
    for seed in range(block * 5, block * 5 + 5):
        dice = random.Random(seed)
        state = edited("fw-1", lambda policy: policy)
        for device in ("fw-1", "fw-1", "fw-1", "sw-core-1", "sw-core-1", "sw-acc-1"):
            state = replace(state, policies={**state.policies, device: mutate(dice, state.policies[device])})
        for claim in prove(state).claims:
            if claim.answer is Answer.REFUTED and claim.kind != "spoofed":
                refuted += 1
                arrived, answered = happens(state, claim)
                if claim.kind == "flow":
                    assert not (answered if claim.packet.protocol == "tcp" else arrived), (seed, claim)
                else:
                    assert arrived, (seed, claim)
                    assert answered == (claim.reach == "both ways"), (seed, claim)
    assert refuted
