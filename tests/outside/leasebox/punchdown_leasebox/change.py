"""The safe change: ``guard SECONDS`` keeps a copy and goes back to it unless ``keep`` comes in time."""

from __future__ import annotations

from punchdown.errors import RejectedError, RolledBackError
from punchdown.platforms import Resolver, Writer
from punchdown.values import Change, Step


class LeaseboxChange:
    """One change of one device; see :class:`punchdown.platforms.contract.SafeChange`."""

    groundwork: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._steps: tuple[Step, ...] = ()

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Nothing but a look: it holds no secret, and a change of somebody else must not be waiting."""
        del resolve
        if self.pending(writer):
            raise RejectedError(writer.device, "stage", "guard", "another change waits to be kept")
        self._steps = change.steps

    def check(self, writer: Writer) -> None:
        """It has no syntax check; what it refuses is taken back."""

    def mark(self, writer: Writer) -> str:
        del writer
        return ""

    def recall(self, mark: str) -> None:
        """The device keeps all that is needed."""

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Arm, then line by line; a refused line goes back at once."""
        self._told(writer, f"guard {timer_seconds}")
        for step in self._steps:
            answer = writer.configure(step.text).output.strip()
            if answer.startswith("error:"):
                writer.run("end")
                self.rollback(writer)
                raise RejectedError(writer.device, "commit", step.text.strip(), f"{answer} ({step.why})")
        writer.run("end")

    def confirm(self, writer: Writer) -> None:
        if "error:" in writer.run("keep").output:
            raise RolledBackError(writer.device, "confirm", "the device went back before the change was kept")

    def rollback(self, writer: Writer) -> None:
        writer.run("back")

    def save(self, writer: Writer) -> None:
        self._told(writer, "save")

    def pending(self, writer: Writer) -> bool:
        return "seconds" in writer.show("show pending").output

    def _told(self, writer: Writer, command: str) -> None:
        answer = writer.run(command).output.strip()
        if "error:" in answer:
            raise RejectedError(writer.device, "commit", command, answer)
