"""The safe change: the device's own revert timer around lines that act at once.

``configure terminal revert timer`` takes an archive copy and goes back to it unless ``configure confirm`` comes in
time. What is not atomic: every line acts when it is sent; the timer takes back the whole.
Source: fact sheet, "Safe push" and "Error markers".
"""

from __future__ import annotations

import math
import re

from punchdown.errors import RejectedError, RolledBackError
from punchdown.platforms.cisco_ios.addresses import overlap_of_steps
from punchdown.platforms.cisco_ios.control_policies import MODE, has_style, wrong_style
from punchdown.platforms.contract import Resolver, Writer
from punchdown.secrets import references
from punchdown.values import Change, Step

ARCHIVE = ("archive", " path flash:punchdown")
_UNMARKED_REFUSAL = re.compile(
    r"Command rejected:|Command authorization failed|ERROR:|.*not a valid config file|.*Failed to apply command"
    r"|Aborting Rollback|Rollback failed")
_NOTICE = re.compile(
    r"% ?(?:Access|Voice) VLAN does not exist\. Creating vlan|% ?Warning: portfast should only be enabled"
    r"|% ?Generating .*keys|% ?Portfast has been configured on|% ?Duplicate ACE$"
    # A log message that the terminal shows: %FACILITY-SEVERITY-MNEMONIC: text.
    r"|%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+:")
_LOCKING = re.compile(r"aaa new-model|aaa authentication login ")
_NO_PENDING = "No Rollback Confirmed Change pending"
_COPY = re.compile(r"^ +\d+ +(\S+)( <- Most Recent)?", re.MULTILINE)
_LIST = "Archive #"
_MINUTES = range(1, 121)


def refusal(output: str) -> str:
    """The line by which the device refused, empty when it did not.

    Whatever starts with ``%`` is a refusal, unless it is known to be a notice or is a log message.

    >>> refusal("% Duplicate sequence number"), refusal("%SYS-5-CONFIG_I: Configured from console by vty0")
    ('% Duplicate sequence number', '')
    """
    lines = (line.strip() for line in output.splitlines())
    return next((line for line in lines
                 if (line.startswith("%") and not _NOTICE.match(line)) or _UNMARKED_REFUSAL.match(line)), "")


def timer_minutes(seconds: int) -> int:
    """The timer in whole minutes, rounded up, within what the device takes (1..120).

    >>> timer_minutes(90), timer_minutes(1), timer_minutes(100000)
    (2, 1, 120)
    """
    return min(max(math.ceil(seconds / 60), _MINUTES.start), _MINUTES.stop - 1)


def _without_secrets(text: str, answer: str, resolve: Resolver) -> str:
    for reference in references(text):
        value = resolve(reference)
        answer = answer.replace(value, reference) if value else answer
    return answer


class IosChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    def __init__(self) -> None:
        self._steps: tuple[Step, ...] = ()
        self._resolve: Resolver = str
        self._newest: str | None = None

    @property
    def groundwork(self) -> tuple[str, ...]:
        """The archive."""
        return tuple(line.strip() for line in ARCHIVE)

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Remember the steps; make sure that the revert timer can work and that nobody locks himself out.

        The archive is configured before the timer starts, because the timer needs it.
        """
        self._steps, self._resolve = change.steps, resolve
        texts = {step.text.strip() for step in change.steps}
        locking = next((text for text in sorted(texts) if _LOCKING.match(text)), "")
        addressed = next((text for text in sorted(texts) if text.startswith("ip address ")), "")
        running = writer.show("show running-config").output if locking or addressed else ""
        if locking and not re.search(r"^username ", running, re.MULTILINE):
            raise RejectedError(writer.device, "stage", locking, "no local user could log in afterwards")
        if has_style(texts) and (refused := wrong_style(texts, writer.show(MODE).output)):
            raise RejectedError(writer.device, "stage", MODE, refused)
        if addressed and (refused := overlap_of_steps(change.steps, running)):
            raise RejectedError(writer.device, "stage", addressed, refused)
        if self._archive_off(writer):
            for line in ARCHIVE:
                self._configure(writer, Step(line, "the revert timer needs an archive"), "stage")
            writer.run("end")

    def check(self, writer: Writer) -> None:
        """The command line has no dry run; what can be checked is that the timer is available and free."""
        if self._archive_off(writer):
            raise RejectedError(writer.device, "check", "show archive", "the archive is not configured")
        if self.pending(writer):
            raise RejectedError(writer.device, "check", "show archive config rollback timer",
                                "another change waits for its confirmation")

    def mark(self, writer: Writer) -> str:
        """The newest copy in the archive, ``-`` when there is none: the next one is this change's own."""
        self._newest = next((name for name, recent in self._copies(writer) if recent), "-")
        return self._newest

    def recall(self, mark: str) -> None:
        """The newest copy before the change."""
        self._newest = mark or None

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Start the timer, then send line by line; the first refused line ends it."""
        if self._newest is None:
            self.mark(writer)
        command = f"configure terminal revert timer {timer_minutes(timer_seconds)}"
        if answer := refusal(writer.run(command).output):
            raise RejectedError(writer.device, "commit", command, answer)
        for step in self._steps:
            self._configure(writer, step, "commit")
        writer.run("end")

    def confirm(self, writer: Writer) -> None:
        """Stop the timer. Raises RolledBackError when it had run out."""
        answer = writer.run("configure confirm").output
        if _NO_PENDING in answer:
            raise RolledBackError(writer.device, "confirm", "the revert timer had run out before"
                                  " it could be stopped")
        if refused := refusal(answer):
            raise RejectedError(writer.device, "confirm", "configure confirm", refused)

    def rollback(self, writer: Writer) -> None:
        """Back to the archive copy now.

        Nothing pending means that the device went back by itself, perhaps while lines were still being sent: then the
        copy that was taken when the timer started is brought back whole.
        """
        refused = refusal(writer.run("configure revert now", timeout=120.0).output)
        if refused and _NO_PENDING not in refused:
            raise RejectedError(writer.device, "rollback", "configure revert now", refused)
        if refused and (copy := self._own_copy(writer)):
            command = f"configure replace {copy} force"
            if answer := refusal(writer.run(command, timeout=300.0).output):
                raise RejectedError(writer.device, "rollback", command, answer)

    def save(self, writer: Writer) -> None:
        """Write the start-up configuration."""
        answer = writer.run("write memory", timeout=120.0).output
        if refused := refusal(answer):
            raise RejectedError(writer.device, "save", "write memory", refused)

    def pending(self, writer: Writer) -> bool:
        """Whether a revert timer runs. Raises RejectedError: the device did not say."""
        command = "show archive config rollback timer"
        shown = writer.show(command).output
        if _NO_PENDING not in shown and (refused := refusal(shown)):
            raise RejectedError(writer.device, "check", command, refused)
        return "Timer value" in shown

    def _copies(self, writer: Writer) -> list[tuple[str, str]]:
        """Names in the order of their places, and which of them is marked as the most recent.

        Raises:
            RejectedError: the device showed no list: one that is taken as empty would bring back somebody else's copy.
        """
        shown = writer.show("show archive").output
        if _LIST not in shown:
            raise RejectedError(writer.device, "mark", "show archive", refusal(shown) or "it shows no list of copies")
        return _COPY.findall(shown)

    def _own_copy(self, writer: Writer) -> str:
        """The first copy after the one that was the newest before; empty when that is not known any more."""
        copies = self._copies(writer)
        names = [name for name, _ in copies]
        if self._newest == "-":
            return next(iter(names), "")
        if self._newest not in names or any(recent and name == self._newest for name, recent in copies):
            return ""
        return names[(names.index(self._newest) + 1) % len(names)]  # a full archive begins again at its first place

    def _archive_off(self, writer: Writer) -> bool:
        return "not enabled" in writer.show("show archive").output

    def _configure(self, writer: Writer, step: Step, at: str) -> None:
        text = step.text if "\n" in step.text else step.text.strip()
        answer = writer.configure(self._resolve(text)).output
        if refused := refusal(answer):
            said = _without_secrets(text, refused, self._resolve)
            raise RejectedError(writer.device, at, text, f"{said} ({step.why})" if step.why else said)
