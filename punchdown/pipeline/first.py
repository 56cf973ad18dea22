"""First configurations: whether anything of a device is in service yet that could be lost on the way."""

from __future__ import annotations

from punchdown.pipeline.work import Work
from punchdown.platforms import platform
from punchdown.values import Change, RunningConfig, Verdict
from punchdown.values.policy import Rule, Translate
from punchdown.values.policy import Verdict as End


def is_first(item: Work, change: Change) -> bool:
    """Whether the device lacks most of what it should run."""
    missing = sum(difference.verdict is Verdict.MISSING for difference in change.differences)
    return 2 * missing > sum(len(document.lines) for document in item.intended.documents)


def in_service(item: Work, running: RunningConfig) -> str:
    """Why a device is not as from the factory, empty when it looks so: a switch with all its ports in one VLAN, a
    firewall that nobody told what to let through. Who filters nothing has no way that could be judged.

    A switch that serves one flat network can't be told from a new one by its text.
    """
    room = platform(item.intent.platform)
    policy = room.policy(item.intent, {document.name: document.text for document in running.documents})
    if policy is None:
        return ""
    filters = {table.name for table in policy.tables if any(map(_filters, table.rules))}
    if any(port.guarded or filters & {*port.inbound, *port.outbound} for port in policy.ports):
        return "its ports filter or authenticate"
    vlans = {port.untagged for port in policy.ports if port.untagged and not port.tagged and not port.closed}
    if len(vlans) > 1:
        return f"its ports are in {len(vlans)} VLANs"
    rules = (rule for table in policy.tables if table.name not in policy.local for rule in table.rules)
    if item.intent.role == "firewall" and any(map(_opens, rules)):
        return "it has rules of what to let through"
    return ""


def _filters(rule: Rule) -> bool:
    """Of a line that somebody wrote; to let everything through is no filter."""
    return bool(rule.line.number) and (bool(rule.matches) or rule.end is not End.ACCEPT)


def _opens(rule: Rule) -> bool:
    return bool(rule.line.number) and (rule.end is End.ACCEPT or any(
        isinstance(action, Translate) for action in rule.actions))
