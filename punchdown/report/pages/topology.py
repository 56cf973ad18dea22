"""A site as a picture: segments as rails, devices as columns across those they take part in, what may flow at the side.

Everything is placed here, in the units of the picture; the template only draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from punchdown.report.pages.data import Listed, Opening, Place

LEFT, COLUMN, RAIL, LANE = 196, 104, 40, 15
"""Width of the names, of a column, height between two rails, width between two flows."""
BOX_WIDTH, BOX_HEIGHT = 92, 40
MOST_COLUMNS = 9
"""Columns beyond which devices of the same role on the same segments share one."""
_ORDER = ("firewall", "core-switch", "access-switch")


@dataclass(frozen=True, slots=True)
class Column:
    """A device, or ``count`` of them. ``dots`` are (y, routed)."""

    title: str
    name: str
    role: str
    status: str
    link: str
    x: float
    bottom: float
    dots: tuple[tuple[float, bool], ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A segment, the wan or a remote network."""

    name: str
    text: str
    zone: str
    y: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A cable between two columns above their boxes, or a flow between two rails beside them."""

    path: str
    title: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """``right`` is where rails end; flows begin there."""

    width: float
    height: float
    top: float
    right: float
    columns: tuple[Column, ...]
    rails: tuple[Rail, ...]
    cables: tuple[Arc, ...]
    flows: tuple[Arc, ...]


def picture_of(place: Place, statuses: Mapping[str, str]) -> Picture:
    """The picture of a site; ``statuses`` colours its devices."""
    inner = {lane.name for lane in place.lanes}
    outside = sorted({end for item in place.openings for end in (item.source, item.target) if end not in inner} |
                     ({"wan"} if any(device.wan for device in place.devices) else set()))
    heaps = _heaps(place.devices)
    cables = _cables(place.cables, {device.device: index for index, heap in enumerate(heaps) for device in heap})
    lift = max((18 + 12 * (other - one) for one, other in cables), default=0)
    top = lift + 14.0
    first = top + BOX_HEIGHT + 36
    right = LEFT + COLUMN * len(heaps) + 16.0
    rails = [Rail(name, "beyond the site", "wan", 0) for name in outside]
    rails += [Rail(lane.name, " · ".join((f"VLAN {lane.vlan}", *lane.prefixes[:1])), lane.zone, 0)
              for lane in sorted(place.lanes, key=lambda lane: lane.vlan)]
    placed = tuple(Rail(rail.name, rail.text, rail.zone, first + RAIL * index) for index, rail in enumerate(rails))
    at = {rail.name: rail for rail in placed}
    flows = tuple(_flows(place.openings, at, right))
    width = right + 30 + LANE * len(flows)
    columns = tuple(_column(heap, index, at, statuses, first) for index, heap in enumerate(heaps))
    return Picture(width, first + RAIL * len(placed) - 8, top, right, columns, placed,
                   tuple(_cable(one, other, columns, top) for one, other in cables), flows)


def _heaps(devices: Sequence[Listed]) -> list[tuple[Listed, ...]]:
    """One column each, or one for all that are alike where there are many."""
    order = {role: index for index, role in enumerate(_ORDER)}
    ranked = sorted(devices, key=lambda item: (order.get(item.role, len(_ORDER)), item.role, item.device))
    if len(ranked) <= MOST_COLUMNS:
        return [(device,) for device in ranked]
    alike: dict[tuple[object, ...], list[Listed]] = {}
    for device in ranked:
        alike.setdefault((device.role, device.platform, device.segments, device.routes), []).append(device)
    return [tuple(heap) for heap in alike.values()]


def _column(heap: tuple[Listed, ...], index: int, rails: Mapping[str, Rail], statuses: Mapping[str, str],
            first: float) -> Column:
    one = heap[0]
    worst = min((statuses.get(item.device, "never") for item in heap),
                key=("failed", "different", "unknown", "never", "skipped", "in-order").index)
    names = [*one.segments, *(["wan"] if one.wan else [])]
    dots = tuple(sorted((rails[name].y, name in one.routes or name == "wan") for name in names if name in rails))
    several = len(heap) > 1
    name = f"{len(heap)} devices" if several else one.device
    title = f"{', '.join(item.device for item in heap)}: {one.role}, {one.platform}, {worst}"
    return Column(title, name, one.role, worst, "" if several else one.device,
                  LEFT + COLUMN * (index + 0.5), max((y for y, _ in dots), default=first), dots)


def _cables(cables: Iterable[tuple[str, str]], column: Mapping[str, int]) -> list[tuple[int, int]]:
    pairs = {tuple(sorted((column[one], column[other]))) for one, other in cables if one in column and other in column}
    return sorted((pair[0], pair[1]) for pair in pairs if pair[0] != pair[1])


def _cable(one: int, other: int, columns: Sequence[Column], top: float) -> Arc:
    left, right = columns[one].x + 10, columns[other].x - 10
    peak = top - (18 + 12 * (other - one))
    return Arc(f"M{left:.0f} {top:.0f}C{left:.0f} {peak:.0f} {right:.0f} {peak:.0f} {right:.0f} {top:.0f}",
               f"cable: {columns[one].name} to {columns[other].name}")


def _flows(openings: Iterable[Opening], rails: Mapping[str, Rail], right: float) -> Iterable[Arc]:
    """Brackets from rail to rail, the shortest innermost; what stays inside of one segment crosses nothing."""
    crossing = [item for item in openings if item.source in rails and item.target in rails
                and item.source != item.target]
    crossing.sort(key=lambda item: (abs(rails[item.source].y - rails[item.target].y), item.source, item.target))
    for index, item in enumerate(crossing):
        start, end = rails[item.source], rails[item.target]
        x, near, begin = right + 22 + LANE * index, right + 15 + LANE * index, right + 2
        turn = 7 if end.y > start.y else -7
        out, back = start.y - 4, end.y + 4
        yield Arc(f"M{begin:.0f} {out:.0f}H{near:.0f}Q{x:.0f} {out:.0f} {x:.0f} {out + turn:.0f}V{back - turn:.0f}"
                  f"Q{x:.0f} {back:.0f} {near:.0f} {back:.0f}H{begin + 5:.0f}",
                  f"{item.source} to {item.target}: {', '.join(item.services)}", start.zone)
