"""The catalogue of forms against itself: every field says one thing, and every bound holds."""

from __future__ import annotations

from collections import Counter

import pytest

from punchdown.catalog.form_values import LARGEST, FormFaultError, Names, read_value, secret_fault
from punchdown.catalog.forms import Form, FormField, product_of, products

FIELDS = [(form, field) for product in products().values() for form in product.forms.values()
          for field in form.every_field()]
NAMES = Names({"mivb-1": "10.20.10.10"}, {"branches": ("192.0.2.0/24", "198.51.100.32/27")})
SAMPLES: dict[str, object] = {
    "address": "10.20.10.10", "bool": True, "digits": "0123", "fqdn": "voice.example.com", "mac": "08:00:0F:10:01:01",
    "mask": "255.255.252.0", "netblocks": "branches", "port": 5061, "ports": "20000-30999",
    "secret": "<secret:mivb-passcode>", "text": "Lobby",
}
LISTS = {"digits": ["9", "00"], "netblock": ["192.0.2.0/24"], "ports": ["137-139", "161"], "text": ["Lobby"]}
HOSTILE = ["a\nb", "a\rb", "a\tb", "a\x00b", "\x1b[2J", "a\u2028b", "=cmd|' /C calc'!A0", "=1+1", "+cmd", "-cmd",
           "@SUM(A1)", "`id`", "a;b", 'a"b', "a!b", "<secret:other>", "x" * 201]


def ident(item: object) -> str:
    return item.key if isinstance(item, Form | FormField) else ""


def of_type(*types: str) -> list[tuple[Form, FormField]]:
    return [(form, field) for form, field in FIELDS if field.type in types]


def sample(field: FormField) -> object:
    if field.type == "enum":
        return field.values[-1]
    if field.type == "integer":
        return field.range.last if field.range else LARGEST
    return LISTS[field.item] if field.type == "list" else SAMPLES[field.type]


def test_how_much_there_is() -> None:
    assert Counter(form.product for form in {id(form): form for form, _ in FIELDS}.values()) == {
        "mivoice-business": 18, "border-gateway": 10, "mivoice-5000": 1}
    assert len(FIELDS) > 172


@pytest.mark.parametrize(("form", "field"), [pair for pair in FIELDS if pair[1].type not in {"readonly", "table"}],
                         ids=ident)
def test_every_field_reads_back_what_it_gave(form: Form, field: FormField) -> None:
    value = read_value(field, sample(field), NAMES)
    again = read_value(field, list(value) if isinstance(value, tuple) else value, NAMES)
    assert again == value
    expected = sample(field)
    assert value == (tuple(map(str, expected)) if isinstance(expected, list) else expected)


@pytest.mark.parametrize(("form", "field"), of_type("readonly"), ids=ident)
def test_what_the_product_shows_is_not_set(form: Form, field: FormField) -> None:
    assert field.rendering == "read-only"
    with pytest.raises(FormFaultError, match="nobody sets it"):
        read_value(field, "x", NAMES)


@pytest.mark.parametrize(("form", "field"), [pair for pair in FIELDS if pair[1].type not in {"readonly", "table"}],
                         ids=ident)
def test_defaults_and_advice_are_values_of_the_field(form: Form, field: FormField) -> None:
    for value in (field.default, field.recommended):
        if value is not None:
            assert read_value(field, value, NAMES) == value
    if field.recommended is not None:
        assert field.advised(field.recommended)
    if isinstance(field.accepted, tuple) and field.type == "enum":
        assert set(field.accepted) <= set(field.values)
        assert set(field.values) - set(field.accepted) or not field.accepted


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=ident)
def test_a_field_says_only_what_its_type_has(form: Form, field: FormField) -> None:
    assert bool(field.values) == (field.type == "enum")
    assert bool(field.item) == (field.type == "list")
    assert bool(field.columns) == (field.type == "table")
    assert field.range is None or field.type == "integer"
    assert field.digits is None or field.type == "secret"
    assert not field.length or field.type in {"text", "list"}
    assert not (form.table and field.columns), "a table holds no table of its own"
    assert field.origin != "inferred" or field.rendering in {"not-public", "read-only"}
    assert len(field.values) == len(set(field.values))


@pytest.mark.parametrize(("form", "field"), [pair for pair in of_type("integer") if pair[1].range], ids=ident)
def test_bounds_of_numbers(form: Form, field: FormField) -> None:
    assert field.range
    for number in field.range:
        assert read_value(field, number, NAMES) == number
    for number in (field.range.first - 1, field.range.last + 1):
        with pytest.raises(FormFaultError, match=f"takes {field.range.first} to {field.range.last}"):
            read_value(field, number, NAMES)


@pytest.mark.parametrize(("form", "field"), [pair for pair in of_type("integer") if not pair[1].range], ids=ident)
def test_numbers_without_a_published_range(form: Form, field: FormField) -> None:
    for number in (0, LARGEST):
        assert read_value(field, number, NAMES) == number
    for number in (-1, LARGEST + 1, 10**4000, 1.5, "3", True, None):
        with pytest.raises(FormFaultError):
            read_value(field, number, NAMES)


@pytest.mark.parametrize(("form", "field"), of_type("port"), ids=ident)
def test_bounds_of_ports(form: Form, field: FormField) -> None:
    for number in (1, 65535):
        assert read_value(field, number, NAMES) == number
    for wrong in (0, 65536, -1, "1-2", "٣", "", True, 1.0):
        with pytest.raises(FormFaultError):
            read_value(field, wrong, NAMES)


@pytest.mark.parametrize(("form", "field"), [pair for pair in FIELDS if pair[1].length], ids=ident)
def test_bounds_of_lengths(form: Form, field: FormField) -> None:
    def value(length: int) -> object:
        if field.type == "text":
            return "x" * length
        ports = ["10000"] * (length // 6)
        return [*ports, "1" * (length - 6 * len(ports))]
    size = field.length
    assert read_value(field, value(size - 1), NAMES)
    assert read_value(field, value(size), NAMES)
    with pytest.raises(FormFaultError, match=f"at most {size} characters"):
        read_value(field, value(size + 1), NAMES)


@pytest.mark.parametrize(("form", "field"), [pair for pair in FIELDS if pair[1].digits], ids=ident)
def test_bounds_of_secrets(form: Form, field: FormField) -> None:
    assert field.digits
    for size in field.digits:
        assert secret_fault(field, "7" * size) == ""
    for wrong in ("7" * (field.digits.first - 1), "7" * (field.digits.last + 1), "77a777", "٣٣٣٣٣"):
        said = secret_fault(field, wrong)
        assert "digits" in said
        assert wrong not in said


@pytest.mark.parametrize(("form", "field"), of_type("enum"), ids=ident)
def test_choices(form: Form, field: FormField) -> None:
    for value in field.values:
        assert read_value(field, value, NAMES) == value
    for wrong in (f"{field.values[0]} ", field.values[0].swapcase() + "x", "", True, None, ["x"], {"a": "b"}):
        with pytest.raises(FormFaultError) as caught:
            read_value(field, wrong, NAMES)
        assert field.values[0] in str(caught.value) + caught.value.hint or "did you mean" in caught.value.hint


@pytest.mark.parametrize(("form", "field"), of_type("secret"), ids=ident)
def test_a_secret_is_only_named(form: Form, field: FormField) -> None:
    assert read_value(field, "", NAMES) == ""
    for wrong in ("hunter2-7391", 7391, "<secret:>", "<secret:../x>", "<secret:A>", "x<secret:a>", None, ["7391"]):
        with pytest.raises(FormFaultError) as caught:
            read_value(field, wrong, NAMES)
        assert "7391" not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(("form", "field"), [
    pair for pair in FIELDS if pair[1].type not in {"readonly", "table", "bool", "integer"}], ids=ident)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_hostile_texts_are_refused(form: Form, field: FormField, text: str) -> None:
    if field.type == "secret" and text.startswith("<secret:"):
        assert read_value(field, text, NAMES) == text
        return
    with pytest.raises(FormFaultError) as caught:
        read_value(field, text, NAMES)
    assert all(char.isprintable() for char in str(caught.value) + caught.value.hint)
    if field.type == "list":
        with pytest.raises(FormFaultError):
            read_value(field, [text], NAMES)


@pytest.mark.parametrize(("kind", "wrong"), [
    ("address", "10.20.10.256"), ("address", "10.20.10.10/32"), ("address", "2001:db8::1"), ("address", "mivb-2"),
    ("mask", "255.0.255.0"), ("mask", "24"), ("mask", "0.0.0.255"), ("mac", "08-00-0F-10-01"), ("fqdn", "localhost"),
    ("fqdn", "a..example.com"), ("netblocks", "branch"), ("ports", "30999-20000"), ("ports", "0-1"), ("digits", "12a"),
    ("bool", "true"), ("bool", 1),
])
def test_values_of_the_wrong_form(kind: str, wrong: object) -> None:
    _, field = of_type(kind)[0]
    with pytest.raises(FormFaultError):
        read_value(field, wrong, NAMES)


def test_names_stand_for_what_they_name() -> None:
    fields = products()["border-gateway"].forms["remote-access"].fields
    allowed = next(field for field in fields if field.key == "allowed-administration")
    assert read_value(allowed, ["branches", "mivb-1", "2001:db8::/48"], NAMES) == (
        "192.0.2.0/24", "198.51.100.32/27", "10.20.10.10/32", "2001:db8::/48")
    with pytest.raises(FormFaultError) as caught:
        read_value(allowed, ["branchs"], NAMES)
    assert caught.value.hint == "did you mean 'branches'?"


def test_kinds_of_host_find_their_forms() -> None:
    found = product_of("border-gateway")
    assert found is not None
    assert found.key == "border-gateway"
    assert product_of("application") is None
