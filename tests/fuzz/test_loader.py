"""The loader and the model under hypothesis: whatever is written, diagnostics come back and never an accident."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .mutations import BASE, TOKENS, as_yaml, check_text

FUZZ = settings(max_examples=150, deadline=None, database=None, derandomize=True,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
_SITE: dict[str, Any] = yaml.safe_load(BASE.replace("profile: base", "site: lisbon"))
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-10, 5000), st.floats(allow_nan=False), st.text(max_size=20),
                     st.sampled_from(TOKENS))
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(TOKENS) | st.text(max_size=8), inner, max_size=3), max_leaves=6)


@FUZZ
@given(data=st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    check_text(tmp_path, data)


@FUZZ
@given(text=st.text(max_size=400))
def test_any_text(tmp_path: Path, text: str) -> None:
    check_text(tmp_path, text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(pieces=st.lists(st.sampled_from(TOKENS), max_size=60))
def test_any_pieces(tmp_path: Path, pieces: list[str]) -> None:
    check_text(tmp_path, "".join(pieces))


@FUZZ
@given(data=st.data())
def test_a_site_with_pieces_put_in(tmp_path: Path, data: st.DataObject) -> None:
    text = BASE.replace("profile: base", "site: lisbon")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(TOKENS)) + text[at + cut:]
    check_text(tmp_path, text)


@FUZZ
@given(data=st.data())
def test_a_site_with_a_value_replaced(tmp_path: Path, data: st.DataObject) -> None:
    changed = yaml.safe_load(yaml.safe_dump(_SITE))
    for _ in range(data.draw(st.integers(1, 3))):
        _replace(changed, data)
    check_text(tmp_path, as_yaml(changed))


def _replace(node: Any, data: st.DataObject) -> None:
    """Walk down some way and put something else there."""
    while isinstance(node, dict | list) and node:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or data.draw(st.integers(0, 4)) == 0:
            node[key] = data.draw(_VALUES)
            return
        node = node[key]


@FUZZ
@given(data=st.data())
def test_a_site_over_a_profile(tmp_path: Path, data: st.DataObject) -> None:
    over = data.draw(st.dictionaries(st.sampled_from(sorted(_SITE)), _VALUES, max_size=4))
    check_text(tmp_path, as_yaml({**over, "site": "lisbon", "extends": "base"}))


def test_the_fuzzers_can_fail(tmp_path: Path) -> None:
    """A site that is in order says nothing, one that is not says something: both ways of the check are taken."""
    assert check_text(tmp_path, BASE.replace("profile: base", "site: lisbon")) == ()
    assert [item.code for item in check_text(tmp_path, "site: lisbon\nextends: nobody\n")] == ["PD1310"]


@pytest.mark.parametrize("text", ["\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe\x00", b"site: \xc3\x28\n"])
def test_no_unicode(tmp_path: Path, text: bytes) -> None:
    assert [item.code for item in check_text(tmp_path, text)] == ["PD1003"]
