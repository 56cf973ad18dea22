"""Action ``punchdown.site.drift``: one engine call for all hosts of the play."""

from __future__ import annotations

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction


class ActionModule(VerbAction):
    """``changed`` means: the device runs something else than it should."""

    verb = "drift"
