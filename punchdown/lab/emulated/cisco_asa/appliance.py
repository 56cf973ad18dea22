"""One emulated ASA: configuration, start-up file, scheduled restart. No network here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from punchdown.lab.emulated.cisco_asa.baseline import startup_config
from punchdown.lab.emulated.cisco_asa.configure import Configurator
from punchdown.lab.emulated.cisco_asa.hooks import add_interface
from punchdown.lab.emulated.cisco_asa.printer import running_config
from punchdown.lab.emulated.cisco_asa.session import CliSession
from punchdown.lab.emulated.cisco_asa.store import Configuration
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults, ScaledClock

MODEL, VERSION = "ASA5516", "9.16(4)"


def ports(model: str) -> tuple[str, ...]:
    """Names of the ports that the hardware has; virtual and older ones count from 0/0."""
    if model in {"ASAv", "ASA5520", "ASA5525"}:
        return (*(f"GigabitEthernet0/{number}" for number in range(9)), "Management0/0")
    return (*(f"GigabitEthernet1/{number}" for number in range(1, 17)), "Management1/1")


class AsaAppliance:
    """A firewall as a pure state machine. Time passes only as its clock says; due timers act on the next call."""

    server_version = "Cisco-1.25"

    def __init__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        self.spec = replace(spec, model=spec.model or MODEL, version=spec.version or VERSION)
        self.clock = clock or ScaledClock()
        self.serial = f"JAD{seed:08d}"
        self.faults: Faults = spec.faults
        self.listeners: list[Callable[[], None]] = []
        self.startup, refused = self._first(saved or {})
        self.refused_at_start = refused
        self.saved_at = self.clock.now()
        self.generation = 0
        self._boot()

    def _first(self, saved: dict[str, Any]) -> tuple[str, list[str]]:
        """The start-up text: what was saved, or the given or usual one as the device writes it."""
        if text := saved.get("startup"):
            return str(text), []
        config, refused = self.load(startup_config(self.spec))
        return running_config(config, self.spec.version, self.serial, saved=self._moment()), refused

    def _moment(self) -> str:
        return time.strftime("%H:%M:%S.000 UTC %a %b %d %Y", time.gmtime(self.clock.now()))

    @property
    def release(self) -> tuple[int, int]:
        """(9, 16) of ``9.16(4)``."""
        found = re.match(r"(\d+)\.(\d+)", self.spec.version)
        return (int(found[1]), int(found[2])) if found else (9, 16)

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process. Holds hashes, as a flash does."""
        return {"startup": self.startup}

    def _boot(self) -> None:
        self.config, _ = self.load(self.startup)
        self.reload_at: float | None = None
        self.booted = self.clock.now()
        self.dirty = False
        self.generation += 1

    def load(self, text: str) -> tuple[Configuration, list[str]]:
        """A configuration from a complete text, and the lines of it that were refused."""
        config = Configuration()
        loader = Configurator(config, self.release)
        for name in ports(self.spec.model):
            add_interface(loader, name)
        for line in text.splitlines():
            if line.startswith(("ASA Version", "Cryptochecksum")):
                continue
            if line[:1] not in (" ", "", "!", ":"):
                del loader.frames[1:]
            loader.feed(line)
        return config, loader.refused

    def tick(self) -> None:
        """Let due timers act."""
        if self.reload_at is not None and self.clock.now() >= self.reload_at:
            self.restart()

    @property
    def booting(self) -> bool:
        """True while a restarted appliance does not answer yet."""
        return self.generation > 1 and self.clock.now() < self.booted + self.faults.boot

    def login(self) -> CliSession:
        """A session of the appliance's user: privileged at once where the configuration says so."""
        self.tick()
        lines = self.config.root.lines
        automatic = self.config.root.value("aaa authorization exec").endswith(" auto-enable")
        user = lines.get(f"username {self.spec.username}")
        return self.session(privileged=automatic and user is not None and "privilege 15" in user.text)

    def session(self, *, privileged: bool = True) -> CliSession:
        """A new terminal session."""
        return CliSession(self, privileged=privileged)

    def running_config(self) -> str:
        """The text of ``show running-config``."""
        self.tick()
        return running_config(self.config, self.spec.version, self.serial)

    def configurator(self) -> Configurator:
        """Configuration mode on the running configuration."""
        return Configurator(self.config, self.release)

    def save(self) -> None:
        """Write the start-up configuration."""
        self.saved_at = self.clock.now()
        self.startup = running_config(self.config, self.spec.version, self.serial, saved=self._moment())
        self.dirty = False

    def schedule(self, minutes: float) -> None:
        """Restart later."""
        self.reload_at = self.clock.now() + minutes * 60 * self.faults.timer_factor

    def restart(self) -> None:
        """Power fails and comes back: sessions end, the start-up configuration runs."""
        self._boot()
        for listener in tuple(self.listeners):
            listener()
