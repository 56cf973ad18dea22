"""What platforms with a command line share."""

import doctest
from importlib import import_module

import pytest

from punchdown.errors import RenderError
from punchdown.platforms.lines import misplaced, own_name


@pytest.mark.parametrize("name", ["punchdown.platforms.lines.names", "punchdown.platforms.lines.order",
                                  "punchdown.values.numbers"])
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", ["", "-a", "a b", "a\nb", "a" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(RenderError):
        own_name(name, 60)


def test_what_only_one_has_is_not_misplaced() -> None:
    assert misplaced("abxc", "yabc") == []
    assert misplaced("abc", "cab") == ["c"]
