"""The pages one after the other, so that no more than one is in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from punchdown.catalog.controls import Control, controls, papers
from punchdown.report.audit_lines import STATE_STYLES
from punchdown.report.groups import SEVERITIES
from punchdown.report.html import render_page
from punchdown.report.page_words import KINDS, device_word, severity_tiles, status_tiles
from punchdown.report.pages.data import KEPT_DAYS, Overview
from punchdown.report.pages.search import search_index
from punchdown.report.pages.sides import side_by_side
from punchdown.report.pages.topology import picture_of
from punchdown.report.pages.trend import trend
from punchdown.report.pages.views import RANK, DeviceView, EstateView, SiteView, counted, estate_view, fault_groups
from punchdown.report.proof_html import picture as matrix_of
from punchdown.report.proof_lines import ANSWER_STYLES, told_hops
from punchdown.values import ControlResult, ControlState, Fault
from punchdown.values.position import NOWHERE
from punchdown.values.proof import Answer

_STYLES = ("page.css", "pages/pages.css")
_WIDE = (*_STYLES, "pages/overview.css")
"""Of pages that are not there a thousand times: tiles, charts, pictures, filters."""
_SEARCHED = frozenset({"index.html", "faults.html", "devices.html", "controls.html"})
SEVERAL = 8
"""Faults of one look at one device that are told one by one."""
Story = tuple[str, str, str, str]
"""When, what, in which colour, and of which fault."""


def estate_pages(overview: Overview) -> Iterator[tuple[str, str]]:
    """(address below the folder of the pages, text). Same overview, same bytes."""
    view = estate_view(overview)
    write = _Writer(view)
    yield "index.html", write.index()
    yield "faults.html", write.faults()
    yield "devices.html", write.devices()
    yield "controls.html", write.controls()
    for site in view.sites:
        yield f"sites/{site.name}.html", write.site(site)
        for device in site.devices:
            yield f"devices/{site.name}.{device.name}.html", write.device(site, device)
    for control in controls().values():
        yield f"controls/{control.id}.html", write.control(control)


class _Writer:
    """One estate's pages."""

    def __init__(self, view: EstateView) -> None:
        self.view = view
        made = datetime.fromisoformat(view.overview.generated)
        after = (made - timedelta(days=KEPT_DAYS)).isoformat()
        self._looks = [look for look in view.overview.past.looks if look.at > after]
        self.since = {fault.finding.id: fault.since for fault in (*view.faults, *view.gaps)}
        self._of_control: dict[str, list[Fault]] = defaultdict(list)
        for fault in (*view.faults, *view.gaps):
            for name in fault.finding.controls:
                self._of_control[name].append(fault)
        self._audited: dict[str, list[tuple[str, ControlResult]]] = defaultdict(list)
        for site in view.sites:
            for result in site.audit.results if site.audit is not None else ():
                self._audited[result.id].append((site.name, result))

    def _render(self, template: str, title: str, *, page: str = "", depth: int = 0,
                crumbs: Iterable[tuple[str, str]] = (), **values: object) -> str:
        overview = self.view.overview
        return render_page(f"pages/{template}.html.j2", title=title, page=page, kept_days=KEPT_DAYS,
                           styles_of=_WIDE if page or template == "site" else _STYLES,
                           script_of="pages/pages.js" if page in _SEARCHED else "",
                           root="../" * depth, crumbs=tuple(crumbs), estate=overview.estate,
                           generated=overview.generated, known=controls(), nowhere=NOWHERE, **values)

    def index(self) -> str:
        """The estate."""
        view = self.view
        today = date.fromisoformat(view.overview.generated[:10])
        return self._render(
            "index", "Overview", page="index.html", view=view, groups=fault_groups(view.faults), since=self.since,
            gaps=severity_tiles(counted(view.gaps), "controls.html"), gone=_gone(view.ended),
            sites=sorted(view.sites, key=lambda site: [-count for count in site.counts.values()]),
            trend=trend(self._looks, (*view.faults, *view.ended)), index=search_index(view),
            statuses=status_tiles(view.statuses), severities=severity_tiles(view.counts),
            expired=[rule for rule in view.overview.rules if rule.until < today])

    def faults(self) -> str:
        """All open faults."""
        found = fault_groups(self.view.faults)
        severities, kinds = Counter(group.severity for group in found), Counter(group.kind for group in found)
        return self._render(
            "faults", "Faults", page="faults.html", groups=found, since=self.since,
            severities=[(item.value, item.value, severities[item]) for item in SEVERITIES],
            kinds=[(kind, word, kinds[kind]) for kind, word in KINDS.items()])

    def devices(self) -> str:
        """All devices."""
        roles = Counter(device.listed.role for device in self.view.devices)
        return self._render(
            "devices", "Devices", page="devices.html", devices=_worst_first(self.view.devices),
            statuses=[(name, device_word(name), count) for name, count in sorted(self.view.statuses.items())],
            roles=[(role, role, count) for role, count in sorted(roles.items())])

    def controls(self) -> str:
        """All controls with their worst state on any site."""
        rows = []
        for control in controls().values():
            states = [result.state for _, result in self._audited[control.id]]
            worst = max(states, key=tuple(ControlState).index, default=None)
            rows.append((control, worst.value if worst else "not-audited",
                         STATE_STYLES[worst].value if worst else "muted", len(self._of_control[control.id])))
        counts = Counter(state for _, state, _, _ in rows)
        open_ones = Counter(control.severity for control, _, _, count in rows if count)
        return self._render(
            "controls", "Controls", page="controls.html", rows=rows,
            audited=any(site.audit for site in self.view.sites),
            severities=[(item.value, item.value, open_ones[item.value]) for item in SEVERITIES],
            states=[(state, state.replace("-", " "), count) for state, count in sorted(counts.items())])

    def site(self, site: SiteView) -> str:
        """One site."""
        ended = [fault for fault in self.view.ended if fault.site == site.name]
        times = _times(site, ended)
        looks = [look for look in self._looks if look.at in times]
        return self._render(
            "site", site.name, depth=1, crumbs=[("Overview", "index.html")], site=site, since=self.since,
            groups=fault_groups(site.faults), devices=_worst_first(site.devices),
            trend=trend(looks, (*site.faults, *ended)),
            picture=picture_of(site.place, {device.name: device.status for device in site.devices}),
            matrix=matrix_of(site.proof) if site.proof is not None else None, proved=Answer.PROVED,
            styles=ANSWER_STYLES, told=told_hops, statuses=status_tiles(site.statuses),
            severities=severity_tiles(site.counts), gaps=severity_tiles(counted(site.gaps)))

    def device(self, site: SiteView, device: DeviceView) -> str:
        """One device."""
        drift = device.latest.get("drift")
        change = drift.seen.change if drift is not None else None
        open_ids = {fault.finding.id for fault in device.faults if fault.kind == "drift"}
        spots = side_by_side(change) if change is not None else ()
        told = {item.line for item in change.differences} if change is not None else set()
        others = [(title, [fault for fault in device.faults if fault.kind == kind
                           and not (kind == "drift" and fault.finding.line in told)])
                  for kind, title in (("drift", "Other drift"), ("verify", "What the device does"))]
        proofs = [fault for fault in site.own if fault.finding.device == device.name]
        return self._render(
            "device", device.name, depth=1, crumbs=[("Overview", "index.html"), (site.name, f"sites/{site.name}.html")],
            device=device, spots=spots if open_ids else (), others=[*others, ("What it lets through", proofs)],
            proofs=proofs, story=_story(device))

    def control(self, control: Control) -> str:
        """One control."""
        name = control.id
        return self._render(
            "control", name, depth=1, crumbs=[("Overview", "index.html"), ("Controls", "controls.html")],
            control=control, paper=papers().get(control.paper, control.paper), since=self.since,
            results=[(site, result, STATE_STYLES[result.state].value) for site, result in self._audited[name]],
            groups=fault_groups(self._of_control[name]),
            ended=[fault for fault in self.view.ended if name in fault.finding.controls])


def _worst_first(devices: Iterable[DeviceView]) -> list[DeviceView]:
    return sorted(devices, key=lambda item: (RANK.get(item.status, 1), [-count for count in item.counts.values()]))


def _times(site: SiteView, ended: Iterable[Fault]) -> set[str]:
    """When anybody looked at a site, as far as its faults and devices tell."""
    times = {item.at for device in site.devices for item in device.latest.values()}
    return times | {time for fault in (*site.faults, *ended) for time in (fault.since, fault.until) if time}


def _story(device: DeviceView) -> tuple[Story, ...]:
    """What happened to a device, the last first."""
    found: dict[str, list[Fault]] = defaultdict(list)
    gone: dict[str, list[Fault]] = defaultdict(list)
    for fault in (*device.faults, *device.ended):
        found[fault.since].append(fault)
        if fault.until:
            gone[fault.until].append(fault)
    told = [*_events(found, "found", "warn"), *_events(gone, "gone", "good")]
    if (last := device.applied) is not None:
        told.append((last.at, "applied", "plain", f"by {last.who or '?'}, run {last.run}"))
    return tuple(sorted(told, reverse=True))


def _events(by_time: Mapping[str, Sequence[Fault]], what: str, style: str) -> Iterator[Story]:
    """Each fault of a look, or how many when there were many."""
    for time, faults in by_time.items():
        if len(faults) > SEVERAL:
            yield time, what, style, f"{len(faults):,} faults, such as {faults[0].finding.title}"
        else:
            yield from ((time, what, style, fault.finding.title) for fault in faults)


def _gone(ended: Iterable[Fault]) -> tuple[tuple[str, str, str, str, str, str], ...]:
    """(when, found by what, site, device, what is gone, since when), the last first; what one look saw no more of a
    device is one."""
    together: dict[tuple[str, str, str, str], list[Fault]] = defaultdict(list)
    for fault in ended:
        together[fault.until, fault.kind, fault.site, fault.device].append(fault)
    return tuple((*key, faults[0].finding.title if len(faults) == 1 else f"{len(faults):,} faults",
                  min(fault.since for fault in faults)) for key, faults in together.items())
