"""A Linux gateway that nobody wrote a definition for."""

from __future__ import annotations

from pathlib import Path

import yaml

from punchdown.pipeline import Import, import_folder
from tests.adopt.examples import NOW, row

RULES = """\
table inet filter {
	chain input {
		type filter hook input priority filter; policy accept;
		ct state established,related accept
		iifname "lan99" ip saddr 10.7.99.100 tcp dport 22 accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		ip saddr 10.7.40.15 ip daddr 10.7.50.10 tcp dport 1752 accept comment "tariff; } drop"
		ip saddr 10.7.20.0/24 ip daddr 10.7.50.10 tcp dport 6801-6802 accept
		meta mark 0x7 accept
	}
}
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "wan0" ip daddr 198.51.100.9 tcp dport 8080 dnat to 10.7.40.20
		iifname "wan0" ip daddr 198.51.100.9 tcp dport 6801-6802 dnat to 10.7.60.10
	}
}
"""
ADDRESSES = """\
1: lo    inet 127.0.0.1/8 scope host lo
2: lan20    inet 10.7.20.1/24 scope global lan20
3: lan40    inet 10.7.40.1/24 scope global lan40
4: lan50    inet 10.7.50.1/24 scope global lan50
5: lan60    inet 10.7.60.254/24 scope global lan60
6: lan99    inet 10.7.99.1/24 scope global lan99
7: wan0    inet 198.51.100.2/24 scope global wan0
"""


def adopted(tmp_path: Path, rules: str = RULES, addresses: str = ADDRESSES) -> Import:
    (tmp_path / "gw").mkdir()
    (tmp_path / "gw" / "rules").write_text(rules)
    (tmp_path / "gw" / "addresses").write_text(addresses)
    return import_folder(tmp_path, "porto", (), NOW)


def test_rules_become_uses_and_forwards_become_exposed_services(tmp_path: Path) -> None:
    site = yaml.safe_load(adopted(tmp_path).text)
    hosts = site["hosts"]
    assert hosts["app-10-7-40-15"]["uses"] == ["smdr@mivoice-business-10"]
    (gateway,) = [item for item in hosts.values() if item["address"] == "10.7.60.10"]
    assert gateway["public"] == "198.51.100.9"
    assert gateway["expose"] == [{"service": "minet-tls", "from": "any"}]
    assert site["segments"]["vlan-60"]["router"] == "10.7.60.254"
    assert site["firewall"]["wan"] == {"address": "198.51.100.2/24", "router": "198.51.100.1"}
    assert site["devices"]["gw"]["management"] == "10.7.99.1"


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    made = adopted(tmp_path)
    warnings = "\n".join(item.title for item in made.report.warnings)
    assert "port-forwards to 10.7.40.20 (tcp 8080)" in warnings
    told = "\n".join(item.title for item in row(made, "gw").findings)
    assert "against the guideline: what no rule names is let in (input)" in told
    assert "unmanaged: chain forward (1 line)" in told


def test_a_controller_that_faces_the_internet_is_asked_about_and_not_exposed(tmp_path: Path) -> None:
    made = adopted(tmp_path, RULES.replace("10.7.60.10", "10.7.50.10"))
    assert "expose" not in made.text
    assert "the Internet reaches mivoice-business-10 (10.7.50.10)" in "\n".join(
        item.title for item in made.report.warnings)


def test_a_gateway_that_nobody_could_log_in_to_stays_out(tmp_path: Path) -> None:
    rules = RULES.replace('\t\tiifname "lan99" ip saddr 10.7.99.100 tcp dport 22 accept\n', "")
    made = adopted(tmp_path, rules)
    assert yaml.safe_load(made.text)["devices"] == {}
    assert "nothing tells who may log in to it" in "\n".join(item.title for item in made.report.warnings)
    with_admin = import_folder(tmp_path, "porto", ("10.7.99.50",), NOW)
    assert yaml.safe_load(with_admin.text)["devices"]["gw"]["management"] == "10.7.99.1"


def test_interfaces_of_other_names_keep_the_gateway_out_and_its_prefixes_in(tmp_path: Path) -> None:
    made = adopted(tmp_path, RULES.replace("lan99", "eth0.99"), ADDRESSES.replace("lan", "eth0."))
    site = yaml.safe_load(made.text)
    assert site["devices"] == {}
    assert site["segments"]["vlan-20"]["prefix"] == "10.7.20.0/24"
    assert "its interfaces are called eth0.20" in "\n".join(item.title for item in made.report.warnings)


def test_a_filter_that_denies_first_is_told(tmp_path: Path) -> None:
    rules = RULES.replace("\t\tip saddr 10.7.20.0/24", "\t\tip saddr 10.7.20.7 drop\n\t\tip saddr 10.7.20.0/24")
    finding = next(item for item in row(adopted(tmp_path, rules), "gw").findings if "denies before" in item.title)
    assert finding.line == "ip saddr 10.7.20.7 drop"


def test_rules_of_other_servers_are_said_by_their_ports(tmp_path: Path) -> None:
    rules = RULES.replace("\t\tmeta mark", (
        "\t\tip saddr 10.7.20.0/24 ip daddr 10.7.40.30 tcp dport 443 accept\n"
        "\t\tip saddr 10.7.40.15 ip daddr 10.7.40.0/24 tcp dport 9100-9103 accept\n"
        '\t\tip saddr 10.7.40.15 oifname "wan0" tcp dport { 80, 443 } accept\n'
        "\t\tip saddr 10.7.40.15 ip daddr 192.0.2.8/29 udp dport 5555 accept\n\t\tmeta mark"))
    site = yaml.safe_load(adopted(tmp_path, rules).text)
    server = site["hosts"]["app-10-7-40-30"]
    assert server["offers"] == ["https"]
    assert {"from": "vlan-20", "to": "app-10-7-40-30", "service": "https"} in site["flows"]
    assert {"from": "app-10-7-40-15", "to": "wan", "service": "web"} in site["flows"]
    assert site["remotes"] == {"net-192-0-2-8-29": {"kind": "network", "prefixes": ["192.0.2.8/29"]}}
    assert set(site["custom_services"]) == {"tcp-9100-9103", "udp-5555"}
    uses = site["hosts"]["app-10-7-40-15"]["uses"]
    assert {"smdr@mivoice-business-10", "tcp-9100-9103@vlan-40", "udp-5555@net-192-0-2-8-29"} <= set(uses)
