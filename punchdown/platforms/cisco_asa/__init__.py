"""Cisco ASA 9.8 and later: objects, translations and lists over real addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa import capabilities, compare, effects, filters, policy, state
from punchdown.platforms.cisco_asa.change import AsaChange
from punchdown.platforms.cisco_asa.masking import in_order, mask
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy

_VOLATILE = re.compile(r"^(?::.*|Cryptochecksum:.*|terminal width .*|\[OK\])\n?", re.MULTILINE)
_VERSION = re.compile(r"^ASA Version (\S+)", re.MULTILINE)


class CiscoAsa:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "cisco_asa"
    netmiko_type = "cisco_asa"
    ansible_network_os = "cisco.asa.asa"
    capabilities: Capabilities = capabilities.CAPABILITIES
    template_filters: Mapping[str, Callable[..., object]] = filters.FILTERS
    read_commands: tuple[str, ...] = state.READ_COMMANDS

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """One document, whatever the intent."""
        del intent
        return {capabilities.DOCUMENT: capabilities.FEATURES}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask the running configuration; what changes by itself is left out, so the digest is stable. The
        width of the terminal is a session's wish that the device keeps as a setting. Raises DeviceError."""
        text = reader.show("show running-config", timeout=120.0).output.replace("\r", "")
        if not re.search(r"^hostname ", text, re.MULTILINE):
            raise DeviceError(reader.device, "fetch", "no configuration was shown: the login must be privileged "
                              "(aaa authorization exec LOCAL auto-enable)")
        version = _VERSION.search(text)
        masked = mask(in_order(_VOLATILE.sub("", text)), fingerprint)
        return RunningConfig(reader.device, self.name, (RunningDocument(capabilities.DOCUMENT, masked),),
                             {"version": version[1]} if version else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and ordered remediation."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """The scheduled restart's state machine."""
        return AsaChange()

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


PLATFORM = CiscoAsa()
