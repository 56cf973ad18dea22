"""ISC Kea 2.2 as DHCP server for phones and PCs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.kea import capabilities, compare, masking, state, words
from punchdown.platforms.kea.capabilities import CAPABILITIES, CONFIG, DOCUMENTS, LIVE
from punchdown.platforms.kea.change import dhcp_change
from punchdown.platforms.linux import effects, management, read_command, read_file_document
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument

_VERSION = "kea-dhcp4 -v"


class Kea:
    """See :class:`punchdown.platforms.contract.Platform`."""

    name = "kea"
    netmiko_type = "linux"
    ansible_network_os = ""
    capabilities: Capabilities = CAPABILITIES
    template_filters: Mapping[str, Callable[..., str]] = words.FILTERS
    read_commands: tuple[str, ...] = (re.escape(read_command(CONFIG)), re.escape(_VERSION), *management.READ_COMMANDS,
                                      *state.READ_COMMANDS)

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:  # noqa: ARG002 - the contract's form
        """Every document with its features."""
        return DOCUMENTS

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The file and what the daemon runs (empty when it does not), masked before they leave this function."""
        file = RunningDocument(CONFIG, masking.mask(read_file_document(reader, CONFIG), fingerprint))
        live = RunningDocument(LIVE, masking.mask(_arguments(reader.show(state.CONFIG_GET).output), fingerprint))
        version = reader.show(_VERSION).output.strip()
        return RunningConfig(reader.device, self.name, (file, live, *management.read_documents(reader)),
                             {"version": version} if version else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:  # noqa: ARG002 - no secrets in this configuration
        """Differences and the documents to replace."""
        return compare.compare(intent, intended, running)

    def safe_change(self) -> SafeChange:
        """A fresh state machine."""
        return dhcp_change()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        """What the running server must show."""
        return state.expectations(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        """Read what the running server shows."""
        return state.observe(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> None:
        """A server forwards nothing."""

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """One after each store."""
        return effects(documents, change)


def _arguments(answer: str) -> str:
    """The configuration inside a control answer, as text; empty when there is none."""
    try:
        return json.dumps({"Dhcp4": json.loads(answer)["arguments"]["Dhcp4"]}, indent=1, sort_keys=True)
    except (ValueError, KeyError, TypeError):
        return ""


PLATFORM = Kea()
