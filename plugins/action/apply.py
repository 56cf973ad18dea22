"""Action ``punchdown.site.apply``: one engine call for all hosts of the play."""

from __future__ import annotations

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction


class ActionModule(VerbAction):
    """``changed`` means: was changed, verified and confirmed; with ``--check``: would be."""

    verb = "apply"
