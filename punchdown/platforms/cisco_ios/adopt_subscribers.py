"""Ports of the new style, read back: what their control policies do stands elsewhere than on the port.

Policies of ours say by their name what they do; those of others are not understood, and stay the device's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import SeenPort

_TEMPLATE = re.compile(rf"service-template {PREFIX}(critical|guest|auth-fail)")
_CONTROL = re.compile(rf"service-policy type control subscriber {PREFIX}dot1x(-\S+)?")


def speaks_new_style(found: Iterable[Section]) -> bool:
    """Whether ports authenticate by control policies."""
    return any(line.text.startswith("access-session port-control ") for section in found for line in section.body)


def with_control_policy(port: SeenPort, section: Section, found: Iterable[Section]) -> SeenPort:
    """A port with what its policy does, where that is one of ours."""
    texts = [line.text for line in section.body]
    control = next((match for text in texts if (match := _CONTROL.fullmatch(text))), None)
    if port.auth is None or control is None:
        return port
    words = set((control[1] or "").split("-"))
    vlans = {known[1]: int(line.text.removeprefix("vlan ")) for item in found
             if (known := _TEMPLATE.fullmatch(item.text))
             for line in item.body if re.fullmatch(r"vlan \d{1,4}", line.text)}
    critical = "critical" in words
    return replace(port, auth=replace(
        port.auth, dead="critical" if critical else "closed", critical_vlan=vlans.get("critical", 0) if critical else 0,
        guest_vlan=vlans.get("guest", 0) if "guest" in words else 0,
        auth_fail_vlan=vlans.get("auth-fail", 0) if "fail" in words else 0))
