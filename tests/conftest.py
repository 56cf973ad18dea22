"""What holds for all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that build networks on this machine run one after the other, however many processes run tests."""
    for item in items:
        if item.get_closest_marker("lab") or {"road", "real"} & set(item.path.parts):
            item.add_marker(pytest.mark.xdist_group("lab"))
