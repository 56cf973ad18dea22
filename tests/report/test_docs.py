"""What docs/reports.md shows is what is read."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from punchdown.cli.options import FORMATS
from punchdown.model.estate import EstateFile
from punchdown.notify import HooksFile

TEXT = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
RULES, HOOKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_rules_are_read() -> None:
    estate = EstateFile.model_validate({"estate": "grand-hotels", **yaml.safe_load(RULES)})
    assert len(estate.ignore) == 3
    assert all(rule.narrow for rule in estate.ignore)


def test_the_webhooks_are_read() -> None:
    (hook,) = HooksFile.model_validate(yaml.safe_load(HOOKS)).webhooks.values()
    assert (hook.when, hook.severity) == ("changes", "medium")


def test_every_format_is_told() -> None:
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == list(FORMATS)
