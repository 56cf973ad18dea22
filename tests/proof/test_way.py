"""The way between two states: what opens, what stops and who is shut out in between; nothing kept from a state before
may differ from a fresh look."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from punchdown.proof import Managed, Stage, judge_way
from punchdown.proof.rules import Mode
from punchdown.proof.sight import Sight
from punchdown.values.policy import Match
from punchdown.values.proof import Answer
from punchdown.values.way import Invariant

from .test_lisbon import mutate

OPERATOR = ("10.20.99.100/32",)
MANAGED = (Managed("sw-acc-1", OPERATOR), Managed("fw-1", OPERATOR), Managed("sw-core-1", OPERATOR),
           Managed("dhcp-1", OPERATOR, "dhcp-1"))
PBX, LINK, PHONE = "GigabitEthernet1/0/45", "GigabitEthernet1/0/48", "GigabitEthernet1/0/7"


def with_port(policy, name, **changes):
    return replace(policy, ports=tuple(replace(port, **changes) if port.name == name else port
                                       for port in policy.ports))


def stages(device, *policies):
    return [Stage(device, number, f"command {number}", policy) for number, policy in enumerate(policies, 1)]


def test_a_way_that_changes_nothing_on_packets_is_not_judged(lisbon):
    policy = lisbon.policies["sw-acc-1"]
    way = judge_way(lisbon, stages("sw-acc-1", policy, replace(policy, unused=("x",)), policy), MANAGED)
    assert (way.commands, way.states, way.breaches, way.unjudged) == (3, 0, (), ())


def test_a_list_unbound_for_two_commands_opens_the_pbx(lisbon):
    """The firewall still stops other segments; on its own the PBX reaches its neighbour, whom it may not."""
    policy = lisbon.policies["sw-acc-1"]
    bare = with_port(policy, PBX, inbound=())
    way = judge_way(lisbon, stages("sw-acc-1", policy, bare, replace(bare, unused=("x",)), policy), MANAGED)
    assert way.broken == (Invariant.PROTECTION,)
    breach = next(item for item in way.breaches if item.claim.client == "mivb-2" and item.claim.server != "mivb-1")
    assert (breach.number, breach.command, breach.commands) == (2, "command 2", 2)
    assert breach.until == ("sw-acc-1", "command 4")
    assert breach.claim.packet is not None
    assert breach.claim.answer is Answer.REFUTED


def test_what_one_end_allows_is_no_breach(lisbon):
    policy = lisbon.policies["sw-acc-1"]
    bare = with_port(policy, PBX, inbound=())
    assert judge_way(lisbon, stages("sw-acc-1", bare), MANAGED).breaches == ()


def test_an_empty_list_in_between_stops_what_both_ends_allow(lisbon):
    policy = lisbon.policies["sw-acc-1"]
    empty = replace(policy, tables=tuple(replace(table, rules=()) if "from-mivb-2" in table.name else table
                                         for table in policy.tables))
    way = judge_way(lisbon, stages("sw-acc-1", empty, policy), MANAGED)
    assert way.broken == (Invariant.CONTINUITY,)
    assert ("admin-1", "mivb-2") in {(item.claim.client, item.claim.server) for item in way.breaches}
    assert all(item.commands == 1 for item in way.breaches)


def test_one_phone_of_forty_cut_off(lisbon):
    """The others are alike and stay; the controllers can't reach this one."""
    policy = lisbon.policies["sw-acc-1"]
    way = judge_way(lisbon, stages("sw-acc-1", with_port(policy, PHONE, tagged=()), policy), MANAGED)
    assert way.broken == (Invariant.CONTINUITY,)
    assert ("mivb-1", "phones") in {(item.claim.client, item.claim.server) for item in way.breaches}


def test_a_phone_follows_the_vlan_of_its_port(lisbon):
    """It learns its VLAN from the switch, whatever the definition says by now."""
    renamed = with_port(lisbon.policies["sw-acc-1"], PHONE, tagged=(121,))
    sight = Sight(replace(lisbon, policies={**lisbon.policies, "sw-acc-1": renamed}), ())
    seat = sight.network.seats[sight.seats["sw-acc-1", PHONE, (("segment", "phones"),)]]
    assert (seat.tag, seat.members) == (121, (PHONE,))


def test_guarded_ports_open_for_a_moment(lisbon):
    policy = lisbon.policies["sw-acc-1"]
    way = judge_way(lisbon, stages("sw-acc-1", with_port(policy, PHONE, guarded=False), policy), MANAGED)
    assert {item.invariant for item in way.breaches} == {Invariant.PROTECTION}
    assert all(item.unauthenticated for item in way.breaches)


@pytest.mark.parametrize("device", ["sw-core-1", "fw-1"])
def test_a_device_that_drops_its_operator(lisbon, device):
    """The path through another device counts as well: all of it goes over the core switch."""
    policy = lisbon.policies[device]
    deaf = with_port(policy, "p9", closed=True) if device == "sw-core-1" else replace(
        policy, interfaces=tuple(replace(item, closed=item.name == "lan199") for item in policy.interfaces))
    way = judge_way(lisbon, stages(device, deaf, policy), MANAGED)
    lost = {item.claim.server for item in way.breaches if item.invariant is Invariant.MANAGEMENT}
    assert lost == ({item.device for item in MANAGED} if device == "sw-core-1" else {"fw-1"})


def test_another_address_of_a_device_is_no_loss_a_gap_is(lisbon):
    """Logging in by the new address counts from the moment at which it answers."""
    def at(policy, *addresses):
        return replace(policy, local=(), interfaces=tuple(
            replace(item, addresses=addresses, inbound=()) for item in policy.interfaces))

    policy = lisbon.policies["sw-acc-1"]
    state = replace(lisbon, policies={name: with_port(item, "p21", inbound=()) if name == "sw-core-1" else item
                                      for name, item in lisbon.policies.items()})
    state = replace(state, policies={**state.policies, "sw-acc-1": at(policy, "10.20.99.11/24")})
    good = judge_way(state, stages("sw-acc-1", at(policy, "10.20.99.12/24")), MANAGED)
    assert good.breaches == ()
    gap = judge_way(state, stages("sw-acc-1", at(policy), at(policy, "10.20.99.12/24")), MANAGED)
    assert [(item.invariant, item.claim.server, item.commands) for item in gap.breaches] == [
        (Invariant.MANAGEMENT, "sw-acc-1", 1)]


def test_who_has_no_way_in_at_all_is_told(lisbon):
    way = judge_way(lisbon, (), (Managed("fw-1", ("192.0.2.0/24",)),))
    assert "fw-1" in way.unjudged[0]


def test_a_line_that_is_unread_in_between_only(lisbon):
    policy = lisbon.policies["fw-1"]
    table = next(item for item in policy.tables if item.name.endswith("from_inside"))
    doubtful = tuple(replace(rule, unread="mystery", matches=tuple(
        item for item in rule.matches if not isinstance(item, Match))) if index == 0 else rule
        for index, rule in enumerate(table.rules))
    odd = replace(policy, tables=tuple(replace(item, rules=doubtful) if item.name == table.name else item
                                       for item in policy.tables))
    way = judge_way(lisbon, stages("fw-1", odd, policy), MANAGED)
    assert Answer.UNKNOWN in {item.claim.answer for item in way.breaches}


def seen(sight):
    """By place: what is open, the same in every numbering."""
    found = {}
    for mode in Mode:
        for place, seat in sight.seats.items():
            reach = sight.reach(seat, mode)
            for other, target in sight.seats.items():
                item = reach.get(target, sight.nothing)
                if item != sight.nothing:
                    found[mode, place, other] = item
    return found


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_from_the_state_before_is_what_a_fresh_look_finds(lisbon, seed):
    """Random changes one after the other: ports move and close, rules of every device change."""
    dice = random.Random(seed)
    itself = tuple(item.device for item in MANAGED if not item.host)
    state, kept = lisbon, Sight(lisbon, itself)
    for _ in range(4):
        device = dice.choice(("sw-acc-1", "sw-acc-1", "fw-1", "sw-core-1"))
        policy = state.policies[device]
        if device != "fw-1" and dice.random() < 0.7:
            port = dice.choice(policy.ports)
            policy = with_port(policy, port.name, **dice.choice((
                {"closed": not port.closed}, {"untagged": 130}, {"tagged": (*port.tagged, 140)}, {"inbound": ()},
                {"tagged": port.tagged[1:]})))
        else:
            policy = mutate(dice, policy)
        state = replace(state, policies={**state.policies, device: policy})
        for number in range(len(kept.network.seats)):
            kept.reach(number, Mode.MUST), kept.reach(number, Mode.MAY)
        kept = Sight(state, itself, kept)
        assert seen(kept) == seen(Sight(state, itself))
