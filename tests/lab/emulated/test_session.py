"""Exec mode: saving, archive, confirmed change, replace, restart, faults."""

import pytest

from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock, read_specs
from punchdown.lab.emulated.cisco_ios import CliSession, IosAppliance


@pytest.fixture
def armed(type_lines):
    """A confirmed change with a changed name, five minutes to go."""
    type_lines("configure terminal", "archive", "path flash:cfg", "end")
    said = type_lines("configure terminal revert timer 5")
    type_lines("hostname changed", "end")
    return said


def test_prompts_follow_the_modes(session: CliSession) -> None:
    seen = []
    for line in (
        "configure terminal",
        "vlan 10",
        "interface gi1/0/1",
        "interface range gi1/0/1-2",
        "ip access-list extended A",
        "ip access-list standard B",
        "ipv6 access-list C",
        "aaa new-model",
        "radius server R",
        "aaa group server radius G",
        "aaa server radius dynamic-author",
        "class-map V",
        "policy-map P",
        "class class-default",
        "line vty 0 4",
        "archive",
        "exit",
    ):
        session.feed(line)
        seen.append(session.prompt.removeprefix("sw-acc-1"))
    assert seen == [
        "(config)#",
        "(config-vlan)#",
        "(config-if)#",
        "(config-if-range)#",
        "(config-ext-nacl)#",
        "(config-std-nacl)#",
        "(config-ipv6-acl)#",
        "(config)#",
        "(config-radius-server)#",
        "(config-sg-radius)#",
        "(config-locsvr-da-radius)#",
        "(config-cmap)#",
        "(config-pmap)#",
        "(config-pmap-c)#",
        "(config-line)#",
        "(config-archive)#",
        "(config)#",
    ]
    session.feed("end")
    assert session.prompt == "sw-acc-1#"


def test_user_mode(switch: IosAppliance) -> None:
    session = switch.session(privileged=False)
    assert session.prompt == "sw-acc-1>"
    assert "% Invalid input" in session.feed("configure terminal")
    session.feed("enable")
    assert session.prompt == "sw-acc-1#"


def test_revert_needs_the_archive(type_lines, session: CliSession) -> None:
    assert type_lines("show archive") == " Archive feature not enabled\n"
    assert type_lines("configure terminal revert timer 3").startswith("%Turn config archive on before")
    assert session.prompt == "sw-acc-1#"
    assert type_lines("configure confirm") == "%No Rollback Confirmed Change pending\n"
    assert type_lines("show archive config rollback timer") == "%No Rollback Confirmed Change pending\n"


def test_timer_goes_back(switch: IosAppliance, clock: ManualClock, armed: str, type_lines) -> None:
    assert "Backing up current running config to flash:cfg-" in armed
    clock.advance(121)
    assert "Timer value: 3 min" in type_lines("show archive config rollback timer")
    clock.advance(178)
    assert "hostname changed" in switch.running_config()
    clock.advance(2)
    assert "hostname sw-acc-1" in switch.running_config()
    assert any("Rolling to:flash:cfg-" in line for line in switch.log)
    assert type_lines("configure confirm") == "%No Rollback Confirmed Change pending\n"


def test_confirm_keeps(switch: IosAppliance, clock: ManualClock, armed: str, type_lines) -> None:
    assert type_lines("configure confirm") == ""
    clock.advance(3600)
    assert "hostname changed" in switch.running_config()


def test_revert_now_and_extended_timer(switch: IosAppliance, clock: ManualClock, armed: str, type_lines) -> None:
    type_lines("configure revert timer 60")
    clock.advance(1800)
    assert "hostname changed" in switch.running_config()
    assert "Rollback Done" in type_lines("configure revert now")
    assert "hostname sw-acc-1" in switch.running_config()


def test_user_in_configuration_mode_types_into_the_reverted_one(switch, clock, armed, session, type_lines) -> None:
    type_lines("configure terminal", "interface gi1/0/1")
    clock.advance(301)
    type_lines("hostname after")
    assert "hostname after" in switch.running_config()


def test_restart_loses_what_was_not_saved(switch: IosAppliance, type_lines, session: CliSession) -> None:
    type_lines(
        "configure terminal", "hostname kept", "end", "write memory", "configure terminal", "hostname lost", "end"
    )
    type_lines("reload")
    assert session.prompt.endswith("Save? [yes/no]: ")
    type_lines("no")
    assert session.prompt == "Proceed with reload? [confirm]"
    type_lines("")
    assert session.closed
    assert "hostname kept" in switch.running_config()


def test_restart_drops_the_timer(switch: IosAppliance, clock: ManualClock, armed: str) -> None:
    switch.restart()
    assert "hostname sw-acc-1" in switch.running_config()
    assert switch.revert is None


def test_copy_asks_for_the_name(switch: IosAppliance, session: CliSession, type_lines) -> None:
    type_lines("configure terminal", "hostname kept", "end", "copy running-config startup-config")
    assert session.prompt == "Destination filename [startup-config]? "
    assert "[OK]" in type_lines("")
    switch.restart()
    assert "hostname kept" in switch.running_config()


def test_replace(switch: IosAppliance, session: CliSession, type_lines) -> None:
    type_lines("copy running-config flash:good", "", "configure terminal", "hostname changed", "end")
    type_lines("configure replace flash:good")
    assert session.prompt.endswith("[no]: ")
    type_lines("y")
    assert "hostname sw-acc-1" in switch.running_config()
    assert "%Error opening" in type_lines("configure replace flash:none force")
    assert "%Please turn config archive on" in type_lines(
        "configure replace flash:good force revert trigger error timer 3"
    )


def test_replace_with_a_bad_line_changes_nothing(switch: IosAppliance, type_lines) -> None:
    switch.files["flash:bad"] = switch.files["nvram:startup-config"].replace(
        "end\n", "version 17.12\nfrobnicate\nend\n"
    )
    type_lines("configure terminal", "hostname changed", "end")
    said = type_lines("configure replace flash:bad force")
    assert "Failed to apply command frobnicate" in said
    assert "hostname changed" in switch.running_config()
    switch.files["flash:half"] = "hostname x\n"
    assert "not a valid config file" in type_lines("configure replace flash:half force")


def test_filters_and_unknown_commands(type_lines) -> None:
    assert type_lines("show running-config | include ^hostname") == "hostname sw-acc-1\n"
    assert type_lines("show run | section Vlan199") == "interface Vlan199\n ip address 10.20.99.11 255.255.255.0\n"
    assert type_lines("frobnicate").startswith("% Unknown command")
    assert "% Invalid input" in type_lines("show frobnicate")
    assert type_lines("show") == "% Incomplete command.\n"


def test_what_the_process_keeps(switch: IosAppliance, clock: ManualClock, type_lines) -> None:
    type_lines("configure terminal", "hostname kept", "end", "write memory")
    again = IosAppliance(switch.spec, clock, saved=switch.nonvolatile())
    assert "hostname kept" in again.running_config()


@pytest.mark.parametrize(
    ("faults", "lines", "closed", "hung", "name"),
    [
        (Faults(drop_after=3), ("configure terminal", "hostname x", "end"), True, False, "x"),
        (Faults(hang_on="^hostname"), ("configure terminal", "hostname x", "end"), False, True, "sw-acc-1"),
        (Faults(refuse="^hostname"), ("configure terminal", "hostname x", "end"), False, False, "sw-acc-1"),
        (Faults(restart_on="^end"), ("configure terminal", "hostname x", "end"), True, False, "sw-acc-1"),
        (Faults(drop_on="^end"), ("configure terminal", "hostname x", "end"), True, False, "x"),
    ],
)
def test_faults(clock: ManualClock, faults, lines, closed, hung, name) -> None:
    switch = IosAppliance(ApplianceSpec("sw-acc-1", faults=faults), clock)
    session = switch.session()
    for line in lines:
        session.feed(line)
    assert (session.closed, session.hung, switch.config.hostname) == (closed, hung, name)


def test_early_timer_and_lost_confirm(clock: ManualClock) -> None:
    switch = IosAppliance(ApplianceSpec("a", faults=Faults(timer_factor=0.1, lose_confirm=True)), clock)
    session = switch.session()
    for line in (
        "configure terminal",
        "archive",
        "path flash:x",
        "end",
        "configure terminal revert timer 10",
        "hostname b",
        "end",
        "configure confirm",
    ):
        session.feed(line)
    assert session.closed
    assert "hostname b" in switch.running_config()
    clock.advance(61)
    assert "hostname a\n" in switch.running_config()


def test_seeded_faults_repeat() -> None:
    assert Faults.from_seed(7) == Faults.from_seed(7)
    assert len({repr(Faults.from_seed(seed)) for seed in range(50)}) > 10


def test_specs_from_json() -> None:
    [spec] = read_specs('{"hostname": "a", "management": "10.0.0.1", "faults": {"drop_after": 4}, "password": "pw"}')
    assert (spec.hostname, spec.faults.drop_after) == ("a", 4)
    assert "pw" not in repr(spec)
    with pytest.raises(ValueError, match="colour"):
        read_specs('[{"hostname": "a", "colour": 1}]')
