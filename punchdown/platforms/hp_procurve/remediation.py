"""From running to intended, make before break: facts about ports are gathered into lists again, in phases.

A list that is in use is never edited: its new content is built under another name, ports go there, and come back when
the list has been built anew. A port that changes hands is disabled while it does.
"""

from __future__ import annotations

from punchdown.platforms.hp_procurve.facts import Slot
from punchdown.platforms.hp_procurve.normalise import Entry, Tree, by_path
from punchdown.platforms.hp_procurve.phases import (
    WHY,
    Command,
    Phase,
    gathered,
    negation,
    phase_of,
    template,
    vlan_sets,
)
from punchdown.platforms.hp_procurve.trunks import Trunks
from punchdown.values import Step

NEXT = ".new"
_GROUPS = ("ip access-group", "ipv6 access-group")
_SERVERS = ("radius-server host ", "tacacs-server host ")
_AUTHENTICATION = "aaa port-access"


class _Remediation:
    """The commands of one device."""

    def __init__(self, intended: Tree, owned: Tree, running: Tree) -> None:
        self.intended, self.owned, self.running = intended, owned, running
        self.wanted, self.present = by_path(intended), by_path(running)
        self.commands: list[Command] = []
        self.lists_again: list[tuple[str, str]] = []
        self.missing = [entry for entry in intended.values()
                        if entry.slot[0] != "list" and not _same(entry, running.get(entry.slot))]
        self.surplus = [entry for entry in owned.values() if entry.slot not in intended and entry.slot[0] != "list"]
        self.changed = {entry.line for entry in intended.values() if entry.slot[0] == "list" and len(entry.slot) == 2
                        and entry.slot in running and self._lines(self.wanted, entry.line)
                        != self._lines(self.present, entry.line)}
        self.lists = [entry.line for entry in intended.values() if entry.slot[0] == "list" and len(entry.slot) == 2]

    @staticmethod
    def _lines(side: dict[tuple[str, ...], list[Entry]], header: str) -> list[str]:
        return [entry.line for entry in side.get((header,), [])]

    def add(self, phase: Phase, path: str, line: str, port: str = "", why: str = "") -> None:
        """Queue one command."""
        self.commands.append(Command(phase, path, line, port, why))

    def build(self, phase: Phase, header: str, name: str = "") -> None:
        """A list, class or policy from its first line to its last."""
        title = header.replace(header.split(" ")[-1], f'"{name}"') if name else header
        lines = [f"{number * 10} {entry.line}" for number, entry in enumerate(self.wanted.get((header,), []), 1)]
        for line in lines:
            self.add(phase, title, line)
        if not lines:
            self.add(phase, "", title)

    def access_lists(self) -> None:
        """New ones at once; changed ones beside the old one, whose ports move over and back."""
        for header in (line for line in self.lists if "access-list " in line):
            name = header.split(" ")[-1].strip('"')
            if header in self.changed:
                self._replace_list(header, name)
            elif ("list", header) not in self.running:
                self.build(Phase.LISTS, header)

    def _replace_list(self, header: str, name: str) -> None:
        group = _GROUPS[header.startswith("ipv6")]
        users = sorted({slot[1] for tree in (self.intended, self.running) for slot, entry in tree.items()
                        if slot[0] == "port" and slot[2] == group and entry.line == f'{group} "{name}" in'
                        and self._goes_to(slot) in {"", name}})
        if not users:
            self.add(Phase.LISTS, "", f"no {header}")
            self.build(Phase.LISTS, header)
            return
        self.build(Phase.LISTS, header, f"{name}{NEXT}")
        for port in users:
            self.add(Phase.PORTS, "interface {}", f'{group} "{name}{NEXT}" in', port)
            self.add(Phase.OPEN, "interface {}", f'{group} "{name}" in', port, WHY[Phase.LISTS_AGAIN])
        self.lists_again.append((header, name))

    def _goes_to(self, slot: Slot) -> str:
        """The list that a port shall have, empty where the port is not ours."""
        if slot in self.intended:
            return self.intended[slot].line.split('"')[1]
        return "-" if slot in self.owned else ""

    def classes(self) -> None:
        """Classes and policies: what changes is taken off its ports, removed and built again."""
        ours = [line for line in self.lists if "access-list " not in line]
        broken = {line for line in self.changed if "access-list " not in line}
        names = {line.split(" ")[-1] for line in broken}
        broken |= {line for line in ours if ("list", line) in self.running and names & {
            word for text in self._lines(self.present, line) for word in text.split(" ")}}
        policies = [line for line in broken if line.startswith("policy ")]
        for line in sorted(policies):
            name = line.split(" ")[-1]
            for entry in self.running.values():
                if entry.slot[0] == "port" and entry.slot[2] == "service-policy" and name in entry.line:
                    self.add(Phase.QOS_OFF, "interface {}", f"no {entry.line}", entry.slot[1])
                    if self.intended.get(entry.slot, entry).same == entry.same:
                        self.add(Phase.PORTS, "interface {}", entry.line, entry.slot[1])
        for line in sorted(broken, key=lambda item: not item.startswith("policy ")):
            self.add(Phase.QOS_OFF, "", f"no {line}")
        for line in ours:
            if line in broken or ("list", line) not in self.running:
                self.build(Phase.QOS, line)

    def vlans(self) -> None:
        """VLANs with their names; those that we made and need no more go at the end."""
        names = {entry.line for entry in self.missing if entry.slot[0] == "vlan" and entry.slot[2:] == ("name",)}
        for entry in self.running.values():
            taken = entry.slot[0] == "vlan" and entry.slot[2:] == ("name",) and entry.line in names
            if taken and not _same(entry, self.intended.get(entry.slot)):
                self.add(Phase.VLANS, entry.path[0], "no name", why="a name is given away before another VLAN takes it")
        for entry in self.missing:
            if entry.slot[0] == "vlan" and len(entry.slot) == 2:
                self.add(Phase.VLANS, "", entry.line)
            elif entry.slot[0] == "vlan":
                late = entry.slot[2] == "ip address"
                self.add(Phase.ADDRESS if late else Phase.VLANS, entry.path[0], entry.line)
        gone = {entry.slot[1] for entry in self.surplus if entry.slot[0] == "vlan" and len(entry.slot) == 2}
        for entry in self.surplus:
            if entry.slot[0] == "vlan" and entry.slot[1] not in gone:
                self.add(Phase.CLEANUP, entry.path[0], negation(entry))
        for number in sorted(gone, key=int):
            self.add(Phase.CLEANUP, "", f"no vlan {number}")

    def ports(self) -> None:
        """What is said of ports."""
        trunks = Trunks.of(self.missing, self.surplus, self.running)
        moving = trunks.closed(self._moving())
        for port in sorted(moving):
            self.add(Phase.CLOSE, "interface {}", "disable", port)
            if ("port", port, "disable") not in self.intended:
                self.add(Phase.OPEN, "interface {}", "enable", port)
        own = [entry for entry in self.surplus if entry.slot[0] == "port" and entry.slot[1] not in trunks.ended
               and not (entry.slot[2] == "disable" and entry.slot[1] in moving)]
        for entry in own:
            if entry.slot[1] in trunks.joining and not entry.slot[2].startswith(("untagged", "tagged ")):
                self._unset_port(entry, moving, Phase.CLOSE)
        for phase, line, port in trunks.moves():
            self.add(phase, "", line, port)
        for entry in self.missing:
            if entry.slot[0] == "port" and entry.slot[2] != "trunk":
                self._set_port(entry)
        for entry in own:
            if entry.slot[1] not in trunks.joining and entry.slot[2] != "trunk":
                self._unset_port(entry, moving)

    def _moving(self) -> set[str]:
        """Ports whose untagged VLAN changes, and that carry no other VLAN before and after it."""
        stays = {slot[1] for slot in self.intended if slot[0] == "port" and slot[2].startswith("tagged ")
                 and slot in self.running}
        return {entry.slot[1] for entry in (*self.missing, *self.surplus)
                if entry.slot[0] == "port" and entry.slot[2] == "untagged"} - stays

    def _set_port(self, entry: Entry) -> None:
        setting, (path, line) = entry.slot[2], template(entry)
        if setting in _GROUPS and line.split('"')[1] in {name for _, name in self.lists_again}:
            return
        if setting == "disable":
            self.add(Phase.CLOSE, path, line, entry.slot[1])
        elif setting == "untagged" and line.startswith("no "):
            now = self.running.get(entry.slot)
            self.add(Phase.LEAVE, now.path[0] if now else path, line, entry.slot[1])
        elif setting == "untagged" or setting.startswith("tagged "):
            self.add(Phase.JOIN, path, line, entry.slot[1])
        else:
            self.add(Phase.AUTHENTICATE if setting.startswith(_AUTHENTICATION) else Phase.PORTS, path, line,
                     entry.slot[1])

    def _unset_port(self, entry: Entry, moving: set[str], early: Phase | None = None) -> None:
        """Take a line off a port. ``early``: the phase of a port that is closed and comes back as a trunk's member."""
        setting, path = entry.slot[2], template(entry)[0]
        if setting == "disable":
            self.add(Phase.OPEN, path, negation(entry), entry.slot[1])
        elif setting.startswith(_AUTHENTICATION):
            whole = next((head for head in ("aaa port-access authenticator", "aaa port-access mac-based")
                          if setting.startswith(f"{head} ")), "")
            if not whole or ("port", entry.slot[1], whole) in self.intended:
                self.add(early or Phase.STAND_DOWN, path, negation(entry), entry.slot[1])
        elif setting.startswith("tagged "):
            self.add(Phase.LEAVE, path, negation(entry), entry.slot[1])
        elif setting in _GROUPS and entry.slot[1] not in moving:
            self.add(Phase.STAND_DOWN, path, negation(entry), entry.slot[1])
        else:
            self.add(early or Phase.PORTS, path, negation(entry), entry.slot[1])

    def globals(self) -> None:
        """Lines about the whole device."""
        for entry in self.missing:
            if entry.slot[0] not in {"port", "vlan", "list"}:
                line = entry.text.strip() if "<secret:" in entry.text else entry.line
                self.add(phase_of(entry.line), "", line)
        for entry in sorted(self.surplus, key=lambda entry: entry.line.startswith(_SERVERS)):
            if entry.slot[0] not in {"port", "vlan", "list"}:
                self.add(_phase_of_end(entry.line), "", negation(entry))

    def clean(self) -> None:
        """Lists that nothing needs any more; the copies, when ports have come back."""
        for header, name in self.lists_again:
            self.add(Phase.STAND_DOWN, "", f"no {header}", why=WHY[Phase.LISTS_AGAIN])
            self.build(Phase.STAND_DOWN, header)
            self.add(Phase.CLEANUP, "", f"no {header.replace(header.split(' ')[-1], chr(34) + name + NEXT + chr(34))}")
        copies = {header.replace(header.split(" ")[-1], f'"{name}{NEXT}"') for header, name in self.lists_again}
        for entry in self.owned.values():
            whole = entry.slot[0] == "list" and len(entry.slot) == 2
            if whole and entry.slot not in self.intended and entry.line not in copies:
                self.add(Phase.CLEANUP, "", f"no {entry.line}")


def _phase_of_end(line: str) -> Phase:
    """When a line about the whole device goes."""
    if line.startswith((*_SERVERS, "aaa server-group ")):
        return Phase.UNASKED
    if line.startswith(("aaa authentication ssh", "aaa accounting")):
        return Phase.STAND_DOWN
    return Phase.WAY_IN if phase_of(line) is Phase.WAY_IN else Phase.CLEANUP


def _same(one: Entry, other: Entry | None) -> bool:
    return other is not None and one.same == other.same


def remediate(intended: Tree, owned: Tree, running: Tree) -> tuple[Step, ...]:
    """The steps from running to intended, in order. ``owned`` is the part of ``running`` that is ours."""
    work = _Remediation(intended, owned, running)
    for part in (work.access_lists, work.classes, work.vlans, work.ports, work.globals, work.clean):
        part()
    commands = vlan_sets(sorted(gathered(work.commands), key=lambda item: item.phase))
    steps: list[Step] = []
    path = ""
    for command in commands:
        why = command.why or WHY[command.phase]
        if command.path != path:
            steps += [Step("   exit", "the block is done")] if path else []
            steps += [Step(command.path, why)] if command.path else []
            path = command.path
        steps.append(Step(f"   {command.line}" if path else command.line, why))
        if not path and command.line.startswith(("ip access-list ", "ipv6 access-list ", "class ", "policy ", "vlan ")):
            path = command.line
    return (*steps, *([Step("   exit", "the block is done")] if path else []))
