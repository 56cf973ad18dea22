"""Whatever is broken in a configuration of an EX switch: a definition that checks clean comes out, or none."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from pathlib import Path

import pytest

from punchdown.pipeline import NotRecognised, import_folder
from tests.adopt.examples import NOW
from tests.adopt.junos_example import BRACES
from tests.adopt.test_hostile import mutated
from tests.adopt.test_junos import seen, shown

SEEDS = int(os.environ.get("PUNCHDOWN_DAMAGED", "3"))
STATEMENTS = "\n".join(line.line.text for line in seen(BRACES).lines)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("kind", ["statements", "braces", "ours"])
def test_a_damaged_configuration_gives_a_clean_definition_or_none(tmp_path: Path, kind: str, seed: int) -> None:
    text = {"statements": STATEMENTS, "braces": BRACES, "ours": shown("sw-rooms")}[kind]
    (tmp_path / "sw.conf").write_text(mutated(random.Random(f"{kind}/{seed}"), text), encoding="utf-8")
    with suppress(NotRecognised):
        import_folder(tmp_path, "porto", (), NOW)
