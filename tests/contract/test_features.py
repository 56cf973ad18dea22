"""Each thing that a definition can ask: a platform does it (it comes, changes and goes without a trace), or refuses the
site with a reason. What it says it does is asked of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from punchdown.compiler import CompiledSite
from punchdown.intent import DeviceIntent
from punchdown.model import Diagnostic
from punchdown.values import RunningConfig
from tests.contract.bench import bench, compared, rendered
from tests.contract.features import SUBJECTS, Feature, Patch, definition, roles
from tests.contract.member import Member
from tests.contract.pairs import loaded


def test_it_comes_changes_and_goes(member: Member, role: str, feature: Feature) -> None:
    refused = against(loaded(definition(member, role, feature.add)), SUBJECTS[role][0])
    if feature.need and feature.need not in member.capabilities.meets:
        assert [item for item in refused if item.name == "platform-need" and f"({member.name})" in item.message]
        return
    if feature.name in member.refuses:
        refused += against(loaded(definition(member, role, feature.add, feature.change)), SUBJECTS[role][0])
        assert [item.message for item in refused if item.name == "platform-refuses"]
        return
    bare, added, changed = (subject(definition(member, role, *patches), role)
                            for patches in ((), (feature.add,), (feature.add, feature.change)))
    texts = [tuple(document.text for document in rendered(intent).documents) for intent in (bare, added, changed)]
    assert len(set(texts)) > 1, "nothing of it is rendered"
    device = bench(member, bare)
    before = running = device.running()
    for intent in (added, changed, bare):
        device.push(compared(member, intent, running))
        running = device.running()
        left = compared(member, intent, running)
        assert [(item.verdict, item.path, item.line) for item in left.differences] == []
    assert traces(member, before, running, left.unmanaged) == []


def against(site: CompiledSite, device: str) -> list[Diagnostic]:
    """What is wrong with a site, as far as it is not that some other device can't do it."""
    return [item for item in site.errors if item.name != "platform-need" or item.message.startswith(f"{device} (")]


def subject(definition: Patch, role: str) -> DeviceIntent:
    """The device that is asked; fails when something is wrong with it."""
    name, site = SUBJECTS[role][0], loaded(definition)
    assert [item.message for item in against(site, name)] == []
    return next(item for item in site.devices if item.device == name)


def traces(member: Member, before: RunningConfig, after: RunningConfig, unmanaged: tuple[str, ...]) -> list[str]:
    """Lines that are there once more, or once less, than before, and of which nobody is told."""
    one, other = (Counter(placed(member, running)) for running in (before, after))
    told = {part.strip() for line in unmanaged for part in line.splitlines()}
    return [*(f"- {root} / {line}" for root, line in (one - other).elements()),
            *(f"+ {root} / {line}" for root, line in (other - one).elements()
              if not {root, line} & told and not re.match(member.inert, line))]


def placed(member: Member, running: RunningConfig) -> Iterator[tuple[str, str]]:
    """(line at the margin above it, line) of everything that is shown; numbers of filter lines and marks left out."""
    for document in running.documents:
        root = ""
        for line in document.text.splitlines():
            root = line if line[:1].strip() else root
            if line.strip(" !"):
                words = re.sub(r"^(?:sequence )?\d+ (?=permit|deny|remark)", "", line.strip())
                for one in member.spread(root.strip(), words):
                    yield one if root.strip() == line.strip() else root.strip(), one


def test_every_capability_is_asked(member: Member) -> None:
    asked = {feature.need for role in roles(member) for feature in SUBJECTS[role][1]}
    assert set(member.capabilities.meets) - asked - {"stack", "stack-priority", "ibns2"} == set()
