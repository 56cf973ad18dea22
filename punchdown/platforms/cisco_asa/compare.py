"""Intended against running: differences with their meaning, and the ordered remediation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.capabilities import DOCUMENT
from punchdown.platforms.cisco_asa.meaning import meaning, severity
from punchdown.platforms.cisco_asa.normalise import Entry, Tree, by_path, is_absence, is_ordered, parse, parse_text
from punchdown.platforms.cisco_asa.ownership import Ownership
from punchdown.platforms.cisco_asa.remediation import remediate
from punchdown.platforms.lines import misplaced
from punchdown.values import Change, Difference, IntendedConfig, Provenance, RunningConfig, Step, Verdict

_RISKS = (
    ("touches filters", re.compile(r"(?:no |clear configure )?access-(?:list|group) ")),
    ("connections that are translated may end", re.compile(r"no nat ")),
    ("touches a VPN: what goes through it may be interrupted", re.compile(r".*(?:crypto |tunnel-group |sysopt )")),
    ("touches lists of addresses", re.compile(r"(?:no )?(?:network-object|object-group) ")),
)


def differences(intent: DeviceIntent, intended: Tree, owned: Tree, running: Tree) -> Iterator[Difference]:
    """Missing, extra and misplaced, in this order. A ``no`` line of the intent wants that a line is not there."""
    def difference(verdict: Verdict, entry: Entry, source: Provenance) -> Difference:
        return Difference(verdict, DOCUMENT, entry.path, entry.line, source, meaning(intent, verdict, entry),
                          severity(verdict, entry))

    denied = {(*key[:-1], key[-1].removeprefix("no ")): entry for key, entry in intended.items()
              if is_absence(key[-1])}
    for key, entry in intended.items():
        if key not in running and not is_absence(key[-1]):
            yield difference(Verdict.MISSING, entry, entry.source)
    for key, entry in owned.items():
        if key not in intended:
            near = denied.get(key) or intended.get(key[:1])
            yield difference(Verdict.EXTRA, entry, near.source if near else intent.source)
    present = by_path(owned)
    for path, entries in by_path(intended).items():
        if is_ordered(path):
            moved = misplaced([entry.line for entry in entries], [entry.line for entry in present.get(path, ())])
            for entry in entries:
                if entry.line in moved:
                    yield difference(Verdict.REORDERED, entry, entry.source)


def _risk(steps: Iterable[Step], found: Iterable[Difference], intent: DeviceIntent) -> tuple[str, str]:
    """High where the way in is touched or a filter loses a denial; all reasons, the gravest first."""
    texts = [step.text.strip() for step in steps]
    leg = intent.firewall.management_interface if intent.firewall else ""
    way_in = [text for text in texts if re.match(r"(?:no )?(?:ssh|aaa) ", text)
              or text == f"access-group PD-in-{leg} in interface {leg}"]
    shrinks = [item.line for item in found if item.verdict is Verdict.EXTRA and item.line.startswith("extended deny")]
    grave = [f"touches the way into the device: {way_in[0]}"] if way_in else []
    grave += [f"shrinks a filter: no more {shrinks[0]!r}"] if shrinks else []
    reasons = [f"{why}: {first}" for why, pattern in _RISKS
               if (first := next((text for text in texts if pattern.match(text)), ""))]
    return "high" if grave else "medium" if reasons else "low", "; ".join((*grave, *reasons))


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences in canonical words and the remediation, make before break."""
    del fingerprint  # the device shows no secret that is rendered
    wanted = parse((line.text, line.source) for line in intended.document(DOCUMENT).lines)
    present = parse_text(running.text(DOCUMENT))
    owner = Ownership(intent, wanted, present)
    owned = {key: entry for key, entry in present.items() if owner.owns(entry)}
    found = tuple(differences(intent, wanted, owned, present))
    steps = remediate(wanted, owned, present) if found else ()
    risk, why = _risk(steps, found, intent)
    return Change(intent.device, intent.platform, found, steps, running.digest, owner.unmanaged(present), risk, why)


def back(text: str, to: str) -> tuple[Step, ...]:
    """The steps from one whole configuration of a device to another of the same device."""
    present, wanted = parse_text(text), parse_text(to)
    return remediate(wanted, present, present)
