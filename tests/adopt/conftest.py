"""Texts of devices on their way to a definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.pipeline import Import, import_folder
from tests.adopt.examples import NOW, Adopt


@pytest.fixture
def adopt_texts(tmp_path: Path) -> Adopt:
    """Adopts the texts of devices, by file name."""
    def run(*, admins: tuple[str, ...] = (), **texts: str) -> Import:
        folder = tmp_path / "saved"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.cfg").write_text(text, encoding="utf-8")
        return import_folder(folder, "porto", admins, NOW)
    return run
