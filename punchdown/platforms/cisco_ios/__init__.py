"""Cisco Catalyst with IOS or IOS-XE, in the classic 802.1X style."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_ios import capabilities, compare, effects, policy, snmp, state, words
from punchdown.platforms.cisco_ios.adopt import ADOPTER
from punchdown.platforms.cisco_ios.change import IosChange
from punchdown.platforms.cisco_ios.masking import mask
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy

_VOLATILE = re.compile(r"^(?:Building configuration.*|Current configuration ?:.*|! (?:Last configuration change|NVRAM "
                       r"config last updated|No configuration change).*|ntp clock-period .*)\n?", re.MULTILINE)


class CiscoIos:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "cisco_ios"
    netmiko_type = "cisco_ios"
    ansible_network_os = "cisco.ios.ios"
    capabilities: Capabilities = capabilities.CAPABILITIES
    template_filters: Mapping[str, Callable[..., object]] = words.FILTERS
    read_commands: tuple[str, ...] = state.READ_COMMANDS
    adopter = ADOPTER

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """One document, whatever the intent."""
        del intent
        return {capabilities.DOCUMENT: capabilities.FEATURES}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask the running configuration; what changes by itself is left out, so the digest is stable.
        Users of SNMPv3, which it does not hold, are added from their table."""
        text = reader.show("show running-config", timeout=90.0).output.replace("\r", "")
        if snmp.asks_for_users(text):
            users = reader.show(snmp.USERS).output.replace("\r", "")
            text = "\n".join((text.rstrip("\n"), *snmp.user_lines(users), ""))
        masked = mask(_VOLATILE.sub("", text), fingerprint)
        release = ".".join(str(number) for number in compare.version(masked))
        return RunningConfig(reader.device, self.name, (RunningDocument(capabilities.DOCUMENT, masked),),
                             {"version": release} if release else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and ordered remediation."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """The revert timer's state machine."""
        return IosChange()

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


PLATFORM = CiscoIos()
