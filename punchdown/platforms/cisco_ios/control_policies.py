"""Port access control in the new style (IBNS 2.0): policies of events, classes and actions that ports are bound to.

A policy is named after what it does, so what a port needs is another policy, and none is edited while ports use it.
Source: fact sheet, "IBNS 2.0 differences"; Cisco IOS XE "Identity-Based Networking Services Configuration Guide",
"Configuring Identity Control Policies" and "Configuring Identity Service Templates".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from punchdown.intent import DeviceIntent, Dot1xPolicy, PortIntent

STYLE = "ibns2"
MODE = "authentication display config-mode"
_MODE = re.compile(r"Current configuration mode is (legacy|new-style)")
_NEW = re.compile(r"(?:no )?(?:access-session |service-template |(?:class|policy)-map type control subscriber "
                  r"|service-policy type control subscriber )")
_OLD = re.compile(r"(?:no )?authentication (?:event|host-mode|open|order|priority|port-control|violation|critical)")
_SHOWN = (("new-style", re.compile(r"^ access-session (?:port-control|closed|host-mode) ?", re.MULTILINE)),
          ("legacy", re.compile(r"^ authentication (?:event|port-control|host-mode) ", re.MULTILINE)))


@dataclass(frozen=True, slots=True)
class ControlPolicy:
    """What a policy does. ``again``: seconds until a failed session is tried again."""

    voice: bool
    shared: bool
    mab: bool
    critical: bool
    guest: bool
    auth_fail: bool
    again: int = 60

    @property
    def name(self) -> str:
        """The words of what it does, behind ``PD-dot1x``."""
        words = [word for word in ("mab", "critical", "voice", "shared", "guest") if getattr(self, word)]
        return "-".join(["PD-dot1x", *words, *(["fail"] if self.auth_fail else [])])


def control_policy(port: PortIntent) -> ControlPolicy:
    """The policy that a port needs. Raises ValueError for one without 802.1X."""
    if port.dot1x is None:
        raise ValueError(f"{port.name} has no 802.1X")
    dot1x, critical = port.dot1x, port.dot1x.dead == "critical"
    shared = critical and dot1x.host_mode == "multi-auth" and bool(dot1x.critical_vlan)
    return ControlPolicy(critical and bool(port.voice_vlan), shared, dot1x.mab, critical, bool(dot1x.guest_vlan),
                         bool(dot1x.auth_fail_vlan))


def control_policies(intent: DeviceIntent) -> tuple[ControlPolicy, ...]:
    """Every policy that a device's ports need, by name."""
    found = {policy.name: policy for port in intent.ports if port.dot1x for policy in [control_policy(port)]}
    return tuple(found[name] for name in sorted(found))


def shared_dot1x(intent: DeviceIntent) -> Dot1xPolicy | None:
    """What the ports of a device have in common: its VLANs."""
    return next((port.dot1x for port in intent.ports if port.dot1x), None)


def has_style(commands: Iterable[str]) -> bool:
    """Whether only a device of one style takes these commands."""
    return any(_NEW.match(text) or _OLD.match(text) for text in commands)


def conflict(commands: Collection[str], text: str) -> str:
    """The same as :func:`wrong_style`, from the lines that ports of a device show; ports without any tell nothing."""
    mode = next((mode for mode, lines in _SHOWN if lines.search(text)), "")
    return wrong_style(commands, f"Current configuration mode is {mode}")


def wrong_style(commands: Collection[str], shown: str) -> str:
    """Why a device that answers ``shown`` to :data:`MODE` can't take commands, empty when it can. Devices that know no
    such command have one style only."""
    match = _MODE.search(shown)
    mode = match[1] if match else ""
    if mode == "legacy" and any(_NEW.match(text) for text in commands):
        return ("the device speaks the classic style; `authentication convert-to new-style` converts it for good: do "
                "it by hand, then plan again")
    if mode == "new-style" and any(_OLD.match(text) for text in commands):
        return "the device speaks the new style: say `authentication: ibns2` on it"
    return ""
