"""Audits of the shipped site, changed where a test says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from punchdown.audit import SiteFacts, audit_site
from punchdown.compiler import compile_site
from punchdown.loader import load_estate
from punchdown.pipeline.auditing import facts_of
from punchdown.values import ControlResult, Sighting

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)

Audited = Callable[..., dict[str, ControlResult]]


def facts_in(folder: Path, site: str = "lisbon") -> SiteFacts:
    """What an audit of one site of an estate looks at; the site must be free of errors."""
    loaded = load_estate(folder).loaded[site]
    compiled = compile_site(loaded)
    assert not compiled.errors, "\n".join(map(str, compiled.errors))
    return facts_of(loaded, compiled)


@pytest.fixture(scope="session")
def lisbon() -> SiteFacts:
    """The shipped site as it stands."""
    return facts_in(ROOT / "inventory")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., SiteFacts]:
    """The shipped site after (old, new) replacements in its definition, and with text after its end."""
    def build(*edits: tuple[str, str], more: str = "") -> SiteFacts:
        folder = tmp_path / "estate"
        shutil.copytree(ROOT / "inventory", folder, dirs_exist_ok=True)
        path = folder / "sites" / "lisbon.yml"
        text = path.read_text()
        for old, new in edits:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        path.write_text(text + more)
        return facts_in(folder)
    return build


def by_id(facts: SiteFacts, as_of: date = TODAY) -> dict[str, ControlResult]:
    """Every result of a site by its control."""
    return {item.id: item for item in audit_site(facts, as_of).results}


def seen(facts: SiteFacts, holds: bool | None = True, at: str = "2026-11-20T10:00:00Z") -> SiteFacts:
    """The same after a verification that saw every expectation hold (or not)."""
    return replace(facts, sightings=tuple(
        Sighting(device, item.key, item.title, item.recorded_value, holds, at)
        for device, items in facts.expectations.items() for item in items))
