"""Intended against running: differences with their meaning, and a remediation that replaces what differs by scopes.

Everything is one transaction on the candidate, so the order of the commands is not a matter of safety: what differs is
deleted scope by scope and set again in the order in which it was rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from punchdown.intent import DeviceIntent
from punchdown.platforms.juniper_junos.capabilities import DOCUMENT
from punchdown.platforms.juniper_junos.configuration import Item, Side, intended_side, running_side
from punchdown.platforms.juniper_junos.meaning import meaning, severity
from punchdown.platforms.juniper_junos.ownership import Ownership, port_of, scope_of
from punchdown.platforms.juniper_junos.statements import Words, quoted
from punchdown.platforms.juniper_junos.words import switchports
from punchdown.platforms.lines import misplaced
from punchdown.secrets import REFERENCE, UNKNOWN, fingerprinted
from punchdown.values import Change, Difference, IntendedConfig, Provenance, RunningConfig, Step, Verdict


def _fingerprinted(side: Side, fingerprint: Mapping[str, str]) -> None:
    for scope, items in side.items.items():
        side.items[scope] = [replace(item, words=tuple(
            fingerprinted(word, fingerprint) for word in item.words))
            for item in items]


def _unknown_pairs(intended: Side, running: Side) -> list[tuple[Item, Item]]:
    """Secrets that can't be compared, because either side is not known."""
    return [(item, other) for item in intended.all_items() if item.words[-1:] and item.words[-1].startswith("<masked:")
            for other in running.items.get(item.scope, ())
            if other.words[:-1] == item.words[:-1] and UNKNOWN in (item.words[-1], other.words[-1])]


def _misplaced(wanted: Iterable[Item], present: Iterable[Item]) -> list[Item]:
    """The items of one list that both sides have, in another order."""
    ours = list(wanted)
    moved = set(misplaced([item.words for item in ours], [item.words for item in present]))
    return [item for item in ours if item.words in moved]


class _Comparison:
    """Both sides of one device."""

    def __init__(self, intent: DeviceIntent, intended: Side, running: Side) -> None:
        self.intent, self.intended, self.running = intent, intended, running
        ports = {port.name for port in switchports(intent)} | {name for link in intent.links for name in link.members}
        scopes = [*intended.items, *(scope for path in intended.absent if (scope := scope_of(path)))]
        numbers = [item.words[1] for item in intended.all_items() if item.words[:1] == ("vlan-id",)]
        self.owner = Ownership(scopes, ports, numbers, running.every)
        self.unknown = _unknown_pairs(intended, running)
        self._skipped = {item.key for pair in self.unknown for item in pair}
        self.owned = {scope: [item for item in items if not self._forgiven(item)]
                      for scope, items in running.items.items() if self.owner.owns(scope)}

    def _forgiven(self, item: Item) -> bool:
        """A container that the device shows only while it is empty."""
        return item.words[-1:] == ("dhcp-security",) and any(
            other.words[:len(item.words)] == item.words for other in self.intended.items.get(item.scope, ()))

    def _satisfied(self, item: Item) -> bool:
        return item.words[-1:] == ("dhcp-security",) and any(
            other.words[:len(item.words)] == item.words for other in self.running.items.get(item.scope, ()))

    def _difference(self, verdict: Verdict, item: Item, source: Provenance) -> Difference:
        path = (" ".join(item.scope),) if item.words else ()
        words = " ".join(item.words or item.scope)
        line = next((match[0] for text in item.lines if (match := REFERENCE.search(text))), "")
        shown = f"{' '.join(item.words[:-1])} {line}" if line else words
        return Difference(verdict, DOCUMENT, path, shown, source, meaning(self.intent, verdict, item,
                          port_of(item.scope)), severity(verdict, item))

    def _source(self, scope: Words) -> Provenance:
        items = self.intended.items.get(scope)
        return items[0].source if items else self.intended.absent.get(scope, self.intent.source)

    def differences(self) -> list[Difference]:
        """Missing, extra, misplaced, inactive and unknown, in this order."""
        have = {item.key for items in self.owned.values() for item in items} | self._skipped
        want = {item.key for item in self.intended.all_items()} | self._skipped
        found = [self._difference(Verdict.MISSING, item, item.source) for item in self.intended.all_items()
                 if item.key not in have and not self._satisfied(item)]
        found += [self._difference(Verdict.EXTRA, item, self._source(scope))
                  for scope, items in self.owned.items() for item in items if item.key not in want]
        for item in self.misplaced():
            found.append(self._difference(Verdict.REORDERED, item, item.source))
        found += [Difference(Verdict.EXTRA, DOCUMENT, (), f"deactivate {' '.join(path)}", self._source(path),
                             f"{' '.join(path)} is inactive: it does nothing", "high") for path in self.inactive()]
        return found + [self._difference(Verdict.UNKNOWN, item, item.source) for item, _ in self.unknown]

    def misplaced(self) -> list[Item]:
        """Terms, methods and servers in another order."""
        places = dict.fromkeys(item.place for item in self.intended.all_items() if item.place)
        owned = [item for items in self.owned.values() for item in items]
        return [item for place in places
                for item in _misplaced((one for one in self.intended.all_items() if one.place == place),
                                       (one for one in owned if one.place == place))]

    def inactive(self) -> list[Words]:
        """Paths that the device keeps without effect and that we own or need."""
        return [path for path in self.running.inactive if self.owner.owns(scope_of(path)) or self.owner.concerns(path)]

    def steps(self, differences: Iterable[Difference]) -> tuple[Step, ...]:
        """Activate, delete, set."""
        changed: dict[str, set[Verdict]] = {}
        for item in differences:
            changed.setdefault(item.path[0] if item.path else item.line, set()).add(item.verdict)
        deletes, sets = [], []
        for scope in dict.fromkeys((*self.intended.items, *self.owned)):
            verdicts = changed.get(" ".join(scope), set()) - {Verdict.UNKNOWN}
            present, wanted = self.owned.get(scope, []), self.intended.items.get(scope, [])
            if not verdicts:
                continue
            adds = verdicts == {Verdict.MISSING} and not any(item.place for item in (*present, *wanted))
            if present and not adds:
                why = "replaced as a whole" if wanted else "no longer defined"
                deletes += [Step(f"delete {quoted(words)}", why) for words in self.running.written[scope]]
            have = {item.key for item in present} if adds else set()
            sets += [(wanted[0].source, line) for item in wanted if item.key not in have for line in item.lines]
        first = [Step(f"activate {quoted(path)}", "it must take effect") for path in self.inactive()]
        return (*first, *deletes, *(Step(line, "defined") for line in dict.fromkeys(line for _, line in sets)))


_RISKS = (
    ("ports must authenticate again", re.compile(r"\w+ (?:protocols dot1x|access) ")),
    ("touches filters", re.compile(r"\w+ (?:firewall |.* filter input )")),
    ("moves or closes ports", re.compile(r"(?:delete interfaces|.* vlan members |.* disable$)")),
)


_NEEDS_LEASES = ("arp-inspection", "ip-source-guard")


def _risk(steps: Iterable[Step], differences: Iterable[Difference], intent: DeviceIntent) -> tuple[str, str]:
    """High where the way into the device is touched or a filter loses a denial; all reasons, the gravest first."""
    texts = [step.text for step in steps]
    door = re.compile(rf"\w+ (?:interfaces irb unit {intent.management.vlan}\b|routing-options|firewall family inet "
                      r"filter PD-management|system (?:services ssh|authentication-order|(?:radius|tacplus)-server))")
    way_in = [text for text in texts if door.match(text)]
    shrinks = [item.line for item in differences if item.verdict is Verdict.EXTRA and item.path
               and item.path[0].startswith("firewall") and "discard" in item.line.split()]
    grave = [f"touches the way into the device: {way_in[0]}"] if way_in else []
    grave += [f"shrinks a filter: no more {shrinks[0]!r}"] if shrinks else []
    found = [f"{why}: {first}" for why, pattern in _RISKS
             if (first := next((text for text in texts if pattern.match(text)), ""))]
    if any(item.verdict is Verdict.MISSING and item.line.endswith(_NEEDS_LEASES) for item in differences):
        found.append("stations whose lease the switch has not seen are cut off until they renew it")
    return "high" if grave else "medium" if found else "low", "; ".join((*grave, *found))


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences in canonical words and the remediation."""
    ours = intended_side(intended.document(DOCUMENT).lines)
    _fingerprinted(ours, fingerprint)
    comparison = _Comparison(intent, ours, running_side(running.text(DOCUMENT)))
    differences = tuple(comparison.differences())
    steps = comparison.steps(differences)
    risk, why = _risk(steps, differences, intent)
    return Change(intent.device, intent.platform, differences, steps, running.digest,
                  comparison.owner.unmanaged(comparison.running.every), risk, why)


