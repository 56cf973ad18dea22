"""The safe change on Linux: a rollback job on disk that survives the loss of the session and a restart.

What is not atomic: several stores take effect one after the other, in the order of the tuple; a reader can see one
store new and the next still old. Whatever fails in between is put back, last store first.
"""

from __future__ import annotations

from punchdown.errors import DeviceError, RejectedError, RolledBackError
from punchdown.platforms.contract import Answer, Resolver, Writer
from punchdown.platforms.linux import script
from punchdown.platforms.linux.store import Store, slug
from punchdown.secrets import references
from punchdown.values import Change


class LinuxChange:
    """SafeChange over ordered stores. Its state lives on the appliance, so that a fresh object can finish or undo."""

    def __init__(self, stores: tuple[Store, ...]) -> None:
        names = [slug(document) for store in stores for document in store.documents]
        if len(names) != len(set(names)):
            raise ValueError("two documents share a file name or belong to two stores")
        self._stores = stores
        self._secrets: dict[str, str] = {}

    @property
    def groundwork(self) -> tuple[str, ...]:
        """None: the transaction has a directory of its own."""
        return ()

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Write documents and scripts into the transaction directory. Raises RejectedError when another change is
        armed there."""
        staged = tuple(store for store in self._stores if set(store.documents) & change.payload.keys())
        homeless = change.payload.keys() - {name for store in staged for name in store.documents}
        if homeless:
            raise DeviceError(writer.device, "stage", f"no store takes {', '.join(sorted(homeless))}")
        self._must(writer, "stage", "prepare", writer.run("sh -s", stdin=script.PREPARE))
        for name, text in sorted(change.payload.items()):
            self._secrets |= {resolve(reference): reference for reference in references(text)}
            self._put(writer, f"new/{slug(name)}", resolve(text))
        for name, text in script.jobs(staged).items():
            self._put(writer, name, text)

    def check(self, writer: Writer) -> None:
        """Run every store's own syntax check. Raises RejectedError; nothing has changed."""
        self._must(writer, "check", "staged configuration", self._job(writer, "check"))

    def mark(self, writer: Writer) -> str:  # noqa: ARG002 - the contract's form
        """Nothing: the transaction directory knows."""
        return ""

    def recall(self, mark: str) -> None:
        """Nothing to take over."""

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Snapshot, arm timer and boot job, take effect. Raises RejectedError; then the old configuration runs."""
        seconds = max(1, int(timer_seconds))
        answer = self._job(writer, "commit", str(seconds), timeout=seconds + 30.0)
        if answer.code == script.NOT_ARMED:
            self._must(writer, "commit", "snapshot", answer)
        if answer.code:
            self.rollback(writer)
            self._must(writer, "commit", "new configuration", answer)

    def confirm(self, writer: Writer) -> None:
        """Win the rename against the timer. Raises RolledBackError when the timer won."""
        answer = self._job(writer, "confirm")
        if answer.code == script.LOST:
            raise RolledBackError(writer.device, "confirm", self._clean(
                f"the rollback timer was first; {answer.output.strip() or 'the old configuration runs again'}"))
        self._must(writer, "confirm", "confirm", answer)

    def rollback(self, writer: Writer) -> None:
        """Go back now, or wait for the timer that is already going back. A change that never took effect is dropped.
        Raises RejectedError when the change was confirmed or a store can't be put back."""
        self._must(writer, "rollback", "rollback", self._job(writer, "rollback", timeout=120.0))

    def save(self, writer: Writer) -> None:
        """Make the confirmed change survive a restart and remove what was staged."""
        self._must(writer, "save", "save", self._job(writer, "save"))

    def pending(self, writer: Writer) -> bool:
        """True while an unconfirmed change is armed on the appliance, or its timer is just going back."""
        answer = writer.run("sh -s", stdin=script.PENDING)
        return answer.output.strip() == "pending"

    def _job(self, writer: Writer, name: str, *words: str, timeout: float = 60.0) -> Answer:
        return writer.run(" ".join(("sh", f"{script.FOLDER}/{name}.sh", *words)), timeout=timeout)

    def _put(self, writer: Writer, name: str, text: str) -> None:
        answer = writer.run(f"umask 077 && cat > {script.FOLDER}/{name}", stdin=text)
        self._must(writer, "stage", name, answer)

    def _must(self, writer: Writer, step: str, line: str, answer: Answer) -> None:
        if answer.code:
            raise RejectedError(writer.device, step, line, self._clean(answer.error + answer.output))

    def _clean(self, text: str) -> str:
        """An appliance's own checker may print the line that it refuses: no secret passes on."""
        for secret in sorted(filter(None, self._secrets), key=len, reverse=True):
            text = text.replace(secret, self._secrets[secret])
        return text
