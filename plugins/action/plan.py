"""Action ``punchdown.site.plan``: one engine call for all hosts of the play."""

from __future__ import annotations

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction


class ActionModule(VerbAction):
    """``changed`` means: there is something to do."""

    verb = "plan"
