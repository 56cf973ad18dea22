"""Every field of every form: written in a definition, it comes out with that value and that place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from punchdown.catalog.forms import Form, FormField, products
from punchdown.loader import load_estate
from punchdown.values import GatewaySetting

from .gateway_site import settings

FORMS = [form for product in products().values() for form in product.forms.values()]
SAMPLES: dict[str, Any] = {
    "address": "10.20.50.10", "bool": True, "digits": "0123", "fqdn": "voice.example.com", "mac": "08:00:0F:10:01:01",
    "mask": "255.255.252.0", "netblocks": "branches", "port": 5061, "ports": "20000-30999",
    "secret": "<secret:a-name>", "text": "Lobby",
}
ITEMS: dict[str, list[Any]] = {"digits": ["9", "00"], "netblock": ["192.0.2.0/24"], "ports": ["137-139", 161],
                               "text": ["Lobby", "Bar"]}
KINDS = {"mivoice-business": "icp-3300-wan", "border-gateway": "border-gateway", "mivoice-5000": "mivoice-5000"}


def written(field: FormField) -> Any:
    """A value as a definition has it, where there is a choice neither the default nor what is advised."""
    if field.type == "enum":
        return max(field.values, key=lambda value: (value != field.recommended, value != field.default))
    if field.type == "bool":
        return not (field.recommended if field.recommended is not None else field.default)
    if field.type == "integer":
        return field.range.last if field.range else 77
    return ITEMS[field.item] if field.type == "list" else SAMPLES[field.type]


def row(fields: tuple[FormField, ...]) -> dict[str, Any]:
    return {field.key: written(field) for field in fields if field.type not in {"readonly", "table"}}


def definition(form: Form) -> Any:
    if form.table:
        return [row(form.fields)]
    return row(form.fields) | {field.key: [row(field.columns)] for field in form.fields if field.columns}


def resolved(tmp_path: Path, form: Form) -> dict[tuple[str, str, int], GatewaySetting]:
    """The form's settings, through a file on disk."""
    (tmp_path / "sites").mkdir()
    (tmp_path / "punchdown.yml").write_text("estate: test\n")
    site = {
        "site": "faro", "segments": {"dmz": {"vlan": 150, "prefix": "10.20.50.0/24", "zone": "dmz"}},
        "firewall": {"netblocks": {"branches": ["192.0.2.0/24"]}},
        "hosts": {"gateway": {"kind": KINDS[form.product], "segment": "dmz", "address": "10.20.50.10",
                              "settings": {form.key: definition(form)}}},
    }
    (tmp_path / "sites" / "faro.yml").write_text(json.dumps(site))
    return settings(load_estate(tmp_path).loaded["faro"], "gateway")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.product}-{form.key}")
def test_every_field_comes_out_as_written(tmp_path: Path, form: Form) -> None:
    found = resolved(tmp_path, form)
    for field in form.every_field():
        if field.type in {"readonly", "table"}:
            continue
        entry = 0 if any(field is item for item in form.fields) and not form.table else 1
        item, expected = found[form.key, field.key, entry], written(field)
        assert item.value == (tuple(map(str, expected)) if isinstance(expected, list) else expected), field.key
        assert (item.source, item.rendering) == ("site", field.rendering)
        assert item.provenance.field.startswith(f"hosts.gateway.settings.{form.key}.")
        assert item.provenance.field.endswith(f".{field.key}")
        assert item.provenance.position.line > 0
        assert set(field.controls) <= set(item.controls)
        assert item.proofs == form.proofs
        if field.recommended is not None and not field.when:
            assert item.against is not field.advised(item.value)
