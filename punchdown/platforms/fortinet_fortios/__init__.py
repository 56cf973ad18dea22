"""FortiGate firewalls with FortiOS 7.2 and later, in policy-based NAT mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.fortinet_fortios import capabilities, change, compare, effects, masking, policy, state, words
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig
from punchdown.values.policy import DevicePolicy


class FortinetFortios:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "fortinet_fortios"
    netmiko_type = "fortinet"
    ansible_network_os = "fortinet.fortios.fortios"
    capabilities: Capabilities = capabilities.CAPABILITIES
    template_filters: Mapping[str, Callable[..., object]] = words.FILTERS
    read_commands: tuple[str, ...] = (*masking.READ_COMMANDS, *state.READ_COMMANDS)

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """One document, for a firewall."""
        return {capabilities.DOCUMENT: capabilities.FEATURES} if intent.firewall else {}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask what is not as from the factory."""
        return masking.fetch(reader, fingerprint)

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and ordered remediation; nothing that is rendered here holds a secret."""
        del fingerprint
        return compare.compare(intent, intended, running)

    def safe_change(self) -> SafeChange:
        """A transaction under the revert timer."""
        return change.FortiosChange()

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
        """One: the lines take effect together."""
        return effects.states(documents, change)


PLATFORM = FortinetFortios()
