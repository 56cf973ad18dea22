"""The safe change: a transaction, so that all lines take effect as one, under the unit's own revert timer.

While ``cfg-save`` is ``revert``, nothing is kept before ``execute cfg save``; a unit that waits for it too long reloads
what it kept. The switch itself may be kept or not: what runs is told by comparing it with what ran before. Source: fact
sheet, "Push, rollback, save" and "Error markers".
"""

from __future__ import annotations

import re
from contextlib import suppress

from punchdown.errors import ConnectError, DeviceError, DeviceTimeout, RejectedError, RolledBackError
from punchdown.platforms.contract import Reader, Resolver, Writer
from punchdown.platforms.fortinet_fortios.masking import fetch
from punchdown.secrets import UNKNOWN, references
from punchdown.values import Change, Step

HOW_SAVED = "show full-configuration system global | grep cfg-save"
START, COMMIT, ABORT = (f"execute config-transaction {word}" for word in ("start", "commit", "abort"))
SAVE, RELOAD = "execute cfg save", "execute cfg reload"
_SHORTEST = 10
_REFUSED = re.compile(
    r"Command fail\. Return code|(?:command|value) parse error before|entry not found in datasource"
    r"|(?:object|attribute) (?:set|check) operator error|node_check_object fail|MUST be set|Unknown action|[Dd]uplicate"
    r"|is used by other|already (?:exists?|used)|ambiguous (?:command|option)|incomplete command|is locked by"
    r"|transaction.*(?:has expired|fail)|invalid (?:value|input|integer)|Permission denied|not exist")
_BREAKS = re.compile(r"""["\\?]|[^\x20-\x7e]""")
_MODE = re.compile(r"set cfg-save (\w+)")


def refusal(output: str) -> str:
    """The line by which the device refused, empty when it did not.

    >>> refusal("entry not found in datasource\\n\\nvalue parse error before 'x'\\nCommand fail. Return code -3")
    'entry not found in datasource'
    """
    return next((line.strip() for line in output.splitlines() if _REFUSED.search(line)), "")


class FortiosChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    groundwork: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._steps: tuple[Step, ...] = ()
        self._resolve: Resolver = str
        self._before = ""

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Remember the steps: a transaction lives in the session that commits it. A secret stands between quotes, and
        a question mark asks for help."""
        for step in change.steps:
            if any(_BREAKS.search(value) for value in map(resolve, references(step.text))):
                raise RejectedError(writer.device, "stage", step.text.strip(),
                                    "the secret holds a quote, a backslash, a question mark or what can't be printed")
        self._steps, self._resolve = change.steps, resolve

    def check(self, writer: Writer) -> None:
        """There is no dry run; what can be checked is that the unit keeps changes by itself, so nobody waits."""
        mode = _mode(writer)
        if mode != "automatic":
            raise RejectedError(writer.device, "check", HOW_SAVED, f"another change may wait to be kept: {mode}")

    def mark(self, writer: Writer) -> str:
        """A digest of what runs."""
        self._before = _running(writer)
        return self._before

    def recall(self, mark: str) -> None:
        """What ran before the change."""
        self._before = mark

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Arm the timer, then all lines in a transaction; the first that is refused ends it."""
        if not self._steps:
            return
        if not self._before:
            self.mark(writer)
        _keep(writer, "revert", max(timer_seconds, _SHORTEST))
        self._run(writer, START)
        for step in self._steps:
            self._line(writer, step.text)
        self._run(writer, COMMIT)

    def confirm(self, writer: Writer) -> None:
        """Keep what runs, and let the unit keep changes by itself again."""
        if not self._steps:
            return
        if _mode(writer) != "revert" or (self._before and _running(writer) == self._before):
            raise RolledBackError(writer.device, "confirm", "the revert timer had run out before it could be stopped")
        self._run(writer, SAVE, "confirm")
        _keep(writer, "automatic")

    def rollback(self, writer: Writer) -> None:
        """Reload what was kept, unless it runs already; sessions through the firewall end."""
        writer.run(ABORT)
        if _mode(writer) != "revert":
            return
        fresh = writer
        if not self._before or _running(writer) != self._before:
            with suppress(ConnectError, DeviceTimeout):
                if answer := refusal(writer.run(RELOAD, timeout=120.0).output):
                    raise RejectedError(writer.device, "rollback", RELOAD, answer)
            fresh = writer.reconnect()
        if _mode(fresh) == "revert":
            self._disarm(fresh)

    def _disarm(self, writer: Writer) -> None:
        """Let the unit keep changes by itself again; a dead session's transaction may still lock that."""
        try:
            _keep(writer, "automatic")
        except RejectedError:
            with suppress(ConnectError, DeviceTimeout):
                writer.run(RELOAD, timeout=120.0)
            _keep(writer.reconnect(), "automatic")

    def save(self, writer: Writer) -> None:
        """Kept by confirming; said so."""
        if (mode := _mode(writer)) != "automatic":
            raise RejectedError(writer.device, "save", HOW_SAVED, f"the way back is still scheduled: {mode}")

    def pending(self, writer: Writer) -> bool:
        """Whether the unit would go back by itself."""
        return _mode(writer) == "revert"

    def _line(self, writer: Writer, line: str) -> None:
        if answer := refusal(writer.configure(self._resolve(line)).output):
            with suppress(DeviceError):
                writer.run("abort")
                writer.run(ABORT)
            raise RejectedError(writer.device, "commit", line.strip(), answer)

    def _run(self, writer: Writer, command: str, step: str = "commit") -> None:
        if answer := refusal(writer.run(command, timeout=120.0).output):
            raise RejectedError(writer.device, step, command, answer)


def _running(reader: Reader) -> str:
    return fetch(reader, lambda _: UNKNOWN).digest


def _mode(reader: Reader) -> str:
    """How changes are kept. Raises DeviceError when the unit does not say."""
    found = _MODE.search(reader.show(HOW_SAVED).output)
    if not found:
        raise DeviceError(reader.device, "read", "the unit does not say how it keeps changes (cfg-save)")
    return found[1]


def _keep(writer: Writer, mode: str, seconds: int = 0) -> None:
    """Set how changes are kept, by itself, and see that it is so."""
    timeout = (f"set cfg-revert-timeout {seconds}",) if seconds else ()
    for line in ("config system global", f"set cfg-save {mode}", *timeout, "end"):
        if answer := refusal(writer.configure(line).output):
            raise RejectedError(writer.device, "commit", line, answer)
    if _mode(writer) != mode:
        raise RejectedError(writer.device, "commit", f"set cfg-save {mode}", "it did not take effect")
