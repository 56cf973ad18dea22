"""After every single command the predicted configuration lets through what the emulated switch's own text does."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from punchdown.intent import DeviceIntent
from punchdown.platforms.hp_procurve.effects import states
from punchdown.values import Step
from tests.contract.pairs import Pair, pairs
from tests.platforms.hp_procurve.boxes import MEMBER, Box, intent_of, means

EXAMPLES = int(os.environ.get("PUNCHDOWN_EXAMPLES", "2"))
EVERY = 9 if EXAMPLES < 10 else 1
"""Of the states between any two configurations, how many are looked at."""
BOUNDED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck),
                   phases=(Phase.explicit, Phase.reuse, Phase.generate))


def walk(box: Box, intent: DeviceIntent, steps: tuple[Step, ...]) -> int:
    before = box.text()
    typed = box.typing(*(step.text for step in steps))
    last = ("", "")
    for number, (step, ours, theirs) in enumerate(zip(steps, states(before, steps), typed, strict=True)):
        if (ours, theirs) != last and (number % EVERY == 0 or number + 1 == len(steps)):
            assert means(intent, ours) == means(intent, theirs), step.text
        last = (ours, theirs)
    return len(steps)


def test_from_the_factory() -> None:
    box, intent = Box(), intent_of("sw-acc-1")
    assert walk(box, intent, box.change(intent).steps) > 50


@BOUNDED
@given(pairs(MEMBER))
def test_between_any_two(pair: Pair) -> None:
    box = Box("sw-1", pair.before, 24)
    walk(box, pair.after, box.change(pair.after).steps)


LINES = st.sampled_from((
    "vlan 10", "vlan 20", "untagged 1-3", "untagged 2", "tagged 1-2", "no tagged 1", "no untagged 2", "exit",
    "vlan 1", "no vlan 20", "interface 1-2", "interface 3", "disable", "enable", "ip access-group one in",
    "no ip access-group one in", "ip access-list extended one", "permit tcp any host 10.0.0.1 eq 22",
    "20 deny ip any any", "no 10", "no ip access-list extended one", "aaa port-access authenticator 1-3",
    "no aaa port-access authenticator 2", "aaa port-access authenticator active", "aaa port-access mac-based 1",
    "aaa port-access authenticator 1-3 unauth-vid 10", "no aaa port-access authenticator 1 unauth-vid",
    "untagged vlan 10", "tagged vlan 20", "no tagged vlan 20", "interface 2 untagged vlan 10", "vlan 10 tagged 3",
    "dhcp-snooping", "dhcp-snooping vlan 1 10-20", "no dhcp-snooping vlan 10", "dhcp-snooping trust 1",
    "ip authorized-managers 10.0.0.0 255.255.255.0 access manager", "no ip authorized-managers 10.0.0.0 255.255.255.0",
    "ip address 10.0.0.1/24", "no ip address", "ip routing", "no ip routing", "interface 9 disable",
    "vlan 20 tagged 9", "trunk 2 trk2", "vlan 20 tagged trk1",
    "no interface 1 disable", "ip source-lockdown 1-2", "no ip source-lockdown 1", "tacacs-server host 10.0.0.9 key x",
    "radius-server host 10.0.0.9 key x", 'aaa server-group radius "g" host 10.0.0.9', "no radius-server host 10.0.0.9",
    'aaa authentication ssh login radius server-group "g" local', "aaa authentication ssh login local", "snmpv3 only",
    "ip authorized-managers 10.0.1.9 255.255.255.255 access operator access-method snmp",
    "no ip access-list extended two", "ipv6 access-list three", "permit ipv6 any any", "ipv6 access-group three in",
    "resequence", "20 permit tcp any", "trunk 3-4 trk1 lacp",
    "no trunk 3", "no trunk 3-4 trk1", "interface trk1", "dhcp-snooping trust",
    "arp-protect trust", "name x"))


@example(["vlan 20", "tagged 1-2", "vlan 1", "no untagged 2", "no vlan 20"])
@example(["vlan 20", "tagged 1-2", "vlan 1", "no untagged 2", "interface 1-2", "no tagged vlan 20"])
@example(["ip access-list extended one", "interface 2 untagged vlan 10", "enable", "20 deny ip any any"])
@settings(BOUNDED, max_examples=25 * EXAMPLES)
@given(st.lists(LINES, max_size=25))
def test_any_commands(lines: list[str]) -> None:
    """Lines that the switch refuses have no effect on either side; the rest have the same."""
    box, intent = Box(ports=4), intent_of("sw-acc-1")
    hand, taken, before = box.hand(), [], box.text()
    for line in lines:
        if line == "ip access-group one in" and " access-list extended " not in box.text():
            continue  # a binding without its list: the switch shows what no policy can be read from
        asks = line == "no vlan 20" and hand.run("configure terminal") is not None
        said = (hand.run(line) if asks else hand.configure(line)).output
        if "Invalid" in said or (said.strip() and "moved to the default VLAN" not in said):
            continue
        taken.append(Step(line))
    final = [before, *states(before, taken)][-1]
    assert means(intent, final) == means(intent, box.text()), [step.text for step in taken]
