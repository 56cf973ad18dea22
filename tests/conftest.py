"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if "PUNCHDOWN_RANDOM" not in os.environ:
    settings.load_profile("repeatable")  # what is found by chance is found by `make long`, not by whoever pushes

NETWORKS = tuple(Path(__file__).parent / place for place in (
    "road", "lab/real", "platforms/freeradius", "platforms/kea", "platforms/linux", "platforms/linux_nftables",
    "platforms/openvswitch"))
"""Where tests may build networks on this machine; those run by themselves, one after the other."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden files anew instead of comparing")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who asks for these tests alone need not import all others."""
    if config.option.markexpr == "lab" and not any(
            collection_path in place.parents or collection_path.is_relative_to(place) for place in NETWORKS):
        return True
    return None


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of the first two are marked; one that is marked elsewhere would be asked by nobody."""
    for item in items:
        if any(item.path.is_relative_to(place) for place in NETWORKS[:2]):
            item.add_marker(pytest.mark.lab)
        elif item.get_closest_marker("lab") and not any(item.path.is_relative_to(place) for place in NETWORKS):
            raise pytest.UsageError(f"{item.nodeid} is marked lab, but stands in none of {[*map(str, NETWORKS)]}")
