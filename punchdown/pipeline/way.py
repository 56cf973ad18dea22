"""The way between two configurations: every state that the commands of a plan lead a site through, judged before
anything is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from punchdown.campaign import estimated
from punchdown.compiler import CompiledSite, compile_site
from punchdown.errors import PlanError, PunchdownError
from punchdown.intent import DeviceIntent
from punchdown.model import Estate
from punchdown.pipeline.first import in_service, is_first
from punchdown.pipeline.proving import Documents, rendered_documents, running_documents, site_state
from punchdown.pipeline.work import Pace, Work, waves_of
from punchdown.platforms import platform
from punchdown.proof import Managed, Stage, judge_way
from punchdown.render import render_device
from punchdown.report import breach_text
from punchdown.values import Change, IntendedConfig, Plan, RunningConfig, Timing, to_json
from punchdown.values.policy import DevicePolicy
from punchdown.values.way import Way

MOST = 5
"""Breaches that a refusal tells one by one; the plan has them all."""

KEPT = 64
"""Ways that a process remembers."""

_JUDGED: dict[str, Way] = {}

States = Iterable[tuple[str, Mapping[str, str]]]
"""Each command of a device with what the device runs after it, by document."""


def ways_of(estate: Estate, items: Sequence[Work], changes: Mapping[str, Change],
            running: Mapping[str, RunningConfig], timings: Sequence[Timing] = ()) -> dict[str, Way]:
    """The way of every site that changes, devices in the order in which a campaign with the estate's own pace takes
    them. Devices that were not selected, or could not be read, are taken as they should be. ``timings`` are of changes
    before."""
    platforms = {name: device.platform for site in estate.sites.values() for name, device in site.devices.items()}
    found: dict[str, Way] = {}
    for name in sorted({item.intent.site for item in items}):
        ours = [item for item in items if item.intent.site == name]
        changing = [item.intent for item in ours
                    if item.intent.device in changes and not changes[item.intent.device].empty]
        if changing:
            waves = waves_of(estate, changing, Pace())
            order = [changes[device] for wave in waves for device in wave]
            commands = {change.device: len(change.steps) for change in order}
            seconds, basis = estimated(waves, commands, platforms, timings)
            found[name] = replace(_with_first(estate, ours, order, running, changes), waves=waves, seconds=seconds,
                                  basis=basis)
    return found


def _with_first(estate: Estate, items: Sequence[Work], order: Sequence[Change],
                running: Mapping[str, RunningConfig], changes: Mapping[str, Change]) -> Way:
    """The way of a site. Where a device gets its first configuration, nothing of it is in service that could be lost:
    it is taken as it should be; one that is in service all the same leaves nothing to promise."""
    site, devices = items[0].intent.site, tuple(change.device for change in order)
    commands = sum(len(change.steps) for change in order)
    first = {item.intent.device: in_service(item, running[item.intent.device]) for item in items
             if item.intent.device in devices and is_first(item, changes[item.intent.device])}
    if serving := [f"{device} ({why})" for device, why in first.items() if why]:
        return Way(site, devices, commands, 0, fault=f"first configuration of {', '.join(serving)}, which is in "
                   "service already: what is in between was not judged")
    unjudged = tuple(f"first configuration of {device}, which looks as from the factory: what is in between was not "
                     "judged" for device in first)
    if set(first) == set(devices):
        return Way(site, devices, commands, 0, unjudged=unjudged)
    unread = [item.intent.device for item in items if item.intent.device not in changes]
    judged = [change for change in order if change.device not in first]
    way = _site_way(compile_site(estate.loaded[site]), items, judged,
                    {name: found for name, found in running.items() if name not in first}, unread)
    return replace(way, order=devices, commands=commands, unjudged=(*way.unjudged, *unjudged))


def _site_way(site: CompiledSite, items: Sequence[Work], order: Sequence[Change],
              running: Mapping[str, RunningConfig], unread: Sequence[str]) -> Way:
    intended = {intent.device: render_device(intent) for intent in site.devices}
    intended |= {item.intent.device: item.intended for item in items}
    before = {**rendered_documents(intended), **running_documents(running)}
    key = _key(site.site, intended, before, order)
    if key in _JUDGED:
        return replace(_JUDGED[key], unjudged=(*_JUDGED[key].unjudged, *_assumed(unread)))
    try:
        way = way_of(site, intended, {name: before[name] for name in intended}, order)
    except PunchdownError:
        raise
    except Exception as error:  # noqa: BLE001  a plan must not fail for what judges it: it then promises nothing
        commands = sum(len(change.steps) for change in order)
        return Way(site.site, tuple(change.device for change in order), commands, 0,
                   fault=f"the way could not be judged: {type(error).__name__}")
    _JUDGED[key] = way
    while len(_JUDGED) > KEPT:
        del _JUDGED[next(iter(_JUDGED))]
    return replace(way, unjudged=(*way.unjudged, *_assumed(unread)))


def _assumed(unread: Sequence[str]) -> Iterator[str]:
    return (f"{name} could not be read: taken as it should be" for name in unread)


def _key(site: str, intended: Mapping[str, IntendedConfig], before: Documents, order: Sequence[Change]) -> str:
    """A digest of all that decides a way: applying computes the plan that was shown once more, and it is the same."""
    parts = [site, *map(to_json, order), *map(to_json, intended.values()),
             *(f"{name}\0{document}\0{text}" for name, texts in sorted(before.items())
               for document, text in sorted(texts.items()))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def refuse_if_broken(plans: Iterable[Plan], accepted: Iterable[str]) -> None:
    """Nothing is sent along a way that breaks an invariant, unless somebody takes that upon himself.

    Raises:
        PlanError: which invariant, where, why and for how long; and what to do.
    """
    for plan in plans:
        broken = [item for item in plan.way.broken if item not in set(accepted)] if plan.way is not None else []
        if plan.way is not None and broken:
            told = [f"{plan.site}: {breach_text(breach)}" for breach in plan.way.breaches if breach.invariant in broken]
            more = [f"{plan.site}: and {len(told) - MOST} more"] if len(told) > MOST else []
            fault = [f"{plan.site}: {plan.way.fault}"] if plan.way.fault else []
            named = " ".join(f"--accept {item}" for item in broken)
            raise PlanError("\n".join((*fault, *told[:MOST], *more,
                                       f"nothing was changed; whoever takes that upon himself adds {named}")))


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
    begin = site_state(site, intended, before, "on the way")
    intents = {intent.device: intent for intent in site.devices}
    stages = [stage for device, found in states
              for stage in _stages(intents[device], before.get(device, {}), found, begin.policies.get(device))]
    return judge_way(begin, stages, tuple(_managed(site)))


def _stages(intent: DeviceIntent, before: Mapping[str, str], states: States,
            policy: DevicePolicy | None) -> Iterator[Stage]:
    """What a device lets through after each command, ``policy`` before the first; one that filters nothing ends every
    way."""
    room, last = platform(intent.platform), dict(before)
    policy = policy or DevicePolicy(intent.device, intent.platform, ())
    for number, (command, documents) in enumerate(states, 1):
        if documents != last:
            last, policy = dict(documents), room.policy(intent, documents) or policy
        yield Stage(intent.device, number, command.strip(), policy)


def _managed(site: CompiledSite) -> Iterator[Managed]:
    """Every device with those who may log in to it; some are hosts of the site as well."""
    hosts = {host.address: host.name for host in site.matrix.hosts} if site.matrix is not None else {}
    for intent in site.devices:
        if intent.management.sources:
            address = intent.management.address.partition("/")[0]
            yield Managed(intent.device, intent.management.sources, hosts.get(address, ""))
