"""Exec commands that act: saving, archive, confirmed change, replace, reload. Show commands are in ``tables``.

Source: the platform's fact sheet (safe push, error markers).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.lines import grammar
from punchdown.lab.emulated.cisco_ios.tables import SHOW_COMMANDS, TABLES
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.session import CliSession

_NONE_PENDING = "%No Rollback Confirmed Change pending\n"
_ARCHIVE_OFF = "%Turn config archive on before using Rollback Confirmed Change\n"
_REPLACE = ("This will apply all necessary additions and deletions\nto replace the current running configuration "
            "with the\ncontents of the specified configuration file, which is\nassumed to be a complete configuration, "
            "not a partial\nconfiguration. Enter Y if you are sure you want to proceed. ? [no]: ")
_MINUTES = "<1-120>"

EXEC = grammar((
    *SHOW_COMMANDS,
    Cmd("enable", hook="enable"),
    Cmd("disable", hook="disable"),
    Cmd("(exit|logout|quit)", hook="logout"),
    Cmd("terminal length <0-512>", hook="terminal"),
    Cmd("terminal width <0-512>", hook="terminal"),
    Cmd("terminal (monitor|no monitor)", hook="nothing"),
    Cmd("write [(memory|terminal)]", hook="write"),
    Cmd("copy running-config startup-config", hook="copy-startup"),
    Cmd("copy (running-config|startup-config|<url>) (running-config|startup-config|<url>)", hook="copy"),
    Cmd("more <url>", hook="more"),
    Cmd("delete [/force] <url>", hook="delete"),
    Cmd("configure [terminal]", hook="configure"),
    Cmd(f"configure terminal revert timer {_MINUTES}", hook="configure-revert"),
    Cmd("configure confirm", hook="confirm"),
    Cmd("configure revert now", hook="revert-now"),
    Cmd(f"configure revert timer {_MINUTES}", hook="revert-timer"),
    Cmd(f"configure replace <url> [list] [force] [(revert trigger error [timer {_MINUTES}]|revert timer {_MINUTES}|"
      f"time {_MINUTES})]", hook="replace"),
    Cmd("archive config", hook="archive-config"),
    Cmd("reload", hook="reload"),
    Cmd("reload in <1-34560>", hook="reload-in"),
    Cmd("reload cancel", hook="reload-cancel"),
    Cmd("clear counters", hook="nothing"),
    Cmd("authentication display config-mode", hook="style"),
    Cmd("authentication convert-to new-style [forced]", hook="convert"),
))


def run_command(session: CliSession, parsed: Parsed) -> str:
    """Run a parsed exec line; returns its output."""
    hook = parsed.command.hook
    if hook in TABLES:
        return TABLES[hook](session.appliance, parsed)
    return _ACTIONS[hook](session, parsed)


def _enable(session: CliSession, _parsed: Parsed) -> str:
    box = session.appliance
    if session.privileged or not (box.config.root.value("enable secret") or box.config.root.value("enable password")):
        session.privileged = True
        return ""

    def check(password: str) -> str:
        session.privileged = password == box.spec.password
        return "" if session.privileged else "% Access denied\n"

    return session.ask("Password: ", check, hidden=True)


def _disable(session: CliSession, _parsed: Parsed) -> str:
    session.privileged = False
    return ""


def _logout(session: CliSession, _parsed: Parsed) -> str:
    session.closed = True
    return ""


def _terminal(session: CliSession, parsed: Parsed) -> str:
    setattr(session, parsed.words[1], int(parsed.words[2]))
    return ""


def _nothing(_session: CliSession, _parsed: Parsed) -> str:
    return ""


def _write(session: CliSession, parsed: Parsed) -> str:
    if parsed.words[-1] == "terminal":
        return session.appliance.running_config()
    session.appliance.save()
    return "Building configuration...\n[OK]\n"


def _copy_startup(session: CliSession, _parsed: Parsed) -> str:
    def save(name: str) -> str:
        if name not in ("", "startup-config"):
            return "%Error: file name not understood\n"
        session.appliance.save()
        return "Building configuration...\n[OK]\n"

    return session.ask("Destination filename [startup-config]? ", save)


def _copy(session: CliSession, parsed: Parsed) -> str:
    box = session.appliance
    source, target = parsed.words[1], parsed.words[2]
    texts = {"running-config": box.running_config().split("bytes\n", 1)[1], "startup-config": _startup(session)}
    text = texts.get(source, box.files.get(source))
    if text is None:
        return f"%Error opening {source} (No such file or directory)\n"

    def finish(name: str) -> str:
        if target == "running-config":
            loader = box.configurator()
            loader.quiet = True
            for line in text.splitlines():
                loader.feed(line)
            box.touched(box.spec.username)
        else:
            place = "nvram:startup-config" if target == "startup-config" else target
            box.files[place if ":" in place else name] = text
        return f"{len(text)} bytes copied in 0.1 secs\n"

    return session.ask(f"Destination filename [{target.split(':')[-1]}]? ", finish)


def _startup(session: CliSession) -> str:
    return session.appliance.files["nvram:startup-config"]


def _more(session: CliSession, parsed: Parsed) -> str:
    text = session.appliance.files.get(parsed.words[1])
    return f"%Error opening {parsed.words[1]} (No such file or directory)\n" if text is None else f"{text}\n"


def _delete(session: CliSession, parsed: Parsed) -> str:
    gone = session.appliance.files.pop(parsed.words[-1], None)
    return f"%Error deleting {parsed.words[-1]} (No such file or directory)\n" if gone is None else ""


def _configure(session: CliSession, parsed: Parsed) -> str:
    if parsed.words[-1] == "terminal":
        return session.configure()
    return session.ask("Configuring from terminal, memory, or network [terminal]? ",
                       lambda answer: session.configure() if answer in ("", "terminal", "t") else "?Must be terminal\n")


def _configure_revert(session: CliSession, parsed: Parsed) -> str:
    box = session.appliance
    if not box.archive_path:
        return _ARCHIVE_OFF
    if box.revert:
        return "%Rollback Confirmed Change already pending\n"
    name = box.take_archive()
    box.arm(int(parsed.words[-1]), name)
    return f"Rollback Confirmed Change: Backing up current running config to {name}\n\n{session.configure()}"


def _confirm(session: CliSession, _parsed: Parsed) -> str:
    box = session.appliance
    if box.revert is None:
        return _NONE_PENDING
    box.revert = None
    box.note(f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_CONFIRM: User: {box.spec.username}: Confirm the configuration change")
    return ""


def _revert_now(session: CliSession, _parsed: Parsed) -> str:
    box = session.appliance
    if box.revert is None:
        return _NONE_PENDING
    file = box.revert.file
    box.revert_now()
    return f"Rollback Confirmed Change: Rolling to:{file}\n\nTotal number of passes: 1\nRollback Done\n\n"


def _revert_timer(session: CliSession, parsed: Parsed) -> str:
    box = session.appliance
    if box.revert is None:
        return _NONE_PENDING
    box.arm(int(parsed.words[-1]), box.revert.file)
    return ""


def _replace(session: CliSession, parsed: Parsed) -> str:
    url = parsed.words[2]
    text = session.appliance.files.get(url)
    if text is None:
        return f"%Error opening {url} (No such file or directory)\n"
    if "version" not in text or not text.rstrip().endswith("end"):
        return "%The input file is not a valid config file.\n"
    timed = parsed.words[-1].isdigit()
    if timed and not session.appliance.archive_path:
        return "%Please turn config archive on\n"
    if "force" in parsed.words:
        return _replace_now(session, url, int(parsed.words[-1]) if timed else 0)
    minutes = int(parsed.words[-1]) if timed else 0
    return session.ask(_REPLACE, lambda word: _replace_now(session, url, minutes) if word[:1].lower() == "y" else "")


def _replace_now(session: CliSession, url: str, minutes: int) -> str:
    box = session.appliance
    backup = box.take_archive() if minutes else ""
    refused = box.replace(url)
    if refused:
        return (f"\n%Error: Failed to apply command {refused[0]}\nAborting Rollback.\n\n"
                "Rollback failed.Reverting back to the original configuration\n")
    if minutes:
        box.arm(minutes, backup)
    return "\nTotal number of passes: 1\nRollback Done\n\n"


def _archive_config(session: CliSession, _parsed: Parsed) -> str:
    return "" if session.appliance.take_archive() else "Archive feature not enabled\n"


def _reload(session: CliSession, _parsed: Parsed) -> str:
    box = session.appliance

    def proceed(_: str = "") -> str:
        return session.ask("Proceed with reload? [confirm]", go, key=True)

    def go(answer: str) -> str:
        if answer in ("", "y", "Y"):
            box.restart()
        return ""

    return _ask_save(session, proceed)


def _ask_save(session: CliSession, proceed: Callable[[str], str]) -> str:
    def save(answer: str) -> str:
        if answer.lower().startswith("y"):
            session.appliance.save()
        elif not answer.lower().startswith("n"):
            return _ask_save(session, proceed)
        return proceed(answer)

    if session.appliance.pristine:
        return proceed("")
    return session.ask("\nSystem configuration has been modified. Save? [yes/no]: ", save)


def _reload_in(session: CliSession, parsed: Parsed) -> str:
    box = session.appliance

    def go(answer: str) -> str:
        if answer in ("", "y", "Y"):
            box.reload_at = box.clock.now() + 60 * int(parsed.words[2])
        return ""

    return _ask_save(session, lambda _: session.ask("Proceed with reload? [confirm]", go, key=True))


def _reload_cancel(session: CliSession, _parsed: Parsed) -> str:
    if session.appliance.reload_at is None:
        return "%No reload is scheduled.\n"
    session.appliance.reload_at = None
    return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n"


def _style(session: CliSession, _parsed: Parsed) -> str:
    return f"Current configuration mode is {'new-style' if session.appliance.config.new_style else 'legacy'}\n"


def _convert(session: CliSession, parsed: Parsed) -> str:
    """Ports without lines of the old style alone; how the device writes such lines anew is not known here."""
    box = session.appliance
    old = re.compile(r"authentication (?!periodic|timer)")
    if any(old.match(key) for port in box.config.interfaces() for key in port.lines):
        return "% Not converted: ports have authentication lines\n"

    def go(answer: str) -> str:
        if answer.lower() in ("", "y", "yes"):
            box.convert()
        return ""

    if parsed.words[-1] == "forced":
        return go("yes")
    return session.ask("This operation will permanently convert all relevant authentication commands to their CPL "
                       "control-policy equivalents. Do you wish to continue? [yes]: ", go)


def minutes_left(deadline: float, now: float) -> int:
    """Whole minutes, rounded up, as the device shows them."""
    return math.ceil((deadline - now) / 60)


_ACTIONS: dict[str, Callable[[CliSession, Parsed], str]] = {
    "enable": _enable, "disable": _disable, "logout": _logout, "terminal": _terminal, "nothing": _nothing,
    "write": _write, "copy-startup": _copy_startup, "copy": _copy, "more": _more, "delete": _delete,
    "configure": _configure, "configure-revert": _configure_revert, "confirm": _confirm, "revert-now": _revert_now,
    "revert-timer": _revert_timer, "replace": _replace, "archive-config": _archive_config, "reload": _reload,
    "style": _style, "convert": _convert, "reload-in": _reload_in, "reload-cancel": _reload_cancel,
}
