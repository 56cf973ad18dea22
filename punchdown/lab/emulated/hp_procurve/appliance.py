"""One emulated switch with ArubaOS-Switch: configuration, flash, scheduled restart. No network here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from punchdown.lab.emulated.hp_procurve.configure import Configurator
from punchdown.lab.emulated.hp_procurve.printer import configuration
from punchdown.lab.emulated.hp_procurve.session import CliSession
from punchdown.lab.emulated.hp_procurve.store import Configuration, new_configuration
from punchdown.lab.emulated.hp_procurve.tables_life import Neighbour, Station
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults, ScaledClock

MODEL, VERSION = "J9729A", "WB.16.11.0012"
_FACTORY = ('hostname "{hostname}"\nsnmp-server community "public" unrestricted\n{management}'
            'password manager user-name "{user}" sha1 "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"\n')
_MANAGEMENT = 'vlan {vlan}\n   name "management"\n   ip address {management} {mask}\n   exit\n'


class ProcurveAppliance:
    """A switch as a pure state machine. Time passes only as its clock says; due timers act on the next call."""

    server_version = "Mocana SSH 6.3"

    def __init__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        del seed
        self.spec = replace(spec, model=spec.model or MODEL, version=spec.version or VERSION)
        self.clock = clock or ScaledClock()
        self.faults: Faults = spec.faults
        self.listeners: list[Callable[[], None]] = []
        self.neighbours: list[Neighbour] = []
        self.stations: list[Station] = []
        self.generation = 0
        management = _MANAGEMENT.format(
            management=spec.management, vlan=spec.management_vlan, mask=spec.management_mask) if spec.management else ""
        factory = _FACTORY.format(hostname=spec.hostname, management=management, user=spec.username)
        self.startup: str = (saved or {}).get("startup", spec.startup or factory)
        self._boot()

    def _boot(self) -> None:
        self.config, self.refused = self.load(self.startup)
        self.reload_at: float | None = None
        self.booted = self.clock.now()
        self.generation += 1
        self._kept = self._text()

    def _text(self) -> str:
        return configuration(self.config, secrets=True)

    def load(self, text: str) -> tuple[Configuration, list[str]]:
        """A configuration from a complete text, and the lines of it that were refused."""
        config = new_configuration(self.spec)
        loader = Configurator(config)
        whole = text.replace('\n "', ' "')  # a hash stands on a line of its own
        for line in (line for line in whole.splitlines() if line.strip() and not line.startswith("Running conf")):
            said = loader.feed(line)
            if said and (not loader.refused or loader.refused[-1] != line.strip()):
                loader.refused.append(line.strip())
        for port in config.ports.values():
            port.untagged = port.untagged if port.untagged or port.tagged else 1
        return config, loader.refused

    @property
    def saved(self) -> bool:
        """Whether what runs is what a restart would bring."""
        return self._text() == self._kept

    def save(self) -> None:
        """Write the start-up configuration."""
        self.startup = self._kept = self._text()


    def schedule(self, minutes: int, key: str) -> str:
        """Restart after some minutes, when the user wants it."""
        if key == "y":
            self.reload_at = self.clock.now() + minutes * 60 * self.faults.timer_factor
        return ""

    def tick(self) -> None:
        """Let due timers act."""
        if self.reload_at is not None and self.clock.now() >= self.reload_at:
            self.restart()

    @property
    def booting(self) -> bool:
        """True while a restarted switch does not answer yet."""
        return self.generation > 1 and self.clock.now() < self.booted + self.faults.boot

    def login(self) -> CliSession:
        """A manager's session."""
        self.tick()
        return CliSession(self)

    def session(self) -> CliSession:
        """A manager's session past its greeting."""
        return CliSession(self, greeted=True)

    def _header(self) -> str:
        return f"; {self.spec.model} Configuration Editor; Created on release #{self.spec.version}\n; Ver #14:01:06\n"

    def running_config(self) -> str:
        """The text of the running configuration; keys only where credentials are shown."""
        return f"{self._header()}{configuration(self.config, secrets=False)}"

    def shown_startup(self) -> str:
        """The start-up configuration, as the switch shows it."""
        return f"{self._header()}{configuration(self.load(self.startup)[0], secrets=False)}"

    def restart(self) -> None:
        """Power fails and comes back: sessions end, the start-up configuration runs."""
        self._boot()
        for listener in tuple(self.listeners):
            listener()

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process. Holds secrets, as a flash does."""
        return {"startup": self.startup}
