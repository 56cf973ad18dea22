"""Juniper EX switches with the newer layer-2 software (ELS): candidate, ``set`` statements, commit confirmed."""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.juniper_junos import capabilities, compare, effects, policy, state, words
from punchdown.platforms.juniper_junos.adopt import ADOPTER
from punchdown.platforms.juniper_junos.change import CONFIGURATION, JunosChange
from punchdown.platforms.juniper_junos.masking import mask
from punchdown.platforms.lines import CommandLine, at_once
from punchdown.values import RunningConfig, RunningDocument

_RELEASE = re.compile(r"^set version (\S+)$", re.MULTILINE)
_CHATTER = re.compile(r"^(?!set |deactivate |protect ).*\n?", re.MULTILINE)


def _read(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """Read and mask the active configuration; lines that are no statements are left out."""
    text = reader.show(CONFIGURATION, timeout=90.0).output.replace("\r", "")
    masked = mask(_CHATTER.sub("", text if text.endswith("\n") else f"{text}\n"), fingerprint)
    release = _RELEASE.search(masked)
    return RunningConfig(reader.device, "juniper_junos", (RunningDocument(capabilities.DOCUMENT, masked),),
                         {"version": release[1]} if release else {})


PLATFORM = CommandLine(
    name="juniper_junos", netmiko_type="juniper_junos", ansible_network_os="junipernetworks.junos.junos",
    capabilities=capabilities.CAPABILITIES, document=capabilities.DOCUMENT, refuse=capabilities.refusals,
    template_filters=words.FILTERS, read_commands=state.READ_COMMANDS, read=_read, judge=compare.compare,
    change=JunosChange, expect=state.expectations, look=state.observe, filters=policy.policy,
    steps=at_once("commit confirmed", effects.applied), adopter=ADOPTER)
