"""Cisco ASA 9.8 and later: objects, translations and lists over real addresses."""

from __future__ import annotations

import re

from punchdown.errors import DeviceError
from punchdown.platforms.cisco_asa import capabilities, compare, effects, filters, policy, state
from punchdown.platforms.cisco_asa.adopt import ADOPTER
from punchdown.platforms.cisco_asa.change import AsaChange
from punchdown.platforms.cisco_asa.masking import in_order, mask
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.lines import CommandLine, line_by_line
from punchdown.values import RunningConfig, RunningDocument

_VOLATILE = re.compile(r"^(?::.*|Cryptochecksum:.*|terminal width .*|\[OK\])\n?", re.MULTILINE)
_VERSION = re.compile(r"^ASA Version (\S+)", re.MULTILINE)


def _read(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """Read and mask the running configuration; what changes by itself is left out, so the digest is stable. The
    width of the terminal is a session's wish that the device keeps as a setting. Raises DeviceError."""
    text = reader.show("show running-config", timeout=120.0).output.replace("\r", "")
    if not re.search(r"^hostname ", text, re.MULTILINE):
        raise DeviceError(reader.device, "fetch", capabilities.UNPRIVILEGED)
    version = _VERSION.search(text)
    masked = mask(in_order(_VOLATILE.sub("", text)), fingerprint)
    return RunningConfig(reader.device, "cisco_asa", (RunningDocument(capabilities.DOCUMENT, masked),),
                         {"version": version[1]} if version else {})


PLATFORM = CommandLine(
    name="cisco_asa", netmiko_type="cisco_asa", ansible_network_os="cisco.asa.asa",
    capabilities=capabilities.CAPABILITIES, document=capabilities.DOCUMENT, refuse=capabilities.refusals,
    template_filters=filters.FILTERS, read_commands=state.READ_COMMANDS, read=_read, judge=compare.compare,
    change=AsaChange, expect=state.expectations, look=state.observe, filters=policy.policy,
    steps=line_by_line(effects.states), adopter=ADOPTER)
