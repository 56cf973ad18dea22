"""What holds for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if "PUNCHDOWN_RANDOM" not in os.environ:
    settings.load_profile("repeatable")  # what is found by chance is found by `make long`, not by whoever pushes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden files anew instead of comparing")


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that build networks on this machine are marked: they run by themselves, one after the other."""
    for item in items:
        if {"road", "real"} & set(item.path.parts):
            item.add_marker(pytest.mark.lab)
