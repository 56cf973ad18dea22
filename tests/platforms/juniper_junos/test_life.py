"""What uses the switch is counted from its own tables, and a change that costs some of it goes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.campaign import apply_plan
from punchdown.lab.emulated.juniper_junos import Neighbour, Station, Supplicant
from punchdown.platforms.juniper_junos import life
from punchdown.values import Plan
from tests.contract.bench import Rig, bench
from tests.contract.member import members

from .conftest import JUNOS, Lab, intent

PHONE, PC = "08:00:0f:00:00:01", "00:50:56:00:00:01"
PORT = "ge-0/0/2"


def populate(box) -> None:
    box.stations += [Station(PORT, PHONE, voice=True, watts=4.5), Station(PORT, PC, errors=7)]
    box.sessions += [Supplicant(PORT, PHONE, "phone"), Supplicant(PORT, PC, "pc")]
    box.neighbours += [Neighbour(PORT, PHONE, "LAN port", "MINET_6930"), Neighbour("ge-0/0/23", "x", "1", "core")]


def counted(rig: Rig) -> dict[str, int]:
    seen = JUNOS.observe(rig.hand(), intent())
    assert seen.errors == ()
    return {kind: number for kind, number in seen.life.items() if number}


def test_stations_are_counted_where_they_are() -> None:
    rig = bench(members()["juniper_junos"], intent())
    assert isinstance(rig, Rig)
    rig.type(f"set poe interface {PORT}", "commit")
    whole = counted(rig)
    assert set(whole) == {"ports without errors"}
    populate(rig.box)
    port = next(item for item in intent().ports if item.name == PORT)
    assert counted(rig) == {"phones": 1, "sessions": 2, "powered ports": 1,
                            "ports without errors": whole["ports without errors"] - 1,
                            f"MACs in VLAN {port.voice_vlan}": 1, f"MACs in VLAN {port.access_vlan}": 1}
    rig.type(f"set poe interface {PORT} disable", "commit")
    assert set(counted(rig)) == {"ports without errors"}
    rig.type(f"delete poe interface {PORT} disable", f"delete switch-options voip interface {PORT}.0", "commit")
    assert f"MACs in VLAN {port.voice_vlan}" not in counted(rig)


@pytest.mark.parametrize("lab", [r"dot1x .* ge-0/0/[23] "], indirect=True)
def test_a_change_that_silences_stations_goes_back(lab: Lab) -> None:
    """Nobody has logged in on the port: under 802.1X, which the change switches on, its stations are heard no more."""
    populate(lab.box)
    lab.box.sessions.clear()
    before, slept = lab.box.running_config(), [0.0]
    campaign = replace(lab.campaign, clock=lambda: slept[0], sleep=lambda _: slept.append(slept.pop() + 700))
    (outcome,) = apply_plan(Plan("guarda", (lab.look()[0],)), campaign).outcomes
    assert outcome.status == "rolled-back", outcome.message
    assert "MACs 2 of 2" in outcome.message
    assert lab.box.running_config() == before
    assert lab.look()[1] is False


@pytest.mark.parametrize("said", ["", "error: syntax error, expecting <command>: poe\n"])
def test_a_model_without_a_table_is_no_fault(said: str) -> None:
    assert life.counted(dict.fromkeys(life.COMMANDS, said), intent()) == {"powered ports": 0, "ports without errors": 0}
