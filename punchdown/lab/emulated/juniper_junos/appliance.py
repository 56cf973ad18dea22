"""One emulated EX switch: active and candidate configuration, history, the timer of a confirmed commit, restart.

What a restart does to a commit that waits for its confirmation is in no public document that was found: here the
timer goes on, and one that has run out meanwhile acts at boot.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from punchdown.lab.emulated.juniper_junos.baseline import startup
from punchdown.lab.emulated.juniper_junos.checks import faults as commit_faults
from punchdown.lab.emulated.juniper_junos.secretwords import scrambled
from punchdown.lab.emulated.juniper_junos.session import JunosSession
from punchdown.lab.emulated.juniper_junos.store import SyntaxFault, Tree, tokenise
from punchdown.lab.emulated.juniper_junos.tables_life import Neighbour, Supplicant
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults, ScaledClock, Station

MODEL, VERSION = "EX3400-48P", "22.4R3.25"
_KEPT = 50


@dataclass(slots=True)
class Entry:
    """A commit: when, by whom, its text, and for how many minutes it waits for a confirmation (0: it does not)."""

    at: float
    user: str
    via: str
    text: str
    minutes: int = 0
    comment: str = ""


class JunosAppliance:
    """A switch as a pure state machine. Time passes only as its clock says; due timers act on the next call."""

    server_version = "OpenSSH_7.5"

    def __init__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        self.spec = replace(spec, model=spec.model or MODEL, version=spec.version or VERSION)
        self.clock = clock or ScaledClock()
        self.dice = random.Random(f"{spec.hostname}/{seed}")  # noqa: S311 - salts of a simulated device
        self.faults: Faults = spec.faults
        self.listeners: list[Callable[[], None]] = []
        self.sessions: list[Supplicant] = []
        self.neighbours: list[Neighbour] = []
        self.stations: list[Station] = []
        self.connected: set[str] = set()
        self.history: list[Entry] = []
        self.deadline: float | None = None
        self.generation, self.booted = 0, 0.0
        self.holder: JunosSession | None = None
        if saved and saved.get("history"):
            self.history = [Entry(**one) for one in saved["history"]]
            self.deadline = saved.get("deadline")
        else:
            first = self.load("\n".join(startup(self.spec)))[0]
            self.history = [Entry(self.clock.now(), "root", "other", first.text)]
        self._boot()

    def _boot(self) -> None:
        self.active = self.load(self.history[0].text)[0]
        self.candidate = self.active.copied()
        self.holder, self.booted = None, self.clock.now()
        self.generation += 1

    def tree(self) -> Tree:
        """An empty configuration of this device."""
        return Tree(lambda clear: scrambled(clear, self.dice), self.spec.hostname)

    def load(self, text: str) -> tuple[Tree, list[str]]:
        """A configuration from ``set`` lines, and the lines that were refused."""
        tree, refused = self.tree(), []
        for line in text.splitlines():
            verb, _, rest = line.strip().partition(" ")
            try:
                if verb == "set":
                    tree.set(tokenise(rest))
                elif verb in {"deactivate", "activate"}:
                    tree.activate(tokenise(rest), inactive=verb == "deactivate")
                elif verb == "delete":
                    tree.delete(tokenise(rest))
                elif verb and not verb.startswith("#"):
                    refused.append(line)
            except SyntaxFault:
                refused.append(line)
        return tree, refused

    @property
    def hostname(self) -> str:
        return self.active.root.value("system", "host-name") or "Amnesiac"

    @property
    def booting(self) -> bool:
        return self.generation > 1 and self.clock.now() < self.booted + self.faults.boot

    @property
    def modified(self) -> bool:
        """Whether the candidate differs from what is active."""
        return self.candidate.text != self.active.text

    def up(self, port: str) -> bool:
        """Whether a port has a link."""
        return port in self.connected

    def tick(self) -> None:
        """Roll back what nobody confirmed in time; let go of a candidate whose session ended."""
        if self.holder is not None and self.holder.closed:
            self.holder = None
            self.candidate = self.active.copied()
        if self.deadline is not None and self.clock.now() >= self.deadline:
            self.deadline = None
            self._take(self.load(self.history[1].text)[0], "root", "other")
            self.candidate = self.active.copied()

    def login(self) -> JunosSession:
        """A new terminal session."""
        self.tick()
        return JunosSession(self)

    def running_config(self) -> str:
        """The active configuration as ``show configuration | display set`` prints it."""
        return self.active.text

    def problems(self) -> list[str]:
        """Why the candidate can't be committed."""
        return list(commit_faults(self.candidate))

    def commit(self, user: str, *, minutes: int = 0, comment: str = "") -> None:
        """Take the candidate; ``minutes`` 0 confirms what waits."""
        self.candidate.number_accounts()
        self._take(self.candidate.copied(), user, "cli", minutes, comment)
        self.deadline = (self.clock.now() + minutes * 60 * self.faults.timer_factor) if minutes else None

    def _take(self, tree: Tree, user: str, via: str, minutes: int = 0, comment: str = "") -> None:
        self.active = tree
        self.history.insert(0, Entry(self.clock.now(), user, via, tree.text, minutes, comment))
        del self.history[_KEPT:]

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process: the configurations and the timer. Holds secrets, as a flash does."""
        return {"history": [asdict(entry) for entry in self.history], "deadline": self.deadline}

    def restart(self) -> None:
        """Power fails and comes back: sessions and candidates end, what was committed runs."""
        self._boot()
        for listener in tuple(self.listeners):
            listener()
