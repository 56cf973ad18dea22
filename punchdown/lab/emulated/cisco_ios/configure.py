"""Configuration mode: one line in, the configuration changed, the device's answer out.

Knows modes, negation, defaults that hide, and the fall back to an outer mode that lets ``interface X`` follow
directly after a line of another block.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from punchdown.lab.emulated.cisco_ios.acl import AceError, parse_ace
from punchdown.lab.emulated.cisco_ios.catalogue_blocks import MODES
from punchdown.lab.emulated.cisco_ios.hooks_checks import check_needs
from punchdown.lab.emulated.cisco_ios.hooks_global import HOOKS as GLOBAL_HOOKS
from punchdown.lab.emulated.cisco_ios.hooks_global import start_banner
from punchdown.lab.emulated.cisco_ios.hooks_ports import HOOKS as PORT_HOOKS
from punchdown.lab.emulated.cisco_ios.refusals import Banner, Invalid, Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, Configuration, Line, SnmpUser
from punchdown.lab.emulated.grammar import Parsed, Refusal
from punchdown.lab.emulated.spec import ApplianceSpec

_KINDS = {"config-std-nacl": "standard", "config-ext-nacl": "extended", "config-ipv6-acl": "ipv6"}
_HOOKS = {**GLOBAL_HOOKS, **PORT_HOOKS}
_MESSAGES = {"invalid": "% Invalid input detected at '^' marker.", "incomplete": "% Incomplete command."}


@dataclass(slots=True)
class Reply:
    """The answer to one line. ``column`` is where the caret stands (in the typed line), or None."""

    text: str = ""
    column: int | None = None
    refused: bool = False


@dataclass(slots=True)
class Frame:
    """An entered mode and the blocks its lines go to (several for a range)."""

    mode: str
    blocks: list[Block]
    prompt: str


class Configurator:
    """One user in configuration mode, or the loader of a configuration file."""

    def __init__(self, spec: ApplianceSpec, config: Configuration, dice: random.Random, *, quiet: bool = False) -> None:
        self.spec, self.config, self.dice, self.quiet = spec, config, dice, quiet
        self.frames = [Frame("config", [config.root], "config")]
        self.banner: Banner | None = None
        self.snmp_users: dict[str, SnmpUser] = {}
        self.refused: list[str] = []

    @property
    def mode(self) -> str:
        return self.frames[-1].mode

    @property
    def prompt(self) -> str:
        return self.frames[-1].prompt

    def enter(self, mode: str, blocks: list[Block], prompt: str = "") -> None:
        """Open a mode below the one the line belongs to."""
        self.frames.append(Frame(mode, blocks, prompt or mode))

    def leave(self) -> bool:
        """One mode up; False when configuration mode itself is left."""
        self.frames.pop()
        return bool(self.frames)

    def rank(self, pattern: str) -> int:
        """Where the running configuration prints a global line, by its pattern."""
        grammar = MODES["config"]
        return next(grammar.rank[id(one)] for one in grammar.commands if one.pattern == pattern)

    def terminal(self, name: str) -> Block:
        """The block of one terminal line (``vty 3``), made when it is new."""
        if name not in self.config.terminals:
            self.config.terminals[name] = Block("config-line", name)
            if name.startswith("vty") and "aaa new-model" not in self.config.root.lines:
                self.terminal_login(self.config.terminals[name])
        return self.config.terminals[name]

    def terminal_login(self, block: Block) -> None:
        """Give a line its default ``login``."""
        parsed = MODES["config-line"].parse(["login"])
        if isinstance(parsed, Parsed):
            self.store(block, parsed, negated=False)

    def feed(self, raw: str) -> Reply:
        """Take one line as typed."""
        if self.banner is not None:
            return self._banner_line(raw)
        spans = [(match[0], match.start()) for match in re.finditer(r"\S+", raw)]
        if not spans or spans[0][0].startswith("!"):
            return Reply()
        words = [word for word, _ in spans]
        try:
            reply = self._dispatch(raw, words)
        except Invalid as error:
            reply = Reply(_MESSAGES["invalid"], spans[min(error.place, len(spans) - 1)][1])
        except Rejected as error:
            reply = Reply(str(error))
        else:
            return self._placed(reply, spans)
        self.refused.append(raw.strip())
        reply.refused = True
        return reply

    def _placed(self, reply: Reply, spans: Sequence[tuple[str, int]]) -> Reply:
        if reply.column is not None:
            reply.column = spans[min(reply.column, len(spans) - 1)][1]
        return reply

    def _dispatch(self, raw: str, words: Sequence[str]) -> Reply:
        negated = words[0].lower() == "no"
        body = list(words[1:]) if negated else list(words)
        if not body:
            raise Rejected(_MESSAGES["incomplete"])
        if not negated and (banner := start_banner(raw, file=self.quiet)):
            return self._open_banner(banner)
        best = Refusal("invalid", 0)
        for depth, frame in self._levels():
            found = self._fit(frame, body, negated)
            if isinstance(found, Refusal):
                best = found if found.place > best.place or found.kind == "ambiguous" else best
                continue
            del self.frames[depth + 1 :]
            return found if isinstance(found, Reply) else self._execute(frame, found, negated)
        return self._refuse(best, words, int(negated))

    def _levels(self) -> list[tuple[int, Frame]]:
        """Frames from the innermost outwards."""
        return [(depth, self.frames[depth]) for depth in range(len(self.frames) - 1, -1, -1)]

    def _fit(self, frame: Frame, body: Sequence[str], negated: bool) -> Parsed | Refusal | Reply:
        if frame.mode in _KINDS:
            return self._entry(frame.blocks[0], body, negated)
        return MODES[frame.mode].parse(body, negated=negated)

    def _refuse(self, refusal: Refusal, words: Sequence[str], shift: int) -> Reply:
        if refusal.kind == "invalid":
            raise Invalid(refusal.place + shift)
        if refusal.kind == "ambiguous":
            raise Rejected(f'% Ambiguous command:  "{" ".join(words)}"')
        raise Rejected(_MESSAGES["incomplete"])

    def _execute(self, frame: Frame, parsed: Parsed, negated: bool) -> Reply:
        messages: list[str] = []
        for block in frame.blocks:
            if not negated:
                check_needs(self, block, parsed)
            hook = _HOOKS[parsed.command.hook] if parsed.command.hook else None
            text = hook(self, block, parsed, negated) if hook else self.store(block, parsed, negated=negated)
            if text:
                messages.append(text)
        return Reply("" if self.quiet else "\n".join(dict.fromkeys(messages)))

    def store(self, block: Block, parsed: Parsed, *, negated: bool, text: str = "", value: str | None = None) -> str:
        """Keep or take away a line: defaults hide, ``on`` flags show only negated, ``both`` show either way."""
        command, words, key = parsed.command, parsed.words, parsed.key
        if command.unseen:
            self._scratch(parsed)
            return ""
        if command.rewrite:
            text = command.rewrite.format(*words)
            key = text if parsed.split == len(words) else " ".join(text.split()[: parsed.split])
        text = text or parsed.text
        rank = MODES[block.mode].rank[id(command)]
        if command.on or command.both:
            self._flag(block, Line(f"no {key}" if negated else text, rank), key, shown=negated or command.both)
        elif negated or (command.default is not None and (value or parsed.value) == command.default):
            block.lines.pop(key, None)
        else:
            held = block.lines.get(key)
            opened = held.block if held else self._opened(parsed)
            block.lines[key] = Line(text, rank, opened)
        if command.enters and not negated:
            self._open(block, key, parsed)
        return ""

    def _scratch(self, parsed: Parsed) -> None:
        """Lines that act but are not kept: what they open is thrown away."""
        if parsed.command.enters:
            self.enter(parsed.command.enters, [Block(parsed.command.enters)])

    def _flag(self, block: Block, line: Line, key: str, *, shown: bool) -> None:
        if shown:
            block.lines[key] = line
        else:
            block.lines.pop(key, None)

    def _opened(self, parsed: Parsed) -> Block | None:
        return Block(parsed.command.enters, parsed.words[-1]) if parsed.command.enters else None

    def _open(self, block: Block, key: str, parsed: Parsed) -> None:
        opened = block.lines[key].block
        if opened is not None:
            self.enter(parsed.command.enters, [opened])

    def _entry(self, block: Block, body: Sequence[str], negated: bool) -> Reply | Refusal:
        """A line inside an access list."""
        acl = block.acl
        if acl is None:
            return Refusal("invalid", 0)
        start, sequence = 0, None
        if acl.kind == "ipv6" and body[0] == "sequence" and len(body) > 1 and body[1].isdigit():
            start, sequence = 2, int(body[1])
        elif body[0].isdigit():
            start, sequence = 1, int(body[0])
        if start == len(body):
            return self._remove_entry(block, None, sequence) if negated else Refusal("incomplete", start)
        try:
            text = parse_ace(acl.kind, body, start)
        except AceError as error:
            return Refusal("incomplete", len(body)) if error.place is None else Refusal("invalid", error.place)
        if negated:
            return self._remove_entry(block, text, sequence)
        refused = acl.add(text, sequence)
        return self._say(refused)

    def _remove_entry(self, block: Block, text: str | None, sequence: int | None) -> Reply:
        if block.acl is not None and block.acl.remove(text, sequence):
            return Reply()
        return self._say("%Entry does not exist")

    def _say(self, text: str) -> Reply:
        if text:
            raise Rejected(text)
        return Reply()

    def _open_banner(self, banner: Banner) -> Reply:
        self.frames = self.frames[:1]
        self.banner = banner
        if banner.closed:
            return self._banner_done()
        return Reply("" if self.quiet else f"Enter TEXT message.  End with the character '{_shown(banner.delimiter)}'.")

    def _banner_line(self, raw: str) -> Reply:
        banner = self.banner
        if banner is None:
            return Reply()
        head, found, _ = raw.partition(banner.delimiter)
        if not found:
            banner.lines.append(raw)
            return Reply()
        if head:
            banner.lines.append(head)
        return self._banner_done()

    def _banner_done(self) -> Reply:
        banner, self.banner = self.banner, None
        if banner is not None:
            key = f"banner {banner.kind}"
            body = "\n".join(banner.lines)
            rank = self.rank("banner (login|motd|exec|incoming) ^ <line>")
            self.config.root.lines[key] = Line(f"{key} ^C\n{body}\n^C", rank)
        return Reply()


def _shown(delimiter: str) -> str:
    return "^C" if delimiter == "\x03" else delimiter
