"""What a policy does to packets, without where its lines stand: equal for states between which nothing changes."""

from __future__ import annotations

from dataclasses import replace

from punchdown.proof.sets import space
from punchdown.proof.tables import Tables
from punchdown.values.policy import DevicePolicy


def says(policy: DevicePolicy) -> tuple[object, ...]:
    """Equal for policies that treat every packet alike, line by line: lists that nobody uses and numbers of lines do
    not count."""
    used = {*Tables(space(), policy).bound, *policy.local}
    return (
        {table.name: table.says for table in policy.tables if table.name in used},
        {port.name: replace(port, line=None) for port in policy.ports},
        {item.name: replace(item, line=None) for item in policy.interfaces},
        tuple(replace(route, line=None) for route in policy.routes),
        policy.before_routing, policy.forward, policy.after_routing, policy.local, policy.routes_packets,
        policy.tracks, policy.outputs, frozenset(line.text for line in policy.unread))
