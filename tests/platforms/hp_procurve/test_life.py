"""What uses the switch is counted from its own tables."""

from __future__ import annotations

import pytest
from ntc_templates.parse import parse_output

from punchdown.lab.emulated.hp_procurve import Neighbour, Station
from punchdown.platforms.hp_procurve.life import DETAIL, counted, own_rows
from tests.contract.bench import Rig, bench
from tests.platforms.hp_procurve.boxes import MEMBER, ROOM, intent_of

INTENT = intent_of("sw-acc-1")
PORT = next(port for port in INTENT.ports if port.voice_vlan)
PHONE, PC = "08:00:0f:00:00:01", "00:50:56:00:00:01"


def life(rig: Rig) -> dict[str, int]:
    seen = ROOM.observe(rig.hand(), INTENT)
    assert seen.errors == ()
    return {kind: number for kind, number in seen.life.items() if number}


def test_stations_are_counted_where_they_are() -> None:
    rig = bench(MEMBER, INTENT)
    assert isinstance(rig, Rig)
    whole = life(rig)
    assert set(whole) == {"ports without errors"}
    rig.box.stations += [Station(PORT.name, PHONE, PORT.voice_vlan, user="phone", watts=4.5),
                         Station(PORT.name, PC, user="pc", errors=7), Station(PORT.name, "00:50:56:00:00:02")]
    rig.box.neighbours += [Neighbour(PORT.name, "08000f-000001", "08 00 0f 00 00 01", "MINET_6930", phone=True),
                           Neighbour("48", "3821c7-c1cd00", "1", "core")]
    assert life(rig) == {"phones": 1, "sessions": 2, "powered ports": 1,
                         "ports without errors": whole["ports without errors"] - 1,
                         f"MACs in VLAN {PORT.voice_vlan}": 1, f"MACs in VLAN {PORT.access_vlan}": 1}
    detail = rig.box.session().feed(DETAIL)
    assert parse_output(platform="hp_procurve", command=DETAIL, data=detail)[0]["capabilities"] == "bridge, telephone"
    rig.type(f"no vlan {PORT.voice_vlan} tagged {PORT.name}")
    assert f"MACs in VLAN {PORT.voice_vlan}" not in life(rig)
    rig.type(f"no interface {PORT.name} power-over-ethernet")
    assert set(life(rig)) == {"ports without errors"}


@pytest.mark.parametrize(("said", "phones"), [
    ("  Local Port   : 1\n  System Capabilities Enabled    : bridge, telephone\n", 1),
    ("  Local Port   : 1\n    EndpointClass          :Class3\n  Local Port   : 2\n", 1),
    ("  Local Port   : 1\n    EndpointClass          :Class1\n", 0), ("Invalid input: detail\n", 0)])
def test_a_phone_says_so(said: str, phones: int) -> None:
    assert counted(DETAIL, own_rows(DETAIL, said) or [], INTENT) == {"phones": phones}
