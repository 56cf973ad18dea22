"""What the switch prints is what published parsers read."""

import pytest
from ntc_templates.parse import parse_output

from punchdown.lab.emulated.cisco_ios import AuthSession, IosAppliance, Neighbour


def rows(switch: IosAppliance, command: str) -> list[dict]:
    return parse_output("cisco_ios", command, switch.session().feed(command))


@pytest.fixture
def busy(switch: IosAppliance, configure) -> IosAppliance:
    configure(
        "vlan 10",
        "name DATA",
        "lldp run",
        "interface gi1/0/1",
        "description room 101",
        "switchport mode access",
        "switchport access vlan 10",
        "switchport voice vlan 120",
        "interface gi1/0/48",
        "switchport mode trunk",
        f"switchport trunk allowed vlan {','.join(str(one) for one in range(10, 130, 2))}",
        "interface gi1/0/47",
        "shutdown",
        "archive",
        "path flash:cfg",
        "ip access-list extended A",
        "remark x",
        "permit udp 10.1.0.0 0.0.255.255 host 10.2.0.1 range 16384 32767",
        "permit tcp any any eq 80",
        "deny ip any any log",
        "ip access-list standard M",
        "permit 10.2.0.0 0.0.255.255",
        "permit 10.1.1.1",
        "ipv6 access-list V",
        "permit ipv6 any any",
    )
    switch.connected |= {"GigabitEthernet1/0/1"}
    return switch


def test_version(busy: IosAppliance) -> None:
    [row] = rows(busy, "show version")
    assert (row["version"], row["hostname"], row["hardware"]) == ("17.12.4", "sw-acc-1", ["C9300-48P"])
    assert row["uptime_minutes"] == "0"


@pytest.mark.parametrize("command", ["show vlan", "show vlan brief"])
def test_vlan(busy: IosAppliance, command: str) -> None:
    found = {row["vlan_id"]: row for row in rows(busy, command)}
    assert found["10"]["vlan_name"] == "DATA"
    assert found["10"]["interfaces"] == ["Gi1/0/1"]
    assert len(found["1"]["interfaces"]) == 46 + 8
    assert found["120"]["vlan_name"] == "VLAN0120"


def test_switchport(busy: IosAppliance) -> None:
    found = {row["interface"]: row for row in rows(busy, "show interfaces switchport")}
    access, trunk = found["Gi1/0/1"], found["Gi1/0/48"]
    assert (access["admin_mode"], access["access_vlan"], access["voice_vlan"]) == ("static access", "10", "120")
    assert trunk["mode"] == "trunk"
    assert trunk["trunking_vlans"] == [str(one) for one in range(10, 130, 2)]
    assert len(rows(busy, "show interfaces Gi1/0/1 switchport")) == 1


def test_status(busy: IosAppliance) -> None:
    found = {row["port"]: row for row in rows(busy, "show interfaces status")}
    assert len(found) == 56
    assert (found["Gi1/0/1"]["name"], found["Gi1/0/1"]["status"], found["Gi1/0/1"]["vlan_id"]) == (
        "room 101",
        "connected",
        "10",
    )
    assert found["Gi1/0/47"]["status"] == "disabled"
    assert (found["Gi1/0/48"]["status"], found["Gi1/0/48"]["vlan_id"]) == ("connected", "trunk")


def test_deleted_vlan_leaves_the_port_inactive(busy: IosAppliance, configure) -> None:
    configure("no vlan 10")
    found = {row["port"]: row for row in rows(busy, "show interfaces status")}
    assert found["Gi1/0/1"]["status"] == "inactive"


def test_access_lists(busy: IosAppliance) -> None:
    found = [row for row in rows(busy, "show ip access-lists") if row["line_num"]]
    assert [(row["acl_name"], row["line_num"], row["action"]) for row in found] == [
        ("A", "20", "permit"),
        ("A", "30", "permit"),
        ("A", "40", "deny"),
        ("M", "10", "permit"),
        ("M", "20", "permit"),
    ]
    assert found[1]["dst_port"] == "www"
    assert found[3]["src_wildcard"] == "0.0.255.255"
    assert "IPv6 access list V\n    permit ipv6 any any sequence 10\n" in busy.session().feed("show ipv6 access-list")


def test_archive(busy: IosAppliance) -> None:
    busy.session().feed("archive config")
    [row] = rows(busy, "show archive")
    assert row["filenames"] == busy.archive.names
    assert row["next_filename"].startswith("flash:cfg-")


def test_sessions_and_neighbours(busy: IosAppliance) -> None:
    busy.auth_sessions.append(AuthSession("GigabitEthernet1/0/1", "0800.0f10.0101", "mab", "VOICE"))
    busy.neighbours.append(Neighbour("GigabitEthernet1/0/1", "0800.0f10.0101", "LAN port", "MINET_6930", model="6930"))
    [session] = rows(busy, "show authentication sessions")
    assert (session["interface"], session["domain"], session["status"]) == ("Gi1/0/1", "VOICE", "Auth")
    [neighbour] = rows(busy, "show lldp neighbors detail")
    assert (neighbour["local_interface"], neighbour["neighbor_name"], neighbour["platform"]) == (
        "Gi1/0/1",
        "MINET_6930",
        "6930",
    )


def test_addresses(busy: IosAppliance) -> None:
    found = {row["interface"]: row for row in rows(busy, "show ip interface brief")}
    assert (found["Vlan199"]["ip_address"], found["Vlan199"]["status"]) == ("10.20.99.11", "up")
