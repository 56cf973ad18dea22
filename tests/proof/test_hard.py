"""Cases that are easily got wrong, each against single packets, and what must be unknown and what not."""

from __future__ import annotations

import random
from ipaddress import ip_address

import pytest

from punchdown.intent.flows import Flow, FlowMatrix, HostFact, SegmentFact
from punchdown.intent.topology import Attachment, Link, Topology
from punchdown.proof import SiteState, answer, prove
from punchdown.proof.hygiene import untidy
from punchdown.proof.rules import Mode, Passage
from punchdown.proof.sets import space
from punchdown.proof.tables import Tables
from punchdown.values import PortRange, Provenance
from punchdown.values.policy import (
    DevicePolicy,
    Enter,
    Field,
    LineRef,
    Match,
    PortPolicy,
    Route,
    RoutedInterface,
    Rule,
    Table,
    Translate,
    Verdict,
)
from punchdown.values.proof import Answer

from . import plain
from .corners import Maker, canonical
from .test_tables import MATTERING, RAW

V4 = Match(Field.FAMILY, ((0, 0),))
TCP, UDP = Match(Field.PROTOCOL, ((6, 6),)), Match(Field.PROTOCOL, ((17, 17),))


def number(text):
    return int(ip_address(text))


def host(field, text):
    return Match(field, ((number(text), number(text)),))


def line(text, place=1):
    return LineRef("acl", place, text)


def permit(*matches, place=1, **more):
    return Rule(matches, Verdict.ACCEPT, line("permit", place), **more)


def deny(*matches, place=1, **more):
    return Rule(matches, Verdict.DROP, line("deny", place), **more)


def packet(**fields):
    """A TCP packet with a few fields of one's own."""
    values = {"protocol": 6, "ethertype": 0x0800, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return canonical({field: values.get(field.value, 0) for field in Field})


def passes(rules, sent, mode=Mode.MUST, default=Verdict.DROP):
    """Whether a list accepts one packet, said by the prover; the plain evaluator must say the same."""
    table = Table("acl", tuple(rules), default)
    made = Tables(space(), DevicePolicy("box", "plain", (table,)))
    one = space().packet({field: sent[field] for field in MATTERING})
    said = any(one & packets != space().nothing for packets in made.through(
        ("acl",), RAW, space().everything, Passage(), mode).values())
    if not any(rule.unread for rule in rules):
        assert said == ({end for end, _ in plain.results({"acl": table}, "acl", sent)} == {"accept"})
    return said


def test_wildcard_masks_that_are_no_prefixes():
    """Odd hosts of every second subnet: 10.0.(even).(odd)."""
    mask = 0xFFFFFFFF ^ 0x0000FEFE
    rules = [permit(V4, Match(Field.SOURCE, (), ((number("10.0.0.1"), mask),)))]
    told = {text: passes(rules, packet(source=number(text))) for text in (
        "10.0.0.1", "10.0.2.3", "10.0.254.255", "10.0.1.1", "10.0.0.2", "10.1.0.1", "11.0.0.1")}
    assert told == {"10.0.0.1": True, "10.0.2.3": True, "10.0.254.255": True, "10.0.1.1": False, "10.0.0.2": False,
                    "10.1.0.1": False, "11.0.0.1": False}


@pytest.mark.parametrize(("port", "expected"), [(999, False), (1000, True), (1751, True), (1752, False), (1753, True),
                                                (2000, True), (2001, False)])
def test_port_ranges_that_straddle(port, expected):
    """A deny in the midst of a permitted range that spans several powers of two."""
    rules = [deny(V4, TCP, Match(Field.DESTINATION_PORT, ((1752, 1752),))),
             permit(V4, TCP, Match(Field.DESTINATION_PORT, ((1000, 2000),)))]
    assert passes(rules, packet(destination_port=port)) is expected


def test_established_lets_replies_pass_and_no_opening():
    rules = [permit(V4, TCP, Match(Field.TCP_REPLY, ((1, 1),)))]
    assert passes(rules, packet(tcp_reply=1))
    assert not passes(rules, packet(tcp_reply=0))
    assert not passes(rules, packet(protocol=17))


def test_a_permit_with_ports_lets_later_fragments_pass_on_a_stateless_list():
    """They have no ports: a parser says so by a second rule of the same line."""
    rules = [permit(V4, TCP, Match(Field.FRAGMENT, ((0, 0),)), Match(Field.DESTINATION_PORT, ((443, 443),))),
             permit(V4, TCP, Match(Field.FRAGMENT, ((1, 1),)))]
    assert passes(rules, packet(destination_port=443))
    assert not passes(rules, packet(destination_port=80))
    assert passes(rules, packet(fragment=1))


def test_ten_thousand_lines():
    """First match counts, on packets from the corners of the lines."""
    maker = Maker(7, translate=False)
    dice = random.Random(7)
    rules = []
    for place in range(10_000):
        base = dice.getrandbits(24) << 8 | dice.randrange(256)
        size = dice.choice((0, 0xFF, 0xFFF))
        port = dice.randrange(65000)
        matches = (V4, dice.choice((TCP, UDP)), Match(Field.SOURCE, ((base & ~size, base | size),)),
                   Match(Field.DESTINATION_PORT, ((port, port + dice.choice((0, 9, 500))),)))
        rules.append((permit if dice.random() < 0.7 else deny)(*matches, place=place))
    table = Table("acl", tuple(rules), Verdict.DROP)
    (accepted,) = Tables(space(), DevicePolicy("box", "plain", (table,))).through(
        ("acl",), RAW, space().everything, Passage(), Mode.MUST).values()
    seen = set()
    for rule in dice.sample(rules, 150):
        sent = maker.packets({"acl": Table("acl", (rule,), Verdict.DROP)}, 1)[0]
        sent = canonical({**sent, Field.FAMILY: 0, Field.FRAGMENT: 0, Field.PROTOCOL: rule.matches[1].ranges[0][0],
                          Field.SOURCE: min(max(sent[Field.SOURCE], 0), 2**32 - 1)})
        ((end, _),) = plain.results({"acl": table}, "acl", sent)
        one = space().packet({field: sent[field] for field in MATTERING})
        assert (one & accepted != space().nothing) == (end == "accept"), sent
        seen.add(end)
    assert seen == {"accept", "drop"}


def test_an_unread_line_matters_only_where_a_packet_meets_it_undecided():
    """Before it everything is decided; what it speaks of is open; what later lines decide anyway is not."""
    rules = [permit(V4, TCP, Match(Field.DESTINATION_PORT, ((22, 22),))),
             permit(V4, TCP, Match(Field.DESTINATION_PORT, ((20, 30),)), unread="time-range lunch"),
             deny(V4, TCP, Match(Field.DESTINATION_PORT, ((25, 25),)), unread="time-range night"),
             permit(V4, TCP, Match(Field.DESTINATION_PORT, ((28, 28),)))]

    def both(port):
        return tuple(passes(rules, packet(destination_port=port), mode) for mode in (Mode.MUST, Mode.MAY))

    assert both(22) == (True, True)  # the line before decides
    assert both(23) == (False, True)  # only the unread line may accept it
    assert both(28) == (True, True)  # whatever the unread line does, a later one accepts
    assert both(31) == (False, False)  # no line speaks of it


@pytest.mark.parametrize(("verdict", "default", "expected"), [
    (Verdict.ACCEPT, Verdict.DROP, (False, True)), (Verdict.DROP, Verdict.ACCEPT, (False, True))])
def test_a_port_that_the_device_chooses_may_be_any_of_its_range(verdict, default, expected):
    """Translated to some port of 1024-2047; a later line speaks of 1000-1500."""
    snat = Rule((V4,), Verdict.NEXT, line("snat"), (Translate(Field.SOURCE, number("192.0.2.1"), (1024, 2047)),))
    later = Rule((V4, TCP, Match(Field.SOURCE_PORT, ((1000, 1500),))), verdict, line("later", 2))
    outside = Rule((V4, TCP, Match(Field.SOURCE_PORT, ((5000, 5000),))), Verdict.DROP, line("outside", 3))
    table = Table("acl", (snat, outside, later), default)
    made = Tables(space(), DevicePolicy("box", "plain", (table,)))
    one = space().packet({field: packet(source_port=5000)[field] for field in MATTERING})
    assert tuple(any(one & packets != space().nothing for packets in made.through(
        ("acl",), RAW, space().everything, Passage(), mode).values()) for mode in (Mode.MUST, Mode.MAY)) == expected


def two_segments(*rules):
    """A host each in two segments of a router that knows no connections, with one list for all."""
    router = DevicePolicy("r", "plain", (Table("acl", rules, Verdict.DROP),), (), (
        RoutedInterface("a", ("10.0.1.1/24",), inbound=("acl",)), RoutedInterface("b", ("10.0.2.1/24",))),
        routes_packets=True)
    segments = tuple(SegmentFact(name, vlan, "server", f"10.0.{vlan}.0/24", "", "r")
                     for name, vlan in (("one", 1), ("two", 2)))
    hosts = tuple(HostFact(name, "application", segment, f"10.0.{vlan}.5", "", "", True, ("r", port), "")
                  for name, segment, vlan, port in (("x", "one", 1, "a"), ("y", "two", 2, "b")))
    topology = Topology("small", (Attachment("host", "x", "r", "a"), Attachment("host", "y", "r", "b")), ())
    return SiteState(FlowMatrix("small", segments, hosts, ()), topology, {"r": router})


def test_a_list_of_established_packets_opens_nothing():
    """TCP with ACK set passes from x to y: no opening, so nothing beyond the (empty) matrix; a SYN would be."""
    established = permit(V4, TCP, Match(Field.TCP_REPLY, ((1, 1),)))
    answers = {(claim.client, claim.server): claim.answer for claim in prove(two_segments(established)).claims
               if claim.kind == "rest"}
    assert answers[("x", "y")] is Answer.PROVED
    assert answers[("y", "x")] is Answer.REFUTED  # nothing filters there, and the answers pass the list
    assert {claim.answer for claim in prove(two_segments()).claims if (claim.client, claim.server) == ("y", "x")} == {
        Answer.REFUTED}


def test_what_needs_an_answer_is_not_open_without_one():
    """With no list entry for answers, y can send datagrams to x, and open no TCP connection."""
    (claim,) = [claim for claim in prove(two_segments()).claims if (claim.client, claim.server) == ("y", "x")]
    assert claim.reach == "one way"
    assert claim.packet.protocol != "tcp"


def test_a_loop_of_tables_drops():
    """Resubmitting for ever ends at the device's limit."""
    loop = Rule((), Enter("acl", returns=False), line("resubmit"))
    made = Tables(space(), DevicePolicy("box", "plain", (Table("acl", (loop,), Verdict.ACCEPT),)))
    assert made.through(("acl",), RAW, space().everything, Passage(), Mode.MAY) == {}


def hairpin(masquerade):
    """A phone and a gateway in one segment behind one router; phones use the gateway's public address."""
    inside = number("10.0.0.10")
    dnat = Rule((V4, host(Field.DESTINATION, "203.0.113.10")), Verdict.ACCEPT, line("dnat"),
                (Translate(Field.DESTINATION, inside),))
    snat = Rule((V4, Match(Field.DNAT, ((1, 1),))), Verdict.ACCEPT, line("masquerade"),
                (Translate(Field.SOURCE, None),))
    router = DevicePolicy(
        "r", "plain", (Table("nat", (dnat,), Verdict.ACCEPT),
                       Table("forward", (permit(Match(Field.STATE, ((1, 1),))), permit(Match(Field.DNAT, ((1, 1),)))),
                             Verdict.DROP),
                       Table("out", (snat,) if masquerade else (), Verdict.ACCEPT)), (),
        (RoutedInterface("lan", ("10.0.0.1/24",)), RoutedInterface("wan0", ("203.0.113.2/24",))),
        (Route("0.0.0.0/0", "wan0"),), ("nat",), ("forward",), ("out",), routes_packets=True, tracks=True)
    switch = DevicePolicy("s", "plain", (), (PortPolicy("p1", 10), PortPolicy("p2", 10), PortPolicy("p3", 10)))
    source = Provenance()
    flow = Flow("phones>gw:media/tcp", "phones", "segment", ("10.0.0.0/24",), "gw", ("10.0.0.10/32",), "media", "tcp",
                (PortRange(5061, 5061),), source)
    matrix = FlowMatrix("small", (SegmentFact("phones", 10, "voice", "10.0.0.0/24", "", "r"),),
                        (HostFact("gw", "border-gateway", "phones", "10.0.0.10", "", "", True, ("s", "p2"),
                                  "203.0.113.10"),), (flow,))
    topology = Topology("small", (Attachment("wan", "wan", "r", "wan0"), Attachment("segment", "phones", "s", "p1"),
                                  Attachment("host", "gw", "s", "p2")), (Link(("r", "lan"), ("s", "p3")),))
    return SiteState(matrix, topology, {"r": router, "s": switch})


@pytest.mark.parametrize(("masquerade", "reach"), [(True, "both ways"), (False, "one way")])
def test_a_hairpin_needs_its_masquerade(masquerade, reach):
    """Without it the gateway answers the phone directly, from an address that the phone did not ask."""
    (claim,) = answer(hairpin(masquerade), ["tcp phones -> 203.0.113.10:5061"]).claims
    assert (claim.answer, claim.reach) == (Answer.PROVED, reach)
    assert claim.packet.destination == "203.0.113.10"


def test_a_claim_of_rest_shows_the_packet_with_the_public_address():
    """From outside, what was opened too much is told as the outside sees it."""
    state = hairpin(masquerade=True)
    (claim,) = [claim for claim in prove(state).claims if (claim.kind, claim.client, claim.server) ==
                ("rest", "wan", "gw")]
    assert claim.answer is Answer.REFUTED
    assert claim.packet.destination == "203.0.113.10"
    assert next(hop.line.text for hop in claim.hops if hop.line is not None) == "dnat"


def test_lines_that_do_nothing():
    """One taken by an earlier line that does otherwise, one by one that does the same, one that no packet can meet."""
    wide = Match(Field.SOURCE, ((number("10.0.0.0"), number("10.0.0.255")),))
    rules = (permit(V4, wide, place=1), deny(V4, host(Field.SOURCE, "10.0.0.7"), place=2),
             permit(V4, host(Field.SOURCE, "10.0.0.8"), place=3), permit(V4, TCP, UDP, place=4),
             permit(V4, host(Field.SOURCE, "10.0.0.9"), place=5, unread="time-range"), permit(place=6))
    policy = DevicePolicy("box", "plain", (Table("acl", rules, Verdict.DROP), Table("lost", (), Verdict.DROP)),
                          forward=("acl",), unused=("lost",), undefined=(("nowhere", line("bind", 9)),))
    found = [(item.kind, item.line.number if item.line else 0, item.other.number if item.other else 0)
             for item in untidy(space(), policy)]
    assert found == [("shadowed", 2, 1), ("redundant", 3, 1), ("unreachable", 4, 0), ("unused", 0, 0),
                     ("undefined", 9, 0)]
