"""The safe change: lines that act at once, under a scheduled restart with the saved configuration.

The device has no candidate and no timer that takes commands back. ``reload after`` restarts it in some minutes; what
was not saved is gone then. So what runs is saved before the change, and the change only after it is confirmed.
What is not atomic: every line acts when it is sent, and going back is a restart, which ports and phones feel.
Source: fact sheet, "Safe push" and "Error markers".
"""

from __future__ import annotations

import contextlib
import math
import re

from punchdown.errors import ConnectError, DeviceTimeout, RejectedError, RolledBackError
from punchdown.platforms.contract import Resolver, Writer
from punchdown.secrets import references
from punchdown.values import Change, Step

CREDENTIALS = "include-credentials"
SNMP = "snmpv3 enable"
"""The command asks back in words that differ by release, and makes a user whose keys somebody must choose."""
_LOGINS = re.compile(r"aaa authentication ssh login (?:radius|tacacs)\b")
_REFUSAL = re.compile(
    r"Invalid input:|Incomplete input:|Ambiguous input:|Error:|Unable to |.*\bnot found|Not enough|Inconsistent value"
    r"|Module not present|Operation failed|Duplicate|Bad value|.*must belong to|.*[Cc]annot |.*can't |.*is in use"
    r"|.*not allowed|.*not configured|Command failed|.*does not exist")
_UNCHANGED = "same as"
_NONE = "not scheduled"
_MINUTES = range(1, 60)


def refusal(output: str) -> str:
    """The line by which the device refused, empty when it did not.

    >>> refusal("Invalid input: taged"), refusal("")
    ('Invalid input: taged', '')
    """
    return next((line for raw in output.splitlines() if _REFUSAL.match(line := raw.strip())), "")


def timer_minutes(seconds: int) -> int:
    """The timer in whole minutes, rounded up, within what is worth waiting for (1..59).

    >>> timer_minutes(90), timer_minutes(1)
    (2, 1)
    """
    return min(max(math.ceil(seconds / 60), _MINUTES.start), _MINUTES.stop - 1)


class ProcurveChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    groundwork: tuple[str, ...] = (CREDENTIALS,)
    """Without it keys can't be read back; it is saved with the change."""

    def __init__(self) -> None:
        self._steps: tuple[Step, ...] = ()
        self._resolve: Resolver = str
        self._committed = False

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Remember the steps; save what runs, since the way back is a restart, and have keys shown where some come."""
        if any(step.text.strip() == SNMP for step in change.steps):
            raise RejectedError(writer.device, "stage", SNMP, "it asks for passwords of a user that it makes: type it "
                                "by hand once; the next change takes that user away")
        self._steps, self._resolve = change.steps, resolve
        for step in change.steps:
            if any('"' in value or not value.isprintable() for value in map(resolve, references(step.text))):
                raise RejectedError(writer.device, "stage", step.text.strip(),
                                    "the secret holds a quote or a control character: the device can't take it")
        running = writer.show("show running-config", timeout=90.0).output.replace("\r", "")
        logins = next((step.text.strip() for step in change.steps if _LOGINS.match(step.text.strip())), "")
        if logins and not re.search(r"^password manager\b", running, re.MULTILINE):
            raise RejectedError(writer.device, "stage", logins, "the switch has no manager with a password: when no "
                                "server answers, anybody could log in")
        if self._unsaved(writer):
            self.save(writer)
        if any(references(step.text) for step in change.steps) and not re.search(
                rf"^{CREDENTIALS}\s*$", running, re.MULTILINE):
            writer.run("configure terminal")
            if refused := refusal(writer.run(CREDENTIALS).output):
                raise RejectedError(writer.device, "stage", CREDENTIALS, refused)
            writer.run("end")

    def check(self, writer: Writer) -> None:
        """The command line has no dry run; what can be checked is that no restart is scheduled."""
        if self.pending(writer):
            raise RejectedError(writer.device, "check", "show reload after", "a restart is scheduled already")

    def mark(self, writer: Writer) -> str:
        """Nothing: the saved configuration is the way back."""
        del writer
        return ""

    def recall(self, mark: str) -> None:
        """Nothing to know."""

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Schedule the restart, then send line by line; the first refused line ends it."""
        command = f"reload after {timer_minutes(timer_seconds)}"
        self._committed = True
        if (answer := refusal(writer.run(command).output)) or not self.pending(writer):
            raise RejectedError(writer.device, "commit", command, answer or "no restart is scheduled after it")
        for step in self._steps:
            self._send(writer, step)
        writer.run("end")

    def confirm(self, writer: Writer) -> None:
        """Call the restart off. Raises RolledBackError when it is over."""
        if not self.pending(writer):
            raise RolledBackError(writer.device, "confirm", "the restart had come before it could be called off")
        if (refused := refusal(writer.run("no reload").output)) or self.pending(writer):
            raise RejectedError(writer.device, "confirm", "no reload", refused or "the restart is still scheduled")

    def rollback(self, writer: Writer) -> None:
        """Restart now without saving, where a change is pending or was sent; the session ends with it."""
        if not self.pending(writer) and not (self._committed and self._unsaved(writer)):
            return
        with contextlib.suppress(ConnectError, DeviceTimeout):
            answer = writer.run("reload", timeout=30.0).output
            if refused := refusal(answer):
                raise RejectedError(writer.device, "rollback", "reload", refused)

    def save(self, writer: Writer) -> None:
        """Write the start-up configuration; never under a scheduled restart, which is the way back."""
        if self.pending(writer):
            raise RejectedError(writer.device, "save", "write memory", "a restart is still scheduled")
        if refused := refusal(writer.run("write memory", timeout=120.0).output):
            raise RejectedError(writer.device, "save", "write memory", refused)

    def pending(self, writer: Writer) -> bool:
        """Whether a restart is scheduled."""
        return _NONE not in writer.show("show reload after").output

    @staticmethod
    def _unsaved(writer: Writer) -> bool:
        return _UNCHANGED not in writer.show("show config status").output

    def _send(self, writer: Writer, step: Step) -> None:
        text = step.text.strip()
        answer = writer.configure(self._resolve(text)).output
        if refused := refusal(answer):
            said = refused
            for reference in references(text):
                said = said.replace(self._resolve(reference), reference)
            raise RejectedError(writer.device, "commit", text, f"{said} ({step.why})" if step.why else said)
