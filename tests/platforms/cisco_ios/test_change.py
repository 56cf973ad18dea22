"""The safe change on an emulated switch: timer, confirmation, refusals, and what is kept out of messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RejectedError, RolledBackError
from punchdown.platforms.cisco_ios.change import refusal, timer_minutes
from punchdown.platforms.contract import Answer
from punchdown.values import Change, Step
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, closed, new_switch, port, resolve

CLOSED = replace(INTENT, ports=(closed(1), *INTENT.ports[1:]))


def steps(*texts: str) -> Change:
    return Change(
        "sw-acc-1", "cisco_ios", (), tuple(Step(text, "asked for by hosts.mivb-2, template acls") for text in texts), ""
    )


def committed(switch: Switch, change: Change) -> None:
    writer, safe = switch.writer(), IOS.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, 120)


def test_the_archive_is_configured_before_the_timer_needs_it() -> None:
    switch = new_switch()
    assert "not enabled" in switch.writer().show("show archive").output
    sent = switch.push(switch.compare())
    assert sent[:2] == ["archive", "path flash:punchdown"]


def test_an_unconfirmed_change_goes_back_by_itself() -> None:
    switch = new_switch(running=INTENT)
    before = switch.running().digest
    committed(switch, switch.compare(CLOSED))
    assert switch.compare(CLOSED).empty
    assert switch.running().digest != before
    assert IOS.safe_change().pending(switch.writer())
    switch.clock.advance(121)
    assert switch.running().digest == before
    with pytest.raises(RolledBackError):
        IOS.safe_change().confirm(switch.writer())


def test_rollback_goes_back_now_and_twice_is_harmless() -> None:
    switch = new_switch(running=INTENT)
    before = switch.running().digest
    committed(switch, switch.compare(CLOSED))
    assert switch.running().digest != before
    IOS.safe_change().rollback(switch.writer())
    assert switch.running().digest == before
    IOS.safe_change().rollback(switch.writer())


def test_a_confirmed_and_saved_change_survives_a_restart() -> None:
    switch = new_switch(running=INTENT)
    switch.push(switch.compare(CLOSED))
    switch.clock.advance(3600)
    switch.appliance.restart()
    assert switch.compare(CLOSED).empty


def test_a_refused_line_stops_and_says_who_asked_for_it(switch: Switch) -> None:
    with pytest.raises(RejectedError) as error:
        committed(switch, steps("interface GigabitEthernet1/0/1", " switchport acess vlan 5", " description after"))
    assert error.value.line == "switchport acess vlan 5"
    assert "asked for by hosts.mivb-2, template acls" in error.value.answer
    assert "description after" not in switch.appliance.running_config()


def test_a_refused_line_never_tells_its_secret(switch: Switch) -> None:
    with pytest.raises(RejectedError) as error:
        committed(switch, steps("radius server radius-1", " kee <secret:radius-sw-acc-1>"))
    assert "clear-" not in str(error.value)
    assert error.value.line == "kee <secret:radius-sw-acc-1>"


def test_nobody_is_locked_out_by_aaa() -> None:
    switch = new_switch()
    switch.type("no username punchdown")
    with pytest.raises(RejectedError, match="no local user"):
        committed(switch, switch.compare())


def test_a_second_change_waits_for_the_first(switch: Switch) -> None:
    committed(switch, switch.compare(CLOSED))
    with pytest.raises(RejectedError, match="waits for its confirmation"):
        committed(switch, switch.compare(replace(INTENT, ports=(port(1), closed(2), *INTENT.ports[2:]))))


@pytest.mark.parametrize(
    "line",
    [
        "% Access VLAN does not exist. Creating vlan 99",
        "% Voice VLAN does not exist. Creating vlan 99",
        "% Generating 2048 bit RSA keys, keys will be non-exportable...",
        "%Warning: portfast should only be enabled on ports connected to a single host",
        "%Portfast has been configured on GigabitEthernet1/0/1 but will only",
        "% Duplicate ACE",
        "%SYS-5-CONFIG_I: Configured from console by punchdown on vty0 (10.20.99.100)",
        "%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: User: vty: Scheduled to rollback",
        "*Nov 21 16:00:00.000: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, changed state to up",
        "Rollback Confirmed Change: Backing up current running config to flash:punchdown-1",
    ],
)
def test_information_is_no_refusal(line: str) -> None:
    assert refusal(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "% policy map PD-mark not configured",
        "% Policy-map PD-mark is being used",
        "% Duplicate sequence number",
        "%Entry does not exist",
        "%Error: radius server radius-1 is in use by server group PD-radius",
        "%Default VLAN 1 may not be deleted.",
        "% Invalid input detected at '^' marker.",
        "%No Rollback Confirmed Change pending",
        "% A sentence that nobody has seen before",
        "Command rejected: Dot1x is supported only on Ethernet interfaces configured in Access mode.",
        "Command authorization failed.",
        "Aborting Rollback.",
    ],
)
def test_a_refusal_is_found_among_other_lines(line: str) -> None:
    said = f"        ^\n%SYS-5-CONFIG_I: Configured from console\n {line}\n% Generating 2048 bit RSA keys\n"
    assert refusal(said) == line


@pytest.mark.parametrize(
    "refused", ["no policy-map PD-untrusted", "no ip access-list extended", "no vlan 1", "no radius server radius-1"]
)
def test_the_switch_refuses_and_the_change_stops(switch: Switch, refused: str) -> None:
    before = switch.running().digest
    with pytest.raises(RejectedError) as error:
        committed(switch, steps(refused, "hostname after"))
    assert error.value.line == refused
    assert switch.running().digest == before


def test_the_timer_is_in_whole_minutes_that_the_device_takes() -> None:
    assert [timer_minutes(seconds) for seconds in (0, 60, 61, 7200, 9999)] == [1, 1, 2, 120, 120]


def test_a_timer_that_ran_out_amid_the_lines_is_mended_from_its_own_copy() -> None:
    switch = new_switch(running=INTENT)
    before = switch.running().digest
    change, writer, safe = switch.compare(CLOSED), switch.writer(), IOS.safe_change()
    safe.stage(writer, change, resolve)
    mark = safe.mark(writer)
    safe.commit(writer, 120)
    switch.clock.advance(121)
    switch.type("interface GigabitEthernet1/0/1", "shutdown")
    assert switch.running().digest != before
    successor = IOS.safe_change()
    successor.rollback(switch.writer())
    assert switch.running().digest != before
    successor.recall(mark)
    successor.rollback(switch.writer())
    assert switch.running().digest == before


class FullArchive:
    """A reader of an archive whose places are all taken, so that the newest copies stand first again."""

    device = "sw-acc-1"

    def __init__(self, recent: int) -> None:
        self.recent = recent

    def show(self, _command: str) -> Answer:
        return Answer(" Archive #  Name\n" + "".join(
            f"   {place}        flash:pd-{place}{' <- Most Recent' if place == self.recent else ''}\n"
            for place in range(1, 11)))


class Mute:
    """A reader of a switch that refuses to show anything."""

    device = "sw-acc-1"

    def show(self, _command: str) -> Answer:
        return Answer("                ^\n% Invalid input detected at '^' marker.\n")


def test_a_list_of_copies_that_was_not_shown_is_no_empty_one() -> None:
    """Else the oldest copy of the archive would be brought back as this change's own."""
    with pytest.raises(RejectedError, match="show archive"):
        IOS.safe_change().mark(Mute())
    with pytest.raises(RejectedError, match="rollback timer"):
        IOS.safe_change().pending(Mute())


def test_a_full_archive_begins_again_at_its_first_place() -> None:
    safe = IOS.safe_change()
    assert safe.mark(FullArchive(10)) == "flash:pd-10"
    assert safe._own_copy(FullArchive(10)) == ""
    assert safe._own_copy(FullArchive(1)) == "flash:pd-1"
