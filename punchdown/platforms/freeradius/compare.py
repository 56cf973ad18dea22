"""Intended against running: clients by name, users by identity, the rest line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from punchdown.intent import DeviceIntent, RadiusIntent
from punchdown.platforms.freeradius import normalise
from punchdown.platforms.freeradius.capabilities import CLIENTS, LINKS, MAB, USERS
from punchdown.platforms.freeradius.normalise import Entry
from punchdown.platforms.linux import change_of_documents, compare_lines, management
from punchdown.platforms.linux.compare import MASKED
from punchdown.secrets import UNKNOWN, fingerprinted
from punchdown.values import Change, Difference, Document, IntendedConfig, Provenance, RunningConfig, Verdict

_NOBODY = Provenance(field="devices")
_PARSERS = {CLIENTS: normalise.clients, USERS: normalise.users, MAB: normalise.users}


@dataclass(frozen=True, slots=True)
class _Side:
    """The entries of one side of one document, by name, in order; with the provenance of each on the intended side."""

    entries: Mapping[str, tuple[Entry, ...]]
    sources: Mapping[str, Provenance]
    order: tuple[str, ...]


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences and the documents that are to be replaced."""
    found: list[Difference] = []
    for document in intended.documents:
        text = running.text(document.name)
        if document.name in _PARSERS:
            found += _entries(intent, document, text, fingerprint)
        elif document.name in management.DOCUMENTS:
            found += compare_lines(document, text, partial(management.canonical, document.name))
        elif document.name == LINKS:
            found += _links(document, text)
        else:
            found += compare_lines(document, text, normalise.canonical, fingerprint=fingerprint, meaning=_server)
    restarts = any(item.document not in management.DOCUMENTS for item in found)
    return change_of_documents(
        intended, running, tuple(found), risk="medium" if restarts else "low",
        risk_why="the RADIUS server restarts; ports that authenticate in that second try again" if restarts else "")


def _server(verdict: Verdict, line: str) -> str:
    return f"the RADIUS server does not work as defined: {verdict.value} {line!r}"


def _links(document: Document, running: str) -> list[Difference]:
    """Enabled modules and sites: order is none, a site that is not defined answers on its own terms."""
    wanted = {line.text: line.source for line in document.lines}
    found = set(normalise.links(running).splitlines())
    near = next(iter(wanted.values()), _NOBODY)
    lacks = [Difference(Verdict.MISSING, LINKS, (), name, wanted[name], f"{name} is not enabled", "high")
             for name in wanted if name not in found]
    return lacks + [Difference(Verdict.EXTRA, LINKS, (), name, near,
                               f"{name} is enabled and answers beside the defined server", "high")
                    for name in sorted(found - wanted.keys())]


def _entries(intent: DeviceIntent, document: Document, text: str, names: Mapping[str, str]) -> list[Difference]:
    revealed = [fingerprinted(line.text, names) for line in document.lines]
    parse = _PARSERS[document.name]
    mine = parse(revealed)
    wanted = _side(mine, {entry.name: document.lines[entry.line].source for entry in mine})
    found = _side(parse(text.splitlines()), {})
    near = document.lines[0].source if document.lines else _NOBODY
    speak = _speaker(intent, document.name)
    differences: list[Difference] = []
    for name in (*wanted.order, *(name for name in found.order if name not in wanted.entries)):
        source = wanted.sources.get(name, near)
        raw = _judge(document.name, name, wanted.entries.get(name, ()), found.entries.get(name, ()), source)
        differences += [replace(item, meaning=speak(item, name)) for item in raw]
    return differences + _shadowed(document.name, found, near)


def _side(entries: tuple[Entry, ...], sources: Mapping[str, Provenance]) -> _Side:
    named: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        named[entry.name].append(entry)
    return _Side({name: tuple(items) for name, items in named.items()}, sources, tuple(dict.fromkeys(
        entry.name for entry in entries)))


def _judge(document: str, name: str, wanted: tuple[Entry, ...], found: tuple[Entry, ...],
           source: Provenance) -> list[Difference]:
    """One name on both sides. Entries of equal name are compared one by one: the first that matches a request wins."""
    differences: list[Difference] = []
    for place in range(max(len(wanted), len(found))):
        if place >= len(found):
            differences.append(Difference(Verdict.MISSING, document, (), _title(wanted[place]), source, "", "high"))
        elif place >= len(wanted):
            differences.append(Difference(Verdict.EXTRA, document, (), _title(found[place]), source, "", "high"))
        else:
            differences += _items(document, name, wanted[place], found[place], source)
    return differences


def _title(entry: Entry) -> str:
    return " ".join(filter(None, (entry.name, ", ".join(entry.head))))


def _items(document: str, name: str, wanted: Entry, found: Entry, source: Provenance) -> list[Difference]:
    mine, theirs = (*wanted.head, *wanted.items), (*found.head, *found.items)
    if mine == theirs:
        return []
    lacking = [item for item in mine if item not in theirs]
    surplus = [item for item in theirs if item not in mine]
    if not lacking and not surplus:
        return [Difference(Verdict.REORDERED, document, (name,), ", ".join(mine), source, "", "medium")]
    doubtful = {_key(item) for item in lacking if UNKNOWN in item} | {_key(item) for item in surplus if UNKNOWN in item}
    doubtful &= {_key(item) for item in lacking} & {_key(item) for item in surplus}
    differences = [Difference(Verdict.UNKNOWN if _key(item) in doubtful else Verdict.MISSING, document, (name,), item,
                              source, "", "unknown" if _key(item) in doubtful else "high") for item in lacking]
    return differences + [Difference(Verdict.EXTRA, document, (name,), item, source, "", "medium")
                          for item in surplus if _key(item) not in doubtful]


def _key(item: str) -> str:
    """The item with its secret taken out; only items that hold one can be doubtful."""
    return MASKED.sub("<masked>", item)


def _shadowed(document: str, found: _Side, source: Provenance) -> list[Difference]:
    """A DEFAULT in front of a user answers for him."""
    lines = {name: entries[0].line for name, entries in found.entries.items()}
    default = lines.get("DEFAULT")
    if document == CLIENTS or default is None:
        return []
    return [Difference(Verdict.REORDERED, document, (), name, source,
                       f"the entry DEFAULT answers before {name}: {name} never gets what is defined", "high")
            for name, line in lines.items() if line > default]


def _speaker(intent: DeviceIntent, document: str) -> Callable[[Difference, str], str]:
    """What a difference of a client or user means, in words."""
    radius = intent.radius
    if document == CLIENTS:
        return lambda item, name: _client_meaning(item, name)
    return lambda item, name: _user_meaning(item, name, _who(radius, name))


def _client_meaning(item: Difference, name: str) -> str:
    if item.verdict is Verdict.UNKNOWN:
        return f"whether switch {name} can authenticate anyone is unknown: its shared secret can't be compared"
    if not item.path:
        return (f"switch {name} can no longer authenticate anyone" if item.verdict is Verdict.MISSING
                else f"{name} may ask the RADIUS server, the definition does not know it")
    attribute = item.line.partition(" ")[0]
    if attribute in {"secret", "ipaddr", "ipv6addr"}:
        return f"switch {name} can no longer authenticate anyone: its {attribute} is not the defined one"
    return f"switch {name} is not served as defined: {attribute}"


def _who(radius: RadiusIntent | None, name: str) -> str:
    for user in radius.users if radius else ():
        if user.identity == name:
            return f"{'phone' if user.voice else 'device'} {name}"
    return name


def _user_meaning(item: Difference, name: str, who: str) -> str:
    if name == "DEFAULT":
        return "what is unknown to the server is not refused as defined"
    if item.verdict is Verdict.UNKNOWN:
        return f"whether {who} gets in is unknown: its password can't be compared"
    if not item.path:
        return (f"{who} no longer gets into the network" if item.verdict is Verdict.MISSING
                else f"{who} gets into the network, the definition does not know it")
    attribute = item.line.partition(" ")[0]
    if attribute == "Tunnel-Private-Group-Id":
        vlan = item.line.rpartition(" ")[2]
        return (f"{who} no longer gets VLAN {vlan}" if item.verdict is Verdict.MISSING
                else f"{who} gets VLAN {vlan}, which is not the defined one")
    if "Password" in attribute:
        return f"{who} no longer gets in with its own password, another password works"
    return f"{who} is not admitted as defined: {attribute}"
