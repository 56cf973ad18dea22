"""Action ``punchdown.site.render``: one engine call for all hosts of the play."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import LOST, VerbAction

with suppress(ImportError):  # VerbAction says what is missing, when the action runs
    from punchdown import pipeline


class ActionModule(VerbAction):
    """Gives ``config``: document name to text."""

    verb = "render"

    def slices(
        self, estate: Path, _arguments: dict[str, Any], selection: pipeline.Selection, devices: Mapping[str, str],
    ) -> dict[str, dict[str, Any]]:
        """The documents of every host, by name."""
        configs = {
            config.device: {document.name: document.text for document in config.documents}
            for config in pipeline.render(estate, selection)
        }
        return {host: {"changed": False, "config": configs[device]} if device in configs else LOST
                for device, host in devices.items()}
