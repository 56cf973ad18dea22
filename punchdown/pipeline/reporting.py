"""What reports over time show: the definition's places and the store's past. Touches no device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from punchdown.catalog.forms import product_of
from punchdown.compiler import CompiledSite, compile_estate
from punchdown.devices import Operator
from punchdown.errors import PlanError
from punchdown.intent import DeviceIntent, FlowMatrix
from punchdown.loader import load_estate
from punchdown.pipeline.ignoring import ignore_rules
from punchdown.pipeline.memory import few_collections
from punchdown.report.pages import KEPT_DAYS, Lane, Listed, Opening, Overview, Place
from punchdown.state import Store

RUNS = 1000


@few_collections()
def overview(estate: Path, sites: Sequence[str], operator: Path, store_url: str | None, now: str) -> Overview:
    """Everything about the sites whose name matches one of the globs (none: all sites).

    Raises:
        InputError: the definition is wrong.
        PlanError: the globs take no site.
        StateError: the store can't be read.
    """
    loaded = load_estate(estate)
    compiled = compile_estate(loaded)
    chosen = [site for name, site in sorted(compiled.items())
              if not sites or any(fnmatchcase(name, glob) for glob in sites)]
    if not chosen:
        raise PlanError(f"the selection takes no site; known: {', '.join(compiled) or 'none'}")
    after = datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=KEPT_DAYS)
    with Store.open(store_url or Operator.load(operator).store_url) as store:
        past, runs = store.history.past(after.strftime("%Y-%m-%dT%H:%M:%SZ")), store.runs(RUNS)
    seen = {(item.site, item.device) for item in past.latest}
    places = tuple(place_of(site, {device for name, device in seen if name == site.site}) for site in chosen)
    return Overview(loaded.name, now, places, past, runs, ignore_rules(estate))


def place_of(site: CompiledSite, seen: Container[str] = ()) -> Place:
    """A site as its pages show it: its devices, and those of its gateways that anybody has looked at.

    Raises:
        PlanError: the site was not compiled.
    """
    if site.matrix is None or site.topology is None:
        raise PlanError(f"{site.site}: the definition has errors")
    legs: dict[str, set[str]] = defaultdict(set)
    cables = set()
    for link in site.topology.links:
        for device, port in (link.one, link.other):
            legs[device].add(port)
        if link.one[0] != link.other[0]:
            one, other = sorted((link.one[0], link.other[0]))
            cables.add((one, other))
    matrix = site.matrix
    return Place(
        site.site, (*(_listed(intent, matrix, legs[intent.device]) for intent in site.devices),
                    *_gateways(matrix, {intent.device for intent in site.devices}, seen)),
        tuple(Lane(item.name, item.vlan, item.zone, tuple(text for text in (item.prefix, item.prefix6) if text))
              for item in matrix.segments), tuple(sorted(cables)), _openings(matrix))


def _listed(intent: DeviceIntent, matrix: FlowMatrix, legs: set[str]) -> Listed:
    """``legs`` are the device's ends of cables; servers name theirs by the segment."""
    vlans = {vlan.id for vlan in intent.vlans} | {intent.management.vlan}
    routes = tuple(item.name for item in matrix.segments if item.router == intent.device)
    segments = tuple(item.name for item in matrix.segments
                     if item.vlan in vlans or item.name in legs or item.name in routes)
    wan = intent.firewall is not None and bool(intent.firewall.wan)
    return Listed(intent.device, intent.role, intent.platform, segments, routes, wan)


def _gateways(matrix: FlowMatrix, devices: Container[str], seen: Container[str]) -> Iterator[Listed]:
    for host in matrix.hosts:
        product = product_of(host.kind)
        if product is not None and host.name in seen and host.name not in devices:
            yield Listed(host.name, "gateway", product.key, (host.segment,))


def _openings(matrix: FlowMatrix) -> tuple[Opening, ...]:
    """Flows from segment to segment; every list of the wan is the wan."""
    home = {host.name: host.segment for host in matrix.hosts}
    services: dict[tuple[str, str], set[str]] = defaultdict(set)
    for flow in matrix.flows:
        client, server = (home.get(end, end.partition(":")[0]) for end in (flow.client, flow.server))
        services[client, server].add(flow.service)
    return tuple(Opening(source, target, tuple(sorted(names))) for (source, target), names in sorted(services.items()))
