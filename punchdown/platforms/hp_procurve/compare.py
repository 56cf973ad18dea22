"""Intended against running: differences in facts about single ports, and the ordered remediation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from punchdown.intent import DeviceIntent
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.facts import LISTS
from punchdown.platforms.hp_procurve.meaning import meaning, severity
from punchdown.platforms.hp_procurve.normalise import NOWHERE, Entry, Tree, by_path, ordered, tree_of
from punchdown.platforms.hp_procurve.ownership import Ownership
from punchdown.platforms.hp_procurve.remediation import remediate
from punchdown.platforms.lines import misplaced
from punchdown.secrets import UNKNOWN, fingerprinted
from punchdown.values import Change, Difference, IntendedConfig, RunningConfig, Step, Verdict

_RELEASE = re.compile(r"Created on release #?([\w.]+)")


def version(text: str) -> str:
    """The release that a running configuration names in its header, empty when it names none.

    >>> version("; J9729A Configuration Editor; Created on release #WB.16.08.0001")
    'WB.16.08.0001'
    """
    match = _RELEASE.search(text)
    return match[1] if match else ""


def _fingerprinted(tree: Tree, fingerprint: Mapping[str, str]) -> Tree:
    return {slot: replace(entry, line=fingerprinted(entry.line, fingerprint))
            if "<secret:" in entry.line else entry for slot, entry in tree.items()}


def _unknown(intended: Tree, running: Tree) -> list[Entry]:
    """Keys that can't be compared: hidden by the device, hashed by it, or without a fingerprint here."""
    found = []
    for slot, entry in intended.items():
        if not slot[-1].endswith(" key"):
            continue
        present = running.get(slot)
        hidden = present is None and (slot[0], slot[1].removesuffix(" key")) in running
        if hidden or (present is not None and UNKNOWN in f"{entry.line} {present.line}"):
            found.append(entry)
    return found


class _Comparison:
    """Both trees of one device."""

    def __init__(self, intent: DeviceIntent, intended: Tree, running: Tree) -> None:
        self.intent = intent
        self.unknown = _unknown(intended, running)
        aside = {entry.slot for entry in self.unknown}
        self.intended = {slot: entry for slot, entry in intended.items() if slot not in aside}
        self.running = {slot: entry for slot, entry in running.items() if slot not in aside}
        self.owner = Ownership(self.intended, self.running)
        self.owned: Tree = {slot: entry for slot, entry in self.running.items() if self.owner.owns(entry)}

    def difference(self, verdict: Verdict, entry: Entry) -> Difference:
        """One difference, with the source of what is intended there."""
        source = entry.source
        if verdict is Verdict.EXTRA:
            near = self.intended.get(entry.slot) or self.intended.get(entry.slot[:2])
            source = near.source if near else self.intent.source
        line = entry.text.strip() if "<secret:" in entry.text else entry.line
        return Difference(verdict, DOCUMENT, entry.path, line, source, meaning(self.intent, verdict, entry),
                          severity(verdict, entry))

    def lists(self) -> list[Difference]:
        """Entries of access lists, classes and policies: their order counts, their numbers do not."""
        found: list[Difference] = []
        wanted, present = by_path(self.intended), by_path(self.owned)
        for path in dict.fromkeys((*wanted, *present)):
            if not path or not LISTS.fullmatch(path[0]) or (path[0],) not in {(s[1],) for s in self.intended
                                                                              if s[0] == "list" and len(s) == 2}:
                continue
            ours, theirs = wanted.get(path, []), present.get(path, [])
            have, want = {entry.line for entry in theirs}, {entry.line for entry in ours}
            moved = misplaced([entry.line for entry in ours], [entry.line for entry in theirs])
            found += [self.difference(Verdict.MISSING, entry) for entry in ours if entry.line not in have]
            found += [self.difference(Verdict.EXTRA, entry) for entry in theirs if entry.line not in want]
            found += [self.difference(Verdict.REORDERED, entry) for entry in ours if entry.line in moved]
        return found

    def differences(self) -> list[Difference]:
        """Missing, extra, of lists, and unknown, in this order."""
        def plain(tree: Tree) -> Iterable[Entry]:
            return (entry for entry in ordered(tree) if entry.slot[0] != "list" or len(entry.slot) == 2)

        found = [self.difference(Verdict.MISSING, entry) for entry in plain(self.intended)
                 if entry.slot not in self.running or self.running[entry.slot].same != entry.same]
        found += [self.difference(Verdict.EXTRA, entry) for entry in plain(self.owned)
                  if entry.slot not in self.intended or self.intended[entry.slot].same != entry.same]
        return [*found, *self.lists(), *(self.difference(Verdict.UNKNOWN, entry) for entry in self.unknown)]


_RISKS = (
    ("ports must authenticate again", re.compile(
        r'(?:no )?(?:aaa (?:port-access|authentication (?:port-access|mac-based)|server-group radius "punchdown")'
        r"|radius-server )")),
    ("drops calls on its ports", re.compile(r" +(?:disable|(?:no )?untagged )")),
    ("takes a VLAN off a port", re.compile(r" +no tagged ")),
    ("touches filters", re.compile(r".*access-(?:list|group) ")),
)


def _risk(steps: Iterable[Step], differences: Iterable[Difference], intent: DeviceIntent) -> tuple[str, str]:
    """High where the way into the device is touched or a filter loses a denial; all reasons, the gravest first."""
    texts = [step.text for step in steps]
    way_in = [text.strip() for text in texts if "ip authorized-managers " in text or "ip default-gateway " in text]
    way_in += [text.strip() for text in texts if "aaa authentication ssh " in text]
    way_in += [f"vlan {intent.management.vlan}"] if any(" ip address " in text for text in texts) else []
    shrinks = [item.line for item in differences if item.verdict is Verdict.EXTRA
               and item.path and "access-list " in item.path[0] and item.line.startswith("deny")]
    grave = [f"touches the way into the device: {way_in[0]}"] if way_in else []
    grave += [f"shrinks a filter: no more {shrinks[0]!r}"] if shrinks else []
    found = [f"{why}: {first.strip()}" for why, pattern in _RISKS
             if (first := next((text for text in texts if pattern.match(text)), ""))]
    return "high" if grave else "medium" if found else "low", "; ".join((*grave, *found))


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences in canonical words and the remediation, make before break."""
    wanted = tree_of((line.text, line.source) for line in intended.document(DOCUMENT).lines)
    present = tree_of((line, NOWHERE) for line in running.text(DOCUMENT).splitlines())
    comparison = _Comparison(intent, _fingerprinted(wanted, fingerprint), present)
    differences = tuple(comparison.differences())
    again = {entry.slot: entry for entry in comparison.unknown if "<secret:" in entry.text}
    steps = remediate(comparison.intended | again, comparison.owned, comparison.running) if differences else ()
    risk, why = _risk(steps, differences, intent)
    return Change(intent.device, intent.platform, differences, steps, running.digest,
                  comparison.owner.unmanaged(comparison.running), risk, why)
