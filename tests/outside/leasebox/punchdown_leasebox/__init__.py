"""The Leasebox: a DHCP appliance whose lines act at once, and which goes back by itself unless a change is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from punchdown.intent import DeviceIntent, DhcpPool
from punchdown.platforms import Capabilities, Dialect, Fingerprint, Reader, SafeChange
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy
from punchdown_leasebox import compare, state
from punchdown_leasebox.change import LeaseboxChange
from punchdown_leasebox.lines import DOCUMENT, OURS, applied, parsed, shown


def pool_name(pool: DhcpPool) -> str:
    """Our prefix says on the device who made a pool."""
    return f"{OURS}{pool.name}"


class Leasebox:
    """The platform; see :class:`punchdown.platforms.contract.Platform`."""

    name = "leasebox"
    netmiko_type = "generic"
    ansible_network_os = "leasebox"
    capabilities = Capabilities(
        features=("system", "pools"), roles=("dhcp",), filter_out=False, stateful=False,
        cli=Dialect(quiet=("pager off",), enter="configure"), templates="punchdown_leasebox",
        not_atomic="every line acts at once; the timer takes the whole change back")
    template_filters: Mapping[str, Callable[..., str]] = {"pool_name": pool_name}
    read_commands = ("show configuration", "show pools", "show pending")

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """It leases addresses and does nothing else; a reservation needs an address of its pool."""
        if intent.dhcp is None or not intent.dhcp.pools:
            return ("it needs segments to serve, the definition gives it none",)
        return tuple(f"{pool.name}: a Leasebox needs a router in each pool" for pool in intent.dhcp.pools
                     if not pool.router)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        del intent
        return {DOCUMENT: self.capabilities.features}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Nothing in its configuration is secret but the passwords of its users, whose lines tell nothing else."""
        text = reader.show("show configuration").output.replace("\r", "")
        masked = re.sub(r"^(user \S+ password )(\S+)$", lambda found: found[1] + fingerprint(found[2]), text,
                        flags=re.MULTILINE)
        return RunningConfig(reader.device, self.name, (RunningDocument(DOCUMENT, masked),))

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        del intent, fingerprint
        return compare.compare(intended, running)

    def safe_change(self) -> SafeChange:
        return LeaseboxChange()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        return state.expectations(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        return state.observe(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy | None:
        """It passes no packet of others."""
        del intent, documents
        return None

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """One after each line."""
        config, place = parsed(documents.get(DOCUMENT, "")), ""
        for step in change.steps:
            place = applied(config, place, step.text)
            yield step.text, {DOCUMENT: shown(config)}


PLATFORM = Leasebox()
