"""The way between two configurations: every state that the commands of a plan lead a site through, judged before
anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from punchdown.compiler import CompiledSite
from punchdown.intent import DeviceIntent
from punchdown.pipeline.proving import Documents, site_state
from punchdown.platforms import platform
from punchdown.proof import Managed, Stage, judge_way
from punchdown.values import Change, IntendedConfig
from punchdown.values.policy import DevicePolicy
from punchdown.values.way import Way

States = Iterable[tuple[str, Mapping[str, str]]]
"""Each command of a device with what the device runs after it, by document."""


def way_of(site: CompiledSite, intended: Mapping[str, IntendedConfig], before: Documents,
           changes: Sequence[Change]) -> Way:
    """The way of a site along its changes, one device after the other in this order.

    Raises:
        PlanError: the site was not compiled.
    """
    return way_along(site, intended, before, [
        (change.device, platform(change.platform).states(before.get(change.device, {}), change))
        for change in changes if not change.empty])


def way_along(site: CompiledSite, intended: Mapping[str, IntendedConfig], before: Documents,
              states: Sequence[tuple[str, States]]) -> Way:
    """As :func:`way_of`, along any states: of a device's own text after each command, say."""
    intents = {intent.device: intent for intent in site.devices}
    stages = [stage for device, found in states
              for stage in _stages(intents[device], before.get(device, {}), found)]
    return judge_way(site_state(site, intended, before, "on the way"), stages, tuple(_managed(site)))


def _stages(intent: DeviceIntent, before: Mapping[str, str], states: States) -> Iterator[Stage]:
    room, last = platform(intent.platform), dict(before)
    policy = _policy(intent, last)
    for number, (command, documents) in enumerate(states, 1):
        if documents != last:
            last, policy = dict(documents), room.policy(intent, documents) or policy
        yield Stage(intent.device, number, command.strip(), policy)


def _policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """What a device lets through; one that filters nothing ends every way."""
    found = platform(intent.platform).policy(intent, documents)
    return found or DevicePolicy(intent.device, intent.platform, ())


def _managed(site: CompiledSite) -> Iterator[Managed]:
    """Every device with those who may log in to it; some are hosts of the site as well."""
    hosts = {host.address: host.name for host in site.matrix.hosts} if site.matrix is not None else {}
    for intent in site.devices:
        if intent.management.sources:
            address = intent.management.address.partition("/")[0]
            yield Managed(intent.device, intent.management.sources, hosts.get(address, ""))
