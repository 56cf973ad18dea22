"""A terminal session: prompts, transactions, questions, ``grep``. Lines in, text out; no network here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question
from punchdown.lab.emulated.faulty import hit, strike_after, strike_before
from punchdown.lab.emulated.fortinet_fortios.configure import Configurator, is_open, split, verb
from punchdown.lab.emulated.fortinet_fortios.execute import get, run, show
from punchdown.lab.emulated.fortinet_fortios.schema import Refused
from punchdown.lab.emulated.fortinet_fortios.store import Store

if TYPE_CHECKING:
    from punchdown.lab.emulated.fortinet_fortios.appliance import FortiosAppliance

IDLE_SECONDS = 300
"""A transaction nobody works on is discarded. Source: vendor's guide, "Workspace mode"."""
_PAGE = 24


@dataclass(slots=True)
class Transaction:
    """``store`` is what its session sees; ``touched`` are the tables it has opened, which nobody else may."""

    number: int
    store: Store
    touched: set[str] = field(default_factory=set)
    last: float = 0.0


class CliSession:
    """One user at a terminal."""

    def __init__(self, appliance: FortiosAppliance) -> None:
        self.appliance = appliance
        self.closed = self.hung = False
        self.question: Question | None = None
        self.transaction: Transaction | None = None
        self.lines = 0
        self._generation = appliance.generation
        self._open = ""
        self.configurator = self._configure()

    @property
    def length(self) -> int:
        """Lines of a page, as the console is set for everybody."""
        return _PAGE if self.store.blocks["system console"].first("output") == "more" else 0

    @property
    def store(self) -> Store:
        """What this session sees."""
        return self.transaction.store if self.transaction else self.appliance.store

    @property
    def prompt(self) -> str:
        """What the device shows while it waits."""
        if self.question is not None:
            return self.question.text
        if self._open:
            return "> "
        host = self.appliance.hostname
        frames = self.configurator.frames
        return f"{host} ({frames[-1].prompt}) # " if frames else f"{host} # "

    @property
    def verbatim(self) -> bool:
        """True inside of a quoted text."""
        return bool(self._open)

    def _configure(self) -> Configurator:
        return Configurator(self.store, self.appliance.dice, self._changed, self._opening)

    def _changed(self, path: str) -> None:
        if self.transaction:
            self.transaction.touched.add(path)
        else:
            self.appliance.touched(path)

    def _opening(self, path: str) -> None:
        others = (item for item in self.appliance.transactions if item is not self.transaction)
        if any(path in item.touched for item in others):
            raise Refused("The object is locked by another transaction", -30)
        if self.transaction and path == "system console":
            raise Refused("Not changeable in a transaction", -30)

    def feed(self, line: str) -> str:
        """Take one line as typed (without its end)."""
        self.appliance.tick()
        self._notice()
        if self.closed or self.hung or strike_before(
                self, self.appliance.faults, line, confirms=bool(re.match(r"exe\w* cfg save", line.strip()))):
            return ""
        self.appliance.heard()
        output = self._answer(line)
        strike_after(self, self.appliance, line)
        self._notice()
        return output

    def _notice(self) -> None:
        if self._generation != self.appliance.generation:
            self.closed = True
        if self.transaction and self.transaction not in self.appliance.transactions:
            self.transaction = None
            self.configurator = self._configure()

    def _answer(self, line: str) -> str:
        if self.question is not None:
            question, self.question = self.question, None
            return question.answer(line.strip())
        text, self._open = (f"{self._open}\n{line}" if self._open else line), ""
        if is_open(text):
            self._open = text
            return ""
        if self.transaction:
            self.transaction.last = self.appliance.clock.now()
        try:
            return self._command(text)
        except Refused as refused:
            return refused.text

    def _command(self, line: str) -> str:
        command, bar, pipe = line.partition(" | ")
        words = split(command)
        if not words or words[0].startswith("#"):
            return ""
        if words[0] in {"exit", "quit"} and not self.configurator.frames:
            self.closed = True
            return ""
        kind = verb(words[0])
        if hit(self.appliance.faults.refuse, line):
            raise Refused(f"\ncommand parse error before '{words[-1]}'", -61)
        if kind not in {"show", "get", "execute"}:
            if bar:
                raise Refused("\ncommand parse error before '|'", -61)
            return self.configurator.feed(kind, words[1:])
        makers = {"show": show, "get": get, "execute": run}
        return _grepped(makers[kind](self, words[1:]), pipe)

    def ask(self, question: Question) -> str:
        """Put a question to the user."""
        self.question = question
        return ""

    def begin(self) -> str:
        """Start a transaction."""
        if self.transaction or self.configurator.frames:
            raise Refused("A transaction is open already", -30)
        box = self.appliance
        box.transaction_count += 1
        self.transaction = Transaction(box.transaction_count, box.store.copied(), last=box.clock.now())
        box.transactions.append(self.transaction)
        self.configurator = self._configure()
        return ""

    def finish(self, *, commit: bool) -> str:
        """End the transaction, for everybody to see or for nobody."""
        transaction = self.transaction
        if transaction is None:
            raise Refused("There is no open transaction", -30)
        self.transaction = None
        self.appliance.transactions.remove(transaction)
        if commit:
            for path in transaction.touched:
                self.appliance.store.blocks[path] = transaction.store.blocks[path]
            if transaction.touched:
                self.appliance.touched(*transaction.touched)
        self.configurator = self._configure()
        return ""



def _grepped(output: str, pipe: str) -> str:
    """Lines of the output that hold what ``grep`` seeks."""
    words = split(pipe)
    if not words:
        return output
    options = {word for word in words[1:-1] if word.startswith("-")}
    if words[0] != "grep" or len(words) - len(options) != 2 or not options <= {"-i", "-v"}:
        raise Refused(f"\ncommand parse error before '{words[0]}'", -61)
    flags = re.IGNORECASE if "-i" in options else 0
    return "".join(f"{line}\n" for line in output.splitlines()
                   if bool(re.search(words[-1], line, flags)) != ("-v" in options))
