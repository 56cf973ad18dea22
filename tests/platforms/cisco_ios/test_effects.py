"""After every single command the predicted configuration lets through what the emulated switch's own text does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_ios.capabilities import DOCUMENT
from punchdown.platforms.cisco_ios.effects import states
from punchdown.platforms.cisco_ios.policy import policy
from punchdown.values import Step
from punchdown.values.policy import LineRef
from tests.platforms.cisco_ios.switches import INTENT, Switch, closed, new_switch, pbx, port, reply, resolve, trunk


@lru_cache(maxsize=8)  # many commands only open a section
def means(text: str) -> Any:
    """A configuration's policy without line numbers and order of sections."""
    found = policy(INTENT, {DOCUMENT: text})
    return {item.name: sorted(map(repr, plain(getattr(found, item.name)))) if item.name != "tables"
            else {table.name: plain(table) for table in found.tables}
            for item in fields(found) if isinstance(getattr(found, item.name), tuple)}


def plain(value: Any) -> Any:
    if isinstance(value, LineRef):
        words = value.text.lower().split()  # the device shows IPv6 addresses in capitals
        return " ".join(word for word in words if not word.isdigit() or word != words[0])
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if is_dataclass(value):
        return tuple(plain(getattr(value, item.name)) for item in fields(value))
    return value


def typed(switch: Switch, steps: tuple[Step, ...]) -> Iterator[str]:
    """The switch's own text after each command."""
    writer = switch.writer()
    for step in steps:
        answer = writer.configure(resolve(step.text if "\n" in step.text else step.text.strip())).output
        assert "Invalid" not in answer, (step.text, answer)
        yield switch.appliance.running_config()


def walk(old: DeviceIntent, new: DeviceIntent) -> int:
    switch = new_switch(running=old)
    before = switch.appliance.running_config()
    steps = switch.compare(new).steps
    for step, ours, theirs in zip(steps, states(before, steps), typed(switch, steps), strict=True):
        assert means(ours) == means(theirs), step.text
    return len(steps)


PORTS = st.sampled_from([
    closed, pbx, lambda number: port(number), lambda number: port(number, access_vlan=120, voice_vlan=0),
    lambda number: port(number, dot1x=None), lambda number: trunk(number, 110, 120),
    lambda number: trunk(number, 110, 130, 199), lambda number: port(number, ipv6_vlans=(130,)),
])
RULES = st.lists(
    st.builds(lambda client, number: reply("10.20.10.11/32", f"10.20.{client}.9/32", number, line=7),
              st.integers(20, 24), st.sampled_from([443, 22, 1752, 5061])), max_size=6)


@st.composite
def intents(draw: st.DrawFn) -> DeviceIntent:
    ports = tuple(draw(PORTS)(number) for number in range(1, 7))
    rules = tuple(dict.fromkeys(draw(RULES)))
    filters = tuple(replace(item, rules=rules) if item.name == "from-mivb-2" and rules else item
                    for item in INTENT.filters)
    return replace(INTENT, ports=(*ports, *INTENT.ports[6:]), filters=filters)


def test_a_usual_change() -> None:
    assert walk(INTENT, replace(INTENT, ports=(closed(1), *INTENT.ports[1:]))) > 10


def test_from_nothing() -> None:
    switch = new_switch()
    before, steps = switch.appliance.running_config(), switch.compare(INTENT).steps
    for step, ours, theirs in zip(steps, states(before, steps), typed(switch, steps), strict=True):
        assert means(ours) == means(theirs), step.text


def test_lines_are_inserted_in_place() -> None:
    def with_rules(*numbers: int) -> DeviceIntent:
        rules = tuple(reply("10.20.10.11/32", "10.20.20.9/32", number, line=7) for number in numbers)
        return replace(INTENT, filters=tuple(
            replace(item, rules=rules) if item.name == "from-mivb-2" else item for item in INTENT.filters))

    assert walk(with_rules(443, 5061), with_rules(443, 1752, 22, 5061)) > 1
    assert walk(with_rules(443, 1752, 22, 5061), with_rules(443, 5061)) > 1
    assert walk(with_rules(443, 1752), with_rules(1752, 443)) > 1


@settings(max_examples=int(os.environ.get("PUNCHDOWN_EXAMPLES", "6")), deadline=None)
@given(intents(), intents())
def test_between_any_two(old: DeviceIntent, new: DeviceIntent) -> None:
    walk(old, new)
