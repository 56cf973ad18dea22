"""The schema of forms takes and refuses what the reader of values takes and refuses, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from punchdown.catalog.form_schema import form_schema
from punchdown.catalog.form_values import FormFaultError, Names, read_value
from punchdown.catalog.forms import Form, FormField, products

FORMS = [form for product in products().values() for form in product.forms.values()]
NAMES = Names({"mivb-1": "10.20.10.10"}, {"branches": ("192.0.2.0/24",)})
VALUES: list[Any] = [
    "mivb-1", "10.20.10.10", "branches", "255.255.255.0", "08:00:0F:10:01:01", "voice.example.com", "<secret:a>", "",
    "20000-30999", "5061", "9", 0, 1, 3, 4, 10, 11, 15, 60, 61, 64, 65, 110, 111, 180, 181, 365, 366, 65535, 65536,
    2**31 - 1, 2**31, -1, True, False, None, ["9"], ["branches"], ["137-139"], {}, "Yes", "No", "High", "Enabled",
    "off", "On", "TCP", "x" * 15, "x" * 16, "x" * 33, "a\nb", "a!b", "hunter2", "Lobby",
]
LOOSER = {"address", "fqdn", "netblocks", "mask", "ports", "list", "text"}
"""What a name may stand for, or what two numbers say together, is beyond a schema: it may take more here."""


def test_keys_of_forms_are_not_shared_between_products() -> None:
    assert len({form.key for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_schemas_are_schemas(form: Form) -> None:
    Draft202012Validator.check_schema(form_schema(form))


def fields_of(form: Form) -> list[tuple[FormField, dict[str, Any]]]:
    schema = form_schema(form)
    record = schema["items"] if form.table else schema
    found = [(field, record["properties"].get(field.key, False)) for field in form.fields]
    return found + [(column, part["items"]["properties"].get(column.key, False)) for field, part in found
                    for column in field.columns]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_schema_and_reader_agree(form: Form) -> None:
    for field, schema in fields_of(form):
        if field.type == "table":
            continue
        validator = Draft202012Validator(schema)
        for value in [*VALUES, *field.values, *(int(item) for item in field.values if item.isdecimal())]:
            try:
                read_value(field, value, NAMES)
            except FormFaultError:
                assert field.type in LOOSER or not validator.is_valid(value), (field.key, value)
            else:
                assert validator.is_valid(value), (field.key, value)


def test_tables_have_their_limit_and_their_columns() -> None:
    validator = Draft202012Validator(form_schema(products()["mivoice-business"].forms["port-forward-table"]))
    entry = {"src-start-port": 5061, "src-end-port": 5061, "dst-ip-address": "mbg-1"}
    assert validator.is_valid([entry] * 40)
    assert not validator.is_valid([entry] * 41)
    assert not validator.is_valid([entry | {"dst-end-port": 5061}])
    assert not validator.is_valid([{"src-start-port": 5061}])
    assert not validator.is_valid(entry)
