"""Configuration mode: one line in, the configuration changed, what the switch says out.

Source: the platform's fact sheet: membership moves, lists under numbers, what must exist first, what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from punchdown.lab.emulated.hp_procurve.actions import HOOKS, in_use, ports_of
from punchdown.lab.emulated.hp_procurve.catalogue import MODES, POLICY_ENTRY
from punchdown.lab.emulated.hp_procurve.grammar import Parsed, Refused
from punchdown.lab.emulated.hp_procurve.questions import Question
from punchdown.lab.emulated.hp_procurve.store import Configuration
from punchdown.lab.emulated.hp_procurve.words import EntryError, entry, tokens

_ACTIONS = {"ip access-list": ("permit", "deny"), "ipv6 access-list": ("permit", "deny"), "class": ("match", "ignore")}


class Configurator:
    """One user in configuration mode, or the loader of a configuration file. ``ask`` puts a question and holds the
    line until it is answered; without it a file is read, and every question is answered yes."""

    def __init__(self, config: Configuration, ask: Callable[[Question], None] | None = None) -> None:
        self.config = config
        self.ask, self.file = ask, ask is None
        self.path: list[tuple[str, str]] = []
        self.refused: list[str] = []

    @property
    def prompt(self) -> str:
        """What stands in brackets in the prompt."""
        if not self.path:
            return "config"
        mode, name = self.path[-1]
        if mode == "list":
            words = name.split(" ")
            return {"ip": "config-std-nacl" if "standard" in name else "config-ext-nacl", "ipv6": "config-ipv6-acl",
                    "class": "config-class", "policy": "policy-qos"}[words[0]]
        return f"{mode}-{name}" if mode != "block" else name

    def leave(self) -> bool:
        """One level up; False when configuration mode itself is left."""
        if self.path:
            self.path.pop()
            return True
        return False

    def feed(self, line: str) -> str:
        """Take one line; what the switch says."""
        words = tokens(line)
        if words is None:
            self.refused.append(line.strip())
            return f"Invalid input: {line.strip().split(' ')[0]}"
        if not words or words[0].startswith(";"):
            return ""
        if words[0].lower() == "exit":
            self.leave()
            return ""
        place = list(self.path)
        try:
            return self._line(words)
        except Refused as error:
            self.path = place
            self.refused.append(line.strip())
            return str(error)

    def _line(self, words: list[str]) -> str:
        negated = words[0].lower() == "no"
        body = words[1:] if negated else words
        if not body:
            raise Refused("Incomplete input: no")
        if self.path and self.path[-1][0] == "list" and (body[0].isdigit() or body[0] in {
                "permit", "deny", "match", "ignore", "remark", "class"}) and not (
                body[0] == "class" and not self.path[-1][1].startswith("policy")):
            return self._entry(self.path[-1][1], body, negated=negated)
        if self.path and self.path[-1][0] in {"vlan", "eth", "block"}:
            mode, name = self.path[-1]
            try:
                parsed = MODES[mode].parse(body, negated=negated)
            except Refused:
                if mode == "block":
                    raise
                return self._or_global(mode, body, negated=negated)
            return self._do(mode, name, parsed, negated=negated)
        return self._global(body, negated=negated)

    def _or_global(self, mode: str, body: list[str], *, negated: bool) -> str:
        """A line of the outer mode is taken in an inner one; else the inner mode's refusal stands."""
        try:
            MODES["config"].parse(body, negated=negated)
        except Refused:
            MODES[mode].parse(body, negated=negated)
        return self._global(body, negated=negated)

    def _global(self, body: list[str], *, negated: bool) -> str:
        for length, mode in ((2, "vlan"), (2, "eth")):
            if len(body) > length and body[0] == {"vlan": "vlan", "eth": "interface"}[mode]:
                parsed = MODES["config"].parse(body[:length])
                return self._one_line(parsed, mode, MODES[mode].parse(body[length:], negated=negated), negated=negated)
        parsed = MODES["config"].parse(body, negated=negated)
        if not parsed.command.hook.endswith("extra"):
            self.path = []
        return self._do("config", "", parsed, negated=negated)

    def _one_line(self, outer: Parsed, mode: str, inner: Parsed, *, negated: bool) -> str:
        """A block's line with its header: taken whole or not at all; the switch is at the top after it."""
        known = set(self.config.vlans)
        try:
            self._do("config", "", outer, negated=False)
            said = self._do(mode, self.path[-1][1], inner, negated=negated)
        except Refused:
            self.config.vlans = {number: lines for number, lines in self.config.vlans.items() if number in known}
            raise
        self.path = []
        return said

    def _do(self, mode: str, name: str, parsed: Parsed, *, negated: bool) -> str:
        if hook := parsed.command.hook:
            result = HOOKS[hook](self, mode, name, parsed, negated)
            if isinstance(result, Question):
                if self.ask is not None:
                    self.ask(result)
                    return ""
                return result.answer("y")
            return result
        for lines in self.targets(mode, name):
            keep(lines, parsed, negated=negated)
        return ""

    def targets(self, mode: str, name: str) -> list[dict[str, str]]:
        """The lines that a mode's settings go to."""
        if mode == "vlan":
            return [self.config.vlans[int(name)]]
        if mode == "eth":
            return [port.settings for port in ports_of(self.config, name)]
        if mode == "block":
            return [self.config.other.setdefault(name, {})]
        return [self.config.lines]

    def _entry(self, header: str, body: Sequence[str], *, negated: bool) -> str:
        entries = self.config.lists[header]
        number = int(body[0]) if body[0].isdigit() else None
        rest = list(body[1:] if number is not None else body)
        if header.startswith(("class", "policy")) and in_use(self.config, header):
            raise Refused(f"Operation failed: {header.split(' ')[-1]} is in use.")
        if negated and not rest:
            if entries.pop(number or 0, None) is None:
                raise Refused(f"Entry {number} not found.")
            return ""
        if not rest:
            raise Refused(f"Incomplete input: {body[0]}")
        text = self._words(header, rest)
        if negated:
            found = [place for place, line in entries.items() if line == text and number in {None, place}]
            if not found:
                raise Refused("Entry not found.")
            del entries[found[0]]
            return ""
        if text.startswith("remark"):
            self.config.remarks.setdefault(header, {})[number or max(entries, default=0) // 10 * 10 + 10] = text
            return ""
        if number in entries:
            raise Refused("Duplicate sequence number.")
        entries[number if number is not None else max(entries, default=0) // 10 * 10 + 10] = text
        return ""

    def _words(self, header: str, rest: list[str]) -> str:
        if rest[0] == "remark":
            return f"remark {' '.join(rest[1:])}" if rest[1:2] and rest[1].startswith('"') else f'remark "{rest[1]}"'
        if header.startswith("policy "):
            parsed = POLICY_ENTRY.parse(rest)
            words = parsed.text.split(" ")
            if f"class {words[1]} {words[2]}" not in self.config.lists:
                raise Refused(f"Class {words[2]} not found.")
            if "ip-dscp" in words and f"qos dscp-map {words[words.index('ip-dscp') + 1]}" not in self.config.lines:
                raise Refused(f"DSCP Policy {words[words.index('ip-dscp') + 1]} not configured.")
            return parsed.text
        kind = " ".join(header.split(" ")[:1]) if header.startswith("class") else " ".join(header.split(" ")[:2])
        try:
            return entry(rest, 6 if "ipv6" in header else 4, _ACTIONS[kind])
        except EntryError as error:
            raise Refused(f"Invalid input: {error.word}" if error.word else f"Incomplete input: {rest[-1]}") from None


def keep(lines: dict[str, str], parsed: Parsed, *, negated: bool) -> None:
    """Keep or take away a line: defaults hide, flags that are on by default show only negated."""
    command = parsed.command
    if command.on:
        if negated:
            lines[parsed.key] = f"no {parsed.key}"
        else:
            lines.pop(parsed.key, None)
    elif negated or (command.default is not None and parsed.value == command.default):
        lines.pop(parsed.key, None)
    else:
        lines[parsed.key] = parsed.text
