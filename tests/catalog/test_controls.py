"""The catalogue of controls: complete, nothing invented, and every name that it uses means something."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.catalog import kinds, remote_kinds, services
from punchdown.catalog.controls import Control, closest_control, controls, domains, open_reasons, papers, traits
from punchdown.catalog.forms import products

KNOWN = tuple((Path(__file__).parent / "controls.txt").read_text().split())
PLACES = {"switch", "firewall", "gateway-mivb", "gateway-mbg", "gateway-mivoice5000", "radius", "wlan", "dhcp",
          "process"}
PROOF = {"render", "verify", "probe", "export", "attest"}


def test_every_control_of_the_papers_is_there_and_none_is_invented() -> None:
    assert len(KNOWN) == len(set(KNOWN)) == 304
    assert sorted(controls()) == list(KNOWN)


def test_every_domain_and_paper_has_controls() -> None:
    assert {item.domain for item in controls().values()} == set(domains())
    assert {item.paper for item in controls().values()} == set(papers())
    assert len(papers()) == 5


@pytest.mark.parametrize("item", controls().values(), ids=lambda item: item.id)
def test_control_is_complete(item: Control) -> None:
    assert item.title
    assert item.section
    assert len(item.asks.split()) >= 3
    assert item.asks.endswith(".")
    assert item.severity in {"high", "medium", "low"}
    assert item.places
    assert set(item.places) <= PLACES
    assert item.proof
    assert set(item.proof) <= PROOF
    assert set(item.needs) <= set(traits())


@pytest.mark.parametrize("item", controls().values(), ids=lambda item: item.id)
def test_what_a_machine_could_show_is_shown_or_says_why_not(item: Control) -> None:
    """One of the two, never both, and neither for what only a person can vouch for."""
    machine = item.proof != ("attest",)
    assert (item.shown is not None) + bool(item.open) == machine
    assert not item.open or item.open in open_reasons()
    looks = item.shown is not None and item.shown.looks is not None
    assert item.shown is None or "probe" in item.proof if looks else True
    assert item.shown is None or looks or "render" in item.proof or "verify" in item.proof


def test_titles_tell_controls_apart() -> None:
    titles = [item.title for item in controls().values()]
    assert len(titles) == len(set(titles))


def test_a_misspelt_id_finds_its_way() -> None:
    assert closest_control("acl-smrd") == "acl-smdr"
    assert closest_control("xyzzy") == ""


def _cited() -> dict[str, tuple[str, ...]]:
    """Every place of the catalogue that names controls, and the ones it names."""
    named = {f"service {item.name}": item.controls for item in services().values()}
    named |= {f"kind {item.name}": item.controls for item in kinds().values()}
    named |= {f"remote {name}": item.controls for name, item in remote_kinds().items()}
    for product in products().values():
        for form in product.forms.values():
            named[f"form {form.key}"] = form.controls
            named |= {f"form {form.key} {field.key}": field.controls for field in form.every_field()}
    return named


def test_the_rest_of_the_catalogue_names_no_other_controls() -> None:
    unknown = {place: set(names) - set(controls()) for place, names in _cited().items()}
    assert {place: names for place, names in unknown.items() if names} == {}
    assert any(place.startswith("form ") and names for place, names in _cited().items())
