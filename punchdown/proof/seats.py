"""Who sits where in different states of a site: by port, and with the tag that the port's own text tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from punchdown.intent.topology import Attachment, Topology
from punchdown.proof.network import ITSELF
from punchdown.values.policy import DevicePolicy


def with_devices(topology: Topology, devices: Iterable[str]) -> Topology:
    """Devices that are asked for themselves have a seat of their own."""
    found = tuple(Attachment("device", name, name, ITSELF) for name in devices)
    return replace(topology, attachments=(*topology.attachments, *found))


def following(topology: Topology, policies: Mapping[str, DevicePolicy]) -> Topology:
    """Machines that tag their frames learn the VLAN from their port (LLDP-MED), where it has exactly one."""
    ports = {(name, port.name): port for name, policy in policies.items() for port in policy.ports}

    def follow(item: Attachment) -> Attachment:
        port = ports.get((item.device, item.port))
        return replace(item, tag=port.tagged[0]) if item.tag and port and len(port.tagged) == 1 else item

    return replace(topology, attachments=tuple(map(follow, topology.attachments)))


def retagged(before: Topology, after: Topology) -> Iterator[str]:
    """In words: who was taken to tag frames in another way in one state than in the other."""
    tags = {(item.device, item.port, item.kind, item.name): item.tag for item in before.attachments}
    changed: dict[tuple[str, str, int, int], list[str]] = {}
    for item in after.attachments:
        old = tags.get((item.device, item.port, item.kind, item.name), item.tag)
        if old != item.tag:
            changed.setdefault((item.name, item.device, old, item.tag), []).append(item.port)
    for (name, device, old, new), ports in changed.items():
        yield (f"whether {name} on {device} ({len(ports)} port{'s' if len(ports) > 1 else ''}) still tag as before: "
               f"taken as each port tells them, VLAN {old or 'none'} before and {new or 'none'} after")
