"""The example site, compiled once, with the policies that its rendered texts mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of, rendered_documents, site_state

ESTATE = Path(__file__).parents[2] / "inventory"


@pytest.fixture(scope="session")
def ground():
    """The example site, rendered."""
    return ground_of(ESTATE, Selection(sites=("lisbon",)))


@pytest.fixture(scope="session")
def lisbon(ground):
    """Its state as rendered."""
    return site_state(ground.sites["lisbon"], ground.intended, rendered_documents(ground.intended), "rendered")


@pytest.fixture
def edited(lisbon):
    """Lisbon with another policy of one device: ``edited(device, function of the policy)``."""
    def edit(device, change):
        return replace(lisbon, policies={**lisbon.policies, device: change(lisbon.policies[device])})
    return edit
