"""Configuration mode: one line in, the configuration changed, the device's answer out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from punchdown.lab.emulated.cisco_asa.catalogue import MODES
from punchdown.lab.emulated.cisco_asa.hooks import HOOKS
from punchdown.lab.emulated.cisco_asa.refusals import Incomplete, Invalid, Rejected
from punchdown.lab.emulated.cisco_asa.store import Block, Configuration, Line
from punchdown.lab.emulated.grammar import Parsed, Refusal

INVALID = "ERROR: % Invalid input detected at '^' marker."
_INCOMPLETE = "ERROR: % Incomplete command"


@dataclass(slots=True)
class Reply:
    """The answer to one line. ``column`` is where the caret stands (in the typed line), or None."""

    text: str = ""
    column: int | None = None
    refused: bool = False


class Configurator:
    """One user in configuration mode, or the loader of a configuration file. ``release`` is (9, 12)."""

    def __init__(self, config: Configuration, release: tuple[int, int]) -> None:
        self.config, self.release = config, release
        self.frames: list[Block] = [config.root]
        self.refused: list[str] = []

    @property
    def prompt(self) -> str:
        return self.frames[-1].mode

    def leave(self) -> bool:
        """One mode up; False when configuration mode itself is left."""
        self.frames.pop()
        return bool(self.frames)

    def feed(self, raw: str) -> Reply:
        """Take one line as typed."""
        spans = [(match[0], match.start()) for match in re.finditer(r"\S+", raw)]
        if not spans or spans[0][0].startswith(("!", ":")):
            return Reply()
        words = [word for word, _ in spans]
        try:
            return Reply(self._dispatch(words, raw) or "")
        except Invalid as error:
            reply = Reply(INVALID, spans[min(error.place, len(spans) - 1)][1], refused=True)
        except Incomplete:
            reply = Reply(_INCOMPLETE, refused=True)
        except Rejected as error:
            reply = Reply(str(error), refused=True)
        self.refused.append(raw.strip())
        return reply

    def _dispatch(self, words: list[str], raw: str) -> str | None:
        if words[0].lower() == "clear":
            return self._clear(words)
        negated = words[0].lower() == "no"
        body = words[1:] if negated else words
        if not body:
            raise Incomplete
        best = Refusal("invalid", 0)
        for depth in range(len(self.frames) - 1, -1, -1):
            block = self.frames[depth]
            found = MODES[block.mode].parse(body, negated=negated)
            if isinstance(found, Parsed):
                self._needs(found, int(negated))
                del self.frames[depth + 1:]
                hook = HOOKS.get(found.command.hook)
                return hook(self, block, found, negated, raw) if hook else self.store(block, found, negated=negated)
            best = found if found.place > best.place or found.kind == "ambiguous" else best
        if best.kind == "ambiguous":
            raise Rejected("ERROR: % Ambiguous command:  \"" + " ".join(words) + "\"")
        if best.kind == "incomplete":
            raise Incomplete
        raise Invalid(best.place + negated)

    def _needs(self, parsed: Parsed, shift: int) -> None:
        """Conditions that a line must meet before it is taken."""
        for need in parsed.command.needs:
            kind, _, word = need.partition(":")
            at = int(word) if word.isdigit() else 0
            text = parsed.words[at] if at < len(parsed.words) else ""
            known = {"leg": tuple(self.config.legs()), "list": tuple(self.config.access_lists)}.get(kind)
            if known is not None and text not in known:
                raise Invalid(at + shift)
            if kind == "class" and text != "class-default" and f"class-map {text}" not in self.config.root.lines:
                raise Rejected(f"ERROR: % class-map {text} not configured")
            if kind in {"before", "from"}:
                major, minor = (int(part) for part in word.split("."))
                if ((major, minor) > self.release) if kind == "from" else ((major, minor) <= self.release):
                    raise Invalid(shift + len(parsed.words) - 1)

    def store(self, block: Block, parsed: Parsed, *, negated: bool, text: str = "") -> str:
        """Keep or take away a line. What is not there can be taken away without a word."""
        command, key = parsed.command, parsed.key
        text = text or parsed.text
        rank = MODES[block.mode].rank[id(command)]
        if command.both:
            block.lines[key] = Line(f"no {key}" if negated else text, rank)
        elif negated:
            held = block.lines.get(key)
            if held is not None and not (parsed.value and held.text != parsed.text and not command.hook):
                del block.lines[key]
        else:
            held = block.lines.get(key)
            opened = held.block if held else Block(command.enters, parsed.words[-1]) if command.enters else None
            block.lines[key] = Line(text, rank, opened)
            if opened is not None:
                self.frames.append(opened)
        return ""

    def _clear(self, words: Sequence[str]) -> str:
        if len(words) < 2 or not "configure".startswith(words[1].lower()) or len(words[1]) < 4:
            raise Invalid(1)
        if len(words) == 4 and words[2] == "access-list":
            if words[3] not in self.config.access_lists:
                raise Rejected(f"ERROR: access-list <{words[3]}> does not exist")
            self.drop_list(words[3])
            del self.frames[1:]
            return ""
        if words[2:3] == ["aaa-server"] and len(words) == 4 and any(
                line.text.startswith("aaa ") and words[3] in line.text.split() for line in
                self.config.root.lines.values()):
            raise Rejected(f"ERROR: aaa-server group {words[3]} is in use")
        if (words[2:4], len(words)) == (["crypto", "map"], 6) or (
                words[2] in {"tunnel-group", "aaa-server"} and len(words) == 4):
            self._drop(" ".join(words[2:]))
            del self.frames[1:]
            return ""
        raise Invalid(2)

    def _drop(self, start: str) -> None:
        """Remove every line of the root that begins with these words."""
        for key in [key for key in self.config.root.lines if f"{key} ".startswith(f"{start.strip()} ")]:
            del self.config.root.lines[key]

    def drop_list(self, name: str) -> None:
        """Remove a list, and with it what binds it."""
        users = [item.text for block in self.config.blocks("class-map ") for item in block.lines.values()]
        if f"match access-list {name}" in users:
            raise Rejected(f"ERROR: access-list <{name}> is used by a class-map")
        del self.config.access_lists[name]
        for place in [key.removesuffix("match address") for key, line in self.config.root.lines.items()
                      if key.startswith("crypto map ") and line.text.endswith(f" match address {name}")]:
            self._drop(place)
        for key in [key for key, line in self.config.root.lines.items()
                    if line.text.startswith(f"access-group {name} ")]:
            del self.config.root.lines[key]
