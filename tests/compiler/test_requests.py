"""What a site may ask for: it reaches the intent, and a device that can't do it refuses where it was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from punchdown.compiler import CompiledSite, compile_site
from punchdown.intent import DeviceIntent
from punchdown.model import LoadedSite, Positions, Site
from punchdown.platforms import platform
from punchdown.values import Position


def definition(**more: Any) -> dict[str, Any]:
    """A small site: a controller, a switch, a firewall."""
    base: dict[str, Any] = {
        "site": "porto", "prefix": "10.20.0.0/16",
        "segments": {"call-control": {"vlan": 10, "zone": "call-control"}, "phones": {"vlan": 20, "zone": "voice"},
                     "office": {"vlan": 30, "zone": "data"}, "management": {"vlan": 99, "zone": "management"}},
        "hosts": {"pbx-1": {"kind": "mivoice-business", "segment": "call-control", "address": 10},
                  "admin": {"kind": "admin", "segment": "management", "address": 100},
                  "radius": {"kind": "radius-server", "segment": "management", "address": 5}},
        "devices": {
            "sw-1": {"role": "access-switch", "platform": "cisco_ios", "management": 11,
                     "ports": {"1-8": "phone-and-pc", "9": "pbx-1"}},
            "fw-1": {"role": "firewall", "platform": "linux_nftables", "management": 1,
                     "routes": ["call-control", "phones", "office", "management"]}},
        "firewall": {"wan": {"address": "198.51.100.2/24", "router": "198.51.100.1"}}}
    for key, value in more.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base


def compiled(**more: Any) -> CompiledSite:
    positions = Positions({(): Position("porto.yml", 1, 1)}, {})
    return compile_site(LoadedSite(Site.model_validate(definition(**more)), positions))


def errors(**more: Any) -> list[str]:
    return [item.message for item in compiled(**more).errors]


def device(site: CompiledSite, name: str) -> DeviceIntent:
    return next(item for item in site.devices if item.device == name)


def on_switch(**more: Any) -> dict[str, Any]:
    return {**definition()["devices"], "sw-1": {**definition()["devices"]["sw-1"], **more}}


def segments(**more: Any) -> dict[str, Any]:
    known = definition()["segments"]
    return {name: {**item, **more.get(name, {})} for name, item in known.items()}


ASKED: dict[str, tuple[dict[str, Any], str]] = {
    "vrf": ({"segments": segments(phones={"vrf": "voice"})}, "routing instances (VRF voice)"),
    "vrrp": ({"segments": segments(phones={"first_hop": {"group": 7, "priorities": {"fw-1": 120, "fw-2": 100}}}),
              "devices": {"fw-2": {**definition()["devices"]["fw-1"], "management": 2, "routes": ["phones"]}}},
             "VRRP (group 7 of phones)"),
    "tree": ({"spanning_tree": {"mode": "mst"}}, "spanning tree mst"),
    "style": ({"devices": {"fw-1": {**definition()["devices"]["fw-1"], "authentication": "ibns2"}}},
              "authentication in the style ibns2"),
    "snmp": ({"management": {"snmp": {"managers": ["admin"], "roles": ["firewall"]}}}, "SNMPv3"),
    "tacacs": ({"management": {"aaa": {"method": "tacacs", "servers": ["admin"]}}}, "logins checked by tacacs"),
    "balanced": ({"dot1x": {"servers": ["radius"], "critical_segment": "office", "selection": "balanced"}},
                 "asking RADIUS servers in turn"),
    "vpn": ({"firewall": {"vpns": {"lagos": {"peer": "198.51.100.9", "remote": "lagos", "local": ["phones"]}}},
             "remotes": {"lagos": {"kind": "site", "via": "lagos", "prefixes": ["10.30.0.0/16"]}}},
            "a site-to-site VPN (lagos)"),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_no_platform_does_is_refused_and_never_dropped(name: str) -> None:
    more, what = ASKED[name]
    assert [message for message in errors(**more) if message.endswith(f"does not do {what}")]
    assert not errors()


def test_a_platform_that_meets_a_need_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    room = platform("cisco_ios")
    more = {"spanning_tree": {"mode": "mst"}}
    assert errors(**more)
    able = replace(room.capabilities, meets=(*room.capabilities.meets, "spanning-tree-mst"))
    monkeypatch.setattr(type(room), "capabilities", able, raising=False)
    assert not errors(**more)


def test_snmp_is_for_the_roles_that_are_named() -> None:
    assert errors(management={"snmp": {"managers": ["admin"]}}) == ["fw-1 (linux_nftables) does not do SNMPv3"]
    site = compiled(management={"snmp": {"managers": ["admin"], "roles": ["access-switch"]}})
    assert not site.errors
    access = device(site, "sw-1").management.snmp
    assert access is not None
    assert (access.user, access.managers) == ("punchdown", ("10.20.99.100",))
    assert device(site, "fw-1").management.snmp is None


def test_arp_inspection_knows_hosts_by_their_mac() -> None:
    asked: dict[str, Any] = {"protection": {"arp_inspection": True}}
    assert set(errors(**asked)) == {
        f"{name} has the address 10.20.{place} and no MAC address"
        for name, place in (("pbx-1", "10.10"), ("admin", "99.100"), ("radius", "99.5"))}
    known = {"pbx-1": {**definition()["hosts"]["pbx-1"], "mac": "08:00:0F:01:02:03"},
             "admin": {**definition()["hosts"]["admin"], "mac": "02:00:00:00:00:01"},
             "radius": {**definition()["hosts"]["radius"], "mac": "02:00:00:00:00:02"}}
    devices = {**on_switch(ports={"1-8": "phone-and-pc", "9": "pbx-1", "10": "dhcp-1/phones", "11": "fw-1/phones"}),
               "dhcp-1": {"role": "dhcp", "platform": "kea", "management": 6, "serves": ["phones"]}}
    site = compiled(**asked, hosts=known, devices=devices, segments=segments(phones={"dhcp": "50-99"}))
    assert not site.errors
    switch = device(site, "sw-1")
    assert switch.protection is not None
    assert [(item.vlan, item.address, item.mac) for item in switch.protection.fixed] == [
        (10, "10.20.10.10", "08:00:0F:01:02:03"), (99, "10.20.99.5", "02:00:00:00:00:02"),
        (99, "10.20.99.100", "02:00:00:00:00:01")]
    ports = {port.name.rpartition("/")[2]: port for port in switch.ports}
    assert [(ports[name].arp_trusted, ports[name].arp_rate) for name in ("1", "9", "10", "11")] == [
        (False, 15), (False, 0), (True, 0), (True, 0)]


def test_a_switch_that_should_route_is_refused_and_never_dropped() -> None:
    devices = on_switch(routes=["phones"])
    devices["fw-1"] = {**devices["fw-1"], "routes": ["call-control", "office", "management"]}
    assert "sw-1 is an access-switch and routes nothing" in errors(devices=devices)


def test_a_schedule_reaches_the_firewall_and_no_switch() -> None:
    site = compiled(schedules={"day": {"start": "08:00", "end": "18:00", "days": ["monday"]}},
                    flows=[{"from": "office", "to": "pbx-1", "service": "ssh", "schedule": "day"}])
    assert not site.errors
    firewall = device(site, "fw-1").firewall
    assert firewall is not None
    assert {rule.schedule for rule in firewall.policies if rule.note == "office to pbx-1: ssh"} == {
        (("monday",), "08:00", "18:00")}


def test_ports_ranges_exceptions_and_roles() -> None:
    site = compiled(devices=on_switch(
        ports={"1-8": "phone-and-pc", "9": "pbx-1", "10": {"role": "uplink", "segments": ["office", "phones"]},
               "11": {"role": "pc", "segment": "management"}},
        exceptions={"3": {"role": "pc", "description": "kiosk"}, "4": {"dot1x": False}}),
        dot1x={"servers": ["radius"], "critical_segment": "office"})
    ports = {port.name.rpartition("/")[2]: port for port in device(site, "sw-1").ports}
    assert (ports["2"].role, ports["2"].voice_vlan) == ("phone-and-pc", 20)
    assert (ports["3"].role, ports["3"].voice_vlan, ports["3"].description) == ("pc", 0, "kiosk")
    assert ports["4"].dot1x is None
    assert ports["5"].dot1x is not None
    assert ports["10"].tagged == (20, 30)
    assert ports["11"].access_vlan == 99
    assert ports["3"].source.field == "devices.sw-1.exceptions.3"


def test_mac_lists_become_users() -> None:
    site = compiled(
        mac_lists={"doors": {"kind": "phone", "macs": ["08:00:0F:01:02:03"]}},
        dot1x={"servers": ["radius"], "critical_segment": "office", "auth_port": 11812},
        devices={"radius": {"role": "radius", "platform": "freeradius", "management": 5}})
    radius = device(site, "radius").radius
    assert radius is not None
    assert [(user.identity, user.method, user.vlan, user.voice) for user in radius.users] == [
        ("08-00-0F-01-02-03", "mab", 20, True)]
    assert device(site, "sw-1").radius_servers[0].auth_port == 11812
    assert {port.dot1x.mab for port in device(site, "sw-1").ports if port.dot1x} == {True}


def test_remote_networks_restrict_what_goes_out_and_what_comes_in() -> None:
    site = compiled(
        remotes={"carrier": {"kind": "sip-provider", "prefixes": ["192.0.2.0/28"]}},
        hosts={"mbg": {"kind": "border-gateway", "segment": "office", "address": 20, "public": "198.51.100.20",
                       "uses": ["sip-tls@carrier"], "expose": [{"service": "sip-tls", "from": "carrier"}]},
               "dect": {"kind": "dect-base", "segment": "office", "address": 21, "uses": ["sip-tls@carrier"]}})
    assert not site.errors
    firewall = device(site, "fw-1").firewall
    assert firewall is not None
    out = [rule for rule in firewall.policies if rule.note == "mbg to carrier: sip-tls"]
    assert [rule.destinations for rule in out] == [("192.0.2.0/28",)]
    assert [(forward.allow, forward.ports.first) for forward in firewall.forwards] == [("carrier", 5061)]
    assert [(block.name, block.prefixes) for block in firewall.netblocks] == [("carrier", ("192.0.2.0/28",))]
    assert firewall.source_nat == ("10.20.30.21/32",), "an exposed host leaves under its own public address"


def test_a_custom_service_is_no_way_round_what_never_faces_the_internet() -> None:
    more: dict[str, Any] = {
        "custom_services": {"records": {"tcp": ["1750-1760"], "source": "a clever idea"}},
        "hosts": {"mbg": {"kind": "border-gateway", "segment": "office", "address": 20, "public": "198.51.100.20",
                          "offers": ["records"], "expose": [{"service": "records", "from": "any"}]}}}
    assert "records never faces the Internet [acl-smdr]" in errors(**more)
    more["custom_services"]["records"]["tcp"] = ["1760-1770"]
    assert not errors(**more)


def test_what_no_document_establishes_is_opened_only_by_name() -> None:
    remotes = {"cloud": {"kind": "micloud-connect", "prefixes": ["192.0.2.0/28"],
                         "regions": {"a": ["192.0.2.16/28"], "b": ["192.0.2.32/28"]}}}
    plain = compiled(remotes=remotes)
    assert plain.matrix is not None
    assert not [flow for flow in plain.matrix.flows if "connect-sips" in flow.id]
    asked = compiled(remotes=remotes, flows=[{"from": "phones", "to": "cloud", "service": "connect-sips"}])
    assert asked.matrix is not None
    assert "phones>cloud:connect-sips/tcp" in {flow.id for flow in asked.matrix.flows}


def test_dhcp_follows_the_phones_settings() -> None:
    served = {"segments": segments(phones={"dhcp": "50-99"}, office={"dhcp": "50-99"}),
              "hosts": {"spare": {"kind": "mivoice-business", "segment": "call-control", "address": 9,
                                  "secondary_of": "pbx-1"},
                        "door": {"kind": "dect-base", "segment": "phones", "address": 7, "mac": "08:00:0F:01:02:03"}},
              "devices": {"dhcp-1": {"role": "dhcp", "platform": "kea", "management": 6,
                                     "serves": ["phones", "office"]}}}
    site = compiled(**served, phones={"lease_seconds": 3600, "reserve": True, "dhcp": False})
    assert not site.errors
    dhcp = device(site, "dhcp-1").dhcp
    assert dhcp is not None
    phones, office = dhcp.pools
    assert (phones.lease_seconds, phones.reservations) == (3600, (("08:00:0F:01:02:03", "10.20.20.7", "door"),))
    assert phones.call_servers == ("10.20.10.10", "10.20.10.9")
    assert office.voice_vlan == 0


def test_facts_are_what_no_device_enforces() -> None:
    site = compiled(wireless={"ssids": {"voice": {"segment": "phones", "security": "wpa3-enterprise"}}},
                    management={"backup": {"server": "admin"}, "passwords": {"length": 16}})
    facts = {fact.feature: fact for fact in site.facts}
    assert facts["wireless"].text == "wpa3-enterprise into VLAN 20 (phones)"
    assert "wireless-voice-ssid" in facts["wireless"].source.controls
    assert facts["backup"].text == "daily at 02:00, 14 copies kept on admin"
    assert facts["passwords"].text.startswith("16 characters")
    assert facts["probe-rate"].text == "probes send 5 packets a second at most"


@pytest.mark.parametrize("name", ["office", "pbx-1"])
def test_a_remote_network_has_a_name_of_its_own(name: str) -> None:
    assert any(f"{name} is a remote network and a" in message
               for message in errors(remotes={name: {"kind": "network", "prefixes": ["192.0.2.0/28"]}}))


def test_nothing_inside_may_be_called_the_wan() -> None:
    assert errors(remotes={"wan": {"kind": "network", "prefixes": ["192.0.2.0/28"]}})


def test_a_host_on_two_switches_is_filtered_on_both() -> None:
    second = {"role": "access-switch", "platform": "cisco_ios", "management": 12, "ports": {"9": "pbx-1"}}
    site = compiled(devices={"sw-2": second})
    for name in ("sw-1", "sw-2"):
        assert [item.protects for item in device(site, name).filters] == [("pbx-1",)]


def test_an_address_stands_in_one_list_only() -> None:
    mac = "08:00:0F:01:02:03"
    assert any(mac in message and "twice" in message for message in errors(
        mac_lists={"doors": {"kind": "phone", "macs": [mac]}}, endpoints={"desk": {"kind": "phone", "mac": mac}}))


@pytest.mark.parametrize("key", ["guest_segment", "auth_fail_segment"])
def test_strangers_are_not_put_among_controllers(key: str) -> None:
    dot1x = {"servers": ["radius"], "critical_segment": "office", key: "call-control"}
    assert "call-control is of zone call-control" in errors(dot1x=dot1x)
    assert not errors(dot1x={**dot1x, key: "office"})
