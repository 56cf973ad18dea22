"""One emulated FortiGate: configuration, what of it is saved, how changes are saved, restart. No network here."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from punchdown.lab.emulated.fortinet_fortios.baseline import startup_config
from punchdown.lab.emulated.fortinet_fortios.configure import Configurator, is_open, split, verb
from punchdown.lab.emulated.fortinet_fortios.schema import Refused
from punchdown.lab.emulated.fortinet_fortios.session import IDLE_SECONDS, CliSession, Transaction
from punchdown.lab.emulated.fortinet_fortios.store import Store, whole
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults, ScaledClock

MODEL, VERSION = "FGVM64", "7.4.4"


def _unheeded(_path: str) -> None:
    """A configuration that is read as a whole changes nothing on its way."""


class FortiosAppliance:
    """A firewall as a pure state machine.

    ``keeps_switch``: whether the change of ``cfg-save`` to ``revert`` is itself saved; the vendor does not say. The
    revert timer runs while something is unsaved, from the last time that anybody typed.
    """

    server_version = "dropbear"

    def __init__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        self.spec = replace(spec, model=spec.model or MODEL, version=spec.version or VERSION)
        self.clock = clock or ScaledClock()
        self.dice = random.Random(f"{spec.hostname}/{seed}")  # noqa: S311 - identifiers of a simulated device
        self.faults: Faults = spec.faults
        self.listeners: list[Callable[[], None]] = []
        self.transactions: list[Transaction] = []
        self.transaction_count = 0
        self.keeps_switch = False
        self.generation = 0
        self.saved, refused = self.load((saved or {}).get("configuration") or startup_config(self.spec))
        if refused:
            raise ValueError(f"{spec.hostname}: refused: {refused[0]}")
        self._boot()

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process. Holds secrets, as a flash does."""
        return {"configuration": "\n".join(whole(self.saved))}

    def _boot(self) -> None:
        self.store = self.saved.copied()
        self.transactions.clear()
        self.deadline: float | None = None
        self.booted = self.clock.now()
        self.generation += 1
        self._how = self._mode()

    def load(self, text: str) -> tuple[Store, list[str]]:
        """A configuration from a text, and the lines of it that were refused, each with why."""
        store, refused, held = Store(), [], ""
        loader = Configurator(store, self.dice, _unheeded, _unheeded)
        for raw in text.splitlines():
            line = f"{held}\n{raw}" if held else raw
            held = line if is_open(line) and not line.lstrip().startswith("#") else ""
            words = split(line)
            if held or not words or words[0].startswith("#"):
                continue
            try:
                loader.feed(verb(words[0]), words[1:])
            except (Refused, KeyError) as error:
                refused.append(f"{line.strip()}: {error}")
        return store, refused

    @property
    def hostname(self) -> str:
        """As it calls itself in its prompt."""
        return self.store.blocks["system global"].first("hostname") or self.spec.hostname

    def _mode(self) -> str:
        return self.store.blocks["system global"].first("cfg-save")

    def touched(self, *paths: str) -> None:
        """Something changed: it is saved now, later, or the timer starts."""
        before, self._how = self._how, self._mode()
        only_switched = set(paths) == {"system global"} and before == "automatic" and self._how == "revert"
        if self._how == "automatic" or (only_switched and self.keeps_switch):
            self.save()
        elif self._how == "revert" and not only_switched:
            self._arm()

    def _arm(self) -> None:
        seconds = int(self.store.blocks["system global"].first("cfg-revert-timeout"))
        self.deadline = self.clock.now() + seconds * self.faults.timer_factor

    def heard(self) -> None:
        """Somebody typed: the timer begins anew."""
        if self.deadline is not None:
            self._arm()

    def save(self) -> None:
        """Keep what runs."""
        self.saved = self.store.copied()
        self.deadline = None

    def tick(self) -> None:
        """Let due timers act."""
        now = self.clock.now()
        self.transactions[:] = [item for item in self.transactions if now < item.last + IDLE_SECONDS]
        if self.deadline is not None and now >= self.deadline:
            self.restart()

    @property
    def booting(self) -> bool:
        """True while a restarted appliance does not answer yet."""
        return self.generation > 1 and self.clock.now() < self.booted + self.faults.boot

    def login(self) -> CliSession:
        """A session of the appliance's user."""
        self.tick()
        return CliSession(self)

    def header(self) -> str:
        """The first lines of a whole configuration."""
        return (f"#config-version={self.spec.model}-{self.spec.version}-FW-build2662-240514:opmode=0:vdom=0:"
                f"user={self.spec.username}\n#conf_file_ver={self.dice.getrandbits(60)}\n#buildno=2662\n#global_vdom=1\n")

    def running_config(self) -> str:
        """What ``show`` prints."""
        self.tick()
        return self.header() + "".join(f"{line}\n" for line in whole(self.store))

    def restart(self) -> None:
        """It comes back with what was saved; sessions end."""
        self._boot()
        for listener in tuple(self.listeners):
            listener()
