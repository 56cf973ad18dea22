"""From running to intended, make before break: what others name comes first, what carries the session last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from punchdown.platforms.cisco_asa.normalise import BANNER, NAT, NAT_LATE, Entry, Tree, by_path, is_absence
from punchdown.platforms.cisco_asa.ordered import Command, change_list, change_translations
from punchdown.platforms.cisco_asa.ownership import is_list, slot
from punchdown.platforms.cisco_asa.tunnels import MAP
from punchdown.secrets import references
from punchdown.values import Provenance, Step

_BINDING = re.compile(r"access-group (\S+) (in interface \S+|out interface \S+|global)(?: \S+)?")


_SELECTORS = f"{MAP}-"
_TUNNEL = re.compile(r"crypto |(?:no )?sysopt |tunnel-group ")
_PLACE = re.compile(r"crypto map \S+ \d+ ")
_FAR_END = re.compile(r"tunnel-group \S+")
_GOING = (" interface ", "crypto map ", "snmp-server host ", "snmp-server user ")
"""What goes before whatever it names."""
_SERVERS = re.compile(r"aaa-server \S+")


class Phase(IntEnum):
    """The order of a change; each phase needs only those before it."""

    SYSTEM = 0
    OBJECTS = 1
    TRANSLATIONS = 2
    TUNNELS = 3
    LISTS = 4
    CLASSES = 5
    BINDINGS = 6
    UNBOUND = 7
    TUNNELS_GONE = 8
    UNTRANSLATED = 9
    MEMBERS = 10
    CLEANUP = 11
    SERVICES = 12
    LOGIN = 13
    LOGIN_GONE = 14
    SERVERS_GONE = 15
    NAME = 16


_WHY = {
    Phase.SYSTEM: "logging and timers first", Phase.OBJECTS: "objects exist before lists and translations name them",
    Phase.LISTS: "access lists exist before they are bound", Phase.CLASSES: "classes before policies, policies before "
    "they are bound", Phase.TRANSLATIONS: "a real address hides behind its own before a list opens it",
    Phase.TUNNELS: "a VPN takes what is for it, or claims to be from it, before a list opens it",
    Phase.TUNNELS_GONE: "no list opens any more what the VPN kept encrypted",
    Phase.BINDINGS: "a list judges as soon as it is bound", Phase.UNBOUND: "nothing ours is bound there any more",
    Phase.UNTRANSLATED: "nothing needs this translation any more", Phase.MEMBERS: "members go after others have come",
    Phase.CLEANUP: "removed when nothing uses it any more", Phase.SERVICES: "the management plane after the traffic",
    Phase.LOGIN: "who may log in comes before who may not", Phase.LOGIN_GONE: "who may log in changes late",
    Phase.SERVERS_GONE: "nothing asks them any more",
    Phase.NAME: "the prompt changes last of all",
}
_PHASES = tuple((re.compile(pattern), phase) for pattern, phase in (
    (r"hostname ", Phase.NAME), (r"object(?:-group)? |time-range ", Phase.OBJECTS),
    (r"class-map |policy-map ", Phase.CLASSES),
    (r"aaa-server \S+ protocol ", Phase.SYSTEM), (r"aaa-server ", Phase.OBJECTS),
    (r"tunnel-group \S+ type ", Phase.OBJECTS), (r"crypto |sysopt |tunnel-group ", Phase.TUNNELS),
    (r"access-group |service-policy |priority-queue ", Phase.BINDINGS), (r"ssh |aaa ", Phase.LOGIN),
    (r"logging |same-security|service ", Phase.SYSTEM)))
_CLEANUP = ("priority-queue", "policy-map", "class-map", "object-group", "object", "time-range")
_UNBINDING = ("access-group ", "service-policy ")


def phase_of(line: str) -> Phase:
    """The phase of a top-level line."""
    return next((phase for pattern, phase in _PHASES if pattern.match(line)), Phase.SERVICES)


def negation(line: str) -> str:
    """The command that takes a line away."""
    return line.removeprefix("no ") if line.startswith("no ") else f"no {line}"


class _Remediation:
    def __init__(self, intended: Tree, owned: Tree, running: Tree) -> None:
        self.intended, self.owned, self.running = intended, owned, running
        self.wanted, self.present, self.everything = by_path(intended), by_path(owned), by_path(running)
        self.phases: dict[Phase, list[Command]] = {phase: [] for phase in Phase}

    def add(self, phase: Phase, path: tuple[str, ...], text: str, entry: Entry | None = None) -> None:
        """Queue one command."""
        self.phases[phase].append(Command(path, text, _WHY[phase], entry))

    def lists(self) -> None:
        """Access lists: in place, by a copy, or gone."""
        bound: dict[str, list[str]] = {}
        for entry in self.running.values():
            if match := _BINDING.fullmatch(entry.line):
                bound.setdefault(match[1], []).append(match[2])
        names = [path for path in (*self.wanted, *self.present) if is_list(path)]
        taken = frozenset(path[0].split()[1] for path in self.everything if is_list(path))
        for path in dict.fromkeys(names):
            name = path[0].split()[1]
            wanted, present = self.wanted.get(path, []), self.everything.get(path, [])
            if wanted and name.startswith(_SELECTORS):
                for command in change_list(name, wanted, present, (), taken):
                    self.phases[Phase.TUNNELS_GONE if command.text.startswith("no ") else Phase.TUNNELS].append(command)
            elif not wanted:
                self.add(Phase.CLEANUP, (), f"clear configure access-list {name}", present[0])
            elif [entry.line for entry in wanted] != [entry.line for entry in present]:
                self.phases[Phase.LISTS] += change_list(name, wanted, present, bound.get(name, []), taken)

    def translations(self) -> None:
        """Both sections of translations that stand alone."""
        for path in ((NAT,), (NAT_LATE,)):
            first, gone = change_translations(path, self.wanted.get(path, []), self.present.get(path, []),
                                              self.everything.get(path, []))
            self.phases[Phase.TRANSLATIONS] += first
            self.phases[Phase.UNTRANSLATED] += gone

    def in_one_go(self) -> None:
        """Banners and ICMP rules: written again from where they differ. No ICMP rule at all would let everything in."""
        for path in dict.fromkeys((*self.wanted, *self.present)):
            if not path or not (path[0] == BANNER or path[0].startswith("icmp ")):
                continue
            wanted, present = self.wanted.get(path, []), self.present.get(path, [])
            if [entry.line for entry in wanted] == [entry.line for entry in present]:
                continue
            if path[0] == BANNER:
                if present:
                    self.add(Phase.SERVICES, (), f"no {BANNER}", present[0])
                for entry in wanted:
                    self.add(Phase.SERVICES, (), f"{BANNER} {entry.line.rstrip()}", entry)
                continue
            same = 0
            while same < min(len(wanted), len(present)) and wanted[same].line == present[same].line:
                same += 1
            for entry in present[same:]:
                self.add(Phase.SERVICES, (), negation(entry.line), entry)
            for entry in wanted[same:]:
                self.add(Phase.SERVICES, (), entry.line, entry)

    def sections(self) -> None:
        """Objects, groups, classes and policies: what is new below them, then what goes; whole ones last."""
        for root in self.wanted.get((), ()):
            self._section(root.key, phase_of(root.line))
        for root in sorted(self.present.get((), ()), key=lambda entry: _rank(entry.line)):
            if root.key not in self.intended and _rank(root.line) < len(_CLEANUP):
                self.add(Phase.CLEANUP, (), negation(root.line), root)

    def _section(self, path: tuple[str, ...], phase: Phase) -> None:
        wanted = self.wanted.get(path, [])
        for entry in wanted:
            if entry.line.startswith("no "):
                if (*path, entry.line.removeprefix("no ")) in self.running:
                    self.add(phase, path, entry.line, entry)
            elif entry.key in self.wanted:
                self._section(entry.key, phase)
            elif entry.key not in self.running:
                self.add(phase, path, entry.text.strip() if references(entry.text) else entry.line, entry)
        replaced = path[0].startswith("object ") and any(entry.key not in self.running for entry in wanted)
        for entry in self.present.get(path, ()) if wanted and not replaced else ():
            if entry.key not in self.intended and (*path, f"no {entry.line}") not in self.intended:
                self.add(Phase.MEMBERS if phase is Phase.OBJECTS else phase, path, negation(entry.line), entry)

    def top_level(self) -> None:
        """Single lines."""
        lines = [entry for entry in self.wanted.get((), ()) if entry.key not in self.wanted]
        missing = [entry for entry in lines if not self._holds(entry)]
        replaced = {slot(entry.line) for entry in missing} - {""}
        for entry in missing:
            text = entry.text if references(entry.text) else entry.line
            self.add(phase_of(entry.line.removeprefix("no ")), (), text, entry)
        for entry in self.present.get((), ()):
            gone = entry.key not in self.intended and (f"no {entry.line}",) not in self.intended
            if gone and slot(entry.line) not in replaced and _rank(entry.line) >= len(_CLEANUP):
                phase = (Phase.UNBOUND if entry.line.startswith(_UNBINDING)
                         else Phase.LOGIN_GONE if phase_of(entry.line) is Phase.LOGIN
                         else Phase.SERVERS_GONE if _SERVERS.match(entry.line) or entry.line.startswith("snmp-server ")
                         else Phase.TUNNELS_GONE if _TUNNEL.match(entry.line) else Phase.SERVICES)
                self.add(phase, (), self._removal(entry.line), entry)
        for phase in (Phase.TUNNELS_GONE, Phase.SERVERS_GONE):
            self.phases[phase] = _once(self.phases[phase])

    def _removal(self, line: str) -> str:
        """The command that takes a single line away. A place of a crypto map that lacks a line drops what it should
        carry, so it goes as a whole, as the settings of a far end do."""
        if (match := _PLACE.match(line)) and not any(key[0].startswith(match[0]) for key in self.intended):
            return f"clear configure {match[0].strip()}"
        if line.startswith("snmp-server user "):
            return f"no {line.partition(' auth ')[0]}"
        match = _FAR_END.match(line) or _SERVERS.match(line)
        return f"clear configure {match[0]}" if match else negation(line)

    def _holds(self, entry: Entry) -> bool:
        if is_absence(entry.line):
            return (entry.line.removeprefix("no "),) not in self.running
        return entry.key in self.running


def _once(commands: Iterable[Command]) -> list[Command]:
    """Without repetitions; a crypto map is taken off its interface before its places go, and what it names last."""
    found: dict[str, Command] = {}
    for command in commands:
        found.setdefault(command.text, command)
    return sorted(found.values(), key=lambda command: next(
        (place for place, word in enumerate(_GOING) if word in command.text), len(_GOING)))


def _rank(line: str) -> int:
    return next((rank for rank, word in enumerate(_CLEANUP) if line.split()[0] == word), len(_CLEANUP))


def cite(source: Provenance) -> str:
    """Where a line comes from: site field, position and template."""
    place = f"{source.field} ({source.position})" if source.position.file else source.field
    return ", ".join(part for part in (place, f"template {source.feature}" if source.feature else "") if part)


def _steps(commands: Iterable[Command]) -> Iterator[Step]:
    current: tuple[str, ...] = ()
    for command in commands:
        source = cite(command.source.source) if command.source and command.source.source.field else ""
        why = f"{command.why}; {source}" if source else command.why
        same = 0
        while same < min(len(current), len(command.path)) and current[same] == command.path[same]:
            same += 1
        if len(command.path) < len(current):
            same = 0
        if current and not command.path and command.text.removeprefix("no ").startswith("nat "):
            yield Step("exit", "below an object, the same word is another command")
        for depth in range(same, len(command.path)):
            yield Step(" " * depth + command.path[depth], why)
        yield Step(" " * len(command.path) + command.text, why)
        current = command.path


def remediate(intended: Tree, owned: Tree, running: Tree) -> tuple[Step, ...]:
    """The ordered steps. ``owned`` are the running entries that are ours, ``running`` all of them."""
    work = _Remediation(intended, owned, running)
    work.lists()
    work.translations()
    work.in_one_go()
    work.sections()
    work.top_level()
    return tuple(_steps(command for phase in Phase for command in work.phases[phase]))
