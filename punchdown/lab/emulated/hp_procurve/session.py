"""A terminal session: prompts, modes, questions. Lines in, text out; no network here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question as Asked
from punchdown.lab.emulated.faulty import hit, strike_after, strike_before
from punchdown.lab.emulated.hp_procurve.configure import Configurator
from punchdown.lab.emulated.hp_procurve.grammar import Command as Cmd
from punchdown.lab.emulated.hp_procurve.grammar import Grammar, Parsed, Refused
from punchdown.lab.emulated.hp_procurve.questions import Question
from punchdown.lab.emulated.hp_procurve.tables import SHOW_COMMANDS, TABLES

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.appliance import ProcurveAppliance

_GREETING = ("HP J9729A 2920-48G-POE+ Switch\r\nSoftware revision {version}\r\n\r\n(C) Copyright 2020 Hewlett Packard "
             "Enterprise Development LP\r\n\r\nPress any key to continue")
_EXEC = Grammar((
    *SHOW_COMMANDS, Cmd("configure [terminal]", "configure"), Cmd("enable", "nothing"), Cmd("exit", "logout"),
    Cmd("logout", "logout"), Cmd("end", "nothing"), Cmd("page", "page"), Cmd("terminal (width|length) <2-1920>",
    "nothing"), Cmd("write memory", "save"), Cmd("write terminal", "running"), Cmd("reload", "reload-now"),
    Cmd("reload after <delay>", "reload-after"), Cmd("boot", "reload-now"),
    Cmd("copy running-config startup-config", "save"),
))
_SAVE = "Do you want to save current configuration [y/n/^C]? "


class CliSession:
    """One user at a terminal. ``feed`` takes a line and returns what the switch prints before its next prompt."""

    more = "-- MORE --, next page: Space, next line: Enter, quit: Control-C"
    verbatim = False

    def __init__(self, appliance: ProcurveAppliance, *, greeted: bool = False) -> None:
        self.appliance = appliance
        self.length = 24
        self.closed = self.hung = False
        self.configurator: Configurator | None = None
        self.question: Asked | None = None
        self.lines = 0
        self._generation = appliance.generation
        if not greeted:
            self._ask(Question(_GREETING.format(version=appliance.spec.version), lambda _: ""))

    @property
    def prompt(self) -> str:
        """What the switch shows while it waits."""
        if self.question is not None:
            return self.question.text
        mode = f"({self.configurator.prompt})" if self.configurator else ""
        return f"{self.appliance.config.hostname}{mode}# "

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end)."""
        self.appliance.tick()
        self.closed = self.closed or self._generation != self.appliance.generation
        if self.closed or self.hung or strike_before(
                self, self.appliance.faults, line, confirms=bool(re.match(r"no reload", line.strip()))):
            return ""
        output = self._answer(line)
        strike_after(self, self.appliance, line)
        self.closed = self.closed or self._generation != self.appliance.generation
        return output

    def _ask(self, question: Question) -> None:
        self.question = Asked(question.text, question.answer, key=not question.password, hidden=question.password)

    def _answer(self, line: str) -> str:
        if self.question is not None:
            asked, self.question = self.question, None
            if "[y/n" in asked.text and line.strip().lower() not in {"y", "n"}:
                self.question = asked
                return ""
            return asked.answer(line.strip() if asked.hidden else line.strip().lower())
        words = line.split()
        if not words:
            return ""
        if hit(self.appliance.faults.refuse, line):
            return f"Invalid input: {words[0]}\n"
        if self.configurator is not None and words[0].lower() == "end":
            self.configurator = None
            return ""
        if self.configurator is not None and words[0].lower() == "exit":
            self.configurator = self.configurator if self.configurator.leave() else None
            return ""
        if self.configurator is not None and not _for_manager(words):
            said = self.configurator.feed(line)
            return f"{said}\n" if said else ""
        return self._manage(words)

    def _manage(self, words: list[str]) -> str:
        negated = words[0].lower() == "no"
        try:
            parsed = _EXEC.parse(words[negated:], negated=negated)
        except Refused as error:
            return f"{error}\n"
        return self._run(parsed, negated=negated)

    def _run(self, parsed: Parsed, *, negated: bool) -> str:
        box, what = self.appliance, parsed.command.hook
        if what in TABLES and not negated:
            return TABLES[what](box)
        if what == "page":
            self.length = 0 if negated else 24
        elif what.startswith("reload") and negated:
            box.reload_at = None
        elif what == "reload-after":
            minutes = _minutes(parsed.words[2])
            self._ask(Question("This command will cause a reboot of the system at the scheduled time.\r\n"
                               "Do you want to continue [y/n]? ", lambda key: box.schedule(minutes, key)))
        elif what == "reload-now":
            self._ask(Question("System will be rebooted from primary image. Do you want to continue [y/n]? ",
                               self._reboot))
        elif negated:
            return f"Invalid input: {parsed.words[0]}\n"
        elif what == "configure":
            self.configurator = Configurator(box.config, self._ask)
        elif what == "logout":
            self.closed = True
        elif what == "save":
            box.save()
        return ""

    def _reboot(self, key: str) -> str:
        if key != "y":
            return ""
        if self.appliance.saved:
            self.appliance.restart()
            return ""

        def finish(save: str) -> str:
            if save == "y":
                self.appliance.save()
            self.appliance.restart()
            return ""

        self._ask(Question(_SAVE, finish))
        return ""



def _for_manager(words: list[str]) -> bool:
    """Manager commands are taken in configuration mode, too."""
    first = words[0].lower()
    return first in {"show", "write", "reload", "boot", "page", "copy"} or (
        first == "no" and words[1:2] in (["page"], ["reload"])) or words[:2] in (["terminal", "width"],
                                                                                ["terminal", "length"])


def _minutes(text: str) -> int:
    """``[[DD:]HH:]MM`` in minutes."""
    parts = [int(part) for part in text.split(":")][::-1]
    return sum(value * size for value, size in zip(parts, (1, 60, 1440), strict=False))
