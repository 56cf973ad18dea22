"""A platform with a command line, put together out of the functions of its room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from punchdown.intent import DeviceIntent
from punchdown.platforms.adoption import Adopter
from punchdown.platforms.contract import Capabilities, Fingerprint, Reader, SafeChange
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig, Step
from punchdown.values.policy import DevicePolicy

States = Callable[[str, tuple[Step, ...]], Iterator[tuple[str, str]]]
"""What runs and the steps of a change in; each command that takes effect out, with what then runs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommandLine:
    """See :class:`punchdown.platforms.contract.Platform`. All that such a device runs is one ``document``, which a
    firewall has for its firewall alone. What is done stands in the functions: ``refuse``, ``read``, ``judge``,
    ``change``, ``expect``, ``look``, ``filters`` and ``steps`` are the contract's ``refusals``, ``fetch``, ``compare``,
    ``safe_change``, ``expectations``, ``observe``, ``policy`` and ``states``."""

    name: str
    netmiko_type: str
    ansible_network_os: str
    capabilities: Capabilities
    template_filters: Mapping[str, Callable[..., object]]
    read_commands: tuple[str, ...]
    document: str
    refuse: Callable[[DeviceIntent], tuple[str, ...]]
    read: Callable[[Reader, Fingerprint], RunningConfig]
    judge: Callable[[DeviceIntent, IntendedConfig, RunningConfig, Mapping[str, str]], Change]
    change: Callable[[], SafeChange]
    expect: Callable[[DeviceIntent], tuple[Expectation, ...]]
    look: Callable[[Reader, DeviceIntent], Observation]
    filters: Callable[[DeviceIntent, Mapping[str, str]], DevicePolicy]
    steps: States
    adopter: Adopter | None = None

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met."""
        return self.refuse(intent)

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """The one document with all features."""
        nothing = "firewall" in self.capabilities.roles and intent.firewall is None
        return {} if nothing else {self.document: self.capabilities.features}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask the running configuration. Raises DeviceError."""
        return self.read(reader, fingerprint)

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences and ordered remediation."""
        return self.judge(intent, intended, running, fingerprint)

    def safe_change(self) -> SafeChange:
        """A fresh state machine."""
        return self.change()

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        """What the tables must show."""
        return self.expect(intent)

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        """What the tables show."""
        return self.look(reader, intent)

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
        """What the text lets through."""
        return self.filters(intent, documents)

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """What would run after each command that takes effect."""
        for command, text in self.steps(documents.get(self.document, ""), change.steps):
            yield command, {self.document: text}


def line_by_line(states: Callable[[str, Iterable[Step]], Iterator[str]]) -> States:
    """Every line acts when it is sent; ``states`` gives what runs after each."""
    def found(text: str, steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
        return zip((step.text for step in steps), states(text, steps), strict=True)

    return found


def at_once(command: str, applied: Callable[[str, Iterable[Step]], str]) -> States:
    """All lines take effect together, by one command; ``applied`` gives what then runs."""
    def found(text: str, steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
        if steps:
            yield command, applied(text, steps)

    return found
