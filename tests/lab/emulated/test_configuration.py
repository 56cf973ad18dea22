"""The configuration behaves as the fact sheet says: rewrites, hidden defaults, negation, refusals, order."""

import pytest

from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import CliSession, IosAppliance
from punchdown.lab.emulated.cisco_ios.secretwords import decode7


def port(switch, name="GigabitEthernet1/0/1"):
    text = switch.interface_config(name)
    return [line.strip() for line in text.splitlines() if line.startswith(" ")]


def test_baseline_is_taken_whole_and_is_flat(switch: IosAppliance) -> None:
    assert switch.load(switch.files["nvram:startup-config"])[1] == []
    text = switch.running_config()
    assert text.startswith("Building configuration...\n\nCurrent configuration : ")
    assert text.rstrip().endswith("end")
    assert text.count("\ninterface GigabitEthernet1/0/") == 48
    assert "switchport" not in text
    assert "interface Vlan199\n ip address 10.20.99.11 255.255.255.0\n" in text


def test_the_printed_configuration_loads_to_the_same_text(switch, configure) -> None:
    configure(
        "vlan 10,20-22",
        "vlan 30",
        "name DATA",
        "aaa new-model",
        "radius server A",
        "address ipv4 10.0.0.1",
        "key k",
        "aaa group server radius G",
        "server name A",
        "class-map match-any V",
        "match dscp 46",
        "policy-map IN",
        "class V",
        "police 128000 8000 conform-action transmit exceed-action drop",
        "interface gi1/0/1",
        "service-policy input IN",
        "banner login ^",
        "keep out",
        "^",
        "archive",
        "path flash:cfg",
        "ip access-list extended A",
        "permit tcp any any eq 80",
        "line vty 0 3",
        "exec-timeout 15 0",
        "interface gi1/0/2",
        "switchport mode trunk",
        f"switchport trunk allowed vlan {','.join(str(one) for one in range(2, 400, 2))}",
    )
    text = switch.running_config()
    loaded, refused = switch.load(text.split("bytes\n", 1)[1])
    assert refused == []
    switch.config = loaded
    assert switch.running_config() == text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sw mo acc", "switchport mode access"),
        ("storm-control broadcast level 1", "storm-control broadcast level 1.00"),
        ("storm-control multicast level pps 1000", "storm-control multicast level pps 1k"),
        ("spanning-tree portfast edge", "spanning-tree portfast"),
        ("switchport port-security maximum 3", "switchport port-security maximum 3"),
        ("no cdp enable", "no cdp enable"),
        ("no lldp transmit", "no lldp transmit"),
        ("switchport trunk allowed vlan 3,1,2,2", "switchport trunk allowed vlan 1-3"),
        ("description  a phone", "description a phone"),
        ("authentication event server dead action authorize", "authentication event server dead action authorize"),
    ],
)
def test_shown_as(switch, configure, typed, shown) -> None:
    assert configure("interface gi 1/0/1", typed).count("Invalid") == 0
    assert shown in port(switch)


@pytest.mark.parametrize(
    "hidden",
    [
        "switchport access vlan 1",
        "switchport mode dynamic auto",
        "authentication violation shutdown",
        "authentication host-mode single-host",
        "dot1x max-reauth-req 2",
        "dot1x timeout tx-period 30",
        "authentication port-control force-authorized",
        "ip arp inspection limit rate 15",
        "lldp transmit",
        "cdp enable",
        "switchport port-security maximum 1",
        "switchport port-security violation shutdown",
        "no shutdown",
        "switchport trunk allowed vlan all",
        "no switchport voice vlan",
    ],
)
def test_defaults_do_not_show(switch, configure, hidden) -> None:
    assert configure("interface gi1/0/1", hidden) == ""
    assert port(switch) == []


def test_order_on_read_back(switch, configure) -> None:
    configure(
        "interface gi1/0/1",
        "spanning-tree portfast",
        "dot1x pae authenticator",
        "switchport mode access",
        "mab",
        "dot1x pae authenticator",
        "authentication port-control auto",
        "authentication host-mode multi-domain",
        "ip access-group A in",
        "description x",
        "storm-control broadcast level 1",
        "switchport access vlan 10",
    )
    assert port(switch) == [
        "description x",
        "switchport access vlan 10",
        "switchport mode access",
        "ip access-group A in",
        "authentication host-mode multi-domain",
        "authentication port-control auto",
        "mab",
        "dot1x pae authenticator",
        "storm-control broadcast level 1.00",
        "spanning-tree portfast",
    ]


def test_negation_needs_no_value(switch, configure) -> None:
    configure(
        "interface gi1/0/1",
        "switchport mode access",
        "switchport access vlan 10",
        "mab eap",
        "ip access-group A in",
        "no switchport access vlan",
        "no mab",
        "no ip access-group A in",
        "no switchport mode",
    )
    assert port(switch) == []


def test_trunk_list_edits(switch, configure) -> None:
    configure("interface gi1/0/1", "switchport trunk allowed vlan 10,20", "switchport trunk allowed vlan add 21-22")
    assert port(switch) == ["switchport trunk allowed vlan 10,20-22"]
    configure("interface gi1/0/1", "switchport trunk allowed vlan remove 20")
    assert port(switch) == ["switchport trunk allowed vlan 10,21,22"]
    configure("interface gi1/0/1", "no switchport trunk allowed vlan")
    assert port(switch) == []


def test_long_trunk_list_continues_on_add_lines(switch, configure) -> None:
    ids = ",".join(str(vlan) for vlan in range(2, 300, 2))
    configure("interface gi1/0/1", f"switchport trunk allowed vlan {ids}")
    lines = port(switch)
    assert len(lines) > 3
    assert all(line.startswith("switchport trunk allowed vlan add ") for line in lines[1:])
    assert ",".join(line.rpartition(" ")[2] for line in lines) == ids
    assert max(map(len, lines)) < 80


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (("interface gi1/0/1", "dot1x pae authenticator"), "Command rejected: Dot1x is supported only"),
        (("interface gi1/0/1", "switchport nonegotiate"), "Command rejected: Conflict between 'nonegotiate'"),
        (
            ("interface gi1/0/1", "switchport port-security"),
            "Command rejected: GigabitEthernet1/0/1 is a dynamic port.",
        ),
        (("interface gi1/0/1", "switchport trunk encapsulation dot1q"), "% Invalid input detected"),
        (("interface gi1/0/1", "mls qos trust dscp"), "% Invalid input detected"),
        (("interface gi1/0/1", "service-policy input NONE"), "% policy map NONE not configured"),
        (("interface gi1/0/49", "!"), "% Invalid input detected"),
        (("policy-map P", "class NONE"), "% class map NONE not configured"),
        (("aaa authentication dot1x default group radius",), "% Invalid input detected"),
        (("vlan 5000",), "% Invalid input detected"),
        (("switchport",), "% Invalid input detected"),
        (("interface",), "% Incomplete command."),
        (("s",), '% Ambiguous command:  "s"'),
        (("no vlan 1",), "%Default VLAN 1 may not be deleted."),
        (
            (
                "interface vlan 20",
                "ip address 10.20.50.12 255.255.255.128",
                "interface vlan 21",
                "ip address 10.20.50.12 255.255.255.0",
            ),
            "overlaps with Vlan20",
        ),
    ],
)
def test_refusals(configure, lines, answer) -> None:
    assert answer in configure(*lines)


def test_caret_points_at_the_word_at_fault(type_lines, session: CliSession) -> None:
    type_lines("configure terminal", "interface gi1/0/1")
    before = len(session.prompt)
    answer = type_lines("switchport mode foo")
    assert answer.split("\n")[0].index("^") == before + len("switchport mode ")


def test_dot1x_port_can_not_become_a_trunk(switch, configure) -> None:
    assert "Command rejected" in configure(
        "interface gi1/0/1", "switchport mode access", "authentication port-control auto", "switchport mode trunk"
    )
    assert "switchport mode access" in port(switch)


def test_missing_vlan_is_made(switch, configure) -> None:
    said = configure("interface gi1/0/1", "switchport access vlan 99", "switchport voice vlan 98")
    assert said == ("% Access VLAN does not exist. Creating vlan 99\n% Voice VLAN does not exist. Creating vlan 98\n")
    assert {98, 99} <= set(switch.config.vlans)


def test_unnamed_vlans_collapse(switch, configure) -> None:
    configure("no vlan 199", "vlan 10,20-22", "vlan 15", "name DATA")
    assert "vlan 10\n!\nvlan 15\n name DATA\n!\nvlan 20-22 \n!" in switch.running_config()


def test_vlans_of_a_vtp_server_are_not_in_the_configuration(clock: ManualClock) -> None:
    switch = IosAppliance(ApplianceSpec("a", startup="hostname a\nend\n"), clock)
    session = switch.session()
    for line in ("configure terminal", "vlan 10", "name DATA", "end"):
        session.feed(line)
    assert "vlan 10" not in switch.running_config()
    switch.restart()
    assert "DATA" in switch.session().feed("show vlan brief")


def test_access_list_words_and_numbers(switch, configure) -> None:
    configure(
        "ip access-list extended A",
        "remark first",
        "permit udp 10.1.1.7 0.0.0.255 host 10.2.0.1 range 16384 32767 dscp 46",
        "15 permit 6 any 10.2.0.1 0.0.0.0 eq 80",
        "permit tcp any any eq 514",
        "permit udp any any eq 514",
        "permit icmp any any 8",
        "deny ip 0.0.0.0 255.255.255.255 any log",
        "permit tcp any any eq 22",
    )
    assert switch.running_config().split("ip access-list extended A\n")[1].split("!")[0].splitlines() == [
        " 10 remark first",
        " 15 permit tcp any host 10.2.0.1 eq www",
        " 20 permit udp 10.1.1.0 0.0.0.255 host 10.2.0.1 range 16384 32767 dscp ef",
        " 30 permit tcp any any eq cmd",
        " 40 permit udp any any eq syslog",
        " 50 permit icmp any any echo",
        " 60 deny ip any any log",
        " 70 permit tcp any any eq 22",
    ]


def test_access_list_edits(switch, configure) -> None:
    said = configure(
        "ip access-list extended A",
        "permit ip any any",
        "permit ip any any",
        "10 deny ip any any",
        "20 deny udp any any",
        "no 10",
        "no 99",
        "exit",
        "ip access-list resequence A 100 5",
    )
    assert said == "% Duplicate sequence number\n%Entry does not exist\n"
    assert switch.config.access_list("A").entries == {100: "deny udp any any"}


def test_standard_list_and_ipv6_list(switch, configure) -> None:
    configure(
        "ip access-list standard M",
        "permit 10.1.1.1 0.0.0.0",
        "permit 10.2.0.0 0.0.255.255",
        "ipv6 access-list V",
        "permit tcp any 2001:db8::/32 eq 22",
    )
    text = switch.running_config()
    assert " 10 permit 10.1.1.1\n 20 permit 10.2.0.0 0.0.255.255\n" in text
    assert "ipv6 access-list V\n sequence 10 permit tcp any 2001:DB8::/32 eq 22\n" in text


def test_old_releases_print_no_numbers(clock: ManualClock) -> None:
    switch = IosAppliance(ApplianceSpec("old", model="WS-C2960X-48FPD-L", version="15.2(7)E"), clock)
    session = switch.session()
    for line in (
        "configure terminal",
        "ip access-list extended A",
        "permit ip any any",
        "interface gi1/0/1",
        "mls qos trust dscp",
    ):
        session.feed(line)
    assert "ip access-list extended A\n permit ip any any\n" in switch.running_config()
    assert "mls qos trust dscp" in port(switch)


def test_keys_are_stored_encrypted_with_a_salt(switch, configure) -> None:
    configure(
        "service password-encryption",
        "aaa new-model",
        "radius server A",
        "address ipv4 10.0.0.1 auth-port 1812 acct-port 1813",
        "key topsecret",
        "radius server B",
        "key topsecret",
        "key topsecret",
    )
    keys = [line.split()[-1] for line in switch.running_config().splitlines() if line.startswith(" key 7 ")]
    assert [decode7(key) for key in keys] == ["topsecret", "topsecret"]
    assert "topsecret" not in switch.running_config()
    assert "password 7" not in switch.files["nvram:startup-config"]


def test_turning_encryption_on_encrypts_what_is_there(switch, configure) -> None:
    configure("aaa new-model", "radius server A", "key topsecret")
    assert "key topsecret" in switch.running_config()
    configure("service password-encryption")
    assert "key topsecret" not in switch.running_config()


def test_radius_server_in_use(switch, configure) -> None:
    configure("aaa new-model", "radius server A", "address ipv4 10.0.0.1", "aaa group server radius G", "server name A")
    assert "address ipv4 10.0.0.1 auth-port 1645 acct-port 1646" in switch.running_config()
    assert "%Error" in configure("no radius server A")
    assert configure("aaa group server radius G", "no server name A", "no radius server A") == ""
    assert "radius server A" not in switch.running_config()


def test_policy_in_use_stays(switch, configure) -> None:
    configure(
        "class-map V",
        "match ip dscp 46",
        "policy-map IN",
        "class V",
        "set dscp 0",
        "police 128000 8000 conform-action transmit exceed-action drop",
        "interface gi1/0/1",
        "service-policy input IN",
    )
    text = switch.running_config()
    assert "class-map match-all V\n  match ip dscp ef\n" in text
    assert (
        "policy-map IN\n class V\n  set dscp default\n  police cir 128000 bc 8000\n   conform-action transmit \n"
        "   exceed-action drop\n"
    ) in text
    assert "being used" in configure("no policy-map IN")
    assert "being used" in configure("no class-map V")
    assert configure("interface gi1/0/1", "no service-policy input IN", "no policy-map IN", "no class-map V") == ""
    assert "policy-map IN" not in switch.running_config()


def test_terminal_lines_split(switch, configure) -> None:
    configure("line vty 0 15", "exec-timeout 15 0")
    assert "line vty 0 4\n exec-timeout 15 0\n login local\n" in switch.running_config()
    configure("line vty 2", "exec-timeout 10 0")
    text = switch.running_config()
    assert [line for line in text.splitlines() if line.startswith("line vty")] == [
        "line vty 0 1",
        "line vty 2",
        "line vty 3 4",
        "line vty 5 15",
    ]


def test_new_model_hides_the_line_login(switch, configure) -> None:
    configure("aaa new-model")
    assert "login local" not in switch.running_config()
    assert "Invalid" in configure("line vty 0 4", "login local")


def test_banner(switch, session, type_lines) -> None:
    type_lines("configure terminal")
    assert type_lines("banner login #") == "Enter TEXT message.  End with the character '#'.\n"
    assert session.prompt == ""
    type_lines("no vlan 199", "two", "#")
    assert session.prompt == "sw-acc-1(config)#"
    assert "banner login ^C\nno vlan 199\ntwo\n^C\n" in switch.running_config()
    assert 199 in switch.config.vlans
    type_lines("no banner login")
    assert "banner" not in switch.running_config()


def test_snmp_user_is_never_shown(switch, configure) -> None:
    configure("snmp-server user u g v3 auth sha abcdefgh priv aes 128 abcdefgh")
    assert "snmp-server user" not in switch.running_config()
    assert "User name: u" in switch.session().feed("show snmp user")


@pytest.mark.parametrize(
    ("typed", "shown", "gone"),
    [
        ("ip domain-name a.example", "ip domain name a.example", "domain-name"),
        ("logging 10.0.0.9", "logging host 10.0.0.9", "logging 10"),
        ("logging host 10.0.0.9 transport udp port 514", "logging host 10.0.0.9\n", "transport udp"),
        ("logging trap informational", "hostname", "logging trap"),
        ("no ip http server", "no ip http server", "\nip http server"),
        ("ip ssh version 2", "ip ssh bulk-mode", "ip ssh version"),
        ("username x secret pw", "username x secret 9 $9$", "secret pw"),
        (
            "access-list 100 permit tcp any any eq 80",
            "ip access-list extended 100\n 10 permit tcp any any eq www",
            "access-list 100 permit",
        ),
    ],
)
def test_global_rewrites(switch, configure, typed, shown, gone) -> None:
    configure(typed)
    assert shown in switch.running_config()
    assert gone not in switch.running_config()


def test_range_and_default_interface(switch, configure) -> None:
    configure("interface range gi1/0/1 - 3 , gi1/0/5", "shutdown")
    assert [name for name in "12345" if port(switch, f"GigabitEthernet1/0/{name}")] == ["1", "2", "3", "5"]
    configure("default interface gi1/0/1")
    assert port(switch) == []


def test_a_port_has_one_limit_of_arp(switch, configure) -> None:
    configure("interface Gi1/0/1", "ip arp inspection limit rate 30", "ip arp inspection limit none")
    text = switch.running_config()
    assert text.count(" ip arp inspection limit") == 1
    assert " ip arp inspection limit none" in text
    configure("interface Gi1/0/1", "ip arp inspection limit rate 15")
    assert "ip arp inspection limit" not in switch.running_config()


def test_a_vlan_has_one_list_of_arp_senders(switch, configure) -> None:
    configure("ip arp inspection filter one vlan 10-12", "ip arp inspection filter two vlan 11")
    lines = switch.running_config().splitlines()
    assert "ip arp inspection filter one vlan 10,12" in lines
    assert "ip arp inspection filter two vlan 11" in lines


def test_a_session_grows_and_shrinks_by_the_interface(switch, configure) -> None:
    configure("monitor session 2 source interface gi1/0/1 - 3 , gi1/0/5",
              "monitor session 2 destination interface Gi1/0/9",
              "no monitor session 2 source interface Gi1/0/2")
    lines = switch.running_config().splitlines()
    assert "monitor session 2 source interface Gi1/0/1 , Gi1/0/3 , Gi1/0/5" in lines
    refused = configure("monitor session 2 destination interface Gi1/0/5")
    assert "already configured as monitor sources in session 2" in refused
    configure("no monitor session 2")
    assert "monitor session" not in switch.running_config()
