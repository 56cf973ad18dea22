"""The configuration an appliance holds: blocks of lines, VLANs, terminal lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from punchdown.lab.emulated.cisco_ios.acl import AccessList
from punchdown.lab.emulated.cisco_ios.words import SHORT_KINDS
from punchdown.lab.emulated.spec import ApplianceSpec

VTY_COUNT = 16
SnmpUser = tuple[str, str, str]
"""Group, hash and cipher of an SNMPv3 user, in the words of the command; its keys are not kept."""

_KIND_ORDER = ("Loopback", "Port-channel", "FastEthernet", "GigabitEthernet", "TwoGigabitEthernet",
               "FiveGigabitEthernet", "TenGigabitEthernet", "FortyGigabitEthernet", "TwentyFiveGigE", "HundredGigE",
               "AppGigabitEthernet", "Vlan")


@dataclass(slots=True)
class Line:
    """One setting: its text as shown, its place in the block, and the block it opens."""

    text: str
    rank: int
    block: Block | None = None
    unseen: bool = False


@dataclass(slots=True)
class Block:
    """The lines of one mode, by what they set."""

    mode: str
    name: str = ""
    lines: dict[str, Line] = field(default_factory=dict)
    acl: AccessList | None = None

    def value(self, key: str, default: str = "") -> str:
        """What follows ``key`` on its line."""
        line = self.lines.get(key)
        return default if line is None else line.text[len(key) :].strip()


@dataclass(slots=True)
class Configuration:
    """All that the running configuration is made of. ``vlans`` holds named and unnamed VLANs but not VLAN 1;
    ``new_style``: port access control is said by control policies."""

    root: Block = field(default_factory=lambda: Block("config"))
    vlans: dict[int, Block] = field(default_factory=dict)
    terminals: dict[str, Block] = field(default_factory=dict)
    new_style: bool = False

    @property
    def hostname(self) -> str:
        return self.root.value("hostname", "Switch")

    @property
    def vtp_shown(self) -> bool:
        """Whether VLANs belong to the configuration (transparent, off) or to the VLAN database."""
        return self.root.value("vtp mode") in ("transparent", "off")

    def interfaces(self) -> Iterator[Block]:
        """Interface blocks in the order of the running configuration."""
        found = [line.block for key, line in self.root.lines.items() if key.startswith("interface ") and line.block]
        return iter(sorted(found, key=lambda block: interface_order(block.name)))

    def interface(self, name: str) -> Block | None:
        line = self.root.lines.get(f"interface {name}")
        return line.block if line else None

    def access_list(self, name: str) -> AccessList | None:
        """The list of that name, of whatever kind."""
        for key in (f"ip access-list extended {name}", f"ip access-list standard {name}", f"ipv6 access-list {name}"):
            line = self.root.lines.get(key)
            if line and line.block:
                return line.block.acl
        return None

    def add_vlan(self, vlan: int) -> bool:
        """Create a VLAN; False when it is there already."""
        if vlan in self.vlans or vlan == 1:
            return False
        self.vlans[vlan] = Block("config-vlan", str(vlan))
        self.vlans = dict(sorted(self.vlans.items()))
        return True


def interface_order(name: str) -> tuple[int, tuple[int, ...]]:
    """Sorting key: kinds as the device lists them, then numbers."""
    kind = re.match(r"[A-Za-z-]+", name)
    numbers = tuple(int(number) for number in re.findall(r"\d+", name))
    return (_KIND_ORDER.index(kind[0]) if kind and kind[0] in SHORT_KINDS else 0), numbers


def physical_ports(spec: ApplianceSpec) -> tuple[str, ...]:
    """Names of the ports that the hardware has: management, access ports and eight uplinks."""
    access = (f"GigabitEthernet{member}/0/{port}" for member in range(1, spec.members + 1)
              for port in range(1, spec.ports + 1))
    uplinks = (f"TenGigabitEthernet1/1/{port}" for port in range(1, 9))
    return ("GigabitEthernet0/0", *access, *uplinks)
