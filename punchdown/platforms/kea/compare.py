"""Intended against the file and against what the daemon runs.

The file is owned whole. The running configuration comes with every default filled in: there only places that the
intent prints are compared, and members of lists that it prints (a foreign subnet, option or reservation is extra).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from punchdown.intent import DeviceIntent
from punchdown.platforms.kea import normalise
from punchdown.platforms.kea.capabilities import CONFIG, LIVE
from punchdown.platforms.kea.normalise import Place
from punchdown.platforms.linux import change_of_documents, compare_lines, management
from punchdown.values import Change, Difference, IntendedConfig, Provenance, RunningConfig, Verdict

_OWNED_LISTS = frozenset((
    "subnet4", "pools", "option-data", "option-def", "reservations", "client-classes", "interfaces", "hooks-libraries",
    "shared-networks", "require-client-classes"))
_LIVE_PATH = ("as the server runs it",)


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig) -> Change:
    """Differences and the documents to replace."""
    found: list[Difference] = []
    for document in intended.documents:
        text = running.text(document.name)
        if document.name == CONFIG:
            found += _config(intent, document.text, text, running.text(LIVE))
        else:
            found += compare_lines(document, text, partial(management.canonical, document.name))
    return change_of_documents(intended, running, tuple(found))


def _config(intent: DeviceIntent, wanted: str, file: str, live: str) -> list[Difference]:
    table = dict(normalise.flat(normalise.parse(wanted)))
    found = _side(intent, table, file, (), "the file is no configuration: the server will not start again")
    alive = _side(intent, table, live, _LIVE_PATH, "no phone and no PC gets an address: the DHCP server does not run")
    known = {(item.verdict, item.line) for item in found}
    return found + [item for item in alive if (item.verdict, item.line) not in known]


def _side(intent: DeviceIntent, table: Mapping[Place, str], text: str, path: tuple[str, ...],
          nothing: str) -> list[Difference]:
    source = intent.dhcp.source if intent.dhcp else intent.source
    try:
        running = dict(normalise.flat(normalise.parse(text)))
    except ValueError:
        return [Difference(Verdict.MISSING, CONFIG, path, "Dhcp4", source, nothing, "high")]
    if path:
        running = {place: value for place, value in running.items() if _compared(place, table)}
    lacking = [_difference(intent, Verdict.MISSING, path, place, value) for place, value in table.items()
               if running.get(place) != value and not _inside(place, table, running)]
    surplus = [_difference(intent, Verdict.EXTRA, path, place, value) for place, value in running.items()
               if table.get(place) != value and not _inside(place, running, table)]
    return lacking + surplus


def _compared(place: Place, table: Mapping[Place, str]) -> bool:
    """A place that the intent prints, or a member of a list that the intent prints, empty lists included."""
    return place in table or (place[-1].startswith("[") and _listed(place))


def _listed(place: Place) -> bool:
    return place[-2] in _OWNED_LISTS


def _inside(place: Place, here: Mapping[Place, str], there: Mapping[Place, str]) -> bool:
    """Whether a whole member around this place is missing on the other side: that is reported once, as itself."""
    return any(here.get(place[:length]) == "present" and place[:length] not in there for length in range(1, len(place)))


def _difference(intent: DeviceIntent, verdict: Verdict, path: tuple[str, ...], place: Place, value: str) -> Difference:
    line = normalise.shown(place) if value == "present" else f"{normalise.shown(place)} = {value}"
    return Difference(verdict, CONFIG, path, line, _source(intent, place), _meaning(intent, verdict, place), "medium")


def _segment(intent: DeviceIntent, place: Place) -> tuple[str, Provenance] | None:
    """The segment that a place speaks of: its subnet, or a class named after its VLAN."""
    for pool in intent.dhcp.pools if intent.dhcp else ():
        names = {f"[{pool.prefix}]", *(f"[{kind}-{pool.vlan}]" for kind in ("minet", "vivso", "sip"))}
        if names & set(place) or f"[{pool.interface}/{pool.server_address}]" in place:
            return pool.name, pool.source
    return None


def _source(intent: DeviceIntent, place: Place) -> Provenance:
    segment = _segment(intent, place)
    if segment:
        return segment[1]
    return intent.dhcp.source if intent.dhcp else intent.source


def _meaning(intent: DeviceIntent, verdict: Verdict, place: Place) -> str:
    segment = _segment(intent, place)
    name = f"segment {segment[0]}" if segment else "every segment"
    if place[0] == "subnet4" and len(place) == 2:
        return (f"nobody in {name} gets an address" if verdict is Verdict.MISSING
                else f"the server gives out addresses of {place[1].strip('[]')}, which the definition does not know")
    if place[0] == "client-classes":
        return f"phones in {name} are told something else than defined"
    if "reservations" in place:
        address = next((part for part in place if part.count(":") > 1), "").strip("[]")
        return f"{address or 'a host'} in {name} does not get its defined address" if verdict is Verdict.MISSING \
            else f"{address or 'a host'} has a reservation that the definition does not know"
    if "option-data" in place:
        option = next((part for part in place if part.startswith("[") and not part[1].isdigit()), "")
        return f"clients in {name} get another {option.strip('[]') or 'option'} than defined"
    return f"{name} is not served as defined"
