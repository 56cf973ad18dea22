"""Known traps on the way between two configurations of a switch, judged after every single command, twice: by what the
platform says that the switch would run, and by the emulated switch's own text."""

from __future__ import annotations

import pickle
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from punchdown.compiler import CompiledSite
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import Ground, ground_of, rendered_documents
from punchdown.pipeline.way import way_along, way_of
from punchdown.values import Change, IntendedConfig
from punchdown.values.way import Invariant, Way
from tests.platforms.cisco_ios.switches import IOS, EmulatedWriter, fingerprint, resolve, shown

ESTATE = Path(__file__).parents[3] / "inventory"
NAME, DOCUMENT = "sw-acc-1", "running-config"
KNOWN = {"radius-sw-acc-1": fingerprint("clear-radius-sw-acc-1")}


@cache
def ground(old: str = "", new: str = "") -> Ground:
    """The example site with other words in its definition."""
    text = (ESTATE / "sites" / "lisbon.yml").read_text()
    assert old in text
    if not old:
        return ground_of(ESTATE, Selection(sites=("lisbon",)))
    return _written(text.replace(old, new))


def _written(text: str) -> Ground:
    with tempfile.TemporaryDirectory() as folder:
        estate = Path(folder) / "inventory"
        shutil.copytree(ESTATE, estate, ignore=shutil.ignore_patterns("examples"))
        (estate / "sites" / "lisbon.yml").write_text(text)
        return ground_of(estate, Selection(sites=("lisbon",)))


class Box:
    """The emulated access switch of the example site, running what it should."""

    def __init__(self, appliance: IosAppliance) -> None:
        self.appliance = appliance

    def text(self) -> str:
        return shown(self.appliance.running_config()).text(DOCUMENT)

    def change(self, wanted: Ground) -> Change:
        (intent,) = (item for item in wanted.sites["lisbon"].devices if item.device == NAME)
        running = replace(shown(self.appliance.running_config()), device=NAME)
        return IOS.compare(intent, wanted.intended[NAME], running, KNOWN)

    def type(self, *lines: str) -> None:
        for _ in self._taken(*lines):
            pass

    def typing(self, *lines: str) -> Iterator[str]:
        """What runs after each line."""
        return (self.text() for _ in self._taken(*lines))

    def _taken(self, *lines: str) -> Iterator[str]:
        writer = EmulatedWriter(self.appliance)
        for line in lines:
            answer = writer.configure(resolve(line if "\n" in line else line.strip())).output
            assert not re.search(r"% (?!Access|Voice|Warning|Portfast)|%Error|rejected", answer), (line, answer)
            yield line
        writer.close()


@cache
def _running() -> bytes:
    box = Box(IosAppliance(ApplianceSpec("Switch", version="17.9.4", ports=48), ManualClock()))
    box.type(*(step.text for step in box.change(ground()).steps))
    return pickle.dumps(box.appliance)


def both(box: Box, wanted: Ground) -> Way:
    """The way to another definition, by the platform's effects; the switch's own texts must say the same."""
    site: CompiledSite = wanted.sites["lisbon"]
    intended: dict[str, IntendedConfig] = dict(wanted.intended)
    before = {**rendered_documents(ground().intended), NAME: {DOCUMENT: box.text()}}
    change = box.change(wanted)
    assert change.steps
    ours = way_of(site, intended, before, [change])
    typed = zip((step.text for step in change.steps), box.typing(*(step.text for step in change.steps)), strict=True)
    theirs = way_along(site, intended, before, [(NAME, [(line, {DOCUMENT: text}) for line, text in typed])])
    assert brief(ours) == brief(theirs)
    assert box.change(wanted).empty
    return ours


def brief(way: Way) -> list[tuple[object, ...]]:
    return sorted((item.invariant, item.number, item.commands, item.claim.client, item.claim.server, item.claim.answer)
                  for item in way.breaches)


@pytest.fixture
def box() -> Box:
    return Box(pickle.loads(_running()))


LIST = "ip access-list extended PD-from-mivb-2"
TYPED: dict[str, tuple[str, ...]] = {
    "a bound list reordered": (
        LIST, "no 10", "no 20", "10 permit tcp host 10.20.10.11 eq 22 host 10.20.99.100 established",
        "20 permit tcp host 10.20.10.11 eq 443 host 10.20.99.100 established"),
    "a bound list with a deny too many": (LIST, "5 deny udp any any"),
    "a bound list too long": (LIST, "5 permit tcp host 10.20.10.11 eq 1752 any established"),
    "a bound list replaced": (LIST, "5 deny tcp any any eq 1752", "no 10", "no 20", "6 permit icmp any any"),
    "a bound list by another name": ("ip access-list extended other", "permit ip any any",
                                     "interface GigabitEthernet1/0/45", "ip access-group other in"),
    "a native VLAN": ("interface GigabitEthernet1/0/48", "switchport trunk native vlan 998"),
    "a trunk that lacks one VLAN and carries another": (
        "interface GigabitEthernet1/0/48", "switchport trunk allowed vlan 110,120,140,199"),
    "802.1X off on a port with a phone": ("interface GigabitEthernet1/0/7", "no authentication port-control",
                                          "no dot1x pae authenticator", "no mab"),
    "a default port in use": ("default interface GigabitEthernet1/0/7",),
    "the PBX's port as from the factory": ("default interface GigabitEthernet1/0/45",),
    "the management list": ("ip access-list extended PD-management", "5 permit tcp any any eq 22"),
    "the login lines": ("line vty 0 15", "exec-timeout 0 0", "transport input telnet ssh"),
    "the login list": ("ip access-list standard PD-vty", "no 20", "15 permit 10.20.32.0 0.0.0.255"),
}


@pytest.mark.parametrize("name", TYPED)
def test_back_from_what_somebody_typed(box: Box, name: str) -> None:
    """Every invariant holds after every command, and as long as somebody's change stands nothing gets worse."""
    box.type(*TYPED[name])
    assert both(box, ground()).breaches == ()


CHANGED: dict[str, tuple[str, str]] = {
    "a list shortened": (", admin-https@mivb-2, ssh@mivb-2", ", ssh@mivb-2"),
    "a list extended": ("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, smdr@mivb-2]"),
    "the PBX moves to the next port": ("45: mivb-2, 46-47: unused", "45: unused, 46: mivb-2, 47: unused"),
    "a port changes hands with the PBX": ("41-44: pc, 45: mivb-2", "41-43: pc, 44: mivb-2, 45: pc"),
    "another RADIUS server while ports are authenticated": ("10.20.99.5}", "10.20.99.7}"),
    "ports closed": ("1-40: phone-and-pc", "1-2: unused, 3-40: phone-and-pc"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_on_to_another_definition(box: Box, name: str) -> None:
    assert both(box, ground(*CHANGED[name])).breaches == ()


def test_a_voice_vlan_renumbered_under_live_phones(box: Box) -> None:
    """The core switch and the firewall still have the old number: phones are cut off, and the plan says from which
    command on; nothing opens."""
    way = both(box, ground("vlan: 120", "vlan: 125"))
    assert Invariant.PROTECTION not in way.broken
    assert Invariant.MANAGEMENT not in way.broken


def test_another_management_address(box: Box) -> None:
    """The list in front of it admits to one address only: the plan says so instead of promising."""
    way = both(box, ground("10.20.99.11", "10.20.99.12"))
    assert way.broken == (Invariant.MANAGEMENT,)


@pytest.mark.parametrize("break_it", [
    lambda texts: [f"no {LIST}", *texts], lambda texts: ["interface GigabitEthernet1/0/45", "shutdown", "no shutdown"],
    lambda texts: ["interface Vlan199", "shutdown", "no shutdown"],
    lambda texts: ["interface GigabitEthernet1/0/45", "no ip access-group PD-from-mivb-2 in",
                   "ip access-group PD-from-mivb-2 in"],
])
def test_a_broken_order_is_noticed(box: Box, break_it: Callable[[list[str]], list[str]]) -> None:
    """The judge finds what a careless order does, on the switch's own text."""
    (body,) = re.findall(rf"{LIST}\n((?: .*\n)*)", box.text())
    texts = break_it([LIST, *(line.strip() for line in body.splitlines())])
    before = {**rendered_documents(ground().intended), NAME: {DOCUMENT: box.text()}}
    typed = [(line, {DOCUMENT: text}) for line, text in zip(texts, box.typing(*texts), strict=True)]
    assert way_along(ground().sites["lisbon"], ground().intended, before, [(NAME, typed)]).broken
