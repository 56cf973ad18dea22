"""A configuration as a :data:`Tree`: slot to what fills it, with port lists taken apart and defaults left out.

The same reading serves texts (what the device shows, what is rendered) and commands (what a change sends): in a text
``no X`` says that X is off, as a command it takes X away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from punchdown.platforms.hp_procurve.facts import BLOCKS, LISTS, Fact, Slot, facts, tidy
from punchdown.platforms.hp_procurve.ports import PORTS, port_key
from punchdown.values import Provenance

NOWHERE = Provenance()
_HEADER = re.compile(r";|Running configuration:|Startup configuration:|\S+[#>] ?show ")
_ONE_LINE = re.compile(rf"(no )?(vlan \d+|interface {PORTS}) (\S.*)")
_GLOBAL = re.compile(
    r"(?:no )?(?:(?:aaa|radius-server|tacacs-server|spanning-tree|hostname|snmpv3|snmp-server|logging|ntp|sntp|timesync"
    r"|console|banner|trunk|port-security|lldp|telnet-server|web-management|tftp|password|include-credentials|max-vlans"
    r"|primary-vlan|time|autorun|dhcp)(?![-\w])|(?:dhcp-snooping|arp-protect)(?! trust$)"
    r"|qos (?:type-of-service|dscp-map)\b|ip (?:authorized-managers|routing|route|default-gateway|ssh|source-binding"
    r"|source-lockdown|dns)\b)")
_TAGGED = re.compile(r"tagged \d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A canonical line below its path. ``text`` is the line as written, ``number`` where it stands (from 1)."""

    slot: Slot
    path: tuple[str, ...]
    line: str
    text: str
    source: Provenance = NOWHERE
    number: int = 0

    @property
    def same(self) -> tuple[object, ...]:
        """Equal for entries that say the same."""
        return (self.slot, self.path, self.line)


Tree = dict[Slot, Entry]


class Editor:
    """Takes lines in order and keeps the tree that they make."""

    def __init__(self, tree: Tree | None = None, *, shown: bool) -> None:
        self.tree: Tree = dict(tree or {})
        self._shown = shown
        self._path: tuple[str, ...] = ()
        self._last = ""

    def feed(self, raw: str, source: Provenance = NOWHERE, number: int = 0) -> None:
        """One line of a text, or one command."""
        if not raw.strip() or _HEADER.match(raw):
            return
        line = tidy(raw)
        if line == "exit":
            self._path = self._path[:-1]
        elif line == "end":
            self._path = ()
        elif match := _ONE_LINE.fullmatch(line):
            if not match[1]:
                self._open(tidy(match[2]), raw, source, number)
            self._take((tidy(match[2]),), f"{match[1] or ''}{tidy(match[3])}", raw, source, number)
            self._path = ()
        elif line.startswith("no ") and BLOCKS.fullmatch(body := line.removeprefix("no ")):
            self._path = ()
            self._remove_block(body)
        elif self._path and not self._shown and _GLOBAL.match(line):
            self._path = ()  # global lines are taken in inner modes, and leave them
            self._take((), line, raw, source, number)
        elif BLOCKS.fullmatch(line):
            self._open(line, raw, source, number)
        else:
            outside = self._shown and raw[0] == " " and not self._path
            self._take((self._last,) if outside else self._path, line, raw, source, number)
            self._last = self._last if outside else line

    def _open(self, line: str, raw: str, source: Provenance, number: int) -> None:
        nested = line.startswith(("member ", "instance "))
        self._path = (*self._path, line) if nested else (line,)
        if line.startswith("vlan ") and line != "vlan 1":
            self._set(Entry(("vlan", line.removeprefix("vlan ")), (), line, raw, source, number))
        elif LISTS.fullmatch(line):
            self._set(Entry(("list", line), (), line, raw, source, number))
        elif not nested and not line.startswith(("vlan ", "interface ")):
            self._set(Entry(("other", line), (), line, raw, source, number))

    def _set(self, entry: Entry) -> None:
        self.tree.setdefault(entry.slot, entry)

    def _remove_block(self, line: str) -> None:
        if line.startswith("vlan "):
            path = (line,)
            number = line.removeprefix("vlan ")
            left = {slot[1] for slot, entry in self.tree.items() if entry.path == path and slot[0] == "port"}
            self.tree = {slot: entry for slot, entry in self.tree.items()
                         if entry.path != path and slot[:2] != ("vlan", number)}
            self._send_home(left)
        elif LISTS.fullmatch(line):
            self.tree = {slot: entry for slot, entry in self.tree.items() if slot[:2] != ("list", line)}

    def _send_home(self, ports: Iterable[str]) -> None:
        """A port that is in no VLAN any more is in VLAN 1 without a tag."""
        tagged = {slot[1] for slot in self.tree if slot[0] == "port" and _TAGGED.fullmatch(slot[2])}
        for port in set(ports) - tagged:
            own = self.tree.get(("port", port, "untagged"))
            if own and own.line.startswith("no "):
                del self.tree[own.slot]

    def _take(self, path: tuple[str, ...], line: str, raw: str, source: Provenance, number: int) -> None:
        for fact in facts(path, line):
            self._apply(fact, Entry(fact.slot, fact.path, fact.line, raw, source, number), raw)

    def _apply(self, fact: Fact, entry: Entry, raw: str) -> None:
        if fact.slot[0] == "port" and fact.slot[2] == "untagged":
            self._untagged(fact, entry)
        elif fact.gone and not self._shown and fact.slot[0] == "list" and not fact.slot[2].isdigit():
            self._drop_entry(fact)
        elif fact.gone:
            self._drop(fact, raw)
        else:
            self._fill(fact, entry)

    def _drop(self, fact: Fact, raw: str) -> None:
        gone = self.tree.pop(fact.slot, None)
        if gone and fact.slot[0] == "port" and fact.slot[2] == "trunk":
            self._leave(gone.line.split(" ")[2])
        elif fact.slot[0] == "port" and _TAGGED.fullmatch(fact.slot[2]) and not self._shown:
            self._send_home((fact.slot[1],))
        elif fact.slot[0] == "port" and fact.slot[2] == "aaa port-access authenticator":
            self._forget(fact.slot[1], "aaa port-access authenticator ")
        elif fact.slot[0] == "port" and fact.slot[2] == "aaa port-access mac-based":
            self._forget(fact.slot[1], "aaa port-access mac-based ")
        elif self._shown and raw.strip().startswith("no ") and fact.slot[0] in {"global", "other"}:
            self.tree[fact.slot] = Entry(fact.slot, fact.path, tidy(raw), raw)

    def _leave(self, trunk: str) -> None:
        """A trunk without members is none."""
        if not any(slot[0] == "port" and slot[2] == "trunk" and entry.line.split(" ")[2] == trunk
                   for slot, entry in self.tree.items()):
            name = trunk.replace("trk", "Trk")
            self.tree = {slot: entry for slot, entry in self.tree.items() if slot[:2] != ("port", name)}

    def _forget(self, port: str, prefix: str) -> None:
        for slot in [slot for slot in self.tree if slot[:2] == ("port", port) and slot[2].startswith(prefix)]:
            del self.tree[slot]

    def _drop_entry(self, fact: Fact) -> None:
        for slot, entry in list(self.tree.items()):
            if slot[:2] == fact.slot[:2] and len(slot) == 3 and entry.line == fact.line:
                del self.tree[slot]

    def _fill(self, fact: Fact, entry: Entry) -> None:
        slot = fact.slot
        if slot[0] == "list" and not slot[2].split(" ")[0].isdigit():
            slot = (slot[0], slot[1], str(self._next(slot[1])))
            entry = Entry(slot, entry.path, entry.line, entry.text, entry.source, entry.number)
        elif slot[0] == "port" and _TAGGED.fullmatch(slot[2]):
            own = self.tree.get(("port", slot[1], "untagged"))
            if (own.path if own else ("vlan 1",)) == entry.path:
                self.tree.pop(("port", slot[1], "untagged"), None)
                self._nowhere(slot[1], entry)
        elif slot[0] == "port" and slot[2] == "trunk" and not self._shown:
            self.tree = {key: its for key, its in self.tree.items()
                         if key[:2] != slot[:2] or not key[2].startswith(("tagged ", "untagged"))}
        if slot in self.tree:
            del self.tree[slot]
        self.tree[slot] = entry

    def _next(self, header: str) -> int:
        numbers = [int(slot[2].split(" ")[0]) for slot in self.tree if slot[:2] == ("list", header) and len(slot) == 3]
        return max(numbers, default=0) // 10 * 10 + 10

    def _nowhere(self, port: str, entry: Entry) -> None:
        """The port has no untagged VLAN."""
        slot = ("port", port, "untagged")
        self.tree[slot] = Entry(slot, ("vlan 1",), f"no untagged {port}", entry.text, entry.source, entry.number)

    def _untagged(self, fact: Fact, entry: Entry) -> None:
        port, path = fact.slot[1], fact.path
        now = self.tree.get(fact.slot)
        if fact.line.startswith("no "):
            here = now.path == path if now else path == ("vlan 1",)
            if self._shown:
                if now is None:
                    self._nowhere(port, entry)
            elif here and not (now and now.line.startswith("no ")):
                self.tree.pop(fact.slot, None)
                if any(slot[:2] == ("port", port) and _TAGGED.fullmatch(slot[2]) for slot in self.tree):
                    self._nowhere(port, entry)
        else:
            self.tree.pop(fact.slot, None)
            self.tree.pop(("port", port, f"tagged {path[0].removeprefix('vlan ')}"), None)
            if not fact.gone:
                self.tree[fact.slot] = entry


def tree_of(lines: Iterable[tuple[str, Provenance]]) -> Tree:
    """The tree of a text."""
    editor = Editor(shown=True)
    for number, (line, source) in enumerate(lines, 1):
        editor.feed(line, source, number)
    return editor.tree


def by_path(tree: Tree) -> dict[tuple[str, ...], list[Entry]]:
    """The entries below each path, in order; those of lists by their numbers."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in tree.values():
        found.setdefault(entry.path, []).append(entry)
    for path, entries in found.items():
        if path and LISTS.fullmatch(path[0]):
            entries.sort(key=sequence)
    return found


def sequence(entry: Entry) -> int:
    """The number of a list's entry."""
    return int(entry.slot[2].split(" ")[0]) if len(entry.slot) == 3 else 0


def ordered(tree: Tree) -> list[Entry]:
    """All entries as a text would hold them: every block's header before what is below it."""
    below = by_path(tree)
    out: list[Entry] = []
    for entry in below.get((), []):
        out.append(entry)
        out += below.pop((entry.line,), [])
    blocks = [path for path in below if path]
    for path in sorted(blocks, key=lambda item: (item[0].split(" ")[0], port_key(item[0].split(" ")[-1]))):
        out += below[path]
    return out


def text_of(tree: Tree) -> str:
    """A text that reads as this tree."""
    lines: list[str] = []
    opened: tuple[str, ...] = ()
    for entry in ordered(tree):
        if entry.path != opened:
            lines += ["   exit"] * len(opened)
            lines += entry.path
            opened = entry.path
        number = f"{sequence(entry)} " if entry.slot[0] == "list" and len(entry.slot) == 3 else ""
        lines.append(f"{'   ' if opened else ''}{number}{entry.line}")
        if not opened and BLOCKS.fullmatch(entry.line):
            opened = (entry.line,)
    return "".join(f"{line}\n" for line in (*lines, *["   exit"] * len(opened)))
