"""Faults of fields that have no code of their own, and how values are shown."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import AfterValidator, ValidationError

from punchdown.loader.faults import faults_of, shown
from punchdown.model.diagnostics import Positions
from punchdown.model.fields import Model
from punchdown.values import Position


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("odd numbers only")
    return value


class Odd(Model):
    """A field with a rule of its own."""

    number: Annotated[int, AfterValidator(_odd)]


def test_a_rule_without_a_code() -> None:
    positions = Positions({("number",): Position("a.yml", 1, 1)}, {"a.yml": ("number: 2",)})
    with pytest.raises(ValidationError) as caught:
        Odd.model_validate({"number": 2})
    (fault,) = faults_of(Odd, caught.value, {"number": 2}, positions)
    assert str(fault) == ("a.yml:1:1: error[PD1125]: number: odd numbers only\n    1 | number: 2\n      | ^\n"
                          "  expected: a value that the rule takes")


@pytest.mark.parametrize(("value", "text"), [
    (None, "nothing"), (True, "true"), ({"a": 1}, "a mapping"), ([1], "a list"), ("x", "'x'"),
    ("x" * 100, f"'{'x' * 56}..."), ("\x1b", "'\\x1b'"),
])
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text
