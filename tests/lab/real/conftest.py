"""One lab for all tests of this folder, under a prefix of its own beside any lab that is up."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from punchdown import lab

SITE = Path(__file__).parents[3] / "inventory" / "sites" / "lisbon.yml"
PREFIX = "pdtest-"


@pytest.fixture(scope="module")
def lab_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lab that is up, taken down after the module."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs Linux and root")
    folder = tmp_path_factory.mktemp("real") / "lab"
    lab.up(SITE, folder, prefix=PREFIX)
    yield folder
    lab.down(folder, prefix=PREFIX)
