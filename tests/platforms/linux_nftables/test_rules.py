"""Rendered text against nft itself: loaded, listed, compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.intent import DeviceIntent, PortRange
from punchdown.platforms.linux_nftables import PLATFORM
from punchdown.platforms.linux_nftables.capabilities import FORWARDING, RULES
from punchdown.render import render_device
from punchdown.values import Change, Difference, IntendedConfig, Verdict
from tests.platforms.linux.local_writer import Appliance, LocalWriter
from tests.platforms.linux_nftables.firewall_example import FIREWALL, POLICIES, device, policy, with_policies

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with Appliance(tmp_path_factory.mktemp("fw") / "disk", name="fw-1") as appliance:
        yield appliance


def identity(text: str) -> str:
    return text


def load(writer: LocalWriter, intended: IntendedConfig) -> None:
    """Put every document in place without the safe change."""
    for document in intended.documents:
        folder = Path(document.name).parent
        assert writer.run(f"mkdir -p {folder} && cat > {document.name}", stdin=document.text).code == 0
    answer = writer.run(f"nft -f {RULES}")
    assert answer.code == 0, answer.error


def drift(writer: LocalWriter, intent: DeviceIntent) -> Change:
    return PLATFORM.compare(intent, render_device(intent), PLATFORM.fetch(writer, identity), {})


def rules_of(change: Change) -> list[Difference]:
    return [item for item in change.differences if item.document == RULES]


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = ((WEEK[:5], "08:00", "18:00"), (("sunday",), "00:00", "24:00"), (WEEK, "00:30", "24:00"),
         (WEEK[3:], "00:00", "09:15"))
VARIANTS = {
    "everything": device(),
    "private WAN": device(replace(FIREWALL, interfaces=tuple(
        replace(item, behind=("10.30.0.0/16", "2001:db8:30::/48")) if item.segment == "servers" else item
        for item in FIREWALL.interfaces))),
    "rates": device(replace(FIREWALL, policies=tuple(replace(item, rate=20) for item in POLICIES[:3]),
                            forwards=tuple(replace(item, rate=200) for item in FIREWALL.forwards))),
    "by the clock": device(replace(FIREWALL, policies=tuple(
        replace(item, schedule=times) for item, times in zip(POLICIES[:4], CLOCK, strict=True)),
        forwards=tuple(replace(item, schedule=CLOCK[0]) for item in FIREWALL.forwards))),
    "no policy": with_policies(),
    "no forwards": device(replace(FIREWALL, forwards=())),
    "no netblocks": device(replace(FIREWALL, netblocks=(), denied="", forwards=())),
    "drop silently": device(replace(FIREWALL, reject=False, log=False, ping=False)),
    "no quality of service": replace(device(), qos=None),
    "no WAN": device(replace(FIREWALL, wan="", wan_address="", forwards=(), source_nat=(), policies=POLICIES[:3],
                             interfaces=FIREWALL.interfaces[:-1])),
    "IPv6 on the WAN": device(replace(FIREWALL, interfaces=(
        *FIREWALL.interfaces[:-1], replace(FIREWALL.interfaces[-1], address6="2001:db8::2/64")),
        policies=(policy("", "2001:db8:40::15/128", "tcp", 443, family=6, note="from outside"),))),
    "odd rules": with_policies(
        policy("10.20.20.0/24 10.20.20.7/32", "10.20.10.0/25 10.20.10.128/25", "ip", note='quote " and umlaut ü'),
        policy("10.20.20.0/24", "10.20.10.9/32", "udp", action="deny", note="x" * 300),
        replace(policy("10.20.20.0/24", "10.20.10.9/32", "tcp", (1, 9), (10, 20), 400, note="ports"), log=True,
                source_ports=(PortRange(1024, 65535),)),
        policy("10.20.32.0/24", "", "ip", note="all out"), policy("10.20.32.0/24", "", "icmp"),
        policy("2001:db8:32::/64", "2001:db8:40::/64", "icmp", family=6),
        policy("10.20.20.0/24 10.20.21.0/24 10.20.22.0/24", "10.20.10.1/32 10.20.10.2/32 10.20.10.3/32", "tcp", 22)),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_loaded_and_listed_it_is_the_same(box: Appliance, name: str) -> None:
    intent = VARIANTS[name]
    assert PLATFORM.refusals(intent) == ()
    writer = box.writer()
    load(writer, render_device(intent))
    assert drift(writer, intent).differences == ()


def test_the_hour_that_ends_a_schedule_is_not_in_it() -> None:
    text = render_device(VARIANTS["by the clock"]).document(RULES).text
    assert 'meta day { "Friday", "Monday", "Thursday", "Tuesday", "Wednesday" } meta hour "08:00"-"17:59:59"' in text
    assert 'meta day "Sunday" accept' in text
    assert 'meta hour "00:30"-"23:59:59" accept' in text


def test_a_schedule_over_midnight_is_refused() -> None:
    night = (("monday",), "22:00", "06:00")
    for firewall in (replace(FIREWALL, policies=(replace(POLICIES[0], schedule=night),)),
                     replace(FIREWALL, forwards=(replace(FIREWALL.forwards[0], schedule=night),))):
        assert any("goes over midnight" in reason for reason in PLATFORM.refusals(device(firewall)))


def test_every_line_knows_where_it_comes_from() -> None:
    document = render_device(device()).document(RULES)
    by_text = {line.text.strip(): line.source for line in document.lines}
    smdr = next(source for text, source in by_text.items() if "dport 1752" in text)
    assert (smdr.field, smdr.feature) == ("hosts.smdr-taker.uses", "policy")
    media = next(source for text, source in by_text.items() if "dnat" in text and "20000-31000" in text)
    assert media.field == "hosts.mbg-1.expose.media"


def edited(box: Appliance, *commands: str) -> list[Difference]:
    """The drift after somebody typed these commands on a firewall that was in order."""
    writer = box.writer()
    load(writer, render_device(device()))
    for command in commands:
        answer = writer.run(command)
        assert answer.code == 0, answer.error
    change = drift(writer, device())
    assert set(change.payload) == ({RULES} if change.differences else set())
    return rules_of(change)


def test_rule_inserted_by_hand(box: Appliance) -> None:
    found = edited(box, "nft insert rule inet punchdown from_inside ip saddr 10.20.32.7 ip daddr 10.20.10.10 "
                        "tcp dport 1752 accept")
    assert [(item.verdict, item.path, item.severity) for item in found] == [
        (Verdict.EXTRA, ("chain from_inside",), "high")]
    assert found[0].meaning == "10.20.32.7 can open TCP 1752 on 10.20.10.10"
    assert found[0].source.field


def test_rule_for_a_whole_segment_names_it(box: Appliance) -> None:
    found = edited(box, "nft insert rule inet punchdown forward ip saddr 10.20.32.0/24 accept")
    assert found[0].meaning == "office (10.20.32.0/24) can open anything on anything"


def test_deleted_rule(box: Appliance) -> None:
    found = edited(box, "nft delete rule inet punchdown raw_prerouting handle $(nft -a list chain inet punchdown "
                        "raw_prerouting | sed -n '/spoof:office/s/.*handle //p' | head -1)")
    assert [item.verdict for item in found] == [Verdict.MISSING]
    assert found[0].severity == "high"
    assert found[0].source.field == "segments.office"


def test_swapped_rules_are_drift(box: Appliance) -> None:
    swap = ("h=$(nft -a list chain inet punchdown raw_prerouting | sed -n '/ipv6:dmz/s/.*handle //p'); "
            "nft delete rule inet punchdown raw_prerouting handle $h && "
            "nft insert rule inet punchdown raw_prerouting iifname lan150 meta nfproto ipv6 drop")
    found = edited(box, swap)
    assert {item.verdict for item in found} == {Verdict.REORDERED}


def test_listed_netblock_added_and_removed(box: Appliance) -> None:
    found = edited(box, "nft add element inet punchdown netblock_tele_workers_4 { 9.9.9.0/24 }",
                   "nft delete element inet punchdown netblock_tele_workers_4 { 192.0.2.77 }")
    assert sorted((item.verdict, item.line) for item in found) == [
        (Verdict.EXTRA, "element 9.9.9.0/24"), (Verdict.MISSING, "element 192.0.2.77")]


def test_open_policy_is_drift(box: Appliance) -> None:
    found = edited(box, "nft chain inet punchdown forward '{ policy accept; }'")
    assert {item.line for item in found} == {"type filter hook forward priority filter; policy drop;",
                                            "type filter hook forward priority filter; policy accept;"}


def test_helper_object_and_extra_chain(box: Appliance) -> None:
    found = edited(box, "nft add chain inet punchdown extra '{ type filter hook forward priority -300; }'",
                   "nft add rule inet punchdown extra udp dport 5060 accept")
    assert {(item.verdict, item.path) for item in found} == {(Verdict.EXTRA, ("chain extra",))}


@pytest.mark.parametrize("command", [
    "nft -s list table inet punchdown > /run/t; nft delete table inet punchdown; nft -f /run/t",
    "nft delete table inet punchdown; sed 's/ comment \"[^\"]*\"$//' " + RULES + " | nft -f -",
    "nft delete table inet punchdown; sed 's/ accept comment/ counter accept comment/' " + RULES + " | nft -f -",
    "nft delete table inet punchdown; sed 's/priority filter/priority 0/; s/ct state established,related/"
    "ct state { related, established }/' " + RULES + " | nft -f -",
], ids=["handles", "comments", "counters", "spellings"])
def test_no_drift_without_another_meaning(box: Appliance, command: str) -> None:
    assert edited(box, command) == []


def test_table_gone(box: Appliance) -> None:
    found = edited(box, "nft delete table inet punchdown")
    assert len(found) > 30
    assert {item.verdict for item in found} == {Verdict.MISSING}


def test_foreign_base_chain_is_reported_and_left_alone(box: Appliance) -> None:
    writer = box.writer()
    load(writer, render_device(device()))
    hook = "type filter hook forward priority filter + 10; policy accept;"
    writer.run(f"nft add table ip other; nft add chain ip other fwd0 '{{ {hook} }}'; nft add rule ip other fwd0 accept")
    change = drift(writer, device())
    assert change.differences == ()
    assert change.unmanaged == (f"table ip other, chain fwd0: {hook}",)
    writer.run("nft delete table ip other")


def test_boot_file_that_differs_is_drift(box: Appliance) -> None:
    found = edited(box, f"sed -i '/dport 1752/d' {RULES}")
    assert [item.meaning for item in found] == [
        "after a restart the firewall would start with other rules than declared"]


def test_forwarding_switched_off_in_the_file(box: Appliance) -> None:
    writer = box.writer()
    load(writer, render_device(device()))
    writer.run(f"sed -i s/1/0/ {FORWARDING}")
    assert {item.document for item in drift(writer, device()).differences} == {FORWARDING}
