"""Settings from strangers: whatever stands there is judged, and nothing hostile goes on."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.catalog.forms import FormField, products
from punchdown.compiler.context import SiteContext
from punchdown.compiler.gateway import check_gateways, gateway_settings
from punchdown.model import LoadedSite, Positions, Site

FORMS = products()["border-gateway"].forms | products()["mivoice-business"].forms
KEYS = st.sampled_from([*FORMS, *(field.key for form in FORMS.values() for field in form.every_field())])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30),
    st.sampled_from(["<secret:a>", "10.20.50.10", "mbg-1", "High", "Enabled", "5061", ""]))
HOSTILE = st.sampled_from(["=1+1", "@x", "a\nb", "\x1b[2J", "\u202ea"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(KEYS, st.text(max_size=12)), inner, max_size=4)),
    max_leaves=12)


def right(field: FormField) -> st.SearchStrategy[Any]:
    """Mostly something of the field's own type, so that rules behind the types are reached."""
    own: dict[str, st.SearchStrategy[Any]] = {
        "enum": st.sampled_from(field.values or ("",)), "bool": st.booleans(), "integer": st.integers(0, 120),
        "port": st.integers(0, 65536), "address": st.sampled_from(["mbg-1", "icp-1", "10.20.50.10", "10.9.9.9"]),
        "secret": st.just("<secret:a>"), "text": st.sampled_from(["main", "ROOT", "x"]),
        "mac": st.just("08:00:0F:10:01:01"), "netblocks": st.just("branches"), "ports": st.just("20000-40000"),
    }
    return st.one_of(own.get(field.type, SCALARS), HOSTILE, VALUES)


def record(fields: tuple[FormField, ...]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={
        field.key: st.lists(record(field.columns), max_size=3) if field.columns else right(field) for field in fields})


FILLED = st.fixed_dictionaries({}, optional={
    key: st.lists(record(form.fields), max_size=4) if form.table else record(form.fields)
    for key, form in FORMS.items()})


def site(pbx: Any, mbg: Any) -> LoadedSite:
    return LoadedSite(Site.model_validate({
        "site": "faro",
        "segments": {"dmz": {"vlan": 150, "prefix": "10.20.50.0/24", "zone": "dmz"},
                     "phones": {"vlan": 120, "prefix": "10.20.20.0/24", "zone": "voice"}},
        "firewall": {"netblocks": {"branches": ["192.0.2.0/24", "2001:db8::/48"]}},
        "hosts": {
            "icp-1": {"kind": "icp-3300-wan", "segment": "phones", "address": "10.20.20.10", "settings": pbx},
            "mbg-1": {"kind": "border-gateway", "segment": "dmz", "address": "10.20.50.10", "public": "203.0.113.10",
                      "expose": ["sip-tls"], "settings": mbg}},
    }), Positions({}, {}))


def judge(loaded: LoadedSite) -> None:
    context = SiteContext(loaded)
    check_gateways(context, names_hold=True)
    for item in context.diagnostics:
        assert (item.message + item.hint).isprintable()
        assert len(item.message) < 600
    for found in gateway_settings(loaded).values():
        for setting in found:
            parts = setting.value if isinstance(setting.value, tuple) else (setting.value,)
            for part in parts:
                assert not isinstance(part, str) or (part.isprintable() and part.isascii())
                assert not isinstance(part, str) or not part.startswith(("=", "@", "\t"))


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from([*FORMS]), VALUES, max_size=4))
def test_any_data_under_settings_is_judged(data: Any) -> None:
    judge(site(data, data))


@settings(deadline=None, max_examples=100)
@given(FILLED, FILLED)
def test_filled_forms_are_judged(pbx: Any, mbg: Any) -> None:
    judge(site(pbx, mbg))
