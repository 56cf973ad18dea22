"""The page about platforms says what they declare."""

from __future__ import annotations

from tests.contract.table import PAGE, page


def test_its_tables_are_fresh() -> None:
    """Mended by ``make platforms``."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text)
