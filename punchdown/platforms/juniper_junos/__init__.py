"""Juniper EX switches with the newer layer-2 software (ELS): candidate, ``set`` statements, commit confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.juniper_junos import capabilities, compare, effects, policy, state, words
from punchdown.platforms.juniper_junos.change import JunosChange
from punchdown.platforms.juniper_junos.masking import mask
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy

_RELEASE = re.compile(r"^set version (\S+)$", re.MULTILINE)
_CHATTER = re.compile(r"^(?!set |deactivate |protect ).*\n?", re.MULTILINE)


class JuniperJunos:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "juniper_junos"
    netmiko_type = "juniper_junos"
    ansible_network_os = "junipernetworks.junos.junos"
    capabilities: Capabilities = capabilities.CAPABILITIES
    template_filters: Mapping[str, Callable[..., object]] = words.FILTERS
    read_commands: tuple[str, ...] = state.READ_COMMANDS

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """One document, whatever the intent."""
        del intent
        return {capabilities.DOCUMENT: capabilities.FEATURES}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask the active configuration; lines that are no statements are left out."""
        text = reader.show(state.CONFIGURATION, timeout=90.0).output.replace("\r", "")
        masked = mask(_CHATTER.sub("", text if text.endswith("\n") else f"{text}\n"), fingerprint)
        release = _RELEASE.search(masked)
        return RunningConfig(reader.device, self.name, (RunningDocument(capabilities.DOCUMENT, masked),),
                             {"version": release[1]} if release else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and the remediation by scopes."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """The candidate's state machine."""
        return JunosChange()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        """What the tables must show."""
        return state.expectations(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        """What the tables show."""
        return state.observe(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
        """What the text lets through."""
        return policy.policy(intent, documents)

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """One: the candidate takes effect as a whole."""
        if change.steps:
            text = effects.applied(documents.get(capabilities.DOCUMENT, ""), change.steps)
            yield "commit confirmed", {capabilities.DOCUMENT: text}


PLATFORM = JuniperJunos()
