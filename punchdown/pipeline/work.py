"""What every verb needs: which devices, how to reach them, what they should run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from punchdown.campaign import Member, Waves, make_waves
from punchdown.compiler import CompiledSite, compile_estate
from punchdown.devices import Limits, Operator, Target
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.model import Estate, Site
from punchdown.pipeline.select import Selection as Selection  # shown to the other stages from here
from punchdown.pipeline.select import names_of
from punchdown.platforms import Reader, platform
from punchdown.render import render_device
from punchdown.secrets import Secrets
from punchdown.values import (
    Change,
    DeviceReport,
    Finding,
    IntendedConfig,
    Progress,
    RunningConfig,
    Sighting,
    Verified,
)
from punchdown.verify import judge, witness


def _ignore(_event: Progress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a campaign goes where that differs from the estate's ``campaigns``; 0 and None = as written there.
    ``any_time``: change windows and freezes do not count; ``accept`` are the invariants that may be broken on the
    way."""

    batch: int = 0
    max_failures: int = 0
    canary: bool | None = None
    any_time: bool = False
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What reaching devices needs. ``now`` is UTC, ISO 8601; ``timer_seconds`` is the devices' own rollback timer."""

    estate: Path
    operator: Path
    now: str
    user: str
    workers: int = 50
    timer_seconds: int = 120
    store_url: str | None = None
    pace: Pace = Pace()
    progress: Callable[[Progress], None] = field(default=_ignore)


@dataclass(frozen=True, slots=True)
class Work:
    """One device with all that is known of it before it is asked."""

    intent: DeviceIntent
    intended: IntendedConfig
    target: Target


def intents_of(sites: Mapping[str, CompiledSite], selection: Selection) -> list[DeviceIntent]:
    """The intents of the selected devices. Raises PlanError: the selection takes none, or names what is not there."""
    intents = [intent for site in sites.values() for intent in site.devices]
    selection.require([names_of(intent) for intent in intents])
    return [intent for intent in intents if selection.takes(intent)]


def target_of(site: Site, intent: DeviceIntent) -> Target:
    """How a device is reached, as the definition says now."""
    device, shared = site.devices[intent.device], site.management
    own = device.connection
    return Target(intent.device, str(device.management), platform(intent.platform),
                  own.credential or shared.credential, device.port, own.jump or shared.jump)


def work_of(context: Context, selection: Selection) -> tuple[Estate, list[Work]]:
    """The estate, and the selected devices with what they should run."""
    estate = load_estate(context.estate)
    return estate, [Work(intent, render_device(intent), target_of(estate.sites[intent.site], intent))
                    for intent in intents_of(compile_estate(estate), selection)]


def targets(estate: Path, selection: Selection) -> tuple[Target, ...]:
    """How the selected devices are reached."""
    loaded = load_estate(estate)
    return tuple(target_of(loaded.sites[intent.site], intent)
                 for intent in intents_of(compile_estate(loaded), selection))


def row_of(intent: DeviceIntent, status: str, findings: tuple[Finding, ...] = (), error: str = "",
         change: Change | None = None) -> DeviceReport:
    """A line of a report on one device."""
    return DeviceReport(intent.device, intent.site, intent.platform, intent.role, status, findings, error, change)


def limits_of(context: Context, operator: Operator) -> Limits:
    """The operator's limits for sessions."""
    return Limits(context.workers, operator.logins_per_second)


def waves_of(estate: Estate, intents: Iterable[DeviceIntent], pace: Pace) -> Waves:
    """In which order these devices change: the estate's own pace, but for what ``pace`` says otherwise."""
    defaults = estate.campaigns
    members = [Member(intent.device, intent.role, intent.platform,
                      estate.sites[intent.site].devices[intent.device].pair) for intent in intents]
    return make_waves(members, batch=pace.batch or defaults.batch,
                      canary=defaults.canary if pace.canary is None else pace.canary)


Seen = dict[str, tuple[Sighting, ...]]
"""Device to what was seen of each expectation the last time it was looked at."""


def observe(item: Work, reader: Reader, at: str, kept: Seen) -> Verified:
    """The operational state of one device, judged, and what lives on it; ``kept`` gets what was seen, ``at`` is when
    the run began."""
    room = platform(item.intent.platform)
    expected, seen = room.expectations(item.intent), room.observe(reader, item.intent)
    kept[item.intent.device] = witness(expected, seen, at)
    return Verified(judge(expected, seen), seen.life)


def look(item: Work, reader: Reader, at: str) -> tuple[tuple[Finding, ...], tuple[Sighting, ...]]:
    """The operational state of one device, judged, with what was seen of each expectation; ``at`` is when."""
    room = platform(item.intent.platform)
    expected, seen = room.expectations(item.intent), room.observe(reader, item.intent)
    return judge(expected, seen), witness(expected, seen, at)


def compare(secrets: Secrets, item: Work, reader: Reader, kept: dict[str, RunningConfig] | None = None) -> Change:
    """Fetch one device, masked, and compare it with what it should run; ``kept`` gets what it runs."""
    room = platform(item.intent.platform)
    running = room.fetch(reader, secrets.fingerprint)
    if kept is not None:
        kept[reader.device] = running
    return room.compare(item.intent, item.intended, running, secrets.fingerprints(item.intended))
