"""One device, a store and the secret that its change needs."""

import pytest

from punchdown.secrets import Secrets
from punchdown.state import Store
from tests.campaign.fakes import SECRET, make_world


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as found:
        yield found


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "radius").write_text(SECRET)
    return Secrets(folder, b"k" * 32)


@pytest.fixture
def world(store, secrets):
    return make_world(store, secrets)


@pytest.fixture
def three(store, secrets):
    return make_world(store, secrets, ("radius-1", "sw-1", "fw-1"))
