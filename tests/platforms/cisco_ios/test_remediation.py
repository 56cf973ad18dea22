"""The order of a change, judged on an emulated switch that shares no code with the platform."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchdown.intent import (
    DeviceIntent,
    Filter,
    FixedAddress,
    LinkMode,
    PortIntent,
    SnmpAccess,
    SwitchProtection,
    Vlan,
)
from tests.platforms.cisco_ios.switches import (
    DOT1X,
    FILTER,
    INTENT,
    Switch,
    closed,
    new_switch,
    pbx,
    port,
    reply,
    resolve,
    source,
    trunk,
)

NEW_RULE = reply("10.20.10.11/32", "10.20.40.20/32", 2000, line=16)


def with_rules(*rules: object) -> DeviceIntent:
    return replace(INTENT, filters=(replace(FILTER, rules=rules),))  # type: ignore[arg-type]


def texts(switch: Switch, intent: DeviceIntent) -> list[str]:
    return [step.text.strip() for step in switch.compare(intent).steps]


def test_a_permit_is_added_in_place(switch: Switch) -> None:
    intent = with_rules(*FILTER.rules[:1], NEW_RULE, *FILTER.rules[1:])
    assert texts(switch, intent) == [
        "ip access-list extended PD-from-mivb-2",
        "15 permit tcp host 10.20.10.11 eq 2000 host 10.20.40.20 established",
    ]
    switch.push(switch.compare(intent))
    assert switch.compare(intent).empty


def test_a_permit_is_replaced_make_before_break(switch: Switch) -> None:
    sent = texts(switch, with_rules(NEW_RULE, *FILTER.rules[1:]))
    assert sent[1:] == ["9 permit tcp host 10.20.10.11 eq 2000 host 10.20.40.20 established", "no 10"]


def test_a_changed_deny_goes_over_a_copy(switch: Switch) -> None:
    intent = with_rules(*FILTER.rules[3:], *FILTER.rules[:3])
    sent = texts(switch, intent)
    bound = [index for index, text in enumerate(sent) if text.startswith("ip access-group")]
    assert [sent[index] for index in bound] == [
        "ip access-group PD-from-mivb-2-b in",
        "ip access-group PD-from-mivb-2 in",
    ]
    assert bound[0] < sent.index("no ip access-list extended PD-from-mivb-2") < bound[1]
    assert sent[-1] == "no ip access-list extended PD-from-mivb-2-b"
    switch.push(switch.compare(intent))
    assert switch.compare(intent).empty


def watched(switch: Switch, intent: DeviceIntent) -> None:
    """Apply a change line by line; after every line no bound list may be absent or empty, no trunk open to all."""
    writer = switch.writer()
    for step in switch.compare(intent).steps:
        answer = writer.configure(resolve(step.text if "\n" in step.text else step.text.strip())).output
        assert not re.search(r"% (?!Access|Voice)|%Error|rejected|overlaps", answer), (step.text, answer)
        text = switch.appliance.running_config()
        lists = dict(
            re.findall(r"^ip(?:v6)? access-list (?:extended |standard )?(\S+)\n((?: .*\n)*)", text, re.MULTILINE)
        )
        for name in re.findall(r"(?:access-group|traffic-filter|access-class) (\S+) in", text):
            assert "deny" in lists.get(name, "permit"), (step.text, name)
        for block in re.findall(r"^interface .*\n(?: .*\n)*", text, re.MULTILINE):
            if "switchport mode trunk" in block and "Gi" in block.split("\n")[0]:
                assert "trunk allowed vlan" in block, step.text
    writer.close()


def test_no_list_is_ever_unbound_or_empty_while_it_is_rebuilt(switch: Switch) -> None:
    watched(switch, with_rules(*reversed(FILTER.rules)))


def test_a_port_becomes_a_trunk_and_back(switch: Switch) -> None:
    turned = replace(INTENT, ports=(trunk(1, 110, 199), port(2), *INTENT.ports[2:]))
    watched(switch, turned)
    assert switch.compare(turned).empty
    watched(switch, INTENT)
    assert switch.compare().empty


def test_authentication_ends_with_the_port_control_line(switch: Switch) -> None:
    sent = texts(switch, replace(INTENT, ports=(port(1, dot1x=None), *INTENT.ports[1:])))
    gone = [text for text in sent if text.startswith(("no authentication", "no dot1x", "no mab"))]
    assert gone[0] == "no authentication port-control"
    assert gone[1:3] == ["no dot1x pae authenticator", "no mab"]


def test_a_closed_port_is_shut_before_anything_else(switch: Switch) -> None:
    sent = texts(switch, replace(INTENT, ports=(closed(1), *INTENT.ports[1:])))
    assert sent[:2] == ["interface GigabitEthernet1/0/1", "shutdown"]


def test_a_vlan_moves_over_the_trunk_before_its_members(switch: Switch) -> None:
    vlan = Vlan(135, "office-2", "data", "10.20.36.0/24", "", source("segments.office-2", 9))
    intent = replace(
        INTENT,
        vlans=(*INTENT.vlans, vlan),
        ports=(
            port(1),
            port(2),
            port(3, access_vlan=135, voice_vlan=0),
            *INTENT.ports[3:5],
            trunk(8, 110, 120, 135, 199),
        ),
    )
    sent = texts(switch, intent)
    order = [
        "vlan 135",
        "switchport trunk allowed vlan add 135",
        "switchport access vlan 135",
        "switchport trunk allowed vlan remove 130",
        "ip dhcp snooping vlan 135",
    ]
    assert [text for text in sent if text in order] == order


def test_every_step_says_why_and_where_from(switch: Switch) -> None:
    change = switch.compare(replace(INTENT, ports=(closed(1), *INTENT.ports[1:])))
    assert all(
        "devices.sw-acc-1.ports (inventory/sites/lisbon.yml:30:3), template interfaces" in step.why
        for step in change.steps
    )


def test_secrets_stay_references_in_steps() -> None:
    change = new_switch().compare()
    assert sum("<secret:radius-sw-acc-1>" in step.text for step in change.steps) == 2
    assert "clear-" not in repr(change)


def test_a_stale_list_of_ours_is_removed_unless_somebody_uses_it(switch: Switch) -> None:
    switch.type("ip access-list extended PD-old", "permit ip any any")
    assert texts(switch, INTENT) == ["no ip access-list extended PD-old"]
    switch.type("interface Gi1/0/4", "ip access-group PD-old in")
    assert switch.compare().empty


ports = st.sampled_from(
    (
        lambda n: port(n),
        lambda n: port(n, dot1x=None),
        pbx,
        closed,
        trunk,
        lambda n: trunk(n, 110, 130, 199),
        lambda n: port(n, voice_vlan=0, lldp_med=False),
        lambda n: port(n, trust_dscp=True, voice_vlan=0, dot1x=None),
        lambda n: port(n, dot1x=replace(DOT1X, dead="closed", host_mode="single-host", mab=False, reauth_seconds=7200)),
        lambda n: port(n, dot1x=replace(DOT1X, host_mode="multi-auth", guest_vlan=120, tx_period_seconds=30)),
        lambda n: port(n, ipv6_vlans=(120, 130)),
    )
)


FIXED = tuple(FixedAddress(110, f"10.20.10.{number}", f"08:00:0F:10:00:{number}", "pbx", source("hosts", 7))
              for number in (11, 12, 13))
POLLED = tuple(SnmpAccess("punchdown", hashed, "aes128", managers, traps, source("management.snmp", 8))
               for hashed, managers, traps in (("sha256", ("10.20.99.100",), True), ("sha", ("10.20.99.7",), False)))


@st.composite
def asked(draw: st.DrawFn, intent: DeviceIntent) -> DeviceIntent:
    """What a site may ask for beyond the usual, each of it or not."""
    inspecting = draw(st.booleans())
    protection = SwitchProtection(inspecting, False, "", False, False, False, source("protection", 6), tuple(
        item for item in FIXED if inspecting and draw(st.booleans())))
    sensor = port(7, role="mirror", access_vlan=999, voice_vlan=0, dot1x=None, lldp_med=False,
                  mirrors=tuple(f"GigabitEthernet1/0/{number}" for number in draw(
                      st.lists(st.integers(1, 4), min_size=1, unique=True))))
    coa = draw(st.booleans())
    made = (*(replace(item, dot1x=item.dot1x and replace(item.dot1x, coa=coa),
                      arp_trusted=item.role == "uplink", arp_rate=draw(st.sampled_from((0, 15, 30))))
              for item in intent.ports), sensor if draw(st.booleans()) else closed(7))
    management = replace(intent.management, snmp=draw(st.sampled_from((None, *POLLED))))
    return replace(intent, ports=made, protection=protection, management=management)


@st.composite
def intents(draw: st.DrawFn) -> DeviceIntent:
    chosen: tuple[PortIntent, ...] = tuple(draw(ports)(number) for number in range(1, 5))
    rules = draw(st.lists(st.sampled_from((*FILTER.rules, NEW_RULE)), unique=True))
    filters: tuple[Filter, ...] = (replace(FILTER, rules=tuple(rules), log_denied=draw(st.booleans())),)
    servers = INTENT.radius_servers[: draw(st.integers(1, 2))]
    minutes = draw(st.sampled_from((5, 10, 15)))
    management = replace(
        INTENT.management,
        session_timeout_minutes=minutes,
        sources=tuple(
            draw(st.lists(st.sampled_from(("10.20.99.100/32", "10.20.98.0/24", "10.0.0.0/8")), min_size=1, unique=True))
        ),
    )
    usual = replace(INTENT, ports=(*chosen, trunk(8)), filters=filters, radius_servers=servers, management=management)
    return draw(asked(usual))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(intents(), intents())
def test_any_change_ends_in_order_and_is_safe_on_the_way(before: DeviceIntent, after: DeviceIntent) -> None:
    switch = new_switch(running=before)
    assert switch.compare(before).empty
    watched(switch, after)
    assert switch.compare(after).differences == ()


@pytest.mark.parametrize("mode", list(LinkMode))
def test_never_the_line_that_allows_every_vlan(switch: Switch, mode: LinkMode) -> None:
    made = {LinkMode.ACCESS: port, LinkMode.TRUNK: trunk, LinkMode.CLOSED: closed}[mode](8)
    sent = texts(switch, replace(INTENT, ports=(*INTENT.ports[:-1], made)))
    assert not [text for text in sent if text.startswith("no switchport trunk allowed")]


def test_the_risk_names_what_a_change_costs(switch: Switch) -> None:
    """Every reason with the command that gives it; a denial less is grave."""
    change = switch.compare(replace(INTENT, ports=(closed(1), *INTENT.ports[1:])))
    assert change.risk == "medium"
    assert "drops calls on its ports: shutdown" in change.risk_why
    assert "ports must authenticate again" in change.risk_why
    bare = switch.compare(with_rules(*(rule for rule in FILTER.rules if rule.action == "permit")))
    assert bare.risk == "high"
    assert bare.risk_why.startswith("shrinks a filter: no more 'deny udp")
    switch.type("line vty 0 4", "exec-timeout 0 0")
    assert switch.compare().risk_why.startswith("touches the way into the device: line vty")
