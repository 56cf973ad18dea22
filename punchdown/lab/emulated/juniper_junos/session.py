"""A terminal session: operational and configuration mode, questions, pipes. Lines in, text out; no network here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question
from punchdown.lab.emulated.faulty import strike_after, strike_before
from punchdown.lab.emulated.juniper_junos.store import SyntaxFault, Token, tokenise
from punchdown.lab.emulated.juniper_junos.tables import TABLES, moment

if TYPE_CHECKING:
    from punchdown.lab.emulated.juniper_junos.appliance import JunosAppliance

_CLI = {("set", "cli", "screen-length"): "Screen length set to {}\n", ("set", "cli", "screen-width"):
        "Screen width set to {}\n", ("set", "cli", "complete-on-space"): "Disabling complete-on-space\n",
        ("set", "cli", "idle-timeout"): "Idle timeout set to {} minutes\n"}
_CHANGED = "The configuration has been changed but not committed\n"
_MINUTES = range(1, 65536)


class JunosSession:
    """One user at a terminal. ``feed`` takes a line and returns what the device prints before its next prompt."""

    def __init__(self, box: JunosAppliance) -> None:
        self.box = box
        self.length = 24
        self.closed = self.hung = False
        self.question: Question | None = None
        self.configuring = False
        self.place: list[Token] = []
        self.lines = 0
        self._generation = box.generation

    @property
    def prompt(self) -> str:
        """What the device shows while it waits."""
        if self.question is not None:
            return self.question.text
        return f"{self.box.spec.username}@{self.box.hostname}{'#' if self.configuring else '>'} "

    @property
    def verbatim(self) -> bool:
        """Never: texts stand in quotes."""
        return False

    @property
    def exclusive(self) -> bool:
        """Whether this session holds the candidate."""
        return self.box.holder is self

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end)."""
        self.box.tick()
        self._notice_restart()
        if self.closed or self.hung or strike_before(
                self, self.box.faults, line, confirms=self.box.deadline is not None and line.strip() == "commit"):
            return ""
        output = self._answer(line)
        strike_after(self, self.box, line)
        self._notice_restart()
        if self.configuring and self.question is None:
            at = " ".join(token.text for token in self.place)
            waits = self.box.history[0].minutes if self.box.deadline is not None else 0
            note = f"# commit confirmed will be rolled back in {waits} minutes\n" if waits else ""
            output += f"\n{note}[edit{' ' + at if at else ''}]\n"
        elif line.strip() and self.question is None:
            output += "\n"
        return output

    def _notice_restart(self) -> None:
        self.closed = self.closed or self._generation != self.box.generation

    def _answer(self, line: str) -> str:
        if self.question is not None:
            question, self.question = self.question, None
            return question.answer(line.strip())
        faults = self.box.faults
        if self.configuring and faults.refuse and re.search(faults.refuse, line):
            return f"{' ' * len(self.prompt)}^\nsyntax error.\n"
        words = line.split()
        if not words or words[0].startswith("#"):
            return ""
        try:
            return self._configure(line, words) if self.configuring else self._operate(line)
        except SyntaxFault as fault:
            return self._refusal(line, fault)

    def _refusal(self, line: str, fault: SyntaxFault) -> str:
        """A caret under the word that is not understood; a value out of its range is told in a sentence."""
        start = len(line) - len(line.split(None, 1)[1]) if len(line.split(None, 1)) > 1 else len(line)
        said = fault.text if fault.text.endswith(".") else f"error: {fault.text}"
        return f"{' ' * (len(self.prompt) + start + fault.column)}^\n{said}\n"

    def _operate(self, line: str) -> str:
        command, *pipes = (part.strip() for part in line.split(" | "))
        parts = tuple(command.split())
        if parts[:3] in _CLI and len(parts) == 4:
            if parts[2] == "screen-length":
                self.length = int(parts[3]) if parts[3].isdigit() else self.length
            return _CLI[parts[:3]].format(parts[3])
        if parts[0] in {"exit", "quit"}:
            self.closed = True
            return ""
        if parts[0] == "configure":
            return self._enter(parts[1:])
        if parts == ("request", "system", "reboot"):
            return self._ask("Reboot the system ? [yes,no] (no) ", self._reboot)
        if parts == ("show", "configuration"):
            return self._shown(self.box.running_config(), pipes)
        if parts in TABLES:
            return self._piped(TABLES[parts](self.box), pipes)
        known = {key[0] for key in TABLES} | {"configure", "exit", "quit", "request", "set"}
        if parts[0] not in known:
            return f"{' ' * len(self.prompt)}^\nunknown command.\n"
        raise SyntaxFault(0)

    def _shown(self, text: str, pipes: list[str]) -> str:
        """The configuration: as ``set`` lines, which is all that is emulated."""
        if not pipes or pipes[0] != "display set":
            return "error: only '| display set' is emulated\n"
        return self._piped(text, pipes[1:])

    def _piped(self, text: str, pipes: list[str]) -> str:
        for pipe in pipes:
            verb, _, pattern = pipe.partition(" ")
            lines = text.splitlines(keepends=True)
            if verb == "match":
                text = "".join(line for line in lines if re.search(pattern.strip('"'), line))
            elif verb == "except":
                text = "".join(line for line in lines if not re.search(pattern.strip('"'), line))
            elif verb == "count":
                text = f"Count: {len(lines)} lines\n"
            elif verb != "no-more":
                raise SyntaxFault(0)
        return text

    def _enter(self, options: tuple[str, ...]) -> str:
        holder = self.box.holder
        if options not in {(), ("exclusive",)}:
            raise SyntaxFault(0)
        if holder is not None:
            return (f"error: configuration database locked by:\n  {self.box.spec.username} terminal pts/0 (pid 4711) "
                    f"on since {moment(self.box.clock.now())}\n      exclusive [edit]\n")
        if options and self.box.modified:
            return "error: configuration database modified\n"
        self.configuring, self.place = True, []
        if options:
            self.box.holder = self
            return "warning: uncommitted changes will be discarded on exit\nEntering configuration mode\n"
        note = "The configuration has been modified but not committed\n" if self.box.modified else ""
        return f"Entering configuration mode\n{note}"

    def _configure(self, line: str, words: list[str]) -> str:
        verb, _, rest = line.strip().partition(" ")
        tree = self.box.candidate
        if verb in {"set", "delete", "deactivate", "activate", "insert"}:
            tokens = [*self.place, *tokenise(rest)]
            if verb == "set":
                tree.set(tokens)
                return ""
            said = {"delete": tree.delete, "insert": tree.insert}[verb](tokens) if verb in {"delete", "insert"} else \
                tree.activate(tokens, inactive=verb == "deactivate")
            return f"{said}\n" if said else ""
        if verb in {"top", "up", "edit"}:
            self.place = [] if verb == "top" else self.place[:-1] if verb == "up" else [*self.place, *tokenise(rest)]
            return ""
        if verb == "run":
            return self._operate(rest)
        if verb == "show":
            command, *pipes = (part.strip() for part in line.split(" | "))
            if pipes[:1] == ["compare"] and command == "show":
                return self._difference()
            if command == "show":
                return self._shown(tree.text, pipes)
        if verb == "rollback":
            return self._rollback(words[1:])
        if verb == "commit":
            return self._commit(tuple(words[1:]))
        if verb in {"exit", "quit"}:
            return self._exit(words[1:])
        return f"{' ' * len(self.prompt)}^\nunknown command.\n"

    def _difference(self) -> str:
        before, after = list(self.box.active.lines()), list(self.box.candidate.lines())
        return "".join(f"{sign} {line}\n" for sign, here, there in (("-", before, after), ("+", after, before))
                       for line in here if line not in there)

    def _rollback(self, words: list[str]) -> str:
        number = words[0] if words else "0"
        if len(words) > 1 or not number.isdigit():
            raise SyntaxFault(0)
        if int(number) >= len(self.box.history):
            return f"error: could not open rollback file: rollback {number} does not exist\n"
        self.box.candidate = self.box.load(self.box.history[int(number)].text)[0]
        return "load complete\n"

    def _commit(self, words: tuple[str, ...]) -> str:
        if not self.exclusive and self.box.holder is not None:
            return "error: configuration database locked\n"
        if words[:1] == ("check",):
            return self._checked() or self._check()
        minutes, comment, rest = 0, "", list(words)
        if rest[:1] == ["confirmed"]:
            rest.pop(0)
            minutes = int(rest.pop(0)) if rest and rest[0].isdigit() else 10
            if minutes not in _MINUTES:
                raise SyntaxFault(0, f"Value {minutes} is not within range (1..65535)")
        if rest[:1] == ["comment"]:
            comment, rest = " ".join(rest[1:]).strip('"'), []
        leaves = rest == ["and-quit"]
        if rest and not leaves:
            raise SyntaxFault(0)
        if refused := self._checked():
            return refused
        self.box.commit(self.box.spec.username, minutes=minutes, comment=comment)
        said = (f"commit confirmed will be automatically rolled back in {minutes} minutes unless confirmed\n"
                if minutes else "") + "commit complete\n"
        return said + (self._left() if leaves else "")

    def _checked(self) -> str:
        problems = self.box.problems()
        return "".join(f"{one}\n" for one in problems) + "error: configuration check-out failed\n" if problems else ""

    def _check(self) -> str:
        """The device takes a check for the confirmation of what waits."""
        self.box.deadline = None
        return "configuration check succeeds\n"

    def _exit(self, words: list[str]) -> str:
        if words and words != ["configuration-mode"]:
            raise SyntaxFault(0)
        if self.place and not words:
            self.place = []
            return ""
        if not self.box.modified:
            return self._left()
        if self.exclusive:
            return self._ask(f"{_CHANGED}Discard uncommitted changes? [yes,no] (yes) ", self._leave)
        return self._ask(f"{_CHANGED}Exit with uncommitted changes? [yes,no] (yes) ", self._leave)

    def _leave(self, answer: str) -> str:
        return self._left() if answer in {"", "yes", "y"} else ""

    def _left(self) -> str:
        if self.exclusive:
            self.box.candidate = self.box.active.copied() if self.box.modified else self.box.candidate
            self.box.holder = None
        self.configuring, self.place = False, []
        return "Exiting configuration mode\n"

    def _ask(self, text: str, answer: Callable[[str], str]) -> str:
        self.question = Question(text, answer)
        return ""

    def _reboot(self, answer: str) -> str:
        if answer == "yes":
            self.box.restart()
        return ""

