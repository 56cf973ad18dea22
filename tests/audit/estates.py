"""Every shipped estate and its sites."""

from __future__ import annotations

from pathlib import Path

from punchdown.loader import load_estate

INVENTORY = Path(__file__).parents[2] / "inventory"
ESTATES = [INVENTORY, *sorted(path.parent for path in (INVENTORY / "examples").glob("*/punchdown.yml"))]
SITES = [(folder, name) for folder in ESTATES for name in load_estate(folder).loaded]
"""(folder of the estate, name of the site)."""
