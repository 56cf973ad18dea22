"""An emulated Leasebox, after its manual; shares no code with the platform."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from punchdown.lab.emulated import ApplianceSpec, ManualClock

IP, NET = r"\d+\.\d+\.\d+\.\d+", r"\d+\.\d+\.\d+\.\d+/\d+"
GLOBAL = {"hostname": r"[\w-]+", "address": rf"{NET} router {IP}", "idle-timeout": r"\d+", "location": r".+"}
GLOBAL_MANY = {"permit": NET, "banner": r'"[^"]*"', "ntp": IP, "syslog": IP, "user": r"\S+ password \S+"}
POOL = {"network": rf"{NET} from {IP}", "range": rf"{IP} {IP}", "router": IP, "lease": r"\d+",
        "phones": r"vlan \d+ priority [0-7] dscp \d+", "tftp": IP}
POOL_MANY = {"dns": IP, "ntp": IP, "call-server": IP, "fixed": rf"(?:[0-9a-f]{{2}}:){{5}}[0-9a-f]{{2}} {IP}"}


class LeaseboxAppliance:
    """Configuration is {section: {(first word, rest or ""): line}}; single lines have no rest in their key."""

    server_version = "Leasebox_4"

    def __init__(self, spec: ApplianceSpec, clock: Any = None, *, seed: int = 0,
                 saved: dict[str, Any] | None = None) -> None:
        del seed
        self.spec, self.clock, self.faults = spec, clock or ManualClock(), spec.faults
        self.listeners: list[Callable[[], None]] = []
        factory = {"": {("hostname", ""): f"hostname {spec.hostname}",
                        ("user", "a"): f"user {spec.username} password factory-9"}}
        self.startup: dict[str, dict[tuple[str, str], str]] = (saved or {}).get("startup") or factory
        self.running, self.generation = copy.deepcopy(self.startup), 0
        self.guard: tuple[float, dict[str, dict[tuple[str, str], str]]] | None = None

    booting = False

    def tick(self) -> None:
        if self.guard and self.clock.now() >= self.guard[0]:
            self.back()

    def back(self) -> None:
        assert self.guard
        self.running, self.guard = self.guard[1], None

    def login(self) -> LeaseboxSession:
        return LeaseboxSession(self)

    def running_config(self) -> str:
        self.tick()
        return "".join(f"{section}\n" * bool(section) + "".join(f"{' ' * bool(section)}{line}\n" for line in
                                                                lines.values())
                       for section, lines in self.running.items())

    def restart(self) -> None:
        self.running, self.guard, self.generation = copy.deepcopy(self.startup), None, self.generation + 1
        for listener in tuple(self.listeners):
            listener()

    def nonvolatile(self) -> dict[str, Any]:
        return {"startup": self.startup}


class LeaseboxSession:
    """One user. ``place`` is None in exec mode, else the section in which lines are typed."""

    length, hung, question, verbatim = 0, False, None, False

    def __init__(self, box: LeaseboxAppliance) -> None:
        self.box, self.generation, self.place, self._closed = box, box.generation, None, False

    @property
    def closed(self) -> bool:
        return self._closed or self.generation != self.box.generation

    @closed.setter
    def closed(self, value: bool) -> None:
        self._closed = value

    @property
    def prompt(self) -> str:
        mode = "" if self.place is None else "(config-pool)" if self.place else "(config)"
        return f"{self.box.running[''].get(('hostname', ''), 'hostname leasebox').split()[1]}{mode}# "

    def feed(self, line: str) -> str:
        self.box.tick()
        if self.closed or not line.strip():
            return ""
        if self.box.faults.refuse and re.search(self.box.faults.refuse, line):
            return f"error: {line.strip()}: not now\n"
        if self.place is None:
            return self.execute(line.split())
        return self.configure(line)

    def execute(self, words: list[str]) -> str:
        box = self.box
        match words:
            case ["configure"]:
                self.place = ""
            case ["pager", "off"] | ["end"]:
                pass
            case ["show", "configuration"]:
                return box.running_config()
            case ["show", "pools"]:
                return "".join(f"{name[5:]}  {' '.join(lines['range', ''].split()[1:])}  0 leased\n"
                               for name, lines in box.running.items() if ("range", "") in lines)
            case ["show", "pending"]:
                return f"goes back in {box.guard[0] - box.clock.now():.0f} seconds\n" if box.guard else "nothing\n"
            case ["guard", seconds] if seconds.isdigit() and not box.guard:
                box.guard = box.clock.now() + int(seconds), copy.deepcopy(box.running)
            case ["keep"] if box.guard:
                box.guard = None
            case ["back"] if box.guard:
                box.back()
            case ["save"]:
                box.startup = copy.deepcopy(box.running)
            case _:
                return f"error: {' '.join(words)}: not a command here\n"
        return ""

    def configure(self, line: str) -> str:
        text = line.strip()
        away, words = text.startswith("no "), text.removeprefix("no ")
        first, _, rest = words.partition(" ")
        if text == "end":
            self.place = None
        elif first == "pool" and re.fullmatch(r"[\w-]+", rest):
            if away:
                self.box.running.pop(words, None)
            else:
                self.box.running.setdefault(words, {})
            self.place = "" if away else words
        else:
            inside = line.startswith(" ") and self.place
            if not inside:
                self.place = ""
            single, many = (POOL, POOL_MANY) if inside else (GLOBAL, GLOBAL_MANY)
            rest = rest if '"' in rest else " ".join(rest.split())
            form = {**single, **many}.get(first)
            if form is None or not re.fullmatch(form, rest):
                return f"error: {text}: not understood\n"
            lines = self.box.running[self.place or ""]
            if not away:
                lines[first, rest if first in many else ""] = f"{first} {rest}"
            elif lines.pop((first, rest if first in many else ""), None) is None:
                return f"error: {text}: there is none\n"
        return ""
