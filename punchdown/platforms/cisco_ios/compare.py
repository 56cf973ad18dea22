"""Intended against running: differences with their meaning, and the ordered remediation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_ios.access_lists import is_packet_list
from punchdown.platforms.cisco_ios.addresses import overlap
from punchdown.platforms.cisco_ios.capabilities import DOCUMENT
from punchdown.platforms.cisco_ios.control_policies import conflict
from punchdown.platforms.cisco_ios.meaning import meaning, severity
from punchdown.platforms.cisco_ios.normalise import Entry, Tree, by_path, canonical_root, children, same_body, tree_of
from punchdown.platforms.cisco_ios.ownership import Ownership
from punchdown.platforms.cisco_ios.remediation import remediate
from punchdown.platforms.cisco_ios.sections import Section, sections
from punchdown.platforms.cisco_ios.server_groups import is_group, is_member
from punchdown.platforms.lines import misplaced
from punchdown.secrets import UNKNOWN, fingerprinted
from punchdown.values import Change, Difference, IntendedConfig, Provenance, RunningConfig, Step, Verdict

_VTY = re.compile(r"line vty (\d+)")
_SSH2_ONLY = (17, 10)
_TAGGING = "switchport trunk encapsulation dot1q"
_NOWHERE = Provenance()


def version(text: str) -> tuple[int, ...]:
    """The release that a running configuration names in its ``version`` line, empty when it names none."""
    match = re.search(r"^version (\d+)\.(\d+)", text, re.MULTILINE)
    return (int(match[1]), int(match[2])) if match else ()


def _fingerprinted(tree: Tree, fingerprint: Mapping[str, str]) -> Tree:
    def known(entry: Entry) -> Entry:
        if "<secret:" not in entry.line:
            return entry
        line = fingerprinted(entry.line, fingerprint)
        return replace(entry, line=line)

    return {entry.key: entry for entry in map(known, tree.values())}


def _with_all_vtys(intended: Tree, running: Tree) -> Tree:
    """Every vty line that the device has must be as secure as the first."""
    model = children(intended, ("line vty 0",))
    extra = [entry.line for entry in running.values()
             if not entry.path and _VTY.fullmatch(entry.line) and (entry.line,) not in intended]
    tree = dict(intended)
    for line in extra if model else ():
        root = replace(intended[("line vty 0",)], line=line)
        for entry in (root, *(replace(item, path=(line,)) for item in model)):
            tree[entry.key] = entry
    return tree


def _unknown_secrets(intended: Tree, running: Tree) -> list[tuple[Entry, Entry]]:
    """Pairs of key lines that can't be compared, because either side is not known."""
    pairs = []
    for entry in intended.values():
        if "key <masked:" not in entry.line:
            continue
        words = entry.line.partition("<masked:")[0]
        pairs += [(entry, other) for other in children(running, entry.path)
                  if other.line.startswith(words) and UNKNOWN in (entry.line[len(words):], _bare(other.line, words))]
    return pairs


def _bare(line: str, words: str) -> str:
    """The secret of a line, without the number of its kind."""
    return line.removeprefix(words).rpartition(" ")[2]


def _ordered_lines(entries: Iterable[Entry]) -> list[str]:
    """The lines of an access list in the order that counts: the device may reorder the hosts of a standard list."""
    items = list(entries)
    if items and is_group(items[0].path[0]):
        return [entry.line for entry in items if is_member(entry)]
    lines = [entry.line for entry in items]
    if items and items[0].path[0].startswith("ip access-list standard ") and _denies_last(lines):
        return sorted(line for line in lines if line.startswith("permit")) + [x for x in lines if x.startswith("deny")]
    if items and items[0].path[0].startswith("ip access-list extended PD-mark-"):
        return sorted(lines)
    return lines


def _denies_last(lines: list[str]) -> bool:
    return [line.startswith("deny") for line in lines] == sorted(line.startswith("deny") for line in lines)


def _keeps_order(root: str) -> bool:
    return is_packet_list(root) or is_group(root)


class _Comparison:
    """Both trees of one device, brought to the same words."""

    def __init__(self, intent: DeviceIntent, intended: Tree, running: Tree) -> None:
        self.intent = intent
        self.running = running
        self.intended = _with_all_vtys(intended, running)
        self.unknown = _unknown_secrets(self.intended, running)
        for wanted, present in self.unknown:
            del self.intended[wanted.key]
            self.running = {key: entry for key, entry in self.running.items() if key != present.key}
        self.owner = Ownership(self.intended, self.running)
        self._intended_by_path, self._running_by_path = by_path(self.intended), by_path(self.running)
        self.owned: Tree = {key: entry for key, entry in self.running.items() if self.owner.owns(entry)}

    def _difference(self, verdict: Verdict, entry: Entry, source: Provenance) -> Difference:
        other = (self._running_by_path if verdict is Verdict.MISSING else self._intended_by_path).get(entry.path, [])
        line = entry.text if "<secret:" in entry.text else entry.line
        return Difference(verdict, DOCUMENT, entry.path, line, source, meaning(self.intent, verdict, entry, other),
                          severity(verdict, entry))

    def _section_source(self, entry: Entry) -> Provenance:
        section = self.intended.get(entry.key[:1])
        return section.source if section else self.intent.source

    def differences(self) -> list[Difference]:
        """Missing, extra, misplaced and unknown, in this order."""
        found = [self._difference(Verdict.MISSING, entry, entry.source)
                 for key, entry in self.intended.items() if key not in self.running]
        found += [self._difference(Verdict.EXTRA, entry, self._section_source(entry))
                  for key, entry in self.owned.items()
                  if key not in self.intended and (not entry.path or entry.path[:1] in self.intended)]
        for path in [key for key in self.intended if len(key) == 1 and _keeps_order(key[0])]:
            lines = misplaced(*(_ordered_lines(children(tree, path)) for tree in (self.intended, self.running)))
            found += [self._difference(Verdict.REORDERED, entry, entry.source)
                      for entry in children(self.intended, path) if entry.line in lines]
        found += [self._difference(Verdict.UNKNOWN, entry, entry.source) for entry, _ in self.unknown]
        return _grouped(found)


def _grouped(differences: list[Difference]) -> list[Difference]:
    """The same difference on consecutive vty lines as one."""
    out: list[Difference] = []
    ranges: dict[tuple[Verdict, str, bool], tuple[int, list[int]]] = {}
    for item in differences:
        match = _VTY.fullmatch(item.path[0] if item.path else item.line)
        if not match:
            out.append(item)
            continue
        at, numbers = ranges.setdefault((item.verdict, item.line if item.path else "", bool(item.path)), (len(out), []))
        numbers.append(int(match[1]))
        name = f"line vty {numbers[0]}" + (f" {numbers[-1]}" if len(numbers) > 1 else "")
        words = item.meaning.replace(match[0].removeprefix("line "), name.removeprefix("line "))
        merged = replace(item, path=(name,) if item.path else (), line=item.line if item.path else name, meaning=words)
        out[at:at + (len(numbers) > 1)] = [merged]
    return out


def _optional(intended: Tree, running: Tree, text: str) -> tuple[Tree, Tree]:
    """Releases that speak SSH version 2 only do not show the line; what tags trunks matters where it is asked for."""
    running = {path: entry for path, entry in running.items() if entry.line != _TAGGING or path in intended}
    key = ("ip ssh version 2",)
    if version(text) < _SSH2_ONLY:
        return intended, running
    return ({k: v for k, v in intended.items() if k != key}, {k: v for k, v in running.items() if k != key})


_RISKS = (
    ("ports must authenticate again", re.compile(
        r"(?:no )?(?:authentication |access-session |(?:service-policy|policy-map) type control |dot1x |mab\b"
        r"|aaa (?!accounting (?:exec|commands))|radius )")),
    ("drops calls on its ports", re.compile(
        r"shutdown|default interface |(?:no )?switchport (?:access|voice|mode)\b")),
    ("takes a VLAN off a trunk", re.compile(r"switchport trunk allowed vlan remove ")),
    ("cuts off whose lease the switch has not seen yet", re.compile(r"ip arp inspection vlan |ip verify source")),
    ("touches filters", re.compile(
        r".*access-list |(?:no )?(?:ip access-group|ipv6 traffic-filter|access-class)")),
)
"""What a command may cost whoever uses the switch."""

_WAY_IN = ("line vty", "aaa new-model", "ip default-gateway", "aaa authentication login", "aaa authorization exec")


def _risk(steps: Iterable[Step], differences: Iterable[Difference], intent: DeviceIntent,
          refused: str) -> tuple[str, str]:
    """High where the device will refuse a command, the way into it is touched or a filter loses a denial; all reasons,
    the gravest first, each with the first command that gives it."""
    texts = [step.text.strip() for step in steps]
    way_in = [text for text in texts if text.startswith(_WAY_IN)
              or text == f"interface Vlan{intent.management.vlan}"]
    shrinks = [item.line for item in differences if item.verdict is Verdict.EXTRA
               and item.path and is_packet_list(item.path[0]) and item.line.startswith("deny")]
    grave = [refused] if refused else []
    grave += [f"touches the way into the device: {way_in[0]}"] if way_in else []
    grave += [f"shrinks a filter: no more {shrinks[0]!r}"] if shrinks else []
    found = [f"{why}: {first}" for why, pattern in _RISKS
             if (first := next((text for text in texts if pattern.match(text)), ""))]
    return "high" if grave else "medium" if found else "low", "; ".join((*grave, *found))


def _same_bodies(intended: dict[str, Section], running: dict[str, Section]) -> set[str]:
    """The top-level lines, as written, of sections that say the same on both sides.

    Terminal lines are never among them: those that the device has in addition are measured by them.
    """
    written = Counter(name for root in running for name in canonical_root(root))
    places = {canonical_root(root): root for root in running}
    same: set[str] = set()
    for root, section in intended.items():
        names = canonical_root(root)
        if section.below and len(names) == 1 and written[names[0]] == 1 and not names[0].startswith("line vty"):
            present = running.get(places.get(names, ""))
            if present is not None and same_body(section, present):
                same |= {root, present.root}
    return same


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences in canonical words and the remediation, make before break."""
    text = running.text(DOCUMENT)
    wanted = sections((line.text, line.source) for line in intended.document(DOCUMENT).lines)
    present = sections((line, _NOWHERE) for line in text.splitlines())

    def compared(alike: set[str]) -> _Comparison:
        ours, theirs = (tree_of(part.without_body() if part.root in alike else part for part in side.values())
                        for side in (wanted, present))
        return _Comparison(intent, *_optional(_fingerprinted(ours, fingerprint), theirs, text))

    # Bodies that are alike hold no difference and cost most of the time, but a remediation needs to know them.
    comparison = compared(_same_bodies(wanted, present))
    if comparison.differences():
        comparison = compared(set())
    differences = tuple(comparison.differences())
    steps = remediate(comparison.intended, comparison.owned, comparison.running) if differences else ()
    refused = (overlap(comparison.intended, comparison.running, comparison.owned)
               or conflict([step.text.strip() for step in steps], text)) if steps else ""
    risk, why = _risk(steps, differences, intent, refused)
    return Change(intent.device, intent.platform, differences, steps, running.digest,
                  comparison.owner.unmanaged(comparison.running), risk, why)
