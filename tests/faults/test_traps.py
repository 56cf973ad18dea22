"""Known traps on the way between two configurations, on platforms where every command acts at once: all invariants hold
after every single command, by the platform's own states and by the emulated appliance's own text. Those of IOS stand
with its platform."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from punchdown.errors import PlanError
from punchdown.pipeline.proving import Ground, rendered_documents
from punchdown.pipeline.way import refuse_if_broken, way_along, way_of
from punchdown.platforms import platform
from punchdown.values import Change, Plan, RunningConfig, RunningDocument
from punchdown.values.way import Invariant, Way
from tests.faults.traps import Stand
from tests.platforms.cisco_asa.conftest import spec

LONG = "PUNCHDOWN_TRAPS" in os.environ
HP = Stand("aruba-office", "coimbra", "sw-acc-1", "hp_procurve")
IOS = Stand("asa-edge", "viseu", "acc-1", "cisco_ios")
ASA = Stand("asa-edge", "viseu", "fw-1", "cisco_asa", cut=(
    ("expose: [minet-tls, {service: sip-tls, from: carrier}, web-proxy, {service: media, from: any}]",
     "expose: [web-proxy]"), ("    hairpin: true\n", "")), box=lambda: {"legs": spec().legs, "router": spec().router})
OVS = Stand("asa-edge", "viseu", "core-1", "openvswitch")

FROM_PBX, ANY = 'ip access-list extended "PD-from-mivb-1"', "0.0.0.0 255.255.255.255"
TYPED: Mapping[Stand, Mapping[str, tuple[str, ...]]] = {
    HP: {
        "a bound list reordered": (
            FROM_PBX, "no 10", "no 80", "80 permit tcp 10.80.110.10 0.0.0.0 eq 443 10.80.199.100 0.0.0.0 established",
            "10 permit tcp 10.80.110.10 0.0.0.0 eq 1752 10.80.140.15 0.0.0.0 established"),
        "a bound list replaced": (FROM_PBX, "no 10", "no 20", f"5 deny tcp {ANY} {ANY} eq 1752",
                                  f"6 permit icmp {ANY} {ANY}"),
        "a bound list by another name": ("ip access-list extended other", "permit ip any any", "exit",
                                         "interface 45 ip access-group other in"),
        "no list on the PBX's port": ('no interface 45 ip access-group "PD-from-mivb-1" in',),
        "a trunk that lacks one VLAN and carries another": ("vlan 777", "tagged 48", "exit", "no vlan 130 tagged 48"),
        "a native VLAN": ("vlan 998", "untagged 48", "exit"),
        "authentication off on a port with a phone": ("no aaa port-access authenticator 7",),
        "a phone's port as from the factory": (
            "no aaa port-access authenticator 7", "no vlan 120 tagged 7", "vlan 1 untagged 7",
            'no interface 7 ipv6 access-group "PD-no-ipv6" in', 'no interface 7 service-policy "PD-phone-and-pc" in'),
        "a phone's port in the PBX's VLAN": ("vlan 110 untagged 7",),
        "anybody may log in": ("ip authorized-managers 10.80.130.0 255.255.255.0 access manager",),
        "nobody is asked whence he comes": ("no ip authorized-managers 10.80.199.100 255.255.255.255",),
        "another way to log in": ("telnet-server",),
        "another management address": ("vlan 199 ip address 10.80.199.13 255.255.255.0",),
    },
    ASA: {
        "a bound list reordered": (
            "no access-list PD-in-wan0 extended deny ip object-group PD-net-blocked any4",
            "access-list PD-in-wan0 line 3 extended deny ip object-group PD-net-blocked any4"),
        "a bound list replaced": (
            "no access-list PD-in-lan40 extended permit tcp host 10.80.40.23 host 10.80.10.10 eq 1752",
            "access-list PD-in-lan40 line 1 extended permit tcp any any eq 1753",
            "access-list PD-in-lan40 line 1 extended deny tcp any any eq 22"),
        "a bound list by another name": ("access-list other extended permit ip any any",
                                         "access-group other in interface lan30"),
        "a port-forward is gone": (
            "no nat (lan50,wan0) source static PD-h-10.80.50.10 PD-h-198.51.100.80 service PD-s-tcp-443 PD-s-tcp-443",),
        "others are denied": ("object-group network PD-net-blocked", "network-object 203.0.113.0 255.255.255.240",
                              "no network-object 203.0.113.96 255.255.255.240", "exit"),
        "another operator alone may log in": ("ssh 10.80.99.101 255.255.255.255 lan99",
                                              "no ssh 10.80.99.100 255.255.255.255 lan99"),
        "anybody may log in": ("ssh 0.0.0.0 0.0.0.0 lan30", "ssh timeout 60", "telnet 0.0.0.0 0.0.0.0 lan30"),
    },
}
RADIUS = ("radius-1: {kind: radius-server, segment: management, address: 5}",
          "radius-1: {kind: radius-server, segment: management, address: 7}")
CHANGED: Mapping[Stand, Mapping[str, tuple[str, str]]] = {
    HP: {
        "a bound list shortened": ("[admin-https@mivb-1, ssh@mivb-1]", "[ssh@mivb-1]"),
        "a bound list extended": ("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, pms@mivb-1]"),
        "the PBX moves to the next port": ("45: mivb-1, 46-47: unused", "45: unused, 46: mivb-1, 47: unused"),
        "a port changes hands with the PBX": ("41-44: pc, 45: mivb-1", "41-43: pc, 44: mivb-1, 45: pc"),
        "ports closed": ("1-40: phone-and-pc, 41-44: pc, 45", "1-2: unused, 3-40: phone-and-pc, 41-44: pc, 45"),
        "phones where PCs were": ("1-40: phone-and-pc, 41-44: pc, 45", "1-44: phone-and-pc, 45"),
        "another RADIUS server while ports are authenticated": RADIUS,
        "another management address": ("management: 12", "management: 13"),
        "another VLAN for management": ("{vlan: 199,", "{vlan: 198, prefix: 10.80.199.0/24,"),
        "another operator": ("segment: management, address: 100", "segment: management, address: 101"),
        "another voice VLAN": ("{vlan: 120,", "{vlan: 125, prefix: 10.80.120.0/24,"),
    },
    ASA: {
        "a bound list shortened": ("ssh@mivb-1, admin-https@mbg-1]", "ssh@mivb-1]"),
        "a bound list extended": ("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, pms@mivb-1]"),
        "a port-forward to another address": ("segment: dmz\n    address: 10", "segment: dmz\n    address: 11"),
        "a port-forward from another address": ("public: 198.51.100.80", "public: 198.51.100.81"),
        "another deny list": ("blocked: [203.0.113.96/28]", "blocked: [203.0.113.112/28]"),
        "another list of homes": ("homes: [203.0.113.64/26, 203.0.113.192/27]", "homes: [203.0.113.0/26]"),
        "another RADIUS server": RADIUS,
        "another operator": ("segment: management\n    address: 100", "segment: management\n    address: 101"),
    },
    IOS: {"another VLAN for management": ("{vlan: 99,", "{vlan: 98, prefix: 10.80.99.0/24,")},
}
SLOW: Mapping[Stand, frozenset[str]] = {
    HP: frozenset({"a bound list replaced", "no list on the PBX's port", "nobody is asked whence he comes",
                   "a bound list shortened", "a bound list extended", "phones where PCs were", "another voice VLAN",
                   "the PBX moves to the next port", "a port changes hands with the PBX",
                   "ports closed", "another RADIUS server while ports are authenticated",
                   "another VLAN for management", "another operator", "another management address"}),
    ASA: frozenset({"a bound list replaced", "a bound list by another name", "another operator alone may log in",
                    "a bound list extended", "a port-forward from another address", "another list of homes",
                    "another RADIUS server", "another operator"}),
    IOS: frozenset(CHANGED[IOS]),
}
"""Walked by `make long` alone: longer ways, of a kind that others have as well."""


def cases(table: Mapping[Stand, Mapping[str, object]]) -> list[object]:
    return [pytest.param(stand, name, id=f"{stand.platform}: {name}") for stand, names in table.items()
            for name in names if LONG or name not in SLOW[stand]]


@pytest.mark.parametrize(("stand", "name"), cases(TYPED))
def test_back_from_what_somebody_typed(stand: Stand, name: str) -> None:
    """As long as somebody's change stands nothing gets worse."""
    rig = stand.rig()
    rig.type(*TYPED[stand][name])
    assert stand.walk(rig, stand.ground()).breaches == ()


@pytest.mark.parametrize(("stand", "name"), cases(CHANGED))
def test_on_to_another_definition(stand: Stand, name: str) -> None:
    assert stand.walk(stand.rig(), stand.ground(CHANGED[stand][name])).breaches == ()


@pytest.mark.parametrize(("stand", "careless", "broken"), [
    (HP, f"no {FROM_PBX}", Invariant.PROTECTION),
    (ASA, "no access-group PD-in-lan30 in interface lan30", Invariant.PROTECTION),
    (ASA, "no access-list PD-in-lan40 extended permit tcp host 10.80.40.23 host 10.80.10.10 eq 1752",
     Invariant.CONTINUITY),
    (ASA, "no ssh 10.80.99.100 255.255.255.255 lan99", Invariant.MANAGEMENT),
], ids=lambda value: getattr(value, "platform", None) or str(value))
def test_a_careless_command_is_noticed(stand: Stand, careless: str, broken: Invariant) -> None:
    """On the appliance's own text, though it is put right at once."""
    rig, site = stand.rig(), stand.ground().sites[stand.site]
    right = {item.name: item.text for item in rig.running().documents}
    rig.type(careless)
    wrong = {item.name: item.text for item in rig.running().documents}
    before = {**rendered_documents(stand.ground().intended), stand.device: right}
    way = way_along(site, stand.ground().intended, before, [(stand.device, [(careless, wrong), ("mend", right)])])
    assert broken in way.broken


def on_paper(old: Ground, new: Ground, stand: Stand, *devices: str) -> Way:
    """The way of devices that run what the old site rendered, one after the other; by the platforms' states alone."""
    texts, changes = rendered_documents(old.intended), list[Change]()
    for device in devices:
        (intent,) = (item for item in new.sites[stand.site].devices if item.device == device)
        running = RunningConfig(device, intent.platform, tuple(
            RunningDocument(name, text) for name, text in texts[device].items()))
        changes.append(platform(intent.platform).compare(intent, new.intended[device], running, {}))
    return way_of(new.sites[stand.site], new.intended, texts, changes)


OVS_CHANGED = {
    "802.1X for a phone's port": ("p16-24: unused", "p16: phone-and-pc, p17-24: unused"),
    "another RADIUS server": RADIUS,
    "a list replaced": ("uses: [smdr@mivb-1]", "uses: [pms@mivb-1]"),
}


@pytest.mark.parametrize("name", OVS_CHANGED if LONG else list(OVS_CHANGED)[:1])
def test_open_vswitch_takes_effect_store_by_store(name: str) -> None:
    assert on_paper(OVS.ground(), OVS.ground(OVS_CHANGED[name]), OVS, OVS.device).breaches == ()


def test_a_voice_vlan_renumbered_all_over_a_site_is_told_and_has_to_be_accepted() -> None:
    """No order of devices keeps phones connected; nothing opens and nobody is shut out all the same."""
    way = on_paper(HP.ground(), HP.ground(CHANGED[HP]["another voice VLAN"]), HP, "sw-acc-1", "sw-core-1")
    assert way.broken == (Invariant.CONTINUITY,)
    with pytest.raises(PlanError, match="--accept continuity"):
        refuse_if_broken((Plan(HP.site, (), way=way),), ())
