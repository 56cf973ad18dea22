"""One emulated Cisco IOS access switch: configuration, files, archive, revert timer, restart. No network here."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from punchdown.lab.emulated.cisco_ios.baseline import startup_config
from punchdown.lab.emulated.cisco_ios.configure import Configurator, Reply
from punchdown.lab.emulated.cisco_ios.hooks_ports import add_physical
from punchdown.lab.emulated.cisco_ios.hooks_subscribers import convert
from punchdown.lab.emulated.cisco_ios.printer import interface_config, running_config
from punchdown.lab.emulated.cisco_ios.session import CliSession
from punchdown.lab.emulated.cisco_ios.store import Block, Configuration, SnmpUser
from punchdown.lab.emulated.spec import ApplianceSpec, Clock, Faults, ScaledClock, Station

STARTUP = "nvram:startup-config"
MODEL, VERSION = "C9300-48P", "17.12.4"


@dataclass(frozen=True, slots=True)
class Revert:
    """A confirmed change that waits: when it runs out (seconds of the appliance's clock) and where it goes back."""

    deadline: float
    file: str


@dataclass(slots=True)
class AuthSession:
    """A row of ``show authentication sessions``."""

    port: str
    mac: str
    method: str
    domain: str
    status: str = "Auth"


@dataclass(slots=True)
class Neighbour:
    """A row of ``show lldp neighbors detail``."""

    port: str
    chassis: str
    remote_port: str
    name: str
    description: str = ""
    capabilities: str = "B,T"
    management: str = ""
    model: str = ""


@dataclass(slots=True)
class _Archive:
    count: int = 0
    names: list[str] = field(default_factory=list)


class IosAppliance:
    """A switch as a pure state machine. Time passes only as its clock says; due timers act on the next call."""

    server_version = "Cisco-1.25"

    def __init__(self, spec: ApplianceSpec, clock: Clock | None = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        self.spec = replace(spec, model=spec.model or MODEL, version=spec.version or VERSION)
        self.clock = clock or ScaledClock()
        self.dice = random.Random(f"{spec.hostname}/{seed}")  # noqa: S311 - salts of a simulated device
        self.faults: Faults = spec.faults
        self.files: dict[str, str] = {STARTUP: startup_config(self.spec)}
        self.vlan_database: dict[int, Block] = {}
        self.log: list[str] = []
        self.listeners: list[Callable[[], None]] = []
        self.connected = {f"GigabitEthernet1/0/{spec.ports}"}
        self.auth_sessions: list[AuthSession] = []
        self.neighbours: list[Neighbour] = []
        self.stations: list[Station] = []
        self.silent_servers: set[str] = set()
        self.archive = _Archive()
        self.generation = 0
        self.epoch = 0
        self._restore(saved or {})
        self._boot()

    def _restore(self, saved: dict[str, Any]) -> None:
        self.files.update(saved.get("files", {}))
        self.archive = _Archive(**saved.get("archive", {}))
        for vlan, name in saved.get("vlans", {}).items():
            self._remember_vlan(int(vlan), name)

    def _remember_vlan(self, vlan: int, name: str) -> None:
        config = Configuration()
        loader = Configurator(self.spec, config, self.dice, quiet=True)
        for line in (f"vlan {vlan}", f"name {name}" if name else "!"):
            loader.feed(line)
        self.vlan_database.update(config.vlans)

    def nonvolatile(self) -> dict[str, Any]:
        """What survives the end of the process: files, archive, VLAN database. Holds secrets, as a flash does."""
        vlans = {str(vlan): block.value("name") for vlan, block in self.vlan_database.items()}
        return {"files": self.files, "archive": asdict(self.archive), "vlans": vlans}

    def _boot(self) -> None:
        now = self.clock.now()
        self.config, _ = self.load(self.files[STARTUP])
        if self.spec.style == "new-style" and not self.config.new_style:
            self.convert()
        self.snmp_users: dict[str, SnmpUser] = {}
        self.revert: Revert | None = None
        self.reload_at: float | None = None
        self.booted = self.changed = now
        self.saved_at, self.changed_by = 0.0, ""
        self.pristine = True
        self.generation += 1
        self.note("%SYS-5-RESTART: System restarted --")

    def convert(self) -> None:
        """To the new style, for good."""
        convert(Configurator(self.spec, self.config, self.dice, quiet=True))

    def load(self, text: str, *, new_style: bool = False) -> tuple[Configuration, list[str]]:
        """A configuration from a complete text, and the lines of it that were refused; the style stays, or is that of
        the text."""
        config = Configuration(new_style=new_style)
        loader = Configurator(self.spec, config, self.dice, quiet=True)
        add_physical(loader)
        for line in text.splitlines():
            if line.strip() == "end" and loader.banner is None:
                break
            _feed_indented(loader, line)
        if not config.vtp_shown:
            config.vlans.update(copy.deepcopy(self.vlan_database))
        for name in ("con 0", "aux 0", *(f"vty {number}" for number in range(16))):
            loader.terminal(name)
        return config, loader.refused

    def tick(self) -> None:
        """Let due timers act."""
        now = self.clock.now()
        if self.revert and now >= self.revert.deadline:
            self.revert_now()
        if self.reload_at is not None and now >= self.reload_at:
            self.restart()

    @property
    def booting(self) -> bool:
        """True while a restarted appliance does not answer yet."""
        return self.generation > 1 and self.clock.now() < self.booted + self.faults.boot

    def login(self) -> CliSession:
        """A session of the appliance's user; one with privilege 15 lands in privileged mode."""
        return self.session(privileged="privilege 15" in self.config.root.value(f"username {self.spec.username}"))

    def session(self, *, privileged: bool = True) -> CliSession:
        """A new terminal session."""
        return CliSession(self, privileged=privileged)

    def running_config(self) -> str:
        """The text of ``show running-config``."""
        self.tick()
        return running_config(self.spec, self.config, self.changed, self.saved_at, self.changed_by)

    def interface_config(self, name: str) -> str | None:
        """The text of ``show running-config interface``; None when there is no such interface."""
        block = self.config.interface(name)
        return None if block is None else interface_config(block)

    def configurator(self) -> Configurator:
        """Configuration mode on the running configuration."""
        opened = Configurator(self.spec, self.config, self.dice)
        opened.snmp_users = self.snmp_users
        return opened

    def touched(self, user: str) -> None:
        """Remember that the running configuration changed."""
        self.changed, self.changed_by, self.pristine = self.clock.now(), user, False
        if not self.config.vtp_shown:
            self.vlan_database = self.config.vlans

    def save(self) -> None:
        """Write the startup configuration."""
        self.saved_at = self.clock.now()
        self.files[STARTUP] = self._text()
        self.pristine = True
        if "write-memory" in self._archive_block().lines:
            self.take_archive()

    def _text(self) -> str:
        text = running_config(self.spec, self.config, self.changed, self.saved_at, self.changed_by)
        return text.split("bytes\n", 1)[1]

    def _archive_block(self) -> Block:
        line = self.config.root.lines.get("archive")
        return line.block if line and line.block else Block("config-archive")

    @property
    def archive_path(self) -> str:
        """Prefix of archive files; empty = the archive is off."""
        return self._archive_block().value("path")

    def next_archive(self) -> str:
        """Name of the next archive file."""
        moment = time.strftime("%b-%d-%H-%M-%S.000", time.gmtime(self.clock.now()))
        return f"{self.archive_path}-{moment}-{self.archive.count}"

    def take_archive(self) -> str:
        """Write the running configuration to the archive; returns the file's name, empty when it is off."""
        if not self.archive_path:
            return ""
        name = self.next_archive()
        self.files[name] = self._text()
        self.archive.count += 1
        self.archive.names.append(name)
        for old in self.archive.names[: -int(self._archive_block().value("maximum", "10"))]:
            self.files.pop(old, None)
            self.archive.names.remove(old)
        return name

    def arm(self, minutes: float, file: str) -> None:
        """Start, or restart, the timer of a confirmed change."""
        self.revert = Revert(self.clock.now() + minutes * 60 * self.faults.timer_factor, file)
        self.note(f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: User: {self.changed_by or 'vty'}: Scheduled to "
                  f"rollback to config {file} in {minutes:g} minutes")

    def revert_now(self) -> None:
        """Go back to the copy that was taken when the timer was armed."""
        if self.revert is None:
            return
        file, self.revert = self.revert.file, None
        self.note(f"Rollback Confirmed Change: Rolling to:{file}")
        self.replace(file)

    def replace(self, url: str) -> list[str]:
        """Make a stored file the running configuration; returns refused lines, in which case nothing changed."""
        config, refused = self.load(self.files[url], new_style=self.config.new_style)
        if not refused:
            self.config = config
            self.touched("")
            self.epoch += 1
        return refused

    def restart(self) -> None:
        """Power fails and comes back: sessions end, the startup configuration runs."""
        self._boot()
        for listener in tuple(self.listeners):
            listener()

    def note(self, text: str) -> None:
        """One line of the device's own log."""
        moment = time.strftime("%b %d %H:%M:%S.000", time.gmtime(self.clock.now())).replace(" 0", "  ", 1)
        self.log.append(f"*{moment}: {text}")


def _feed_indented(loader: Configurator, line: str) -> Reply:
    """Files tell by indentation where a block ends; a line at the margin is a global line."""
    if loader.banner is None and line[:1] not in (" ", "!", "") and len(loader.frames) > 1:
        loader.frames = loader.frames[:1]
    return loader.feed(line)
