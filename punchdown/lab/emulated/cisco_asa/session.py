"""A terminal session: prompts, modes, questions, exec commands. Lines in, text out; no network here."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question
from punchdown.lab.emulated.cisco_asa import tables
from punchdown.lab.emulated.cisco_asa.configure import INVALID, Configurator
from punchdown.lab.emulated.cisco_asa.words import word_type
from punchdown.lab.emulated.faulty import hit, strike_after, strike_before
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Grammar, Parsed, Refusal

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_asa.appliance import AsaAppliance

EXEC = Grammar((
    Cmd("show running-config", hook="running"), Cmd("show running-config <line>", hook="running"),
    Cmd("show startup-config", hook="startup"), Cmd("show reload", hook="reload-shown"),
    Cmd("show version", hook="version"), Cmd("show interface", hook="interface"), Cmd("show nat", hook="nat"),
    Cmd("show access-list", hook="lists"), Cmd("show access-list <name>", hook="lists"),
    Cmd("show curpriv", hook="curpriv"),
    Cmd("enable", hook="enable"), Cmd("disable", hook="disable"), Cmd("login", hook="login"),
    Cmd("(exit|logout|quit)", hook="logout"), Cmd("terminal pager <0-2147483647>", hook="pager"),
    Cmd("terminal pager lines <0-2147483647>", hook="pager"), Cmd("write memory", hook="write"),
    Cmd("write", hook="write"), Cmd("copy [/noconfirm] running-config startup-config", hook="copy"),
    Cmd("configure terminal", hook="configure"),
    Cmd("reload [quick] [noconfirm]", hook="reload"),
    Cmd("reload in <delay> [noconfirm]", hook="reload-in"), Cmd("reload cancel", hook="reload-cancel"),
), word_type)
_UNPRIVILEGED = {"enable", "login", "exit", "logout", "quit", "show curpriv", "show version"}


class CliSession:
    """One user at a terminal. ``feed`` takes a line and returns what the device prints before its next prompt."""

    def __init__(self, appliance: AsaAppliance, *, privileged: bool = True) -> None:
        self.appliance = appliance
        self.privileged = privileged
        self.length = 24
        self.closed = self.hung = False
        self.question: Question | None = None
        self.configurator: Configurator | None = None
        self.lines = 0
        self._generation = appliance.generation

    @property
    def prompt(self) -> str:
        """What the device shows while it waits."""
        if self.question is not None:
            return self.question.text
        host = self.appliance.config.hostname
        if self.configurator is None:
            return host + ("# " if self.privileged else "> ")
        return f"{host}({self.configurator.prompt})# "

    @property
    def verbatim(self) -> bool:
        """Never: a banner is given line by line."""
        return False

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end)."""
        self.appliance.tick()
        self._notice_restart()
        if self.closed or self.hung or strike_before(
                self, self.appliance.faults, line, confirms=bool(re.match(r"reload can", line.strip()))):
            return ""
        output = self._answer(line)
        strike_after(self, self.appliance, line)
        self._notice_restart()
        return output

    def _notice_restart(self) -> None:
        if self._generation != self.appliance.generation:
            self.closed = True

    def _answer(self, line: str) -> str:
        if self.question is not None:
            question, self.question = self.question, None
            return question.answer(line.strip())
        if self.configurator is not None:
            return self._configure(line)
        return self.execute(line)

    def _configure(self, line: str) -> str:
        configurator, words = self.configurator, line.split()
        if configurator is None or not words:
            return ""
        if words[0].lower() in {"end", "\x1a"}:
            self.configurator = None
            return ""
        if words[0].lower() in {"exit", "quit"}:
            self.configurator = configurator if configurator.leave() else None
            return ""
        if hit(self.appliance.faults.refuse, line):
            return f"{' ' * len(self.prompt)}^\n{INVALID}\n"
        # Commands of lower modes are known in higher ones; the word decides.
        parsed = EXEC.parse(words) if words[0].lower() in {"show", "write", "reload", "copy"} else None
        if isinstance(parsed, Parsed):
            return self.execute(line)
        width = len(self.prompt)
        reply = configurator.feed(line)
        if reply.column is not None:
            return " " * (width + reply.column) + f"^\n{reply.text}\n"
        if not reply.refused:
            self.appliance.dirty = True
        return f"{reply.text}\n" if reply.text else ""

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
        if isinstance(parsed, Refusal) or not (self.privileged or parsed.text in _UNPRIVILEGED):
            refusal = parsed if isinstance(parsed, Refusal) else Refusal("invalid", 0)
            return self._refusal(refusal, line, words)
        return _filtered(_ACTIONS[parsed.command.hook](self, parsed), pipe)

    def _refusal(self, refusal: Refusal, line: str, words: list[str]) -> str:
        if refusal.kind == "incomplete":
            return "ERROR: % Incomplete command\n"
        if refusal.kind == "ambiguous":
            return f'ERROR: % Ambiguous command:  "{" ".join(words)}"\n'
        starts = [match.start() for match in re.finditer(r"\S+", line)]
        return " " * (len(self.prompt) + starts[min(refusal.place, len(starts) - 1)]) + f"^\n{INVALID}\n"



def _filtered(output: str, pipe: str) -> str:
    """Output through ``include``, ``exclude``, ``grep`` or ``begin``."""
    verb, _, pattern = pipe.strip().partition(" ")
    if not verb:
        return output
    lines = output.splitlines()
    if "include".startswith(verb) or "grep".startswith(verb):
        lines = [line for line in lines if re.search(pattern, line)]
    elif "exclude".startswith(verb):
        lines = [line for line in lines if not re.search(pattern, line)]
    elif "begin".startswith(verb):
        lines = lines[next((at for at, line in enumerate(lines) if re.search(pattern, line)), len(lines)):]
    else:
        return f"{INVALID}\n"
    return "".join(f"{line}\n" for line in lines)


def _login(session: CliSession, _parsed: Parsed) -> str:
    spec = session.appliance.spec

    def password(name: str) -> str:
        return session.ask("Password: ", lambda text: check(name, text), hidden=True)

    def check(name: str, text: str) -> str:
        right = name == spec.username and hmac.compare_digest(text.encode(), (spec.password or "lab").encode())
        session.privileged = session.privileged or right
        return "" if right else "Login incorrect\n"

    return session.ask("Username: ", password)


def _enable(session: CliSession, _parsed: Parsed) -> str:
    def check(text: str) -> str:
        right = hmac.compare_digest(text.encode(), (session.appliance.spec.password or "lab").encode())
        session.privileged = session.privileged or right
        return "" if right else "Invalid password\nAccess denied.\n"

    return session.ask("Password: ", check, hidden=True)


def _disable(session: CliSession, _parsed: Parsed) -> str:
    session.privileged = False
    return ""


def _logout(session: CliSession, _parsed: Parsed) -> str:
    session.closed = True
    return "\nLogoff\n\n"


def _pager(session: CliSession, parsed: Parsed) -> str:
    session.length = int(parsed.words[-1])
    return ""


def _write(session: CliSession, _parsed: Parsed) -> str:
    session.appliance.save()
    size = len(session.appliance.startup)
    return f"Building configuration...\nCryptochecksum: 5a6f0ed2 1f8c1a5e\n\n{size} bytes copied in 0.200 secs\n[OK]\n"


def _copy(session: CliSession, parsed: Parsed) -> str:
    if "/noconfirm" in parsed.words:
        return _write(session, parsed)
    return session.ask("\nSource filename [running-config]? ", lambda _: _write(session, parsed))


def _configure(session: CliSession, _parsed: Parsed) -> str:
    session.configurator = session.appliance.configurator()
    return ""


def _reload(session: CliSession, parsed: Parsed) -> str:
    def go(answer: str) -> str:
        if answer.lower() in {"", "y"}:
            session.appliance.restart()
        return ""

    if "noconfirm" in parsed.words:
        return go("")
    return _ask_save(session, lambda: session.ask("Proceed with reload? [confirm]", go, key=True))


def _ask_save(session: CliSession, proceed: Callable[[], str]) -> str:
    def save(answer: str) -> str:
        if answer.lower()[:1] in {"y", "s"}:
            session.appliance.save()
        return "" if answer.lower().startswith("c") else proceed()

    if not session.appliance.dirty:
        return proceed()
    return session.ask("System config has been modified. Save? [Y]es/[N]o/[S]ave all/[C]ancel: ", save)


def _reload_in(session: CliSession, parsed: Parsed) -> str:
    hours, _, minutes = parsed.words[2].rpartition(":")
    delay = 60 * int(hours or 0) + int(minutes)

    def go(answer: str) -> str:
        if answer.lower() in {"", "y"}:
            session.appliance.schedule(delay)
            return f"\n\n***\n*** --- SHUTDOWN in {delay // 60}:{delay % 60:02d}:00 ---\n***\n"
        return ""

    if "noconfirm" in parsed.words:
        return go("")
    return _ask_save(session, lambda: session.ask("Proceed with reload? [confirm]", go, key=True))


def _reload_cancel(session: CliSession, _parsed: Parsed) -> str:
    if session.appliance.reload_at is None:
        return "No reload is scheduled.\n"
    session.appliance.reload_at = None
    return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n"


def _curpriv(session: CliSession, _parsed: Parsed) -> str:
    level, mode = (15, "P_PRIV") if session.privileged else (1, "P_UNPR")
    user = session.appliance.spec.username
    return f"Username : {user}\nCurrent privilege level : {level}\nCurrent Mode/s : {mode}\n"


_ACTIONS: dict[str, Callable[[CliSession, Parsed], str]] = {
    "running": lambda session, parsed: tables.show_running(session.appliance, " ".join(parsed.words[2:])),
    "startup": lambda session, _: tables.show_startup(session.appliance),
    "reload-shown": lambda session, _: tables.show_reload(session.appliance),
    "version": lambda session, _: tables.show_version(session.appliance),
    "interface": lambda session, _: tables.show_interface(session.appliance),
    "nat": lambda session, _: tables.show_nat(session.appliance),
    "lists": lambda session, parsed: tables.show_access_list(session.appliance, *parsed.words[2:]),
    "curpriv": _curpriv, "enable": _enable, "disable": _disable, "login": _login, "logout": _logout, "pager": _pager,
    "write": _write, "copy": _copy, "configure": _configure, "reload": _reload, "reload-in": _reload_in,
    "reload-cancel": _reload_cancel,
}
