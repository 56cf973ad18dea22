"""Action ``punchdown.site.apply``: one engine call for all hosts of the play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction

if TYPE_CHECKING:
    from punchdown.pipeline import Context


class ActionModule(VerbAction):
    """``changed`` means: was changed, verified and confirmed; with ``--check``: would be."""

    verb = "apply"
    more: ClassVar[Mapping[str, Any]] = {
        "accept": {"type": "list", "elements": "str", "choices": ["protection", "continuity", "management", "counts"],
                   "default": []},
        "batch": {"type": "int", "default": 0},
        "max_failures": {"type": "int", "default": 0},
        "canary": {"type": "bool"},
        "any_time": {"type": "bool", "default": False},
    }

    def _context(self, estate: Path, arguments: Mapping[str, Any]) -> Context:
        plain = super()._context(estate, arguments)
        pace = replace(plain.pace, accept=tuple(arguments["accept"]), any_time=arguments["any_time"],
                       **{name: arguments[name] for name in ("batch", "max_failures", "canary")})
        return replace(plain, pace=pace)
