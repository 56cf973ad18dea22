"""Open vSwitch: VLANs in its database, every filter in its flow table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.platforms.linux import effects
from punchdown.platforms.openvswitch import (
    acl,
    capabilities,
    change,
    compare,
    documents,
    fetch,
    guard,
    marking,
    policy,
    state,
    storm,
)
from punchdown.platforms.openvswitch.words import WORDS
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig
from punchdown.values.policy import DevicePolicy

__all__ = ["PLATFORM", "OpenvswitchPlatform"]

_FLOWS: Mapping[str, Callable[..., object]] = {
    function.__name__: function for function in (
        guard.admission_flows, guard.own_admission_flows, guard.vlan_flows, guard.family_flows,
        guard.own_family_flows, guard.source_flows, guard.own_source_flows, marking.trust_flows,
        marking.untrusted_flows, marking.class_flows, marking.remaining_flows, acl.track_flows, acl.from_host_flows,
        acl.to_host_flows, acl.denial_source, acl.denial_flows, acl.management_flows,
        storm.storm_flows, storm.storm_meters)}


class OpenvswitchPlatform:
    """The platform ``openvswitch``; model ``dot1x-agent`` has an 802.1X authenticator beside the switch."""

    name = "openvswitch"
    netmiko_type = "linux"
    ansible_network_os = "linux"
    capabilities: Capabilities = capabilities.CAPABILITIES
    template_filters: Mapping[str, Callable[..., object]] = {**WORDS, **_FLOWS}
    read_commands: tuple[str, ...] = fetch.READ_COMMANDS

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return capabilities.refusals(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """Database, flows and files with their features."""
        return documents.documents(intent)

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Every document of the switch, masked."""
        return fetch.fetch(reader, fingerprint)

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences with their meaning."""
        return compare.compare(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """A rollback job on disk around flows, database and files."""
        return change.safe_change()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        """What the switch must show."""
        return state.expectations(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        """What it shows."""
        return state.observe(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
        """What flows and database let through."""
        return policy.policy(intent, documents)

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """One after each store."""
        return effects(documents, change)


PLATFORM = OpenvswitchPlatform()
