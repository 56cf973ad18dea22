"""A terminal session: prompts, modes, questions, output filters. Lines in, text out; no network here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question
from punchdown.lab.emulated.cisco_ios.configure import Configurator
from punchdown.lab.emulated.cisco_ios.execute import EXEC, run_command
from punchdown.lab.emulated.faulty import hit, strike_after, strike_before
from punchdown.lab.emulated.grammar import Refusal

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.appliance import IosAppliance

_INVALID = "% Invalid input detected at '^' marker.\n"


class CliSession:
    """One user at a terminal. ``feed`` takes a line and returns what the device prints before its next prompt."""

    def __init__(self, appliance: IosAppliance, *, privileged: bool = True) -> None:
        self.appliance = appliance
        self.privileged = privileged
        self.length, self.width = 24, 80
        self.closed = self.hung = False
        self.question: Question | None = None
        self.configurator: Configurator | None = None
        self.lines = 0
        self._generation, self._epoch = appliance.generation, appliance.epoch

    @property
    def prompt(self) -> str:
        """What the device shows while it waits."""
        if self.question is not None:
            return self.question.text
        host = self.appliance.config.hostname
        if self.configurator is None:
            return host + ("#" if self.privileged else ">")
        return "" if self.configurator.banner else f"{host}({self.configurator.prompt})#"

    @property
    def verbatim(self) -> bool:
        """True inside a banner."""
        return self.configurator is not None and self.configurator.banner is not None

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end)."""
        self.appliance.tick()
        self._notice_restart()
        if self.closed or self.hung or strike_before(
                self, self.appliance.faults, line, confirms=bool(re.match(r"conf\w* conf", line.strip()))):
            return ""
        output = self._answer(line)
        strike_after(self, self.appliance, line)
        self._notice_restart()
        return output

    def _notice_restart(self) -> None:
        if self._generation != self.appliance.generation:
            self.closed = True
        if self._epoch != self.appliance.epoch:
            self._epoch = self.appliance.epoch
            if self.configurator is not None:
                self.configurator = self.appliance.configurator()

    def _answer(self, line: str) -> str:
        if self.question is not None:
            question, self.question = self.question, None
            return question.answer(line.strip())
        if self.configurator is not None:
            return self._configure(line)
        return self.execute(line)

    def _configure(self, line: str) -> str:
        configurator = self.configurator
        words = line.split()
        if configurator is None or configurator.banner is None:
            first = words[0].lower() if words else ""
            if first == "end" or first == "\x1a":
                return self.end()
            if first in ("exit", "exi", "ex"):
                return self._exit_mode()
            if first == "do" and len(words) > 1:
                return self.execute(line.split(None, 1)[1])
        if configurator is None:
            return ""
        prompt = self.prompt
        if hit(self.appliance.faults.refuse, line):
            return f"{' ' * len(prompt)}^\n{_INVALID}"
        reply = configurator.feed(line)
        if reply.column is not None:
            return " " * (len(prompt) + reply.column) + f"^\n{_INVALID}"
        if words and not words[0].startswith("!") and not reply.refused:
            self.appliance.touched(self.appliance.spec.username)
        return f"{reply.text}\n" if reply.text else ""

    def _exit_mode(self) -> str:
        if self.configurator is not None and not self.configurator.leave():
            return self.end()
        return ""

    def end(self) -> str:
        """Back to exec mode."""
        self.configurator = None
        self.appliance.note(f"%SYS-5-CONFIG_I: Configured from console by {self.appliance.spec.username} on vty0")
        return ""

    def configure(self) -> str:
        """Enter configuration mode."""
        self.configurator = self.appliance.configurator()
        return "Enter configuration commands, one per line.  End with CNTL/Z.\n"

    def ask(self, text: str, answer: Callable[[str], str], *, key: bool = False, hidden: bool = False) -> str:
        """Put a question to the user; the next line (or key) is its answer."""
        self.question = Question(text, answer, key, hidden)
        return ""

    def execute(self, line: str) -> str:
        """Run one exec line, with an output filter after ``|``."""
        command, _, pipe = line.partition(" | ")
        words = command.split()
        if not words or words[0].startswith("!"):
            return ""
        parsed = EXEC.parse(words)
        if isinstance(parsed, Refusal):
            return self._refusal(parsed, line, words)
        if not self.privileged and parsed.words[0] not in ("enable", "show", "terminal", "exit", "logout"):
            return self._refusal(Refusal("invalid", 0), line, words)
        return filtered(run_command(self, parsed), pipe)

    def _refusal(self, refusal: Refusal, line: str, words: list[str]) -> str:
        if refusal.kind == "incomplete":
            return "% Incomplete command.\n"
        if refusal.kind == "ambiguous":
            return f'% Ambiguous command:  "{line.strip()}"\n'
        if refusal.place == 0 and len(words) == 1:
            return "% Unknown command or computer name, or unable to find computer address\n"
        starts = [match.start() for match in re.finditer(r"\S+", line)]
        return " " * (len(self.prompt) + starts[min(refusal.place, len(starts) - 1)]) + f"^\n{_INVALID}"



def filtered(output: str, pipe: str) -> str:
    """Output through ``include``, ``exclude``, ``begin``, ``section`` or ``count``."""
    verb, _, pattern = pipe.strip().partition(" ")
    lines = output.splitlines()
    if not verb:
        return output
    if "include".startswith(verb):
        lines = [line for line in lines if re.search(pattern, line)]
    elif "exclude".startswith(verb):
        lines = [line for line in lines if not re.search(pattern, line)]
    elif "begin".startswith(verb):
        start = next((place for place, line in enumerate(lines) if re.search(pattern, line)), len(lines))
        lines = lines[start:]
    elif "section".startswith(verb):
        lines = _section(lines, pattern)
    else:
        return _INVALID
    return "".join(f"{line}\n" for line in lines)


def _section(lines: list[str], pattern: str) -> list[str]:
    kept, inside = [], False
    for line in lines:
        inside = (inside and line.startswith(" ")) or bool(re.search(pattern, line))
        kept += [line] if inside else []
    return kept
