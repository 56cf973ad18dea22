"""Every control once, with a state that its evidence bears."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.audit import SiteFacts, audit_site
from punchdown.audit.claims import CLAIMS
from punchdown.audit.traits import values_at
from punchdown.catalog.controls import controls, traits
from punchdown.model import Site
from punchdown.values import ControlState, Expectation

from .conftest import TODAY, by_id, facts_in, seen
from .estates import SITES
from .left import PAGE, page


@pytest.mark.parametrize(("folder", "name"), SITES, ids=[f"{folder.name}-{name}" for folder, name in SITES])
def test_every_example_accounts_for_every_control_once(folder: Path, name: str) -> None:
    results = audit_site(facts_in(folder, name), TODAY).results
    assert [item.id for item in results] == list(controls())
    for item in results:
        assert item.why
        if item.state in {ControlState.ENFORCED, ControlState.VERIFIED}:
            assert item.lines
            assert not item.gaps
        if item.state is ControlState.NOT_APPLICABLE:
            assert not item.lines


@pytest.mark.parametrize(("folder", "name"), SITES, ids=[f"{folder.name}-{name}" for folder, name in SITES])
def test_nothing_cites_a_control_that_does_not_exist(folder: Path, name: str) -> None:
    facts = facts_in(folder, name)
    assert set(facts.lines) | set(facts.seen) <= set(controls())
    assert {control for flow in facts.matrix.flows for control in flow.source.controls} <= set(controls())


def test_every_control_that_lines_show_is_cited_somewhere() -> None:
    cited = {control for folder, name in SITES for control in facts_in(folder, name).lines}
    assert {item.id for item in controls().values() if item.shown and item.shown.lines} <= cited


def test_every_claim_is_a_rule_and_every_rule_is_claimed() -> None:
    assert {name for item in controls().values() if item.shown for name in item.shown.claims} == set(CLAIMS)


@pytest.mark.parametrize("trait", traits().values(), ids=lambda trait: trait.name)
def test_traits_look_at_fields_that_the_definition_has(trait: object) -> None:
    schema = Site.model_json_schema(by_alias=True)
    for place, _patterns in trait.where:  # type: ignore[attr-defined]
        path = f"{trait.collection}.*.{place}" if trait.collection else place  # type: ignore[attr-defined]
        assert _exists(schema, schema, path.split(".")), path


def _exists(schema: dict, node: dict, path: list[str]) -> bool:  # type: ignore[type-arg]
    if "$ref" in node:
        return _exists(schema, schema["$defs"][node["$ref"].rpartition("/")[2]], path)
    if not path:
        return True
    if any(_exists(schema, item, path) for key in ("anyOf", "allOf") for item in node.get(key, ())):
        return True
    head, rest = path[0], path[1:]
    if head == "*":
        return any(isinstance(node.get(key), dict) and _exists(schema, node[key], rest)
                   for key in ("additionalProperties", "items"))
    if head == "zone":
        return not rest
    return head in node.get("properties", {}) and _exists(schema, node["properties"][head], rest)


def test_places_with_stars_reach_into_lists_and_mappings() -> None:
    data = {"hosts": {"a": {"uses": ["x", "y"]}, "b": {}}}
    assert list(values_at(data, "hosts.*.uses.*")) == ["x", "y"]
    assert list(values_at(data, "hosts.*.nothing")) == []


def test_a_verification_that_saw_all_hold_makes_enforced_verified(lisbon: SiteFacts) -> None:
    before, after = by_id(lisbon), by_id(seen(lisbon))
    assert before["segregation-by-type-and-trust"].state is ControlState.ENFORCED
    assert after["segregation-by-type-and-trust"].state is ControlState.VERIFIED
    assert "the oldest of 2026-11-20T10:00:00Z" in after["segregation-by-type-and-trust"].why


def test_a_device_that_nobody_looked_at_keeps_it_from_being_verified(lisbon: SiteFacts) -> None:
    facts = seen(lisbon)
    partly = replace(facts, expectations={name: items for name, items in facts.expectations.items()
                                          if name != "sw-core-1"})
    result = by_id(partly)["segregation-by-type-and-trust"]
    assert result.state is ControlState.ENFORCED
    assert {"sw-acc-1", "sw-core-1"} <= set(result.devices)


def test_a_verification_that_saw_otherwise_makes_it_missing(lisbon: SiteFacts) -> None:
    result = by_id(seen(lisbon, holds=False))["segregation-by-type-and-trust"]
    assert result.state is ControlState.MISSING
    assert "the verification of 2026-11-20T10:00:00Z found that this does not hold" in result.why


def test_what_could_not_be_read_is_not_verified(lisbon: SiteFacts) -> None:
    assert by_id(seen(lisbon, holds=None))["segregation-by-type-and-trust"].state is ControlState.ENFORCED


def test_a_verification_of_something_else_does_not_count(lisbon: SiteFacts) -> None:
    """The definition moved on since: what is expected now was never seen."""
    facts = seen(lisbon)
    moved = {device: tuple(Expectation(item.key, ["moved", item.value], item.title, item.source) for item in items)
             for device, items in lisbon.expectations.items()}
    again = SiteFacts(facts.loaded, facts.intents, facts.matrix, facts.configs, moved, facts.sightings)
    assert by_id(again)["segregation-by-type-and-trust"].state is ControlState.ENFORCED


def test_findings_are_the_open_controls(lisbon: SiteFacts) -> None:
    site = audit_site(lisbon, TODAY)
    open_ids = {item.id for item in site.results if item.state in {ControlState.MISSING, ControlState.EXPIRED}}
    assert {item.controls[0] for item in site.findings} == open_ids
    assert len({item.id for item in site.findings}) == len(site.findings)


def test_the_list_of_what_is_left_to_people_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make controls`"
