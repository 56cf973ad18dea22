"""Switches with ArubaOS-Switch (ProVision, ProCurve), release 16: 2530, 2930, 3810, 5400R."""

from __future__ import annotations

from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.hp_procurve import capabilities, compare, effects, policy, state, words
from punchdown.platforms.hp_procurve.adopt import ADOPTER
from punchdown.platforms.hp_procurve.change import ProcurveChange
from punchdown.platforms.hp_procurve.masking import mask
from punchdown.platforms.lines import CommandLine, line_by_line
from punchdown.values import RunningConfig, RunningDocument


def _read(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """Read and mask the running configuration."""
    masked = mask(reader.show("show running-config", timeout=90.0).output, fingerprint)
    release = compare.version(masked)
    return RunningConfig(reader.device, "hp_procurve", (RunningDocument(capabilities.DOCUMENT, masked),),
                         {"version": release} if release else {})


PLATFORM = CommandLine(
    name="hp_procurve", netmiko_type="hp_procurve", ansible_network_os="community.network.procurve",
    capabilities=capabilities.CAPABILITIES, document=capabilities.DOCUMENT, refuse=capabilities.refusals,
    template_filters=words.FILTERS, read_commands=state.READ_COMMANDS, read=_read, judge=compare.compare,
    change=ProcurveChange, expect=state.expectations, look=state.observe, filters=policy.policy,
    steps=line_by_line(effects.states), adopter=ADOPTER)
