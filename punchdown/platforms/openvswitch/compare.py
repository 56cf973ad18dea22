"""From the running switch to the intended one, as data: flows by table, priority and match; columns by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial

from punchdown.intent import DeviceIntent
from punchdown.platforms.linux import change_of_documents, compare_lines, management
from punchdown.platforms.openvswitch.documents import BOOT_FLOWS, BOOT_METERS, DATABASE, FLOWS, METERS
from punchdown.platforms.openvswitch.meaning import database_meaning, flow_meaning, is_opening
from punchdown.platforms.openvswitch.normalise import Flow, canonical_flow, parse_flow
from punchdown.platforms.openvswitch.storm import compare_meters
from punchdown.platforms.openvswitch.tables import BRIDGE, MANAGEMENT_PORT
from punchdown.values import Change, Difference, Document, IntendedConfig, Provenance, RunningConfig, Verdict


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Every difference with what it means; the payload is the full text of each document that differs."""
    differences: list[Difference] = []
    for document in intended.documents:
        text = running.text(document.name)
        if document.name == FLOWS:
            differences += compare_flows(intent, document, text)
        elif document.name == METERS:
            differences += compare_meters(document, text)
        elif document.name == DATABASE:
            differences += compare_database(document, text)
        else:
            differences += compare_lines(document, text, partial(_canonical, document.name), fingerprint=fingerprint)
    risk, why = _risk(differences)
    return change_of_documents(
        intended, running, tuple(differences), together=((METERS, FLOWS, DATABASE, BOOT_METERS, BOOT_FLOWS),),
        unmanaged=unmanaged(intended.document(DATABASE), running.text(DATABASE)), risk=risk, risk_why=why)


def _canonical(name: str, line: str) -> str:
    if name == BOOT_FLOWS:
        with suppress(ValueError):
            return canonical_flow(line)
    if name in management.DOCUMENTS:
        return management.canonical(name, line)
    return line.strip()


def compare_flows(intent: DeviceIntent, document: Document, running: str) -> Iterator[Difference]:
    """The bridge's flow table is ours as a whole: a flow that nobody declared is a difference."""
    wanted = {flow.key: (flow, line.source) for line in document.lines if (flow := parse_flow(line.text))}
    found = {flow.key: flow for flow in map(parse_flow, running.splitlines()) if flow}
    for key, (flow, source) in wanted.items():
        if key not in found or found[key].text != flow.text:
            yield _flow_difference(intent, Verdict.MISSING, document.name, flow, source)
    for key, flow in found.items():
        if key not in wanted or wanted[key][0].text != flow.text:
            source = wanted[key][1] if key in wanted else _nearest(flow, wanted)
            yield _flow_difference(intent, Verdict.EXTRA, document.name, flow, source)


def _flow_difference(intent: DeviceIntent, verdict: Verdict, name: str, flow: Flow, source: Provenance) -> Difference:
    opens = is_opening(verdict, flow)
    return Difference(verdict, name, (), flow.text, source, flow_meaning(intent, verdict, flow),
                      "high" if opens else "medium")


def _nearest(flow: Flow, wanted: Mapping[str, tuple[Flow, Provenance]]) -> Provenance:
    """The provenance of the intended flow that speaks most nearly of the same packets."""
    def likeness(item: tuple[Flow, Provenance]) -> tuple[int, bool, int]:
        common = len(dict(item[0].match).items() & dict(_destination_first(flow)).items())
        return common, item[0].table == flow.table, -len(item[0].match)
    return max(wanted.values(), key=likeness)[1] if wanted else Provenance()


def _destination_first(flow: Flow) -> tuple[tuple[str, str], ...]:
    """Bare protocol words are shared by too many flows to tell anything."""
    telling = tuple(item for item in flow.match if item[1])
    return telling or flow.match


def compare_database(document: Document, running: str) -> Iterator[Difference]:
    """Rows and columns that the document names; the rest of the database is not ours."""
    wanted = {_setting(line.text): line for line in document.lines}
    found = {_setting(line): line for line in running.splitlines()}
    for setting, line in wanted.items():
        shown = found.get(setting, "")
        if shown == line.text or _same_nothing(line.text, shown):
            continue
        meaning = database_meaning(line.text, shown)
        yield Difference(Verdict.MISSING, document.name, (), line.text, line.source, meaning)
        if shown:
            yield Difference(Verdict.EXTRA, document.name, (), shown, line.source, meaning)


def _setting(line: str) -> str:
    """What a line sets: row and column, without the value."""
    table, row, rest = line.split(" ", 2)
    return f"{table} {row} {rest.partition('=')[0]}"


def _same_nothing(wanted: str, shown: str) -> bool:
    """An empty description is the same as none."""
    return not shown and wanted.endswith('=""')


def unmanaged(document: Document, running: str) -> tuple[str, ...]:
    """Lines of the database that no line of the document speaks of, the bridge's own port apart."""
    wanted = {_setting(line.text) for line in document.lines}
    own = (f"port {BRIDGE} ", f"interface {BRIDGE} ", f"interface {MANAGEMENT_PORT} ")
    return tuple(line for line in running.splitlines() if _setting(line) not in wanted and not line.startswith(own))


def _risk(differences: list[Difference]) -> tuple[str, str]:
    lines = [item.line for item in differences if item.document == DATABASE]
    if any(line.startswith(f"port {MANAGEMENT_PORT} ") for line in lines):
        return "high", "the port that carries the management session changes its VLAN"
    if any("fail_mode" in line for line in lines):
        return "high", "what the bridge does without flows changes"
    if any(item.document in {FLOWS, DATABASE} for item in differences):
        return "medium", "traffic through the switch is judged anew; flows and database are two transactions"
    return "low", ""
