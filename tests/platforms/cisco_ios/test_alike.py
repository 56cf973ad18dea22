"""Sections that say the same are left out of a comparison: with and without this the answer is the same."""

from __future__ import annotations

import pytest

from punchdown.platforms.cisco_ios import compare as room
from punchdown.platforms.cisco_ios.normalise import same_body
from punchdown.platforms.cisco_ios.sections import Section, sections
from punchdown.render import render_device
from punchdown.values import Change, Provenance
from tests.platforms.cisco_ios.switches import INTENT, KNOWN, Switch, shown

INTENDED = render_device(INTENT)


def both_ways(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Change, Change]:
    """The change as always, and the one that looks at every line."""
    running = shown(text)
    quick = room.compare(INTENT, INTENDED, running, KNOWN)
    with monkeypatch.context() as patch:
        patch.setattr(room, "_same_bodies", lambda *_: set())
        return quick, room.compare(INTENT, INTENDED, running, KNOWN)


def section(text: str) -> Section:
    (found,) = sections((line, Provenance()) for line in text.splitlines()).values()
    return found


def test_the_sections_of_a_switch_in_order_are_left_out(switch: Switch) -> None:
    present = sections((line, Provenance()) for line in switch.running().text("running-config").splitlines())
    wanted = sections((line.text, line.source) for line in INTENDED.document("running-config").lines)
    same = room._same_bodies(wanted, present)
    assert {"interface GigabitEthernet1/0/1", "ip access-list extended PD-from-mivb-2"} <= same
    assert not any(root.startswith(("line vty", "radius server")) for root in same)


def test_every_line_that_goes_is_seen(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = switch.running().text("running-config").splitlines()
    differing = 0
    for index in range(len(lines)):
        quick, full = both_ways("\n".join([*lines[:index], *lines[index + 1:]]), monkeypatch)
        assert quick == full, lines[index]
        differing += not quick.empty
    assert differing > len(lines) // 2


def test_every_pair_that_is_swapped_is_judged_alike(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = switch.running().text("running-config").splitlines()
    for index in range(len(lines) - 1):
        swapped = [*lines[:index], lines[index + 1], lines[index], *lines[index + 2:]]
        quick, full = both_ways("\n".join(swapped), monkeypatch)
        assert quick == full, lines[index]


@pytest.mark.parametrize(
    ("wanted", "present", "same"),
    [
        ("interface Vlan1\n shutdown\n description a", "interface Vlan1\n description a\n shutdown", True),
        ("interface Vlan1\n shutdown", "interface Vlan1\n shutdown\n no ip address", True),
        ("interface Vlan1\n shutdown", "interface Vlan1\n shutdown\n ip address 10.0.0.1 255.0.0.0", False),
        ("ip access-list extended A\n permit tcp any any", "ip access-list extended A\n 10 permit tcp any any", True),
        ("ip access-list extended A\n permit ip any any\n deny ip any any",
         "ip access-list extended A\n 10 deny ip any any\n 20 permit ip any any", False),
        ("ip access-list extended A\n permit ip any any",
         "ip access-list extended A\n 10 permit ip any any\n 20 deny ip any any", False),
        ("policy-map A\n class B\n  set dscp ef", "policy-map A\n class B\n  set dscp 46", True),
        ("policy-map A\n class B\n  set dscp ef", "policy-map A\n class C\n  set dscp ef", False),
    ],
)
def test_same_body(wanted: str, present: str, same: bool) -> None:
    assert same_body(section(wanted), section(present)) is same
