"""The controls that forms cite, against the catalogue of controls."""

from __future__ import annotations

import pytest

from punchdown.catalog.controls import controls
from punchdown.catalog.forms import Form, products

FORMS = [form for product in products().values() for form in product.forms.values()]
CITED = {control for form in FORMS for item in (form, *form.every_field()) for control in item.controls}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.product}-{form.key}")
def test_every_cited_control_exists(form: Form) -> None:
    cited = {control for item in (form, *form.every_field()) for control in item.controls}
    assert cited <= set(controls())


def test_a_cited_control_takes_effect_at_a_gateway() -> None:
    for name in CITED:
        assert any(place.startswith("gateway") for place in controls()[name].places), name


def test_controls_that_an_export_of_a_gateway_can_show_are_cited() -> None:
    """What is left is agreed with the carrier of a SIP trunk; no form for it is published."""
    left = {name for name, control in controls().items()
            if any(place.startswith("gateway") for place in control.places)
            and {"render", "export"} <= set(control.proof)} - CITED
    assert left == {"tls-flex-sip-trunk"}
