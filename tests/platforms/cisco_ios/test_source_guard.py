"""Senders that a port takes: who has a lease, or is bound to it by a line."""

from __future__ import annotations

from dataclasses import replace

from punchdown.intent import PortIntent
from punchdown.platforms.cisco_ios.capabilities import refusals
from punchdown.platforms.cisco_ios.source_guard import guarded_ports
from punchdown.platforms.cisco_ios.state import observe
from punchdown.render import render_device
from punchdown.values import Verdict
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, new_switch
from tests.platforms.cisco_ios.test_features import GUARDING, texts
from tests.platforms.policies import packet, through

_PORT = "GigabitEthernet1/0/5"


def host(**changes: object) -> PortIntent:
    return replace(next(port for port in GUARDING.ports if port.name == _PORT), **changes)  # type: ignore[arg-type]


def test_who_is_checked_and_who_would_be_cut_off() -> None:
    """Users and named hosts; not trunks, nor legs of the site, nor servers of which nobody knows the address."""
    assert [port.name.rpartition("/")[2] for port in guarded_ports(GUARDING)] == ["1", "2", "3", "5"]
    for changes in ({"role": "application"}, {"arp_trusted": True}, {"dhcp_trusted": True}):
        assert not guarded_ports(replace(GUARDING, ports=(host(**changes),)))
    assert not refusals(GUARDING)
    unknown = replace(GUARDING, ports=(host(hosts=(("", "10.20.10.11", ""),)), *GUARDING.ports[-1:]))
    assert refusals(unknown) == (
        f"{_PORT}: source guard would cut 10.20.10.11 off, no lease and no MAC address tell who it is",)
    assert "no port leads to a DHCP server" in refusals(replace(GUARDING, ports=GUARDING.ports[:-1]))[0]


def test_senders_are_checked_last_and_no_more_first(switch: Switch) -> None:
    change = switch.compare(GUARDING)
    begins = [step.text.strip() for step in change.steps]
    bound = begins.index(f"ip source binding 0800.0f10.0011 vlan 110 10.20.10.11 interface {_PORT}")
    assert bound < begins.index("ip verify source")
    assert "cuts off whose lease the switch has not seen yet: ip verify source" in change.risk_why
    switch.push(change)
    moved = replace(GUARDING, ports=tuple(replace(port, access_vlan=110) if port.name.endswith("/3") else port
                                          for port in INTENT.ports))
    ends = texts(switch, replace(moved, protection=INTENT.protection))
    assert ends.index("no ip verify source") < ends.index("switchport access vlan 110")
    gone = next(text for text in ends if text.startswith("no ip source binding "))
    assert max(index for index, text in enumerate(ends) if text == "no ip verify source") < ends.index(gone)


def test_a_sender_that_somebody_bound_is_told_and_taken_away() -> None:
    switch = new_switch(running=GUARDING)
    switch.type("ip source binding 0200.0000.0009 vlan 130 10.20.32.9 interface gi1/0/3")
    change = switch.compare(GUARDING)
    assert [(item.verdict, item.meaning) for item in change.differences] == [
        (Verdict.EXTRA, "10.20.32.9 on port GigabitEthernet1/0/3 needs no lease")]
    switch.push(change)
    assert switch.compare(GUARDING).empty


def test_a_port_that_checks_nobody_is_told() -> None:
    switch = new_switch(running=GUARDING)
    switch.type("no ip dhcp snooping")
    facts = observe(switch.writer(), GUARDING).facts
    assert facts[f"port:{_PORT}:source-guard"] == "inactive-no-snooping-vlan"
    switch.type("ip dhcp snooping", "interface gi1/0/5", "no ip verify source")
    assert observe(switch.writer(), GUARDING).facts[f"port:{_PORT}:source-guard"] == "off"


def test_the_proof_knows_who_is_cut_off() -> None:
    """A fixed address passes where it is bound. Where it is not, nothing is claimed: it may have a lease."""
    text = render_device(GUARDING).documents[0].text
    name = f"ip verify source {_PORT}"
    binding = "ip source binding 0800.0f10.0011 vlan 110 10.20.10.11 interface "

    def guard(text: str, source: str) -> set[str]:
        policy = IOS.policy(GUARDING, {"running-config": text})
        port = next(port for port in policy.ports if port.name == _PORT)
        probe = packet(f"tcp {source}:5061 10.20.20.9:6800", tcp_reply=1)
        return through(policy, (name,), probe) if name in port.inbound else set()

    perhaps = {"accept", "drop"}
    assert guard(text, "10.20.10.11") == {"accept"}
    assert guard(text, "10.20.10.12") == perhaps
    assert guard(text.replace(binding, binding.replace("110 ", "120 ")), "10.20.10.11") == perhaps
    assert guard(text.replace(" ip verify source\n", ""), "10.20.10.12") == set()
    assert guard(text.replace("ip dhcp snooping\n", ""), "10.20.10.12") == set()
