"""A device's text between a few hosts: what the prover answers about it."""

from __future__ import annotations

from dataclasses import replace

from punchdown.intent.flows import FlowMatrix, HostFact, SegmentFact
from punchdown.intent.topology import Attachment, Topology
from punchdown.platforms import platform
from punchdown.proof import SiteState, answer
from tests.platforms.policies import lisbon

OF = {"cisco_ios": "sw-acc-1", "linux_nftables": "fw-1", "openvswitch": "sw-core-1"}
INTENTS = {name: lisbon(device)[0] for name, device in OF.items()}


def state(name, documents, hosts, *, wan=""):
    """A site of one device. ``hosts``: name to address, port, and the tag of its frames; a segment for each /24."""
    policy = platform(name).policy(replace(INTENTS[name], device="box"), documents)
    segments, facts, seats = {}, [], []
    for host, (address, port, *tag) in hosts.items():
        net, _, _ = address.rpartition(".")
        segments.setdefault(net, SegmentFact(f"net-{net}", len(segments) + 1, "server", f"{net}.0/24", "", "box"))
        facts.append(HostFact(host, "application", segments[net].name, address, "", "", True, ("box", port), ""))
        seats.append(Attachment("host", host, "box", port, *tag))
    if wan:
        seats.append(Attachment("wan", "wan", "box", wan))
    return SiteState(FlowMatrix("small", tuple(segments.values()), tuple(facts), ()),
                     Topology("small", tuple(seats), ()), {"box": policy})


def answers(found, questions):
    """Question to its answer in one word."""
    return {text: str(answer(found, [text]).claims[0].answer) for text in questions}
