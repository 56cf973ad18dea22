"""A way that breaks an invariant is gone only by those who accept that."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.cli.options import INVARIANTS
from punchdown.compare import make_plan, refuse_if_different
from punchdown.devices import Target
from punchdown.errors import PlanError
from punchdown.pipeline import Selection, Work
from punchdown.pipeline.first import in_service
from punchdown.pipeline.proving import ground_of, rendered_documents
from punchdown.pipeline.way import refuse_if_broken, way_along, way_of, ways_of
from punchdown.pipeline.work import target_of
from punchdown.platforms import platform
from punchdown.report import to_html, to_text
from punchdown.report.way_lines import way_texts
from punchdown.values import Plan, Report, RunningConfig, RunningDocument, from_json, to_json
from punchdown.values.way import Invariant, Way
from tests.contract.bench import Rig, rendered
from tests.contract.cases import small
from tests.contract.features import SUBJECTS, roles
from tests.contract.member import members

ESTATE = Path(__file__).parents[2] / "inventory"
NFT = "/etc/nftables.d/50-punchdown.nft"
SMDR = "tcp dport 1752"


@pytest.fixture(scope="module")
def broken() -> Way:
    """The firewall is open for one command, and lacks a declared flow for the next two."""
    ground = ground_of(ESTATE, Selection(sites=("lisbon",)))
    before = rendered_documents(ground.intended)
    good = before["fw-1"]
    hole = {**good, NFT: good[NFT].replace("\tchain from_inside {\n", "\tchain from_inside {\n\t\taccept\n", 1)}
    gap = {**good, NFT: "".join(line for line in good[NFT].splitlines(keepends=True) if SMDR not in line)}
    assert hole != good != gap
    return way_along(ground.sites["lisbon"], ground.intended, before, [
        ("fw-1", [("open", hole), ("close too much", gap), ("nothing", gap), ("mend", good)])])


def test_what_breaks_for_how_long_and_what_mends_it(broken: Way) -> None:
    assert broken.broken == (Invariant.PROTECTION, Invariant.CONTINUITY)
    (gap,) = (item for item in broken.breaches if item.invariant is Invariant.CONTINUITY)
    assert (gap.number, gap.commands, gap.until) == (2, 2, ("fw-1", "mend"))
    assert gap.claim.meaning == "10.20.40.15 can't open TCP 1752 on mivb-1 any more"
    assert all(item.commands == 1 for item in broken.breaches if item.invariant is Invariant.PROTECTION)


def test_nobody_goes_it_unless_all_of_it_is_accepted(broken: Way) -> None:
    plan = Plan("lisbon", (), way=broken)
    with pytest.raises(PlanError, match="--accept protection --accept continuity"):
        refuse_if_broken((plan,), ())
    with pytest.raises(PlanError, match=r"can't open TCP 1752 on mivb-1 any more.*for 2 commands, until fw-1") as told:
        refuse_if_broken((plan,), ("protection",))
    assert "--accept protection" not in str(told.value)
    refuse_if_broken((plan,), ("protection", "continuity"))


def test_a_way_that_could_not_be_judged_promises_nothing() -> None:
    way = Way("lisbon", ("fw-1",), 3, 0, fault="the way could not be judged: KeyError")
    with pytest.raises(PlanError, match="could not be judged"):
        refuse_if_broken((Plan("lisbon", (), way=way),), ())
    refuse_if_broken((Plan("lisbon", (), way=way),), INVARIANTS)


def test_reports_say_it(broken: Way) -> None:
    report = Report("plan", "hotels", "2026-01-01T00:00:00Z", (), ways=(broken,))
    for text in (to_html(report), to_json(report)):
        assert "1752" in text
    sound = replace(broken, breaches=())
    assert "at no step" in to_html(replace(report, ways=(sound,)))
    assert "at no step" not in to_text(replace(report, ways=()))


def test_the_way_is_sealed_with_the_plan(broken: Way) -> None:
    plan = make_plan("lisbon", (), {}, broken)
    assert from_json(Plan, to_json(plan)) == plan
    with pytest.raises(PlanError, match="edited"):
        refuse_if_different(replace(plan, way=None), plan)
    with pytest.raises(PlanError, match="way"):
        refuse_if_different(make_plan("lisbon", (), {}), plan)
    timed = make_plan("lisbon", (), {}, replace(broken, seconds=62, basis="as 3 changes before took"))
    refuse_if_different(timed, plan)


def test_the_command_line_knows_every_invariant() -> None:
    assert tuple(Invariant) == INVARIANTS


@pytest.mark.parametrize(("old", "new", "device"), [
    ("address: 10.20.50.10", "address: 10.20.50.11", "fw-1"),
    ("address: 10.20.50.10", "address: 10.20.50.11", "sw-core-1"),
    ("blocked: [203.0.113.96/28]", "blocked: [203.0.113.112/28]", "fw-1"),
    ("p5: mivb-1, p6: smdr-taker", "p6: mivb-1, p5: smdr-taker", "sw-core-1"),
], ids=["port-forward, nftables", "port-forward, two stores", "deny list", "hosts change ports, two stores"])
def test_linux_takes_effect_store_by_store(tmp_path: Path, old: str, new: str, device: str) -> None:
    """One transaction on nftables; on the switch flows come before the database, and what is in between holds."""
    estate = tmp_path / "inventory"
    shutil.copytree(ESTATE, estate)
    path = estate / "sites" / "lisbon.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    before, after = (ground_of(folder, Selection(sites=("lisbon",))) for folder in (ESTATE, estate))
    documents = rendered_documents(before.intended)
    (intent,) = (item for item in after.sites["lisbon"].devices if item.device == device)
    running = RunningConfig(device, intent.platform, tuple(
        RunningDocument(name, text) for name, text in documents[device].items()))
    change = platform(intent.platform).compare(intent, after.intended[device], running, {})
    way = way_of(after.sites["lisbon"], after.intended, documents, [change])
    assert way.states > 0
    assert way.breaches == ()


def planned(running: Mapping[str, str]) -> tuple[Plan, list[str]]:
    """The plan of devices of the example site that run these documents, and what it says of the way."""
    ground = ground_of(ESTATE, Selection(sites=("lisbon",)))
    items, changes, texts = [], {}, {}
    for name, text in running.items():
        (intent,) = (intent for intent in ground.intents() if intent.device == name)
        documents = tuple(RunningDocument(item.name, text) for item in ground.intended[name].documents)
        texts[name] = RunningConfig(name, intent.platform, documents)
        items.append(Work(intent, ground.intended[name], target_of(ground.estate.sites["lisbon"], intent)))
        changes[name] = platform(intent.platform).compare(intent, ground.intended[name], texts[name], {})
    way = ways_of(ground.estate, items, changes, texts)["lisbon"]
    return Plan("lisbon", tuple(changes.values()), way=way), [text for text, _good in way_texts(way)]


FRESH = "first configuration of sw-acc-1, which looks as from the factory: what is in between was not judged"


def test_a_first_configuration_is_not_judged_and_promises_nothing() -> None:
    plan, (told, unjudged) = planned({"sw-acc-1": "hostname Switch\n"})
    refuse_if_broken((plan,), ())
    assert told.startswith(f"1 wave: sw-acc-1; {len(plan.changes[0].steps)} commands, about ")
    assert unjudged == FRESH


def test_a_first_configuration_of_what_is_in_service_has_to_be_accepted() -> None:
    ports = "".join(f"interface GigabitEthernet1/0/{number}\n switchport mode access\n switchport access vlan {vlan}\n"
                    for number, vlan in ((1, 10), (2, 20)))
    plan, (_, told) = planned({"sw-acc-1": f"hostname old\nvlan 10\nvlan 20\n{ports}"})
    assert told == ("first configuration of sw-acc-1 (its ports are in 2 VLANs), which is in service already: what is "
                    "in between was not judged")
    with pytest.raises(PlanError, match=r"in service already(.|\n)*--accept protection --accept continuity --accept"):
        refuse_if_broken((plan,), ())
    refuse_if_broken((plan,), INVARIANTS)


def test_a_new_switch_does_not_hide_what_others_do_on_the_way() -> None:
    ground = ground_of(ESTATE, Selection(sites=("lisbon",)))
    text = rendered_documents(ground.intended)["fw-1"][NFT]
    plan, told = planned({"sw-acc-1": "hostname Switch\n",
                          "fw-1": "".join(line for line in text.splitlines(keepends=True) if SMDR not in line)})
    assert plan.way is not None
    assert plan.way.states
    assert plan.way.order == ("sw-acc-1", "fw-1")
    assert told[-1] == FRESH


FROM_THE_FACTORY = {"openvswitch": (RunningDocument("flows:br0", "table=0,priority=0,actions=NORMAL\n"),
                                    RunningDocument("ovsdb:br0", "port p1\nport p2\n"))}


@pytest.mark.parametrize("name", sorted(members()))
def test_who_looks_as_from_the_factory(name: str) -> None:
    """As the emulated appliances start, daemons without a file, and no longer once they run what they should."""
    member, role = members()[name], roles(members()[name])[0]
    intent = next(item for item in small(member, role).devices if item.device == SUBJECTS[role][0])
    item = Work(intent, rendered(intent), Target(intent.device, "192.0.2.1", member.room, "none"))
    fresh = Rig(member, intent).running() if member.family else RunningConfig(
        intent.device, name, FROM_THE_FACTORY.get(name, ()))
    assert in_service(item, fresh) == ""
    texts = {document.name: document.text for document in item.intended.documents}
    whole = RunningConfig(intent.device, name, tuple(RunningDocument(*document) for document in texts.items()))
    assert bool(in_service(item, whole)) == (member.room.policy(intent, texts) is not None)
