"""The prover broken on purpose: each time the plain evaluator disagrees with it, and mutants are missed or invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from punchdown.proof import network, sets, tables, walk
from punchdown.proof.sets import Space

from . import device_bench
from .agreement import Agreement, asked
from .edits import PLATFORMS

SEEDS = range(1000, 1006)


def no_last_table(monkeypatch):
    whole = tables.Tables.through
    monkeypatch.setattr(tables.Tables, "through", lambda self, names, *rest: whole(self, names[:-1], *rest))


def no_negation(monkeypatch):
    whole = Space.condition
    monkeypatch.setattr(Space, "condition", lambda self, header, match, family: whole(
        self, header, replace(match, negated=False), family))


def no_reply(monkeypatch):
    monkeypatch.setattr(device_bench, "replies", lambda network, number, opening, mode: (
        network.space.union(item.packets for item in opening.arrivals), opening))


def no_memory(monkeypatch):
    whole = walk.Walk._connection
    monkeypatch.setattr(walk.Walk, "_connection", lambda self, device, header, packets: [
        item for item in whole(self, device, header, packets) if item[2] is None])
    monkeypatch.setattr(walk.Walk, "_tracked", lambda self, header, packets, device, vlan, tag: (
        (header.on_device(vlan=tag, state=0, tracked=False), packets),))


def no_jump(monkeypatch):
    monkeypatch.setattr(tables._Run, "_rule", lambda self, rule, whole=tables._Run._rule: None if isinstance(
        rule.end, tables.Enter) else whole(self, rule))


def no_order(monkeypatch):
    whole = tables._Run.outcomes

    def turned(self, header):
        self.table = replace(self.table, rules=tuple(reversed(self.table.rules)))
        return whole(self, header)
    monkeypatch.setattr(tables._Run, "outcomes", turned)


def no_port(monkeypatch):
    monkeypatch.setattr(tables.Passage, "at", lambda self, condition: True)


def ranges_one_too_long(monkeypatch):
    whole = Space._between

    def longer(self, expr, first, last, width):
        return whole(self, expr, first, last + (width == 16), width)
    monkeypatch.setattr(Space, "_between", longer)


def no_route(monkeypatch):
    monkeypatch.setattr(network.Device, "exits", lambda self, destination: tuple(
        network.Exit(item, self.space.everything) for item in self.policy.interfaces if not item.closed))


def no_translation(monkeypatch):
    whole = tables.after_actions
    monkeypatch.setattr(tables, "after_actions", lambda rule, header, passage: whole(
        replace(rule, actions=tuple(item for item in rule.actions if not isinstance(item, tables.Translate))),
        header, passage))


SABOTAGE = {
    no_last_table: ("linux_nftables", "cisco_ios"), no_negation: ("linux_nftables",), no_reply: PLATFORMS,
    no_memory: ("linux_nftables", "openvswitch"), no_jump: ("linux_nftables", "openvswitch"), no_order: PLATFORMS,
    no_port: ("linux_nftables", "openvswitch"), ranges_one_too_long: ("linux_nftables", "cisco_ios"),
    no_route: ("linux_nftables",), no_translation: ("linux_nftables",),
}
"""How the prover is broken, and on which platforms that must show (others have nothing of the kind)."""


@pytest.mark.parametrize(("broken", "name"), [(broken, name) for broken, names in SABOTAGE.items() for name in names])
def test_a_broken_prover_is_noticed(broken, name, monkeypatch):
    monkeypatch.setattr(device_bench, "space", sets.Space)
    broken(monkeypatch)
    said = sum((asked(name, seed, 120) for seed in SEEDS), Agreement())
    assert said.differ


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_same_packets_agree_when_it_is_whole(name):
    """What is noticed above is the sabotage, nothing else."""
    said = sum((asked(name, seed, 120) for seed in SEEDS), Agreement())
    assert said.differ == []
    assert Counter(said.same)[True, True] > 0
