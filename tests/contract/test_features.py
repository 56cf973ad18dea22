"""Each thing that a definition can ask: a platform does it (it comes, changes and goes without a trace), or refuses the
site with a reason. What it says it does is asked of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from punchdown.intent import DeviceIntent
from punchdown.render import render_device
from punchdown.values import RunningConfig
from tests.contract.bench import bench
from tests.contract.features import SUBJECTS, Feature, Patch, definition, roles
from tests.contract.member import Member
from tests.contract.pairs import compiled, loaded


def test_it_comes_changes_and_goes(member: Member, role: str, feature: Feature) -> None:
    refused = loaded(definition(member, role, feature.add)).errors
    if feature.need and feature.need not in member.capabilities.meets:
        assert member.name in " ".join(item.message for item in refused if item.name == "platform-need")
        return
    if feature.name in member.refuses:
        assert [item.message for item in refused if item.name == "platform-refuses"]
        return
    bare, added, changed = (subject(definition(member, role, *patches), role)
                            for patches in ((), (feature.add,), (feature.add, feature.change)))
    texts = [tuple(document.text for document in render_device(intent).documents) for intent in (bare, added, changed)]
    assert len(set(texts)) > 1, "nothing of it is rendered"
    device = bench(member, bare)
    before = device.running()
    for intent in (added, changed, bare):
        device.push(device.compare(intent))
        left = device.compare(intent)
        assert [(item.verdict, item.path, item.line) for item in left.differences] == []
    assert traces(member, before, device.running(), left.unmanaged) == []


def subject(site: Patch, role: str) -> DeviceIntent:
    name = SUBJECTS[role][0]
    return next(item for item in compiled(site).devices if item.device == name)


def traces(member: Member, before: RunningConfig, after: RunningConfig, unmanaged: tuple[str, ...]) -> list[str]:
    """Lines that are there once more, or once less, than before, and of which nobody is told."""
    one, other = (Counter(placed(running)) for running in (before, after))
    told = {part.strip() for line in unmanaged for part in line.splitlines()}
    return [*(f"- {root} / {line}" for root, line in (one - other).elements()),
            *(f"+ {root} / {line}" for root, line in (other - one).elements()
              if not {root, line} & told and not re.match(member.inert, line))]


def placed(running: RunningConfig) -> Iterator[tuple[str, str]]:
    """(line at the margin above it, line) of everything that is shown; numbers of filter lines and marks left out."""
    for document in running.documents:
        root = ""
        for line in document.text.splitlines():
            root = line if line[:1].strip() else root
            if line.strip(" !"):
                yield root.strip(), re.sub(r"^(?:sequence )?\d+ (?=permit|deny|remark)", "", line.strip())


def test_every_capability_is_asked(member: Member) -> None:
    asked = {feature.need for role in roles(member) for feature in SUBJECTS[role][1]}
    assert set(member.capabilities.meets) - asked - {"stack", "stack-priority"} == set()
