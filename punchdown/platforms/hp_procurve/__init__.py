"""Switches with ArubaOS-Switch (ProVision, ProCurve), release 16: 2530, 2930, 3810, 5400R."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.hp_procurve import capabilities, compare, effects, policy, state, words
from punchdown.platforms.hp_procurve.change import ProcurveChange
from punchdown.platforms.hp_procurve.masking import mask
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy


class HpProcurve:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "hp_procurve"
    netmiko_type = "hp_procurve"
    ansible_network_os = "community.network.procurve"
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
        """Read and mask the running configuration."""
        masked = mask(reader.show("show running-config", timeout=90.0).output, fingerprint)
        release = compare.version(masked)
        return RunningConfig(reader.device, self.name, (RunningDocument(capabilities.DOCUMENT, masked),),
                             {"version": release} if release else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and ordered remediation."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """The scheduled restart's state machine."""
        return ProcurveChange()

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
        """One after each line: they act when they are sent."""
        texts = effects.states(documents.get(capabilities.DOCUMENT, ""), change.steps)
        for step, text in zip(change.steps, texts, strict=True):
            yield step.text, {capabilities.DOCUMENT: text}


PLATFORM = HpProcurve()
