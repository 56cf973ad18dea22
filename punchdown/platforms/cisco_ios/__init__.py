"""Cisco Catalyst with IOS or IOS-XE, in the classic style of port access control or the new one (IBNS 2.0)."""

from __future__ import annotations

import re

from punchdown.platforms.cisco_ios import capabilities, compare, effects, policy, snmp, state, words
from punchdown.platforms.cisco_ios.adopt import ADOPTER
from punchdown.platforms.cisco_ios.change import IosChange
from punchdown.platforms.cisco_ios.masking import mask
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.lines import CommandLine, line_by_line
from punchdown.values import RunningConfig, RunningDocument

_VOLATILE = re.compile(r"^(?:Building configuration.*|Current configuration ?:.*|! (?:Last configuration change|NVRAM "
                       r"config last updated|No configuration change).*|ntp clock-period .*)\n?", re.MULTILINE)


def _read(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """Read and mask the running configuration; what changes by itself is left out, so the digest is stable.
    Users of SNMPv3, which it does not hold, are added from their table."""
    text = reader.show("show running-config", timeout=90.0).output.replace("\r", "")
    if snmp.asks_for_users(text):
        users = reader.show(snmp.USERS).output.replace("\r", "")
        text = "\n".join((text.rstrip("\n"), *snmp.user_lines(users), ""))
    masked = mask(_VOLATILE.sub("", text), fingerprint)
    release = ".".join(str(number) for number in compare.version(masked))
    return RunningConfig(reader.device, "cisco_ios", (RunningDocument(capabilities.DOCUMENT, masked),),
                         {"version": release} if release else {})


PLATFORM = CommandLine(
    name="cisco_ios", netmiko_type="cisco_ios", ansible_network_os="cisco.ios.ios",
    capabilities=capabilities.CAPABILITIES, document=capabilities.DOCUMENT, refuse=capabilities.refusals,
    template_filters=words.FILTERS, read_commands=state.READ_COMMANDS, read=_read, judge=compare.compare,
    change=IosChange, expect=state.expectations, look=state.observe, filters=policy.policy,
    steps=line_by_line(effects.states), adopter=ADOPTER)
