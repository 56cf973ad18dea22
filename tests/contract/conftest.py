"""A test that asks for ``member`` runs for every platform, one that asks for ``rigged`` for every platform that has
emulated appliances; with ``case``, for each of its devices in the example sites; with ``feature``, for each thing that
a device of its ``role`` may be asked."""

from __future__ import annotations

import pytest

from tests.contract.cases import cases
from tests.contract.features import SUBJECTS, roles
from tests.contract.member import members


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    asked = next((name for name in ("rigged", "member") if name in metafunc.fixturenames), None)
    if asked is None:
        return
    found = [member for member in members().values() if asked == "member" or member.family is not None]
    if "feature" in metafunc.fixturenames:
        triples = [(member, role, feature) for member in found for role in roles(member)
                   for feature in SUBJECTS[role][1]]
        metafunc.parametrize((asked, "role", "feature"), triples,
                             ids=[f"{member.name}-{role}-{feature}" for member, role, feature in triples])
        return
    if "case" not in metafunc.fixturenames:
        metafunc.parametrize(asked, found, ids=[member.name for member in found])
        return
    pairs = [(member, case) for member in found for case in cases(member)]
    metafunc.parametrize((asked, "case"), pairs, ids=[f"{member.name}-{case}" for member, case in pairs])
