"""The safe change: lines that act at once under the device's own timer, a scheduled restart.

An ASA has no confirmed commit. What runs is saved first, a restart is scheduled, the lines are sent; the confirmation
cancels the restart. Going back is done by lines, computed from what is saved and what runs, so a restart is needed
only when nobody can reach the device any more or a line is refused.
Source: fact sheet, "Push, rollback, save" and "Error markers".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from punchdown.errors import DeviceError, RejectedError, RolledBackError
from punchdown.platforms.cisco_asa.compare import back
from punchdown.platforms.contract import Resolver, Writer
from punchdown.secrets import references
from punchdown.values import Change, Step

_REFUSAL = re.compile(r"ERROR:|% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Error)|Command failed|Command authorization"
                      r"|Specified .* does not exist|Incomplete command|.*[Nn]ot enough (?:memory|space)")
_BREAKS = re.compile(r"[^\x21-\x7e]|\?")
_NONE = "No reload is scheduled"
_MINUTES = range(1, 34561)


def refusal(output: str) -> str:
    """The line by which the device refused, empty when it did not. Warnings and notes are no refusals.

    >>> refusal("ERROR: % Invalid input detected at '^' marker."), refusal("WARNING: found duplicate element")
    ("ERROR: % Invalid input detected at '^' marker.", '')
    """
    return next((line.strip() for line in output.splitlines() if _REFUSAL.match(line.strip())), "")


def timer_minutes(seconds: int) -> int:
    """The timer in whole minutes, rounded up, at least one.

    >>> timer_minutes(90), timer_minutes(1)
    (2, 1)
    """
    return min(max(math.ceil(seconds / 60), _MINUTES.start), _MINUTES.stop - 1)


class AsaChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    groundwork: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._steps: tuple[Step, ...] = ()
        self._resolve: Resolver = str

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Remember the steps and save what runs: it is what a restart brings back."""
        self._steps, self._resolve = change.steps, resolve
        texts = {step.text.strip() for step in change.steps}
        if any(text.startswith("aaa authentication ssh console ") for text in texts) and not re.search(
                r"^username ", writer.show("show running-config", timeout=120.0).output, re.MULTILINE):
            raise RejectedError(writer.device, "stage", "aaa authentication ssh console",
                                "no local user could log in afterwards")
        for step in change.steps:
            if any(_BREAKS.search(value) for value in map(resolve, references(step.text))):
                raise RejectedError(writer.device, "stage", step.text.strip(),
                                    "the secret holds a blank, a question mark or what can't be printed")
        if self.pending(writer):
            raise RejectedError(writer.device, "stage", "show reload", "a restart is scheduled already")
        self._write(writer, "stage")

    def check(self, writer: Writer) -> None:
        """The command line has no dry run; what can be checked is that nothing has happened since it was saved."""
        if back(self._running(writer), self._saved(writer)):
            raise RejectedError(writer.device, "check", "show startup-config", "what is saved is not what runs")

    def mark(self, writer: Writer) -> str:
        """Nothing: the device itself keeps its old configuration."""
        del writer
        return ""

    def recall(self, mark: str) -> None:
        """Nothing to take over."""
        del mark

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Schedule the restart, then send line by line; the first refused line ends it."""
        command = f"reload in {timer_minutes(timer_seconds)} noconfirm"
        if answer := refusal(writer.run(command).output):
            raise RejectedError(writer.device, "commit", command, answer)
        if not self.pending(writer):
            raise RejectedError(writer.device, "commit", command, "no restart was scheduled")
        self._send(writer, self._steps, "commit")

    def confirm(self, writer: Writer) -> None:
        """Cancel the restart. Raises RolledBackError when it has happened."""
        if not self.pending(writer):
            raise RolledBackError(writer.device, "confirm", "the scheduled restart had happened before it could be "
                                  "cancelled")
        self._cancel(writer, "confirm")

    def rollback(self, writer: Writer) -> None:
        """Back to what is saved, by lines; by a restart at once where that does not lead there, or needs a key that
        the device shows to nobody."""
        try:
            steps = back(self._running(writer), self._saved(writer))
            if any("*****" in step.text for step in steps):
                writer.run("reload noconfirm")
                return
            self._send(writer, steps, "rollback")
            left = back(self._running(writer), self._saved(writer))
        except RejectedError:
            left = (Step("reload"),)
        if left:
            writer.run("reload noconfirm")
            return
        if self.pending(writer):
            self._cancel(writer, "rollback")

    def save(self, writer: Writer) -> None:
        """Write the start-up configuration; not under a scheduled restart: it would keep what it should undo."""
        if self.pending(writer):
            raise RejectedError(writer.device, "save", "write memory", "a restart is still scheduled")
        self._write(writer, "save")

    def pending(self, writer: Writer) -> bool:
        """Whether a restart is scheduled."""
        return _NONE not in writer.show("show reload").output

    def _running(self, writer: Writer) -> str:
        return self._read(writer, "show running-config")

    def _saved(self, writer: Writer) -> str:
        return self._read(writer, "show startup-config")

    def _read(self, writer: Writer, command: str) -> str:
        output = writer.show(command, timeout=120.0).output
        if "hostname " not in output:
            raise DeviceError(writer.device, "read", f"{command}: no whole configuration came")
        return output

    def _cancel(self, writer: Writer, at: str) -> None:
        answer = writer.run("reload cancel").output
        if self.pending(writer):
            raise RejectedError(writer.device, at, "reload cancel", refusal(answer) or "a restart is still scheduled")

    def _write(self, writer: Writer, at: str) -> None:
        answer = writer.run("write memory", timeout=120.0).output
        if "[OK]" not in answer:
            raise RejectedError(writer.device, at, "write memory", refusal(answer) or "it did not say that it is done")

    def _send(self, writer: Writer, steps: Iterable[Step], at: str) -> None:
        for step in steps:
            text = step.text.strip()
            answer = writer.configure(self._resolve(text)).output
            if refused := refusal(answer):
                said = self._without_secrets(text, refused)
                raise RejectedError(writer.device, at, text, f"{said} ({step.why})" if step.why else said)
        writer.run("end")

    def _without_secrets(self, text: str, answer: str) -> str:
        for reference in references(text):
            value = self._resolve(reference)
            answer = answer.replace(value, reference) if value else answer
        return answer
