"""From running to intended, make before break: what others need comes first, what carries the session last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from punchdown.platforms.cisco_ios.access_list_change import Command, bindings, change_list
from punchdown.platforms.cisco_ios.access_lists import is_packet_list
from punchdown.platforms.cisco_ios.normalise import Entry, Tree, by_path, collapse_vlans, expand_vlans
from punchdown.platforms.cisco_ios.ownership import slot
from punchdown.platforms.cisco_ios.phases import WHY, Phase, phase_of
from punchdown.platforms.cisco_ios.server_groups import change_group, is_group, is_member
from punchdown.values import Provenance, Step

_TRUNK = "switchport trunk allowed vlan "
_SETS = ("ip dhcp snooping vlan ", "ip arp inspection vlan ")
_INSPECTED = "ip arp inspection vlan "
_GUARD = "ip verify source"
_CONTROL = "service-policy type control subscriber "
_AUTHENTICATION = ("authentication ", "access-session ", "dot1x ", "mab", _CONTROL)
_REMOVE_FIRST = ("authentication port-control", "access-session port-control", "dot1x pae", "mab",
                 "authentication host-mode")
_MARKING = ("service-policy ", "mls qos trust")
_NUMBERED = "policy-map type control "
"""Sections whose lines have numbers that another line may hold: what is wrong goes first."""
_BIND_FIRST = ("ip access-group ", "ipv6 traffic-filter ")
_SHORT_NEGATION = {"description", "switchport access vlan", "switchport mode", "switchport voice vlan",
                   "switchport trunk native vlan", "authentication host-mode", "authentication port-control",
                   "authentication order", "authentication violation", "access-session host-mode",
                   "access-session port-control", "service-policy type control subscriber", "vlan",
                   "dot1x timeout tx-period", "exec-timeout",
                   "storm-control broadcast level", "storm-control multicast level", "ip dhcp snooping limit rate",
                   "ip arp inspection limit", "ip arp inspection validate", "ip dhcp snooping database",
                   "key", "timeout", "retransmit", "deadtime", "path", "name", "banner login"}
_VTY = re.compile(r"line vty (\d+)")


def negation(entry: Entry) -> str:
    """The command that takes a line away; never one that repeats a masked secret."""
    if entry.line.startswith("no "):
        return entry.line.removeprefix("no ")
    if entry.line.startswith("snmp-server user "):
        return " ".join(["no", *entry.line.split()[:5]])
    name = slot(entry)
    if name in _SHORT_NEGATION or name.startswith("client "):
        return f"no {name}"
    words = entry.line.partition(" <masked:")[0].split()
    masked = "<masked:" in entry.line
    return " ".join(["no", *(words[:-1] if masked and words[-1].isdigit() else words)])


def _send(entry: Entry) -> str:
    if entry.line.startswith("banner "):
        head, _, body = entry.line.partition("\n")
        return f"{head} ^\n{body}\n^"
    return entry.text if "<secret:" in entry.text else entry.line


class _Remediation:
    """The commands of one device, collected by phase."""

    def __init__(self, intended: Tree, owned: Tree, running: Tree) -> None:
        self.intended, self.owned, self.running = intended, owned, running
        self.wanted, self.present, self.all_present = by_path(intended), by_path(owned), by_path(running)
        self.phases: dict[Phase, list[Command]] = {phase: [] for phase in Phase}

    def add(self, phase: Phase, path: tuple[str, ...], text: str, entry: Entry | None = None, why: str = "") -> None:
        """Queue one command."""
        self.phases[phase].append(Command(path, text, why or WHY[phase], entry))

    def missing(self, path: tuple[str, ...]) -> list[Entry]:
        """What the device lacks in a section."""
        return [entry for entry in self.wanted.get(path, ()) if entry.key not in self.running]

    def surplus(self, path: tuple[str, ...]) -> list[Entry]:
        """What the device has too much in a section."""
        return [entry for entry in self.present.get(path, ()) if entry.key not in self.intended]

    def lists(self) -> None:
        """Access lists, in place or by a copy."""
        places = bindings(self.running)
        for entry in self.wanted.get((), ()):
            wanted = self.wanted.get(entry.key, [])
            if not is_packet_list(entry.line):
                continue
            present = self.all_present.get(entry.key, [])
            if _same_order(entry.line, wanted, present):
                continue
            name = entry.line.rpartition(" ")[2]
            self.phases[Phase.LISTS] += change_list(entry.line, wanted, present, self.running, places.get(name, []))

    def top_level(self) -> None:
        """Single lines outside any section, and sections that should not exist."""
        wanted = self.missing(())
        replaced = {slot(entry) for entry in wanted} - {""}
        for entry in wanted:
            if entry.key not in self.wanted and not entry.line.startswith(_SETS):
                self.add(phase_of(entry.line), (), _send(entry), entry)
        self._sets_of_vlans(wanted)
        for entry in sorted(self.surplus(()), key=lambda item: _cleanup_rank(item.line)):
            if slot(entry) not in replaced and not entry.line.startswith("line vty"):
                ends = entry.line.startswith(_INSPECTED)
                self.add(Phase.UNINSPECTED if ends else Phase.CLEANUP, (), negation(entry), entry)

    def vlan_names(self) -> None:
        """A VLAN gives its name away before another takes it, also one that a port which is not ours still uses: the
        device refuses a name that is in use."""
        taken = {entry.line: root.key for root in self.wanted.get((), ()) if root.line.startswith("vlan ")
                 for entry in self.missing(root.key)}
        for root in self.all_present.get((), ()):
            for entry in self.all_present.get(root.key, ()) if root.line.startswith("vlan ") else ():
                if taken.get(entry.line, root.key) != root.key:
                    self.add(Phase.VLANS, root.key, negation(entry), entry, "the name goes to another VLAN")

    def _sets_of_vlans(self, missing: Iterable[Entry]) -> None:
        """Lists of VLANs that grow by the line and shrink by its ``no``."""
        for entry in missing:
            words = next((words for words in _SETS if entry.line.startswith(words)), "")
            if not words:
                continue
            ours = set(expand_vlans(entry.line.removeprefix(words)))
            theirs = {number for item in self.present.get((), ()) if item.line.startswith(words)
                      for number in expand_vlans(item.line.removeprefix(words))}
            if ours - theirs:
                self.add(phase_of(entry.line), (), f"{words}{collapse_vlans(ours - theirs)}", entry)
            if theirs - ours:
                ends = Phase.UNINSPECTED if words == _INSPECTED else Phase.SNOOPING
                self.add(ends, (), f"no {words}{collapse_vlans(theirs - ours)}", entry)

    def section(self, root: Entry) -> None:
        """A section and what lies below it: filters first, then other new lines, then those that go."""
        phase = phase_of(root.line)
        stack = [root.key]
        while stack:
            path = stack.pop(0)
            missing, extra = self.missing(path), self.surplus(path)
            replaced = {slot(entry) for entry in missing} - {""}
            if is_group(path[0]):
                self.phases[phase] += change_group(path, self.wanted.get(path, []), self.all_present.get(path, []))
                missing, extra = ([entry for entry in each if not is_member(entry)] for each in (missing, extra))
            new = [(_send(entry), entry) for entry in sorted(
                missing, key=lambda item: not item.line.startswith(_BIND_FIRST)) if entry.key not in self.wanted]
            old = [(negation(entry), entry) for entry in extra if slot(entry) not in replaced]
            for text, entry in (*old, *new) if root.line.startswith(_NUMBERED) else (*new, *old):
                self.add(phase, path, text, entry)
            stack += [entry.key for entry in self.wanted.get(path, ()) if entry.key in self.wanted]

    def port(self, root: Entry) -> None:
        """A switch port: shut or filtered first, then guarded, then given its VLANs, opened last."""
        path, missing, extra = root.key, self.missing(root.key), self.surplus(root.key)
        replaced = {slot(entry) for entry in missing} - {""}
        going = [entry for entry in extra if slot(entry) not in replaced
                 or (entry.line.startswith("service-policy ") and not entry.line.startswith(_CONTROL))]
        missing, going = self._guarded(path, missing, going)
        first = [entry for entry in missing if entry.line == "shutdown"]
        bound = [entry for entry in missing if entry.line.startswith(_BIND_FIRST)]
        early = sorted((entry for entry in going if entry.line.startswith((*_AUTHENTICATION, *_MARKING))),
                       key=_removal_rank)
        for entry in (*first, *bound):
            self.add(Phase.PORTS, path, _send(entry), entry)
        for entry in early:
            self.add(Phase.PORTS, path, negation(entry), entry)
        for entry in sorted(missing, key=lambda item: _guard_rank(item, missing)):
            if entry.line.startswith(_TRUNK):
                self._trunk(path, entry)
            elif entry not in first and entry not in bound:
                self.add(Phase.PORTS, path, _send(entry), entry)
        late = [entry for entry in going if entry not in early and not entry.line.startswith(_TRUNK)]
        for entry in sorted(late, key=lambda item: item.line == "shutdown"):
            self.add(Phase.PORTS, path, negation(entry), entry)

    def _guarded(self, path: tuple[str, ...], missing: list[Entry], going: list[Entry]) -> tuple[list[Entry], ...]:
        """Senders are checked last of all, and no more first of all; what is left of a port's lines."""
        for phase, entries, verb in ((Phase.GUARD, missing, _send), (Phase.UNINSPECTED, going, negation)):
            for entry in entries:
                if entry.line == _GUARD:
                    self.add(phase, path, verb(entry), entry)
        return tuple([entry for entry in entries if entry.line != _GUARD] for entries in (missing, going))

    def _trunk(self, path: tuple[str, ...], entry: Entry) -> None:
        """Trunks are edited by add and remove; a bare ``no`` would allow every VLAN."""
        ours = set(expand_vlans(entry.line.removeprefix(_TRUNK)))
        lines = {item.line for item in self.present.get(path, ())}
        current = next((line for line in lines if line.startswith(_TRUNK)), "")
        if "switchport mode trunk" not in lines:
            self.add(Phase.PORTS, path, entry.line, entry)
        elif not current:
            self.add(Phase.TRUNKS_LOSE, path, entry.line, entry)
        else:
            theirs = set(expand_vlans(current.removeprefix(_TRUNK)))
            if ours - theirs:
                self.add(Phase.TRUNKS_GAIN, path, f"{_TRUNK}add {collapse_vlans(ours - theirs)}", entry)
            if theirs - ours:
                self.add(Phase.TRUNKS_LOSE, path, f"{_TRUNK}remove {collapse_vlans(theirs - ours)}", entry)

    def sections(self) -> None:
        """Every section but access lists."""
        for entry in self.wanted.get((), ()):
            if is_packet_list(entry.line) or not (entry.key in self.wanted or entry.key in self.present):
                continue
            if phase_of(entry.line) is Phase.PORTS:
                self.port(entry)
            else:
                self.section(entry)


def _same_order(root: str, wanted: list[Entry], present: list[Entry]) -> bool:
    ours, theirs = [entry.line for entry in wanted], [entry.line for entry in present]
    loose = root.startswith(("ip access-list standard ", "ip access-list extended PD-mark-"))
    return _runs(ours) == _runs(theirs) if loose else ours == theirs


def _runs(lines: list[str]) -> list[list[str]]:
    """Neighbours that permit, or that deny, in any order: the device sorts them as it likes."""
    return [sorted(group) for _, group in groupby(lines, lambda line: line.partition(" ")[0])]


def _removal_rank(entry: Entry) -> int:
    return next((rank for rank, words in enumerate(_REMOVE_FIRST) if entry.line.startswith(words)), len(_REMOVE_FIRST))


def _guard_rank(entry: Entry, missing: list[Entry]) -> int:
    """Port access control is complete before it is switched on, and on before the port gets its VLANs; the device takes
    it on access ports only."""
    if entry.line == "switchport mode access":
        return 0 if any(item.line.startswith(_AUTHENTICATION) for item in missing) else 3
    if entry.line.startswith(("authentication port-control", "access-session port-control")):
        return 2
    return 1 if entry.line.startswith(_AUTHENTICATION) else 3


def _cleanup_rank(line: str) -> int:
    order = ("policy-map", "class-map", "ip access-list", "ipv6 access-list", "arp access-list",
             "aaa group server", "tacacs server", "service-template")
    return next((rank for rank, words in enumerate(order) if line.startswith(words)), -1)


def _vty_ranges(commands: list[Command]) -> list[Command]:
    """The same commands on consecutive vty lines once, below their range."""
    out: list[Command] = []
    lines: dict[int, list[Command]] = {}
    for command in commands:
        match = _VTY.fullmatch(command.path[0]) if command.path else None
        if match:
            lines.setdefault(int(match[1]), []).append(command)
        else:
            out.append(command)
    groups: list[tuple[int, int, list[Command]]] = []
    for number, items in sorted(lines.items()):
        texts = [item.text for item in items]
        if groups and groups[-1][1] == number - 1 and [item.text for item in groups[-1][2]] == texts:
            groups[-1] = (groups[-1][0], number, groups[-1][2])
        else:
            groups.append((number, number, items))
    for first, last, items in groups:
        name = f"line vty {first} {last}" if last > first else f"line vty {first}"
        out += [Command((name,), item.text, item.why, item.source) for item in items]
    return out


def cite(source: Provenance) -> str:
    """Where a line comes from: site field, position and template.

    >>> cite(Provenance("segments.phones", feature="vlans"))
    'segments.phones, template vlans'
    """
    place = f"{source.field} ({source.position})" if source.position.file else source.field
    return ", ".join(part for part in (place, f"template {source.feature}" if source.feature else "") if part)


def _steps(commands: Iterable[Command], intended: Tree) -> Iterator[Step]:
    current: tuple[str, ...] = ()
    for command in commands:
        asked = [item.source for item in (command.source, intended.get(command.path[:1])) if item and item.source.field]
        from_ = cite(asked[0]) if asked else ""
        why = f"{command.why}; {from_}" if from_ else command.why
        same = 0
        while same < min(len(current), len(command.path)) and current[same] == command.path[same]:
            same += 1
        start = same if command.path != current[:len(command.path)] else 0
        if command.path != current:
            for depth in range(start, len(command.path)):
                yield Step(" " * depth + command.path[depth], why)
        text = command.text if "\n" in command.text else " " * len(command.path) + command.text
        yield Step(text, why)
        current = command.path


def remediate(intended: Tree, owned: Tree, running: Tree) -> tuple[Step, ...]:
    """The ordered steps. ``owned`` are the running entries that are ours, ``running`` all of them."""
    work = _Remediation(intended, owned, running)
    work.lists()
    work.vlan_names()
    work.top_level()
    work.sections()
    work.phases[Phase.VTY] = _vty_ranges(work.phases[Phase.VTY])
    ordered = [command for phase in Phase for command in work.phases[phase]]
    return tuple(_steps(ordered, intended))
