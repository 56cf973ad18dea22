"""The emulated ASA by itself: modes and words, what it writes otherwise, what it refuses and how, its restart."""

from __future__ import annotations

import pytest
from netmiko import ConnectHandler
from ntc_templates.parse import parse_output

from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance, CliSession

LEGS = (("inside", "10.0.1.1/24"), ("dmz", "10.0.2.1/24"), ("outside", "203.0.113.2/24"))
SPEC = ApplianceSpec("fw-1", platform="cisco_asa", management="10.0.1.1", password="pw", legs=LEGS,
                     router="203.0.113.1")


class Desk:
    """An appliance and one user at it."""

    def __init__(self, **changes: object) -> None:
        self.clock = ManualClock()
        given = {"hostname": "fw-1", "platform": "cisco_asa", "management": "10.0.1.1", "password": "pw", "legs": LEGS,
                 "router": "203.0.113.1", **changes}
        self.box = AsaAppliance(ApplianceSpec(**given), self.clock)  # type: ignore[arg-type]
        assert self.box.refused_at_start == []
        self.user: CliSession = self.box.session()

    def type(self, *lines: str) -> str:
        """Lines in configuration mode; what the last one says."""
        if self.user.configurator is None:
            self.user.feed("configure terminal")
        return [self.user.feed(line) for line in lines][-1]

    def shows(self, line: str) -> bool:
        return line in [text.strip() for text in self.box.running_config().splitlines()]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(("typed", "shown"), [
    ("access-list a extended permit tcp any any4 eq 443", "access-list a extended permit tcp any any4 eq https"),
    ("access-l a permit 17 10.0.0.0 255.0.0.0 0.0.0.0 0.0.0.0 range 5060 5062",
     "access-list a extended permit udp 10.0.0.0 255.0.0.0 any4 range sip 5062"),
    ("access-list a extended deny ip any any log 6 interval 300", "access-list a extended deny ip any any log"),
    ("access-list a extended deny ip any any log warnings", "access-list a extended deny ip any any log warnings"),
    ("access-list a extended permit icmp any any 8", "access-list a extended permit icmp any any echo"),
    ("access-list a deny ip 10.0.2.5 255.255.255.255 any", "access-list a extended deny ip host 10.0.2.5 any"),
    ("ssh 10.0.1.0 255.255.255.0 inside", "ssh 10.0.1.0 255.255.255.0 inside"),
    ("telnet 0 0 inside", "telnet 0.0.0.0 0.0.0.0 inside"),
    ("route outside 10.9.0.0 255.255.0.0 203.0.113.9", "route outside 10.9.0.0 255.255.0.0 203.0.113.9 1"),
    ("logging trap 6", "logging trap informational"),
    ("int g1/9", "interface GigabitEthernet1/9"),
    ("username bob password hush privilege 15", "")])
def test_what_it_writes(desk: Desk, typed: str, shown: str) -> None:
    assert desk.type(typed) == ""
    assert not shown or desk.shows(shown)
    assert "hush" not in desk.box.running_config()


@pytest.mark.parametrize(("typed", "words"), [
    ("acces-list a extended permit ip any any", "Invalid input"),
    ("access-list a extended permitt ip any any", "Invalid input"),
    ("access-list a extended permit ip any", "Incomplete command"),
    ("access-list a extended permit ip any any eq 80", "Invalid input"),
    ("access-list a extended permit tcp any 10.0.0.1 255.255.255.0", "doesn't pair"),
    ("access-list a extended permit tcp any object nobody", "does not exist"),
    ("access-group nobody in interface inside", "does not exist"),
    ("nat (inside,outside) source dynamic nobody interface", "doesn't match an existing object"),
    ("nat (inside,nowhere) source dynamic any interface", "does not exist"),
    ("ssh 10.0.1.0 255.255.255.0 nowhere", "Invalid input"),
    ("ssh version 2", "Invalid input"),
    ("no access-list a extended permit ip any any", "does not exist"),
    ("a", "Ambiguous command"),
    ("service-policy nobody interface inside", "not configured"),
    ("clear configure access-list nobody", "does not exist"),
    ("interface GigabitEthernet7/7", "Invalid input"),
    ("banner login", "Incomplete command")])
def test_what_it_refuses(desk: Desk, typed: str, words: str) -> None:
    before = desk.box.running_config()
    said = desk.type(typed)
    assert words in said
    assert "ERROR" in said or "Specified" in said
    assert desk.box.running_config() == before


def test_the_caret_stands_below_the_word_at_fault(desk: Desk) -> None:
    line = "logging trap loud"
    pointer = desk.type(line).splitlines()[0]
    assert pointer.index("^") == len(desk.user.prompt) + line.index("loud")


def test_what_is_used_stays(desk: Desk) -> None:
    desk.type("object network web", "host 10.0.2.5", "object-group network who", "network-object host 192.0.2.1",
              "access-list a extended permit tcp object-group who object web", "access-group a in interface outside")
    assert "object is being used" in desk.type("no object network web")
    assert "is being used" in desk.type("no object-group network who")
    assert "would become empty" in desk.type("object-group network who", "no network-object host 192.0.2.1")
    assert desk.type("clear configure access-list a") == ""
    assert not desk.shows("access-group a in interface outside")
    assert desk.type("no object network web") == ""


def test_lists_and_translations_keep_their_numbers(desk: Desk) -> None:
    desk.type("object network web", "host 10.0.2.5", "nat (dmz,outside) static 203.0.113.9", "object network pc",
              "host 10.0.1.5", "exit", "nat (inside,outside) source static pc pc",
              "nat (dmz,outside) 1 source static web web",
              "nat (inside,outside) after-auto source dynamic any interface",
              "access-list a extended permit ip any host 10.0.2.5", "access-list a line 1 remark first",
              "access-list a line 2 extended deny ip host 192.0.2.1 any")
    lines = desk.box.running_config().splitlines()
    assert [line for line in lines if line.startswith("access-list a ")] == [
        "access-list a remark first ", "access-list a extended deny ip host 192.0.2.1 any ",
        "access-list a extended permit ip any host 10.0.2.5 "]
    order = [line.strip() for line in lines if "nat (" in line]
    assert order == ["nat (dmz,outside) source static web web", "nat (inside,outside) source static pc pc",
                     "nat (dmz,outside) static 203.0.113.9",
                     "nat (inside,outside) after-auto source dynamic any interface"]
    assert lines.count("object network web") == 2
    assert "invalid line number" in desk.type("nat (dmz,outside) 9 source static web pc")
    assert "duplicate" in desk.type("access-list a extended permit ip any host 10.0.2.5")


def test_below_an_object_the_same_word_is_another_command(desk: Desk) -> None:
    assert "ERROR" in desk.type("object network web", "host 10.0.2.5", "nat (dmz,outside) source static web web")
    assert desk.type("exit", "nat (dmz,outside) source static web web") == ""


def test_what_it_shows_can_be_read(desk: Desk) -> None:
    desk.type("object network web", "host 10.0.2.5", "nat (dmz,outside) static 203.0.113.9", "exit",
              "nat (inside,outside) after-auto source dynamic any interface",
              "access-list a extended permit tcp any object web eq www log", "access-group a in interface outside")
    found = {command: parse_output("cisco_asa", command, desk.user.feed(command)) for command in (
        "show interface", "show nat", "show running-config access-group", "show version")}
    assert [row["ip_address"] for row in found["show interface"] if row["interface_zone"] == "dmz"] == ["10.0.2.1"]
    assert [row["nat_section_number"] for row in found["show nat"]] == ["2", "3"]
    assert found["show running-config access-group"] == [{"access_list": "a", "interface": "outside"}]
    assert found["show version"][0]["version"] == "9.16(4)"
    (_, line) = parse_output("cisco_asa", "show access-list", desk.user.feed("show access-list a"))
    assert (line["action"], line["dst_object"], line["dst_port"], line["log_level"]) == (
        "permit", "web", "www", "informational")


def test_it_restarts_when_it_was_told_and_forgets_what_was_not_saved(desk: Desk) -> None:
    assert "No reload is scheduled" in desk.user.feed("show reload")
    assert "SHUTDOWN in" in desk.user.feed("reload in 5 noconfirm")
    desk.type("hostname other", "end")
    desk.clock.advance(240)
    assert desk.user.prompt == "other# "
    assert "(in 1 minutes)" in desk.user.feed("show reload")
    desk.clock.advance(70)
    assert desk.user.feed("show reload") == ""
    assert desk.user.closed
    assert desk.box.login().prompt == "fw-1# "


def test_a_restart_can_be_called_off_and_asks_whether_to_save(desk: Desk) -> None:
    desk.user.feed("reload in 0:05 noconfirm")
    assert "SHUTDOWN ABORTED" in desk.user.feed("reload cancel")
    desk.clock.advance(600)
    desk.type("hostname other", "end")
    desk.user.feed("reload")
    assert desk.user.prompt.startswith("System config has been modified")
    desk.user.feed("n")
    assert desk.user.prompt == "Proceed with reload? [confirm]"
    desk.user.feed("")
    assert desk.box.config.hostname == "fw-1"


def test_what_was_saved_survives_the_end_of_the_process(desk: Desk) -> None:
    desk.type("hostname other", "end")
    assert "[OK]" in desk.user.feed("write memory")
    again = AsaAppliance(SPEC, desk.clock, saved=desk.box.nonvolatile())
    assert again.running_config().replace(again.serial, "") == desk.box.running_config().replace(desk.box.serial, "")


def test_a_user_without_the_privilege_sees_nothing(desk: Desk) -> None:
    desk.type("no aaa authorization exec LOCAL auto-enable", "end")
    user = desk.box.login()
    assert user.prompt == "fw-1> "
    assert "ERROR" in user.feed("show running-config")
    for line in ("login", "punchdown", "pw"):
        user.feed(line)
    assert user.prompt == "fw-1# "


def test_faults_fire() -> None:
    desk = Desk(faults=Faults(refuse="^hostname", timer_factor=0.1))
    assert "Invalid input" in desk.type("hostname other")
    desk.type("end")
    desk.user.feed("reload in 10 noconfirm")
    desk.clock.advance(61)
    assert desk.user.feed("show reload") == ""


def test_netmiko(fleet) -> None:  # type: ignore[no-untyped-def]
    port = fleet.start(SPEC)["fw-1"]
    with ConnectHandler("127.0.0.1", port=port, username="punchdown", password="pw", device_type="cisco_asa",
                        fast_cli=True) as device:
        assert "interface GigabitEthernet1/3" in device.send_command("show running-config")
        device.send_config_set(["object network web", "host 10.0.2.5"])
        assert "[OK]" in device.save_config()
    assert "terminal width 511" in fleet.fleet.appliances["fw-1"].running_config()
    assert " host 10.0.2.5" in fleet.fleet.appliances["fw-1"].startup
