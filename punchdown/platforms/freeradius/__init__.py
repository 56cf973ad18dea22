"""FreeRADIUS 3.2 as 802.1X and MAC authentication server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.freeradius import capabilities, compare, masking, state, words
from punchdown.platforms.freeradius.capabilities import CAPABILITIES, DOCUMENTS, FILES, LINKS, ROOT
from punchdown.platforms.freeradius.change import RadiusChange
from punchdown.platforms.linux import effects, management, read_command, read_file_document
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument

_LINKS = f"find {ROOT}/mods-enabled {ROOT}/sites-enabled -mindepth 1 -printf '%h/%f %l\\n'"
_VERSION = "freeradius -v"


class FreeRadius:
    """See :class:`punchdown.platforms.contract.Platform`."""

    name = "freeradius"
    netmiko_type = "linux"
    ansible_network_os = ""
    capabilities: Capabilities = CAPABILITIES
    template_filters: Mapping[str, Callable[..., str]] = words.FILTERS
    read_commands: tuple[str, ...] = (
        *(re.escape(read_command(path)) for path in FILES), re.escape(_LINKS), re.escape(_VERSION),
        *management.READ_COMMANDS, *state.READ_COMMANDS)

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:  # noqa: ARG002 - the contract's form
        """Every document with its features."""
        return DOCUMENTS

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The files, masked before they leave this function, and the enabled links."""
        files = tuple(RunningDocument(path, masking.mask(read_file_document(reader, path), fingerprint))
                      for path in FILES)
        links = RunningDocument(LINKS, reader.show(_LINKS).output)
        version = re.search(r"FreeRADIUS Version (\S+?),", reader.show(_VERSION).output)
        return RunningConfig(reader.device, self.name, (*files, links, *management.read_documents(reader)),
                             {"version": version[1]} if version else {})

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and the documents to replace."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """A fresh state machine."""
        return RadiusChange()

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


PLATFORM = FreeRadius()
