"""After all that the other modules did: no secret stands in anything that was written or printed."""

from __future__ import annotations

import pytest

from tests.road.conftest import Road

pytestmark = pytest.mark.lab


def test_no_secret_was_written_anywhere(applied: Road) -> None:
    operator = applied.lab_dir / "operator"
    secrets = {path.read_text().strip() for path in (operator / "secrets").iterdir()}
    assert len(secrets) >= 4
    written = [path for folder in (applied.output, applied.estate, operator) for path in folder.rglob("*")
               if path.is_file() and path.parent.name not in {"secrets", "keys"}]
    assert (applied.output / "printed.txt") in written
    for path in written:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path
