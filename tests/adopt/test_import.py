"""From saved configurations to a definition that checks clean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from punchdown.errors import InputError
from punchdown.pipeline import Selection, check, import_folder
from punchdown.values import to_json
from tests.adopt.examples import NOW, SWITCH, Adopt, row


def site_of(text: str) -> dict:
    return yaml.safe_load(text)


def titles(made, device: str = "") -> str:
    findings = row(made, device).findings if device else made.report.warnings
    return "\n".join(f"{finding.title} {finding.meaning}" for finding in findings)


def test_a_switch_becomes_a_site_that_a_person_could_have_written(adopt_texts: Adopt) -> None:
    site = site_of(adopt_texts(floor=SWITCH).text)
    switch = site["devices"]["sw-floor1"]
    assert switch["ports"] == {
        "1-2": "phone-and-pc", 3: {"role": "pc", "dot1x": False}, 4: "unused", 6: "pbx"}
    assert switch["exceptions"] == {1: {"description": "Room 101"}, 2: {"description": "Room 102"}}
    assert switch["aggregations"]["to-core"] == {
        "number": 1, "ports": ["47-48"], "segments": ["voice", "office", "pbx-2", "mgmt"]}
    assert {name: item["vlan"] for name, item in site["segments"].items() if name != "beyond"} == {
        "voice": 20, "office": 30, "pbx-2": 50, "mgmt": 99}
    assert site["segments"]["mgmt"] == {
        "vlan": 99, "prefix": "10.7.99.0/24", "zone": "management", "router": "10.7.99.254"}


def test_only_named_or_used_vlans_are_taken(adopt_texts: Adopt) -> None:
    vlans = [item["vlan"] for item in site_of(adopt_texts(floor=SWITCH).text)["segments"].values()]
    assert 40 not in vlans
    used = SWITCH.replace(" switchport access vlan 30\n switchport mode access\n!", " switchport access vlan 40\n "
                          "switchport mode access\n!", 1)
    assert 40 in [item["vlan"] for item in site_of(adopt_texts(floor=used).text)["segments"].values()]


def test_the_definition_checks_clean_where_it_is_written(adopt_texts: Adopt, tmp_path: Path) -> None:
    made = adopt_texts(floor=SWITCH)
    (tmp_path / "estate" / "sites").mkdir(parents=True)
    (tmp_path / "estate" / "punchdown.yml").write_text("estate: e\n")
    (tmp_path / "estate" / "sites" / "porto.yml").write_text(made.text)
    assert check(tmp_path / "estate", Selection(), NOW).exit_code == 0


def test_filters_tell_controllers_and_the_prefixes_around_them(adopt_texts: Adopt) -> None:
    site = site_of(adopt_texts(floor=SWITCH).text)
    assert site["hosts"]["mivoice-business-10"]["address"] == "10.7.50.10"
    assert site["segments"]["voice"]["prefix"] == "10.7.20.0/24"
    assert "10.7.40.15 may use smdr of mivoice-business-10 today" in titles(adopt_texts(floor=SWITCH))


def test_who_uses_call_records_is_asked_for_again(adopt_texts: Adopt) -> None:
    text = SWITCH.replace("interface Vlan99\n", "interface Vlan40\n ip address 10.7.40.1 255.255.255.0\n!\n"
                                                "interface Vlan99\n")
    hosts = site_of(adopt_texts(floor=text).text)["hosts"]
    assert hosts["app-10-7-40-15"]["uses"] == ["smdr@mivoice-business-10"]


def test_the_report_names_what_contradicts_the_guideline(adopt_texts: Adopt) -> None:
    made = adopt_texts(floor=SWITCH)
    told = titles(made, "sw-floor1")
    for title in ("logins over Telnet", "managed over HTTP", "SNMP with a community", "asks nobody who plugs in",
                  "nobody configured is open in VLAN 1"):
        assert f"against the guideline: {title}" in told or title in told, title
    dot1x = next(item for item in row(made, "sw-floor1").findings if "asks nobody" in item.title)
    assert dot1x.controls == ("dot1x-enabled-on-access-switches",)
    assert dot1x.position.line == SWITCH.splitlines().index("interface GigabitEthernet1/0/3") + 1


def test_a_list_that_denies_first_is_told(adopt_texts: Adopt) -> None:
    assert "denies before it permits" not in titles(adopt_texts(floor=SWITCH), "sw-floor1")
    text = SWITCH.replace(" permit tcp 10.7.20.0", " deny ip host 10.7.20.9 any\n permit tcp 10.7.20.0")
    assert "denies before it permits" in titles(adopt_texts(floor=text), "sw-floor1")


def test_what_no_definition_says_is_told_once_for_what_is_alike(adopt_texts: Adopt) -> None:
    told = titles(adopt_texts(floor=SWITCH), "sw-floor1")
    assert "unmanaged: interface udld port (1 line)" in told
    assert re.search(r"7\d of 89 lines recognised \(8\d %\), 1\d unmanaged", told)


def test_no_secret_leaves_the_device_text(adopt_texts: Adopt) -> None:
    made = adopt_texts(floor=SWITCH)
    for secret in ("s3cr3t-community", "0822455D0A16", "$14$aaaa"):
        assert secret not in made.text + to_json(made.report)
    assert "put the key of its RADIUS servers into the secret radius-sw-floor1" in titles(made)


def test_who_may_log_in_is_asked_where_no_device_tells(adopt_texts: Adopt) -> None:
    text = re.sub(r" access-class ADMINS in\n", "", SWITCH)
    assert "question: who may log in" in titles(adopt_texts(floor=text))
    answered = adopt_texts(floor=text, admins=("10.7.99.100",))
    assert "question" not in titles(answered)
    assert site_of(answered.text)["hosts"]["admin-100"]["kind"] == "admin"


def test_a_switch_managed_in_vlan_1_is_given_another(adopt_texts: Adopt) -> None:
    text = SWITCH.replace("interface Vlan1\n no ip address", "interface Vlan1\n ip address 10.7.99.11 255.255.255.0")
    text = text.replace("interface Vlan99\n ip address 10.7.99.11 255.255.255.0\n!", "")
    made = adopt_texts(floor=text)
    assert "managed in VLAN 1, which can't be a segment" in made.text
    assert "management: 10.7.99.11" in made.text


def test_a_model_that_the_platform_refuses_stays_out(adopt_texts: Adopt) -> None:
    old = SWITCH.replace("hostname SW", "mls qos\nhostname SW")
    made = adopt_texts(floor=old)
    assert "devices: {}" in made.text
    assert row(made, "floor").status == "skipped"
    assert "is not in the definition: it has MLS QoS, and no line tells its model" in titles(made)
    told = adopt_texts(floor=old.replace("mls qos", "mls qos\nswitch 1 provision ws-c2960s-24"))
    assert "model: ws-c2960s-24" in told.text


OPERATED = """\
tacacs-server host 10.7.99.6 key s3cr3t-tacacs
tacacs server second
 address ipv4 10.7.99.7
 key 7 s3cr3t-again
aaa group server tacacs+ OPS
 server name second
 server-private 10.7.99.8 key s3cr3t-third
aaa authentication login default group {group} local
aaa authorization exec default group OPS local
aaa accounting exec default start-stop group OPS
snmp-server view ALL iso included
snmp-server group WATCH v3 priv read ALL access POLLERS
ip access-list standard POLLERS
 permit 10.7.99.50
 permit 10.8.0.0 0.0.255.255
monitor session 2 source interface Gi1/0/1 - 2 rx
monitor session 1 source interface Gi1/0/1 - 2 , Gi1/0/6 both
monitor session 1 destination interface Gi1/0/5
ip arp inspection vlan 20,30
ip source binding 0200.0000.0a07 vlan 50 10.7.50.10 interface Gi1/0/6
"""


@pytest.mark.parametrize(("group", "servers"), [("OPS", ["tacacs-7"]), ("tacacs+", ["tacacs-6", "tacacs-7"])])
def test_who_runs_the_switch_and_what_it_watches(adopt_texts: Adopt, group: str, servers: list[str]) -> None:
    made = adopt_texts(floor=SWITCH.replace("!\nend\n", OPERATED.format(group=group) + "!\nend\n"))
    site = site_of(made.text)
    assert site["management"]["aaa"] == {"method": "tacacs", "servers": servers}
    assert site["management"]["snmp"]["managers"] == ["monitoring-50"]
    assert "show snmp user" in titles(made)
    assert site["devices"]["sw-floor1"]["ports"][5] == {"role": "mirror", "mirrors": ["1-2", 6]}
    assert site["hosts"]["mivoice-business-10"]["mac"] == "02:00:00:00:0A:07"
    assert "arp_inspection" not in site.get("protection", {})
    assert "question: the switches inspect ARP" in titles(made)
    told = {item.line for item in row(made, "sw-floor1").findings if item.title.startswith("unmanaged")}
    assert "monitor session 2 source interface Gi1/0/1 - 2 rx" in told
    assert not {line for line in told if re.match(r"aaa (auth|acc|group)|tacacs|snmp-server (view|group)", line)}
    assert not re.search("s3cr3t", made.text + to_json(made.report))


def test_servers_in_the_words_of_older_releases(adopt_texts: Adopt) -> None:
    """One of them has the first address of its segment, where a router is taken to be."""
    text = SWITCH.replace(" server name ise-1\n", "").replace("dot1x default group ISE", "dot1x default group radius")
    text = re.sub(r"radius server ise-1\n(?: .*\n)*", "radius-server host 10.7.99.1 auth-port 1812 key s3cr3t\n"
                  "radius-server host 10.7.99.2 key 7 s3cr3t\n", text).replace("ip default-gateway 10.7.99.254\n", "")
    text = re.sub(r"ip access-list extended PBX-IN\n(?: .*\n)*", "", text)
    made = adopt_texts(floor=text)
    site = site_of(made.text)
    assert site["dot1x"]["servers"] == ["radius-1", "radius-2"]
    assert site["segments"]["mgmt"]["router"] == "10.7.99.254"
    assert "its router has the last" in titles(made)
    assert "s3cr3t" not in re.sub("s3cr3t-community", "", made.text + to_json(made.report))


def test_a_folder_without_configurations_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("buy cables\n")
    with pytest.raises(InputError, match="no running configuration"):
        import_folder(tmp_path, "porto", (), NOW)
