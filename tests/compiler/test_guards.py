"""Guards of a switch that can't filter outbound: proved from its text, held by the emulated switch, and needed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from punchdown.errors import InputError
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of, rendered_documents, site_state
from punchdown.proof import prove
from punchdown.values.policy import DevicePolicy
from punchdown.values.proof import Answer
from tests.platforms.cisco_ios.switches import ApplianceSpec, IosAppliance, ManualClock, Switch

ESTATE = Path(__file__).parents[2] / "inventory"
ACCESS, CORE = "sw-acc-1", "sw-core-1"


def neighbour_on_access(site: dict) -> None:
    site["hosts"]["beside"] = {"kind": "application", "segment": "call-control", "address": "10.20.10.30"}
    ports = site["devices"][ACCESS]["ports"]
    del ports["46-47"]
    ports["46"] = "beside"


def neighbour_on_core(site: dict) -> None:
    site["hosts"]["beside"] = {"kind": "application", "segment": "call-control", "address": "10.20.10.30"}
    ports = site["devices"][CORE]["ports"]
    del ports["p22-24"]
    ports["p22"] = "beside"


def unnamed_neighbour(site: dict) -> None:
    site["devices"][ACCESS]["ports"]["46-47"] = "pbx"


def collector_beside(site: dict) -> None:
    site["hosts"]["smdr-taker"] |= {"segment": "call-control", "address": "10.20.10.30", "uses": ["smdr@mivb-2"]}
    ports = site["devices"][ACCESS]["ports"]
    del ports["46-47"], site["devices"][CORE]["ports"]["p6"]
    ports["46"] = "smdr-taker"


def with_ipv6(site: dict) -> None:
    for name, segment in site["segments"].items():
        segment["prefix6"] = f"2001:db8:{segment['vlan']:x}::/64"
        for host in site["hosts"].values():
            if host["segment"] == name:
                host["address6"] = f"2001:db8:{segment['vlan']:x}::{int(host['address'].rsplit('.', 1)[1]):x}"


def ipv6_beside(site: dict) -> None:
    neighbour_on_access(site)
    with_ipv6(site)


def ipv6_in_some_segments(site: dict) -> None:
    """The trunk carries VLANs with and without IPv6."""
    for name, host in (("call-control", "mivb-2"), ("servers", "opera")):
        vlan = site["segments"][name]["vlan"]
        site["segments"][name]["prefix6"] = f"2001:db8:{vlan:x}::/64"
        site["hosts"][host]["address6"] = f"2001:db8:{vlan:x}::10"
    neighbour_on_access(site)


def ipv6_for_pcs(site: dict) -> None:
    """Phones and PCs share ports; IPv6 is the PCs' alone."""
    site["segments"]["office"]["prefix6"] = "2001:db8:82::/64"
    neighbour_on_access(site)


def only_access_switches(site: dict) -> None:
    core = site["devices"][CORE]
    core["ports"] = {key.replace("p", ""): value for key, value in core["ports"].items()}
    core["platform"] = "cisco_ios"
    del core["model"]


def over_a_link(site: dict) -> None:
    """The two switches are joined by several cables that are one."""
    only_access_switches(site)
    site["hosts"]["beside"] = {"kind": "application", "segment": "call-control", "address": "10.20.10.30"}
    core, access = site["devices"][CORE], site["devices"][ACCESS]
    del core["ports"]["20"], core["ports"]["22-24"], access["ports"]["46-47"], access["ports"]["48"]
    core["ports"]["22"] = "beside"
    core["aggregations"] = {"down": {"number": 7, "ports": ["20", "23-24"], "role": ACCESS}}
    access["aggregations"] = {"up": {"number": 7, "ports": ["46-48"], "role": CORE}}


def everything_asked(site: dict) -> None:
    """What a site may ask of its switches and firewall beyond the usual, all at once."""
    over_a_link(site)
    for number, host in enumerate(site["hosts"].values()):
        host["mac"] = f"02:00:00:00:01:{number:02x}"
    site |= {"protection": {"arp_inspection": True, "arp_rate": 40}, "dot1x": {"change_of_authorization": True},
             "management": {"snmp": {"managers": ["admin-1"], "roles": ["core-switch", "access-switch"]}},
             "schedules": {"work": {"start": "08:00", "end": "18:00"}},
             "flows": [{"from": "office", "to": "mivb-2", "service": "ssh", "schedule": "work"}]}
    ports = site["devices"][ACCESS]["ports"]
    del ports["41-44"]
    ports["41"] = {"role": "mirror", "mirrors": ["45", "1-3"]}


SITES = (over_a_link, everything_asked, neighbour_on_access, neighbour_on_core, unnamed_neighbour, collector_beside,
         with_ipv6, ipv6_beside, ipv6_in_some_segments, ipv6_for_pcs, only_access_switches)


def ground(folder: Path, change) -> object:
    shutil.copytree(ESTATE, folder / "estate", ignore=shutil.ignore_patterns("examples"))
    path = folder / "estate" / "sites" / "lisbon.yml"
    site = yaml.load(path.read_text(), yaml.BaseLoader)
    change(site_with_numbers := {**site, "segments": {
        name: {**item, "vlan": int(item["vlan"])} for name, item in site["segments"].items()}})
    path.write_text(yaml.safe_dump(site_with_numbers).replace("'true'", "true"))
    return ground_of(folder / "estate", Selection(sites=("lisbon",)))


def state(found) -> object:
    return site_state(found.sites["lisbon"], found.intended, rendered_documents(found.intended), "rendered")


def wrong(seen) -> list[str]:
    return [item.title for item in prove(seen).claims if item.answer is not Answer.PROVED]


def without_guards(policy: DevicePolicy) -> DevicePolicy:
    """The same switch with nothing bound inbound but on the PBX's own port."""
    return replace(policy, ports=tuple(
        port if any("from-m" in name for name in port.inbound) else replace(port, inbound=())
        for port in policy.ports))


@pytest.mark.parametrize("change", SITES)
def test_no_neighbour_reaches_a_protected_host(tmp_path: Path, change) -> None:
    seen = state(ground(tmp_path, change))
    assert wrong(seen) == []
    if change is with_ipv6:
        return  # nobody is beside the PBX; what matters here is that its own neighbour discovery is no opening
    bare = replace(seen, policies={name: without_guards(policy) if policy.platform == "cisco_ios" else policy
                                   for name, policy in seen.policies.items()})
    assert wrong(bare)


@pytest.mark.parametrize(("change", "lines"), [
    (ipv6_beside, ("ip access-group PD-guard-110 in", "permit icmp any any nd-na")),
    (over_a_link, ("interface Port-channel7", "ip access-group PD-guard-110 in")),
    (ipv6_for_pcs, ("ipv6 traffic-filter PD-only-ipv6-of-130 in", "permit ipv6 2001:DB8:82::/64 any"))])
def test_the_emulated_switch_takes_the_guards_and_shows_them(tmp_path: Path, change, lines: tuple[str, ...]) -> None:
    found = ground(tmp_path, change)
    intent = next(item for item in found.sites["lisbon"].devices if item.device == ACCESS)
    few = tuple(item for item in intent.ports if int(item.name.rpartition("/")[2]) in {1, 45, 46, 48})
    intent = replace(intent, ports=few)
    clock = ManualClock()
    switch = Switch(IosAppliance(ApplianceSpec("Switch", version="17.9.4", ports=48), clock), clock)
    switch.push(switch.compare(intent))
    assert switch.compare(intent).empty
    running = switch.appliance.running_config()
    assert all(line in running for line in lines)


@pytest.mark.parametrize(("number", "refused"), [(1, True), (2, False), (1001, False), (1002, True), (1005, True)])
def test_vlans_that_ios_keeps_for_itself_are_refused(tmp_path: Path, number: int, refused: bool) -> None:
    def renumbered(site: dict) -> None:
        site["segments"]["office"]["vlan"] = number

    if not refused:
        assert ground(tmp_path, renumbered)
        return
    with pytest.raises(InputError) as caught:
        ground(tmp_path, renumbered)
    assert f"VLAN {number}: IOS keeps" in str(caught.value)
