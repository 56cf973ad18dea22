"""The safe change: a candidate of our own, ``commit check``, ``commit confirmed`` and ``commit``.

The device's own timer goes back by itself, also when the session is lost. ``commit check`` would confirm a change that
waits, so nothing is checked while one does. Source: fact sheet, "Safe push"; vendor's command reference, "commit" and
"show system commit".
"""

from __future__ import annotations

import math
import re
from contextlib import suppress

from punchdown.errors import DeviceError, RejectedError, RolledBackError
from punchdown.platforms.contract import Resolver, Writer
from punchdown.platforms.juniper_junos.statements import tokens
from punchdown.secrets import references
from punchdown.values import Change, Step

ENTER = "configure exclusive"
LEAVE = "exit configuration-mode"
HISTORY = "show system commit"
CONFIGURATION = "show configuration | display set | no-more"
_LOGINS = re.compile(r"set system authentication-order (?:radius|tacplus)$")
_REFUSED = re.compile(
    r"(?:error:|syntax error|unknown command|missing (?:mandatory )?argument|invalid (?:value|input|interface|ip "
    r"|ethernet |numeric)|.* is ambiguous|.*not within range|number .* out of range|.*: must be |could not ).*"
    r"|.*configuration check-out failed.*", re.IGNORECASE)
_NOT_THERE = "statement not found"
_ENTRY = re.compile(r"^ *(\d+) +\d{4}-", re.MULTILINE)
_ASKED = "commit confirmed, rollback in"
_WAITS = "rollback pending"
_TOLD = 400
_MINUTES = range(1, 65536)


def refusal(output: str) -> str:
    """The line by which the device refused, empty when it did not; warnings are none.

    >>> refusal("error: configuration database locked by: root"), refusal("warning: statement not found")
    ('error: configuration database locked by: root', '')
    """
    lines = (line.strip() for line in output.splitlines())
    return next((line for line in lines if _REFUSED.match(line) and _NOT_THERE not in line), "")


def timer_minutes(seconds: int) -> int:
    """The timer in whole minutes, rounded up, within what the device takes (1..65535).

    >>> timer_minutes(90), timer_minutes(0)
    (2, 1)
    """
    return min(max(math.ceil(seconds / 60), _MINUTES.start), _MINUTES.stop - 1)


def entries(output: str) -> tuple[str, ...]:
    """The entries of the commit history, the newest first, each with its comment and what else stands below it.

    The words ``commit confirmed, rollback in 5mins`` stay with an entry for good; while the timer runs, and no longer,
    ``rollback pending`` stands below.
    """
    starts = [match.start() for match in _ENTRY.finditer(output)]
    return tuple(output[start:end] for start, end in zip(starts, [*starts[1:], len(output)], strict=True))


class JunosChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    def __init__(self) -> None:
        self._staged = False

    @property
    def groundwork(self) -> tuple[str, ...]:
        """None: the device brings all that is needed."""
        return ()

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Bring the steps into a candidate that nobody else can touch."""
        if self.pending(writer):
            raise RejectedError(writer.device, "stage", HISTORY, "another change waits for its confirmation")
        if any(_LOGINS.match(step.text) for step in change.steps):
            self._require_account(writer)
        self._ask(writer, "stage", ENTER)
        try:
            for step in change.steps:
                self._configure(writer, step, resolve)
        except DeviceError:
            self._abandon(writer)
            raise
        self._staged = True

    def _require_account(self, writer: Writer) -> None:
        """Somebody must be able to log in when no server answers."""
        said = writer.show(CONFIGURATION, timeout=90.0).output
        if not re.search(r"^set system login user \S+ authentication ", said, re.MULTILINE):
            raise RejectedError(writer.device, "stage", "set system authentication-order",
                                "the switch has no account with a password: nobody could log in when no server answers")

    def check(self, writer: Writer) -> None:
        """The device's own check of the whole candidate."""
        try:
            self._ask(writer, "check", "commit check", "configuration check succeeds")
        except DeviceError:
            self._abandon(writer)
            raise

    def mark(self, writer: Writer) -> str:
        """Nothing: the device keeps its earlier configurations itself."""
        del writer
        return ""

    def recall(self, mark: str) -> None:
        """Nothing to take over."""

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Take effect with the timer running, and let go of the candidate."""
        if not self._staged:
            raise RejectedError(writer.device, "commit", "commit confirmed", "nothing was staged")
        try:
            self._ask(writer, "commit", f"commit confirmed {timer_minutes(timer_seconds)}", "commit complete")
        except DeviceError:
            self._abandon(writer)
            raise
        writer.run(LEAVE)

    def confirm(self, writer: Writer) -> None:
        """Stop the timer. Raises RolledBackError when it had run out."""
        late = "the timer had run out before it could be stopped"
        if not self.pending(writer):
            raise RolledBackError(writer.device, "confirm", late)
        self._commit(writer, "confirm")
        newest, before, *_ = (*entries(writer.show(HISTORY).output), "", "")
        if _WAITS in newest or not (_ASKED in newest or _ASKED in before):
            raise RolledBackError(writer.device, "confirm", late)

    def rollback(self, writer: Writer) -> None:
        """Back to the configuration before now. Where nothing waits, the device is there already: a candidate of ours
        ends with its session."""
        if self.pending(writer):
            self._commit(writer, "rollback", "rollback 1")

    def save(self, writer: Writer) -> None:
        """A commit is saved; one that waits would be taken back after a restart."""
        if self.pending(writer):
            raise RejectedError(writer.device, "save", HISTORY, "not confirmed: its rollback is still scheduled")

    def pending(self, writer: Writer) -> bool:
        """Whether the newest commit waits for its confirmation."""
        return any(_WAITS in entry for entry in entries(writer.show(HISTORY).output)[:1])

    def _commit(self, writer: Writer, at: str, first: str = "") -> None:
        self._ask(writer, at, ENTER)
        try:
            if first:
                self._ask(writer, at, first, "load complete")
            self._ask(writer, at, "commit", "commit complete")
        except DeviceError:
            self._abandon(writer)
            raise
        writer.run(LEAVE)

    def _ask(self, writer: Writer, at: str, command: str, answer: str = "") -> None:
        """Run a command in the mode that the session is in; refused when its answer lacks the words of success."""
        said = writer.run(command, timeout=300.0).output
        if refusal(said) or answer not in said:
            raise RejectedError(writer.device, at, command, " ".join(said.split())[:_TOLD] or "no answer")

    def _abandon(self, writer: Writer) -> None:
        """Let go of the candidate, so that the next session can have it; a dead session does so by itself."""
        with suppress(DeviceError):
            writer.run("rollback 0")
            writer.run(LEAVE)

    def _configure(self, writer: Writer, step: Step, resolve: Resolver) -> None:
        values = {reference: resolve(reference) for reference in references(step.text)}
        line = step.text.strip()
        for reference, value in values.items():
            if not value.isprintable() or next(iter(tokens(f'"{_escaped(value)}"')), ()) != (_escaped(value),):
                raise RejectedError(writer.device, "stage", step.text, "the secret can't be written on one line")
            line = line.replace(reference, _escaped(value))
        answer = writer.configure(line).output
        if refused := refusal(answer):
            for reference, value in values.items():
                refused = refused.replace(_escaped(value), reference).replace(value, reference)
            raise RejectedError(writer.device, "stage", step.text, f"{refused} ({step.why})" if step.why else refused)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
