"""Action ``punchdown.site.verify``: one engine call for all hosts of the play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.punchdown.site.plugins.plugin_utils.verb import VerbAction

if TYPE_CHECKING:
    from punchdown.values import DeviceReport


class ActionModule(VerbAction):
    """A host whose state differs, or can't be known, fails: nothing was changed, and nothing will be."""

    verb = "verify"
    fail_on = "low"

    def told(self, device: DeviceReport, fail_on: str) -> dict[str, Any]:
        """One device as Ansible's result."""
        told = super().told(device, fail_on)
        if device.status in {"different", "unknown"}:
            told["msg"] = "; ".join(finding["title"] for finding in told["findings"]) or told["msg"]
        return {**told, "changed": False}
