"""Filters by another hand: the same openings through Aerleon's generator for the ASA are taken by the appliance and
decide every packet as ours do."""

from __future__ import annotations

import random
from typing import Any

import pytest
from aerleon import api
from aerleon.lib import naming

from punchdown.intent import FirewallIntent, Interface, Rule
from punchdown.lab.emulated import ManualClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance
from punchdown.platforms.cisco_asa import words
from punchdown.platforms.cisco_asa.policy import policy
from punchdown.render import render_device
from tests.platforms.cisco_asa.conftest import intent, spec
from tests.platforms.policies import outcomes, packet

FIREWALL = intent().firewall
assert FIREWALL is not None
LEGS = words.inside(FIREWALL)


def terms(rules: list[Rule], names: dict[tuple[str, ...], str]) -> list[dict[str, Any]]:
    """One term for each opening."""
    found: list[dict[str, Any]] = []
    for number, rule in enumerate(rules):
        term: dict[str, Any] = {"name": f"t{number}", "protocol": [rule.protocol], "action": "accept",
                                "source-address": names.setdefault(rule.sources, f"N{len(names)}")}
        if rule.destinations:
            term["destination-address"] = names.setdefault(rule.destinations, f"N{len(names)}")
        if rule.destination_ports:
            key = tuple(f"{rule.protocol} {ports}" for ports in rule.destination_ports)
            term["destination-port"] = names.setdefault(key, f"S{len(names)}")
        found.append(term)
    return found


def by_another_hand(firewall: FirewallIntent, leg: Interface) -> str:
    """The list of one interface as Aerleon writes it."""
    own = [rule for rule in firewall.policies if rule.family == 4 and set(rule.sources) & set(_within(rule, leg))]
    names: dict[tuple[str, ...], str] = {words.inside_prefixes(firewall): "INSIDE"}
    every = [*terms([rule for rule in own if rule.destinations], names),
             {"name": "inside", "destination-address": "INSIDE", "action": "deny"},
             *terms([rule for rule in own if not rule.destinations], names), {"name": "rest", "action": "deny"}]
    for number, term in enumerate(every):
        term["name"] = f"term-{number}"
    known = naming.Naming()
    known.ParseDefinitionsObject({
        "networks": {name: {"values": [{"address": text} for text in key]} for key, name in names.items()
                     if not name.startswith("S")},
        "services": {name: [dict(zip(("protocol", "port"), text.split(), strict=True)) for text in key]
                     for key, name in names.items() if name.startswith("S")}}, "")
    wanted = {"filename": "asa", "filters": [{"header": {"targets": {"ciscoasa": "second"}}, "terms": every}]}
    return str(api.Generate([wanted], known)["asa.asa"])


def _within(rule: Rule, leg: Interface) -> tuple[str, ...]:
    """The sources of a rule that an interface leads to; those of the example never span two."""
    firewall = FIREWALL
    assert firewall is not None
    return tuple(text for text in rule.sources if words.leg_of(firewall, text.partition("/")[0]) == leg.name)


def probes(dice: random.Random, leg: Interface) -> list[str]:
    """Packets of openings from the leg's segment, each with one part of another packet as often as not."""
    assert FIREWALL is not None
    base = leg.prefix.rpartition(".")[0]
    own = [rule for rule in FIREWALL.policies if _within(rule, leg) and rule.protocol in {"tcp", "udp"}]
    everything = [rule for rule in FIREWALL.policies if rule.protocol in {"tcp", "udp"}]
    found = []
    for _ in range(200):
        rule, other = dice.choice(own), dice.choice(everything)
        port = dice.choice(dice.choice((rule, rule, other)).destination_ports)
        source = dice.choice((*_within(rule, leg), f"{base}.77/32")).partition("/")[0]
        target = dice.choice(dice.choice((rule, rule, other)).destinations or ("192.0.2.9/32",)).partition("/")[0]
        number = dice.choice((port.first, port.last, port.first - 1, port.last + 1))
        found.append(f"{dice.choice((rule, other)).protocol} {source}:4000 {target}:{number}")
    return found


@pytest.mark.parametrize("leg", LEGS, ids=[leg.name for leg in LEGS])
def test_it_says_the_same(leg: Interface) -> None:
    assert FIREWALL is not None
    text = by_another_hand(FIREWALL, leg)
    lines = [line for line in text.splitlines() if line.startswith("access-list")]
    typed = AsaAppliance(spec(), ManualClock()).configurator()
    assert [line for line in lines if typed.feed(line).refused] == []
    ours = policy(intent(), {"running-config": render_device(intent()).documents[0].text})
    theirs = policy(intent(), {"running-config": "\n".join(("hostname fw-1", *lines))})
    ends = set()
    for probe in probes(random.Random(leg.name), leg):
        wanted = outcomes(ours.tables, f"PD-in-{leg.name}", packet(probe))
        assert outcomes(theirs.tables, "second", packet(probe)) == wanted, probe
        ends |= wanted
    assert ends == {"accept", "drop"}
