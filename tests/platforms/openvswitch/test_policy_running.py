"""The policy of a real switch: as rendered, as the switch shows it, and as packets find it."""

from __future__ import annotations

import pytest

from punchdown.platforms.openvswitch import PLATFORM
from punchdown.platforms.openvswitch.policy import ENTRY
from punchdown.platforms.openvswitch.policy_flows import flows
from punchdown.render import render_device
from punchdown.values.policy import DevicePolicy, Field
from tests.platforms.openvswitch.bench import Bench
from tests.platforms.openvswitch.sample import COLLECTOR, PBX, PC, switch
from tests.platforms.openvswitch.test_packets import add_flow, fingerprint, plan, push
from tests.platforms.policies import packet, through, unread

pytestmark = pytest.mark.lab


def running(bench: Bench) -> DevicePolicy:
    documents = PLATFORM.fetch(bench.appliance.writer(), fingerprint).documents
    return PLATFORM.policy(switch(), {document.name: document.text for document in documents})


def meaning(policy: DevicePolicy) -> object:
    """Tables as sets of rules, since flows of one priority have no order; ports of the definition."""
    declared = {port.name for port in switch().ports}
    return ({table.name: frozenset((frozenset(rule.matches), rule.actions, rule.end) for rule in table.rules)
             for table in policy.tables},
            {(port.name, port.untagged, port.tagged, port.guarded) for port in policy.ports if port.name in declared})


def test_the_running_switch_reads_as_the_rendered_one(bench: Bench) -> None:
    push(bench, plan(bench))
    rendered = {document.name: document.text for document in render_device(switch()).documents}
    found, wanted = running(bench), PLATFORM.policy(switch(), rendered)
    assert unread(found) == unread(wanted) == []
    assert meaning(found) == meaning(wanted)


def test_a_dump_with_statistics_reads_the_same(bench: Bench) -> None:
    plain, with_statistics = (
        flows("d", bench.switch(f"ovs-ofctl -O OpenFlow14 {words} dump-flows br0"), {})[0]
        for words in ("--no-stats --no-names", "--no-names"))
    assert len(plain) > 100
    assert {(flow.table, flow.priority, flow.matches, flow.done.end) for flow in plain} == \
        {(flow.table, flow.priority, flow.matches, flow.done.end) for flow in with_statistics}


def opens(bench: Bench, policy: DevicePolicy, host: str, source: str, port: int) -> tuple[bool, bool]:
    """Whether a host can open a port of the PBX: by the policy, and by trying."""
    probe = packet(f"tcp {source}:40000 {PBX}:{port}", source_mac=0x020000000002 if host == "collector" else 0)
    said = through(policy, (ENTRY,), probe | {Field.TRACKED: 0}, bench.hosts[host])
    assert said in ({"accept"}, {"drop"})
    return said == {"accept"}, bench.connect(host, PBX, port, 1.5) == "open"


def test_packets_agree_with_the_policy(bench: Bench) -> None:
    before = running(bench)
    assert opens(bench, before, "collector", COLLECTOR, 1752) == (True, True)
    assert opens(bench, before, "collector", COLLECTOR, 22) == (False, False)
    assert opens(bench, before, "pc", PC, 1752) == (False, False)
    add_flow(bench, "table=0,priority=500,tcp,tp_dst=1752,actions=NORMAL")
    add_flow(bench, "table=0,priority=500,tcp,tp_src=1752,actions=NORMAL")
    after = running(bench)
    assert opens(bench, after, "pc", PC, 1752) == (True, True)
    assert opens(bench, after, "pc", PC, 22) == (False, False)
    push(bench, plan(bench))
    assert meaning(running(bench)) == meaning(before)
