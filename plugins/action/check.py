"""Action ``punchdown.site.check``: one engine call for all hosts of the play."""

from __future__ import annotations

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction


class ActionModule(VerbAction):
    """Nothing ever changes; every host shares the verdict on the definition."""

    verb = "check"
