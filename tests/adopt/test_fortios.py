"""FortiGate firewalls: there and back, and one that nobody set up with us."""

from __future__ import annotations

import asyncio
import os
import random
import re
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from punchdown.cli import main
from punchdown.compiler import compile_estate
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, Fleet, ManualClock, ScaledClock
from punchdown.lab.emulated.fortinet_fortios import FortiosAppliance, prepared
from punchdown.loader import load_estate
from punchdown.pipeline import Import, NotRecognised, import_folder
from punchdown.platforms.fortinet_fortios.adopt import ADOPTER
from punchdown.render import render_device
from punchdown.report import to_html, to_markdown, to_text
from tests.adopt.examples import NOW, row
from tests.adopt.test_hostile import EVIL, mutated, write
from tests.adopt.test_live import CREDENTIALS, PASSWORD
from tests.adopt.test_round_trip import INVENTORY, REFERENCE, planned
from tests.platforms.hp_procurve.boxes import Box, intent_of

ESTATE = INVENTORY / "examples" / "law-firm"


def loaded(intent: DeviceIntent) -> str:
    """What a unit shows that took the configuration of a firewall."""
    assert intent.firewall
    text = REFERENCE.sub(lambda match: f"pw-{match[1]}", render_device(intent).documents[0].text)
    trusted = "".join(f"        {line.strip()}\n" for line in re.findall(r"set trusthost.*", text))
    text = text.replace('edit "admin"\n', f'edit "punchdown"\n{trusted}    next\n    edit "admin"\n')
    vlans = [int(item.name[3:]) for item in intent.firewall.interfaces if item.name.startswith("lan")]
    startup = prepared(vlans) + "config system console\n    set output standard\nend\n"
    spec = ApplianceSpec(intent.device, platform="fortinet_fortios", startup=startup)
    session = FortiosAppliance(spec, ManualClock()).login()
    said = [answer for line in text.splitlines() if (answer := session.feed(line)) and "new entry" not in answer]
    assert said == []
    return session.feed("show")


@pytest.fixture(scope="module")
def shown() -> str:
    """What the example's firewall shows."""
    return loaded(next(item for item in compile_estate(load_estate(ESTATE))["viseu"].devices if item.device == "fw-1"))


def test_a_firewall_of_the_example_comes_back(shown: str, tmp_path: Path) -> None:
    (tmp_path / "fw-1.conf").write_text(shown, encoding="utf-8")
    made = import_folder(tmp_path, "viseu", (), NOW)
    assert planned(made, "fw-1") == (0, 0, 0)
    known, of = map(int, re.match(r"(\d+) of (\d+) lines", row(made, "fw-1").findings[0].title).groups())
    assert known == of > 600
    site, wanted = yaml.safe_load(made.text), yaml.safe_load((ESTATE / "sites" / "viseu.yml").read_text())
    assert site["firewall"].pop("wan") == wanted["firewall"].pop("wan")
    assert site["firewall"]["vpns"] == wanted["firewall"]["vpns"]
    assert {key: sorted(items) for key, items in site["firewall"]["netblocks"].items()} == {
        key: sorted(items) for key, items in wanted["firewall"]["netblocks"].items()}
    assert set(site["hosts"]["mbg-1"]["uses"]) == set(wanted["hosts"]["mbg-1"]["uses"])
    assert site["hosts"]["mbg-1"]["expose"] == wanted["hosts"]["mbg-1"]["expose"]
    assert site["hosts"]["records-1"]["uses"] == wanted["hosts"]["records-1"]["uses"]
    assert site["management"] == wanted["management"]
    assert "pw-vpn" not in made.text + str(made.report)
    assert "into the secret vpn-to-coimbra" in "\n".join(item.title for item in made.report.warnings)
    assert not [item for item in row(made, "fw-1").findings if "guideline" in item.title]


FOREIGN = """\
#config-version=FGT60F-7.4.8-FW-build2795-250523:opmode=0:vdom=0:user=admin
#global_vdom=1
config system global
    set hostname "Edge 1"
    set timezone "Europe/Lisbon"
end
config system interface
    edit "wan0"
        set ip 203.0.113.2 255.255.255.248
        set allowaccess ping https
        set role wan
    next
    edit "lan10"
        set ip 10.9.10.254 255.255.255.0
        set allowaccess ping
        set alias "Mitel PBX"
        set interface "internal"
        set vlanid 10
    next
    edit "lan20"
        set ip 10.9.20.1 255.255.255.0
        set allowaccess ping http telnet
        set alias "Phones"
        set interface "internal"
        set vlanid 20
    next
    edit "lan30"
        set ip 10.9.30.1 255.255.255.0
        set alias "Office"
        set interface "internal"
        set vlanid 30
    next
    edit "lan99"
        set ip 10.9.99.1 255.255.255.0
        set allowaccess ping https ssh
        set alias "Mgmt"
        set interface "internal"
        set vlanid 99
    next
end
config system admin
    edit "admin"
        set password ENC SH2supersecret
        set trusthost1 10.9.99.100 255.255.255.255
    next
    edit "helpdesk"
        set password "hush hush"
    next
end
config user radius
    edit "nps"
        set server "10.9.30.7"
        set secret 'open sesame'
    next
end
config system snmp community
    edit 1
        set name "sesame"
    next
end
config system dns
    set primary 10.9.30.7
end
config firewall address
    edit "PBX"
        set subnet 10.9.10.10 255.255.255.255
    next
    edit "Gateway: x"
        set subnet 10.9.10.20 255.255.255.255
    next
    edit "Billing server"
        set subnet 10.9.30.15 255.255.255.255
    next
    edit "warehouse"
        set subnet 10.77.1.0 255.255.255.0
    next
    edit "provider"
        set type iprange
        set start-ip 192.0.2.8
        set end-ip 192.0.2.15
    next
    edit "nobody-uses-it"
        set type fqdn
        set fqdn "example.com"
    next
end
config firewall service custom
    edit "ALL"
        set category "General"
        set protocol IP
    next
    edit "PING"
        set category "General"
        set protocol ICMP
        set icmptype 8
    next
    edit "HTTP"
        set category "Web Access"
        set tcp-portrange 80
    next
    edit "HTTPS"
        set category "Web Access"
        set tcp-portrange 443
    next
    edit "SMDR"
        set tcp-portrange 1752
    next
    edit "MiNET"
        set tcp-portrange 6801-6802
    next
    edit "SIP-TLS"
        set tcp-portrange 5061
    next
    edit "odd"
        set tcp-portrange 8443
    next
end
config firewall service group
    edit "phone services"
        set member "MiNET" "SIP-TLS"
    next
end
config firewall vip
    edit "gw-tls"
        set extip 203.0.113.3
        set mappedip "10.9.10.20"
        set extintf "wan0"
        set portforward enable
        set extport 6801-6802
        set mappedport 6801-6802
    next
    edit "records"
        set extip 203.0.113.3
        set mappedip "10.9.10.10"
        set extintf "wan0"
        set portforward enable
        set extport 1752
        set mappedport 1752
    next
    edit "shifted"
        set extip 203.0.113.3
        set mappedip "10.9.30.15"
        set extintf "wan0"
        set portforward enable
        set extport 8443
        set mappedport 443
    next
end
config firewall policy
    edit 1
        set name "records"
        set srcintf "lan30"
        set dstintf "lan10"
        set action accept
        set srcaddr "Billing server"
        set dstaddr "PBX"
        set schedule "always"
        set service "SMDR" "PING"
        set utm-status enable
        set ips-sensor "default"
    next
    edit 2
        set srcintf "lan20"
        set dstintf "lan10"
        set action accept
        set srcaddr "all"
        set dstaddr "PBX"
        set schedule "always"
        set service "phone services"
    next
    edit 3
        set srcintf "wan0"
        set dstintf "lan10"
        set action accept
        set srcaddr "provider"
        set dstaddr "gw-tls" "records"
        set schedule "always"
        set service "ALL"
    next
    edit 4
        set srcintf "lan30"
        set dstintf "wan0"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "ALL"
        set nat enable
    next
    edit 5
        set srcintf "lan30"
        set dstintf "lan20"
        set srcaddr "Billing server"
        set dstaddr "all"
        set schedule "always"
        set service "ALL"
    next
    edit 6
        set status disable
        set srcintf "lan20"
        set dstintf "lan30"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "odd"
    next
    edit 9
        set srcintf "lan30"
        set dstintf "lan99"
        set action accept
        set srcaddr "Billing server"
        set dstaddr "warehouse"
        set schedule "always"
        set service "odd"
    next
    edit 8
        set srcintf "lan30"
        set dstintf "wan0"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "HTTP" "HTTPS"
        set nat enable
    next
    edit 7
        set srcintf "any"
        set dstintf "any"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "ALL"
    next
end
config router static
    edit 1
        set gateway 203.0.113.6
        set device "wan0"
    next
    edit 2
        set dst 10.77.0.0 255.255.0.0
        set gateway 10.9.99.2
        set device "lan99"
    next
end
"""


def adopted(folder: Path, text: str = FOREIGN, *admins: str) -> tuple[Import, dict[str, Any]]:
    folder.mkdir(exist_ok=True)
    (folder / "edge.conf").write_text(text, encoding="utf-8")
    made = import_folder(folder, "faro", admins, NOW)
    return made, yaml.safe_load(made.text)


def test_somebody_elses_firewall(tmp_path: Path) -> None:
    _, site = adopted(tmp_path)
    assert {name: (item["vlan"], item["zone"]) for name, item in site["segments"].items()} == {
        "mitel-pbx": (10, "call-control"), "phones": (20, "voice"), "office": (30, "data"), "mgmt": (99, "management")}
    assert site["segments"]["mitel-pbx"]["router"] == "10.9.10.254"
    assert site["firewall"]["wan"] == {"address": "203.0.113.2/29", "router": "203.0.113.6"}
    assert site["firewall"]["netblocks"] == {"provider": ["192.0.2.8/29"]}
    hosts = site["hosts"]
    assert hosts["billing-server"]["uses"] == ["smdr@pbx-2"]  # a port's role is called pbx
    assert hosts["gateway-x"]["expose"] == ["minet-tls"]
    assert "expose" not in hosts["pbx-2"]
    assert site["devices"]["edge-1"] == {
        "role": "firewall", "platform": "fortinet_fortios", "version": "7.4.8", "management": "10.9.99.1",
        "routes": ["mitel-pbx", "phones", "office", "mgmt"]}
    assert site["flows"] == [{"from": "office", "to": "wan", "service": "web"}]


def test_what_it_has_against_the_guideline_and_what_stays(tmp_path: Path) -> None:
    made, _ = adopted(tmp_path)
    findings = {item.title.removeprefix("against the guideline: "): item for item in row(made, "edge-1").findings}
    assert {"the firewall is managed over HTTP in clear", "logins over Telnet, in clear", "the firewall rewrites SIP",
            "the firewall is managed from the outside", "an account may log in from any address",
            "SNMP with a community, in clear", "anything may be opened to the Internet",
            "a policy lets everything through"} <= set(findings)
    told = findings["a policy lets everything through"]
    assert (told.severity, FOREIGN.splitlines()[told.position.line - 1]) == ("high", "    edit 7")
    unmanaged = {item.line for item in row(made, "edge-1").findings if item.title.startswith("unmanaged")}
    assert {'set timezone "Europe/Lisbon"', 'edit "nps"', "set primary 10.9.30.7"} <= unmanaged
    warnings = "\n".join(item.title for item in made.report.warnings)
    assert "the Internet reaches pbx-2 (10.9.10.10), a mivoice-business" in warnings
    assert "10.9.30.15/32 may open tcp 8443 to 10.77.1.0/24 today; no definition says it" in warnings
    assert "10.77" not in made.text
    assert not re.search("supersecret|hush|sesame", made.text + str(made.report))


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_texts_stay_texts(tmp_path: Path, evil: str) -> None:
    quoted = '"' + evil.replace("\\", "\\\\").replace('"', '\\"') + '\nend\nconfig system admin\n    edit x\n"'
    text = FOREIGN.replace('"Mitel PBX"', quoted).replace('"provider"', f'"p{quoted[1:]}').replace('"Edge 1"', quoted)
    text = text.replace('"Billing server"', quoted).replace('set name "records"', f"set comments {quoted}")
    made, site = adopted(tmp_path / "saved", text, "10.9.99.100")
    assert not re.search(r"<secret:|[\x00-\x09\x0b-\x1f\x7f-\uffff]", made.text)
    assert site["segments"].keys() & {"office", "phones", "mgmt"} == {"office", "phones", "mgmt"}
    assert len(site["segments"]) == 4
    assert [item["uses"] for item in site["hosts"].values() if item["address"] == "10.9.30.15"] == [["smdr@pbx-2"]]
    write(tmp_path / "estate", made.text)
    assert list(load_estate(tmp_path / "estate").sites) == ["faro"]
    for shown in (to_text(made.report), to_markdown(made.report)):
        assert not {"\x1b", "\u202e"} & set(shown)
    assert "<script>alert(1)" not in to_html(made.report)


def test_a_damaged_configuration_gives_a_clean_definition_or_none(tmp_path: Path) -> None:
    for seed in range(int(os.environ.get("PUNCHDOWN_FORTIOS_SEEDS", "8"))):
        with suppress(NotRecognised):
            adopted(tmp_path / str(seed), mutated(random.Random(seed), FOREIGN), "10.9.99.100")


@pytest.mark.parametrize("line", [
    "set password 'two words'", 'set secret "one\n    two"', "set psksecret a\\ b", 'set  passwd "half"open',
    "set seed 9", 'set auth-pwd "un" "two"', 'set passphrase "never shut', "\tset key sesame"])
def test_secrets_in_odd_quotes_are_masked_and_lines_stay_where_they_are(line: str) -> None:
    text = f'config vpn ipsec phase1-interface\n    edit "p"\n        {line}\n    next\nend\n'
    found = ADOPTER.masked({"x": f"config system global\nend\n{text}"}, lambda _: "<masked:1>")["running-config"]
    assert "<masked:1>" in found
    assert not re.search(r"two|words|one\b|\bb$|open|sesame|un\b|never|9", found)
    assert found.count("\n") == text.count("\n") + 2


def in_domains(text: str, *others: str) -> str:
    """A configuration as a unit with virtual domains saves it."""
    head, _, rest = text.partition("config user radius")
    more = "".join(f"edit {name}\nconfig firewall policy\n    edit 1\n        set action accept\n    next\nend\nnext\n"
                   for name in others)
    listed = "".join(f"edit {name}\nnext\n" for name in ("root", *others))
    first, _, blocks = head.partition("config system global")
    return (f"{first}config vdom\n{listed}end\nconfig global\nconfig system global{blocks}end\n"
            f"config vdom\nedit root\nconfig user radius{rest}next\n{more}end\n")


def test_a_unit_with_one_virtual_domain_is_read_as_one_without_and_stays_out(tmp_path: Path) -> None:
    _, plain = adopted(tmp_path / "plain")
    made, site = adopted(tmp_path / "vdom", in_domains(FOREIGN))
    assert site["firewall"] == plain["firewall"]
    assert site["hosts"]["billing-server"]["uses"] == ["smdr@pbx-2"]
    assert site["devices"] == {}
    assert "it has virtual domains (root)" in "\n".join(item.title for item in made.report.warnings)


def test_a_unit_with_several_virtual_domains_stays_out_and_says_so(tmp_path: Path) -> None:
    made, site = adopted(tmp_path, in_domains(FOREIGN, "guests"))
    assert site["devices"] == {}
    assert site["segments"]["phones"]["prefix"] == "10.9.20.0/24"
    assert "it has virtual domains (root, guests)" in "\n".join(item.title for item in made.report.warnings)
    assert "uses" not in made.text
    told = next(item for item in made.report.devices[0].findings if item.title.startswith("unmanaged: vdom guests"))
    assert "only a unit without virtual domains is managed" in told.meaning


@pytest.mark.parametrize(("old", "new", "why"), [
    ("-7.4.8-", "-7.2.2-", "before 7.2.3"), ('edit "lan30"', 'edit "office"', "its interfaces are called office"),
    ("config system dns\n", "config system settings\n    set central-nat enable\nend\nconfig system dns\n",
     "central NAT is on")])
def test_units_that_can_not_be_driven_stay_out(tmp_path: Path, old: str, new: str, why: str) -> None:
    made, site = adopted(tmp_path, FOREIGN.replace(old, new))
    assert site["devices"] == {}
    assert len(site["segments"]) == 4
    assert why in "\n".join(item.title for item in made.report.warnings)


def test_vpns_that_no_definition_says_are_told(shown: str, tmp_path: Path) -> None:
    for number, (old, new, why) in enumerate((
            ("set ike-version 2", "set ike-version 1", "IKEv1"), ("255.255.255.0\n        set dst-", "", ""),
            ("set src-subnet 10.80.20.0 255.255.255.0", "set src-subnet 10.80.0.0 255.255.0.0", "is no segment"),
            ("set net-device disable", "set mode-cfg enable", "mode-cfg"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "fw-1.conf").write_text(shown.replace(old, new), encoding="utf-8")
        made = import_folder(folder, "viseu", (), NOW)
        if why:
            assert "vpns" not in yaml.safe_load(made.text)["firewall"]
            assert why in "\n".join(item.title for item in made.report.warnings if "the VPN to" in item.title)
            assert "coimbra" not in made.text


def test_switch_and_firewall_of_a_site_complete_each_other(tmp_path: Path) -> None:
    """The switch tells who is where, the firewall who may reach whom and what the prefixes are."""
    (tmp_path / "sw-acc-1.cfg").write_text(Box("sw-acc-1", intent_of("sw-acc-1")).text(), encoding="utf-8")
    wall = replace(intent_of("fw-1"), platform="fortinet_fortios")
    (tmp_path / "fw-1.conf").write_text(loaded(wall), encoding="utf-8")
    made = import_folder(tmp_path, "coimbra", (), NOW)
    assert planned(made, "sw-acc-1") == (0, 0, 0)
    assert planned(made, "fw-1") == (0, 0, 0)
    assert "guessed: its prefix" not in made.text
    assert {item.status for item in made.report.devices} == {"in-order"}


PART = """\
config system interface
    edit "lan10"
        set ip 10.9.10.1 255.255.255.0
    next
    edit "lan20"
        set ip 10.9.20.1 255.255.255.0
    next
    edit "lan99"
        set ip 10.9.99.1 255.255.255.0
        set allowaccess ping ssh
    next
end
config system admin
    edit "admin"
        set trusthost1 10.9.99.100 255.255.255.255
    next
end
config firewall address
    edit "pbx"
        set subnet 10.9.10.10 255.255.255.255
    next
    edit "records"
        set subnet 10.9.20.15 255.255.255.255
    next
end
config firewall service custom
    edit "smdr"
        set tcp-portrange 1752
    next
end
config firewall policy
    edit 1
        set name "records"
        set srcintf "lan20"
        set dstintf "lan10"
        set action accept
        set srcaddr "records"
        set dstaddr "pbx"
        set schedule "always"
        set service "smdr"
    next
end
"""


def test_a_firewall_is_read_over_ssh_and_stays_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    fleet = Fleet(ScaledClock(600.0))
    try:
        spec = ApplianceSpec("fw-1", platform="fortinet_fortios", username="punchdown", password=PASSWORD,
                             startup=prepared((10, 20, 99)) + PART)
        asyncio.run_coroutine_threadsafe(fleet.start([spec]), loop).result(20)
        before = fleet.appliances["fw-1"].running_config()
        (tmp_path / "me" / "secrets").mkdir(parents=True)
        (tmp_path / "me" / "credentials.yml").write_text(CREDENTIALS)
        (tmp_path / "me" / "secrets" / "login").write_text(PASSWORD)
        (tmp_path / "me" / "known_hosts").write_text(fleet.known_hosts())
        code = main(["import", "--live", f"fw-1=fortinet_fortios@127.0.0.1:{fleet.ports['fw-1']}", "--site", "porto",
                     "-e", str(tmp_path / "estate"), "--operator", str(tmp_path / "me")])
        after = fleet.appliances["fw-1"].running_config()
    finally:
        asyncio.run_coroutine_threadsafe(fleet.stop(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    told = capsys.readouterr()
    assert code == 0, told.err
    assert after.partition("config ")[2] == before.partition("config ")[2]
    assert PASSWORD not in told.out + told.err
    site = yaml.safe_load((tmp_path / "estate" / "sites" / "porto.yml").read_text())
    assert site["devices"]["fw-1"]["version"] == "7.4.4"
    assert site["hosts"]["records"]["uses"] == ["smdr@pbx-2"]


def test_a_firewall_that_its_platform_refuses_stays_out(tmp_path: Path) -> None:
    """It has no leg where the controller stands, and what it lets through goes there."""
    made, site = adopted(tmp_path, FOREIGN.replace("        set ip 10.9.10.254 255.255.255.0\n", ""))
    assert site["devices"] == {}
    assert "no interface leads there" in "\n".join(item.title for item in made.report.warnings)


def test_groups_within_groups_and_blocks_without_end_come_to_one(tmp_path: Path) -> None:
    """Two members a group, each the same next one; a chain of groups; blocks that nobody closes; an open quote."""
    doubled = "".join(f'edit g{number}\nset member g{number + 1} g{number + 1}\nnext\n' for number in range(60))
    chain = "".join(f'edit c{number}\nset member c{number + 1}\nnext\n' for number in range(1500))
    text = FOREIGN.replace("config firewall service custom\n", (
        f'config firewall addrgrp\n{doubled}edit g60\nset member "Billing server"\nnext\n{chain}end\n'
        "config firewall service custom\n"))
    text = text.replace('set srcaddr "Billing server"', "set srcaddr g0", 1)
    made, site = adopted(tmp_path, text + "config a\nedit 1\n" * 2000 + 'set alias "' + "x\n" * 5000)
    assert site["hosts"]["billing-server"]["uses"] == ["smdr@pbx-2"]
    assert "unmanaged: not understood" in "\n".join(item.title for item in row(made, "edge-1").findings)
    _, other = adopted(tmp_path, text.replace("set srcaddr g0", "set srcaddr c0"))
    assert "uses" not in other["hosts"].get("billing-server", {})
