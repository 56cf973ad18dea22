"""Linux gateway with nftables: one owned table ``inet punchdown``, replaced in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from punchdown.intent import DeviceIntent
from punchdown.platforms.adoption import Adopter
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.linux import effects
from punchdown.platforms.linux_nftables import capabilities, change, masking, policy, state, words
from punchdown.platforms.linux_nftables.adopt import ADOPTER
from punchdown.platforms.linux_nftables.compare import compare
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig
from punchdown.values.policy import DevicePolicy


@dataclass(frozen=True, slots=True)
class LinuxNftables:
    """The platform; see the contract for what each member means."""

    name: str = "linux_nftables"
    netmiko_type: str = "linux"
    ansible_network_os: str = ""
    capabilities: Capabilities = capabilities.CAPABILITIES
    read_commands: tuple[str, ...] = masking.READ_COMMANDS
    adopter: Adopter = ADOPTER

    @property
    def template_filters(self) -> Mapping[str, Callable[..., object]]:
        return words.FILTERS

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        return capabilities.DOCUMENTS if intent.firewall else {}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        del fingerprint  # nothing fetched here holds a secret
        return masking.fetch(reader)

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        return compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        return change.safe_change()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        return state.expectations(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        return state.observe(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
        return policy.policy(intent, documents)

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """One after each store."""
        return effects(documents, change)


PLATFORM = LinuxNftables()
