"""A switch that runs what it should."""

from __future__ import annotations

import pytest

from tests.platforms.cisco_ios.switches import INTENT, Switch, new_switch


@pytest.fixture
def switch() -> Switch:
    """An emulated switch that runs the intent."""
    return new_switch(running=INTENT)
