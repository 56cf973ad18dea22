"""The way between two states of a site, judged after every command: nothing opens, nothing stops, nobody is shut out.

A state is compared with both ends of the way, seat by seat. What gets through and does at neither end breaks
``protection``; what does not get through and does at both breaks ``continuity`` where a flow is declared, and
``management`` where a device itself is asked for. Only states that treat some packet
differently from the one before are judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from punchdown.proof.alike import says
from punchdown.proof.between import Fault, Journey, Managed
from punchdown.proof.site import SiteState
from punchdown.values.policy import DevicePolicy
from punchdown.values.way import Breach, Invariant, Way


@dataclass(frozen=True, slots=True)
class Stage:
    """What a device runs after one of its commands, which is ``number`` from 1."""

    device: str
    number: int
    command: str
    policy: DevicePolicy


def judge_way(before: SiteState, stages: Sequence[Stage], managed: Iterable[Managed] = ()) -> Way:
    """The way from one state of a site along the stages; the last one is its other end. Asked twice: as everybody has
    authenticated, and, whether anything opens, as nobody has."""
    after = replace(before, policies={**before.policies, **{stage.device: stage.policy for stage in stages}})
    different = tuple(_different(before, stages))
    managed = tuple(managed)
    known = Journey(before, after, managed)
    breaches = list(_breaches(known, stages, different))
    if any(port.guarded for _, policies in different for policy in policies.values() for port in policy.ports):
        told = {(item.claim.client, item.claim.server) for item in breaches if item.invariant is Invariant.PROTECTION}
        guests = Journey(replace(before, unauthenticated=True), replace(after, unauthenticated=True), ())
        breaches += [item for item in _breaches(guests, stages, different) if item.invariant is Invariant.PROTECTION
                     and (item.claim.client, item.claim.server) not in told]
    return Way(before.matrix.site, tuple(dict.fromkeys(stage.device for stage in stages)), len(stages), len(different),
               tuple(breaches), tuple(known.unjudged()))


def _different(before: SiteState, stages: Sequence[Stage]) -> Iterator[tuple[int, Mapping[str, DevicePolicy]]]:
    """The stages after which some packet fares differently, with the policies of all devices then."""
    policies = dict(before.policies)
    known = {name: says(policy) for name, policy in policies.items()}
    for index, stage in enumerate(stages):
        found = says(stage.policy)
        if known.get(stage.device) != found:
            known[stage.device] = found
            policies = {**policies, stage.device: stage.policy}
            yield index, policies


def _breaches(journey: Journey, stages: Sequence[Stage],
              different: Sequence[tuple[int, Mapping[str, DevicePolicy]]]) -> Iterator[Breach]:
    """In the order in which they end."""
    going: dict[object, tuple[int, Breach]] = {}
    for index, policies in different:
        stage, sight = stages[index], journey.sight(policies)
        faults: dict[object, Fault] = {}
        for fault in journey.faults(sight):
            faults.setdefault(fault.key, fault)
        for key in [key for key in going if key not in faults]:
            begun, breach = going.pop(key)
            yield replace(breach, commands=index - begun, until=(stage.device, stage.command))
        for key, fault in faults.items():
            if key not in going:
                going[key] = (index, Breach(fault.invariant, stage.device, stage.number, stage.command, 0, ("", ""),
                                            journey.claim(fault, sight), fault.unauthenticated))
    for begun, breach in going.values():
        yield replace(breach, commands=len(stages) - begun)
