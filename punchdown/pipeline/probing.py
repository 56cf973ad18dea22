"""Gateways as they look from a place on the network: ports, TLS, certificates. Logs in nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from punchdown.catalog.forms import product_of
from punchdown.compiler import compile_estate
from punchdown.errors import PlanError
from punchdown.intent import FlowMatrix, HostFact
from punchdown.loader import load_estate
from punchdown.pipeline.remembering import Keep
from punchdown.pipeline.select import Selection
from punchdown.probes import Probe, look
from punchdown.values import DeviceReport, Finding, Report, Severity, finding_id
from punchdown.values.probe import PortQuestion, PortSeen
from punchdown.verify import NoPlaceError, probe_document, probe_findings, probe_sightings, questions

Look = Callable[[Sequence[PortQuestion]], tuple[PortSeen, ...]]


def verify_probes(estate: Path, selection: Selection, place: str, now: str, *, roots: Path | None = None,
                  looks: Look | None = None, keep: Keep | None = None) -> Report:
    """What every selected gateway shows to a place (``wan``, ``wan:LIST``, a host, segment or remote), against what the
    definition lets it. The place is where this runs: nobody can check that.

    Args:
        roots: a PEM file of roots that certificates may lead to, beside the machine's own.
        looks: what answers the questions, instead of real connections.
        keep: keeps what was found, and what audits may count of what was seen.

    Raises:
        InputError: the definition is wrong.
        PlanError: no selected site has the place, or the selection takes no gateway.
    """
    loaded = load_estate(estate)
    compiled = compile_estate(loaded)
    rows: list[DeviceReport] = []
    everything: list[PortSeen] = []
    faults: list[str] = []
    ask = looks or (lambda asked: look(asked, Probe(roots=roots)))
    for site, item in compiled.items():
        matrix = item.matrix
        if matrix is None or not any(_takes(selection, site, host) for host in matrix.hosts):
            continue
        try:
            found, seen = _site(matrix, selection, place, now, ask)
            rows += found
            everything += seen
        except NoPlaceError as error:
            faults.append(str(error))
    if not rows:
        raise PlanError("\n".join(faults) or "the selection takes no gateway")
    report = Report("verify", loaded.name, now, tuple(rows))
    if keep is None:
        return report
    looked_at = {row.device: frozenset({probe_document(place)}) for row in rows}
    return keep(report, looked_at, probe_sightings(place, everything, now))


def _takes(selection: Selection, site: str, host: HostFact) -> bool:
    product = product_of(host.kind)
    return product is not None and selection.names(site, host.name, host.kind, product.key)


def _site(matrix: FlowMatrix, selection: Selection, place: str, now: str,
          ask: Look) -> tuple[list[DeviceReport], tuple[PortSeen, ...]]:
    asked, nowhere = questions(matrix, place)
    chosen = {host.name: host for host in matrix.hosts if _takes(selection, matrix.site, host)}
    seen = ask([item for item in asked if item.host in chosen])
    day = datetime.fromisoformat(now).date()
    found: dict[str, list[Finding]] = {name: [] for name in chosen if name != place}
    for finding in probe_findings(place, seen, day):
        found[finding.device].append(finding)
    for host in nowhere:
        if host.name in found:
            found[host.name].append(Finding(
                finding_id("probe", place, host.name, "address"), host.name, "verify", Severity.UNKNOWN,
                f"the address of {host.name} towards {place} is not in the definition", "nothing was looked at",
                probe_document(place)))
    return [_row(matrix.site, chosen[name], tuple(items)) for name, items in found.items()], seen


def _row(site: str, host: HostFact, findings: tuple[Finding, ...]) -> DeviceReport:
    unknown = all(item.severity is Severity.UNKNOWN for item in findings)
    product = product_of(host.kind)
    return DeviceReport(host.name, site, product.key if product else "", "gateway",
                        "in-order" if not findings else "unknown" if unknown else "different", findings)
