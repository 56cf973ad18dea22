"""What a platform is. One room per platform; whoever knows one knows all.

A room ``punchdown/platforms/<name>/`` holds: ``__init__.py`` (exports ``PLATFORM``), ``capabilities.py``,
``masking.py``, ``normalise.py``, ``compare.py`` (differences, remediation), ``change.py`` (the safe change),
``state.py`` (expectations, reading) and, where it has one, ``policy.py``. Templates lie in ``templates/<name>/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from punchdown.intent import DeviceIntent
from punchdown.values import Change, Expectation, IntendedConfig, Observation, RunningConfig
from punchdown.values.policy import DevicePolicy

Fingerprint = Callable[[str], str]
"""Plain secret in, ``<masked:HEX>`` or ``<masked:unknown>`` out; a keyed digest, never reversible."""

Resolver = Callable[[str], str]
"""Text with ``<secret:NAME>`` references in, text with the secrets out; only for what is sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a shell command gave. ``code`` is 0 on line-and-indent devices, which have no exit codes."""

    output: str
    error: str = ""
    code: int = 0


@runtime_checkable
class Reader(Protocol):
    """A session that can only look. Has no way to enter configuration mode or to write a file."""

    @property
    def device(self) -> str:
        """The device's name in the definition."""

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        """Run one command from the platform's ``read_commands`` (refuses any other). Raises DeviceError."""


@runtime_checkable
class Writer(Reader, Protocol):
    """A session that may change the device. Made by the campaign only."""

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        """Run any command; on Linux with ``stdin`` fed to it. The text is never logged."""

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        """Send one line in configuration mode (line-and-indent devices); enters the mode when needed."""

    def reconnect(self) -> Writer:
        """A NEW session to the same device; the old one stays open until closed. Raises ConnectError."""

    def close(self) -> None:
        """End the session; never raises."""


class SafeChange(Protocol):
    """The safe change of one device as a small state machine; each method is one journal step.

    stage -> check -> commit(timer) -> confirm | rollback ; then save. Whatever hangs in between ends in the old
    configuration by the device's own timer. ``describe`` says what is not atomic.
    """

    @property
    def groundwork(self) -> tuple[str, ...]:
        """Lines that ``stage`` may write for good because the safe change needs them; going back leaves them."""

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Bring the new configuration near the device without effect."""

    def check(self, writer: Writer) -> None:
        """The device's own syntax check. Raises RejectedError; nothing has changed."""

    def mark(self, writer: Writer) -> str:
        """What a fresh object would have to know to go back after a crash, for the journal; no secret. Empty where
        the device itself keeps all of it."""

    def recall(self, mark: str) -> None:
        """Take over what ``mark`` gave to the object of the process that died."""

    def commit(self, writer: Writer, timer_seconds: int) -> None:
        """Arm the device's own timer, then take effect. Raises RejectedError."""

    def confirm(self, writer: Writer) -> None:
        """Stop the timer over a new session. Raises RolledBackError when the timer won the race."""

    def rollback(self, writer: Writer) -> None:
        """Go back now."""

    def save(self, writer: Writer) -> None:
        """Make it survive a restart."""

    def pending(self, writer: Writer) -> bool:
        """True while an unconfirmed change is armed on the device."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a device's own command line talks; the default is what most line-and-indent devices do.

    ``quiet`` are the commands that stop paging and wrapping after the login; they change the session, not the device,
    and a reader with them needs no preparation by netmiko (empty: netmiko logs in for readers as well). ``prompt`` is
    a regular expression with ``{name}`` for the escaped start of the host name and the groups ``prompt`` (all of it)
    and ``mode``; ``configuring`` is what a mode of configuration begins with, as a regular expression; ``enter`` and
    ``leave`` are the commands into configuration mode (empty: its lines are taken anywhere) and out of it, or out of
    one level of it. ``question`` is how the device asks back, ``answer`` what it is answered, unless one of ``answers``
    (pattern in the question's line, answer) fits; ``more`` is what it shows below a page (empty: ``quiet`` has stopped
    that). ``privileged``: a login by key ends in privileged mode; netmiko would log in once more, by password.
    """

    quiet: tuple[str, ...] = ()
    prompt: str = r"(?P<prompt>(?:^|\n){name}[^\s()#>]*(?P<mode>\([^)\n]*\))?[>#]\s*$)"
    configuring: str = r"\(config"
    enter: str = "configure terminal"
    leave: str = "end"
    question: str = r"(?:\[confirm\]|\?\s*(?:\[[^\]\n]*\])?:?)\s*$"
    answer: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    more: str = ""
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can enforce. ``features`` are template names in push order; ``filter_out``: filters frames that
    leave a port (else the compiler's reply filter is used inbound); ``stateful``: filters follow connections;
    ``dot1x``: by model ("*" = any model). ``meets``: the needs of an intent (``intent.needs``) that it fulfils; the
    compiler refuses any other. ``linux``: commands run in a shell and have exit codes; else ``cli`` says how its own
    command line talks. ``templates``: the package whose folder ``templates/<platform>/`` holds its templates."""

    features: tuple[str, ...]
    roles: tuple[str, ...]
    filter_out: bool
    stateful: bool
    dot1x_models: tuple[str, ...] = ()
    port_prefix: str = ""
    not_atomic: str = ""
    dhcp_guard: bool = False
    linux: bool = False
    cli: Dialect = Dialect()
    meets: tuple[str, ...] = ()
    templates: str = "punchdown"

    def has_dot1x(self, model: str) -> bool:
        """Whether a device of this model can authenticate ports."""
        return "*" in self.dot1x_models or model in self.dot1x_models


class Platform(Protocol):
    """A registered platform. Everything but ``fetch``, ``observe`` and the safe change is pure."""

    @property
    def name(self) -> str: ...

    @property
    def netmiko_type(self) -> str: ...

    @property
    def ansible_network_os(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def template_filters(self) -> Mapping[str, Callable[..., object]]:
        """Jinja filters of this platform's own words (``words.py``), pure functions."""

    @property
    def read_commands(self) -> tuple[str, ...]:
        """Regular expressions (full match) of commands that a Reader may run."""

    def refusals(self, intent: DeviceIntent) -> tuple[str, ...]:
        """Why this intent can't be met on this platform; empty = it can."""

    def documents(self, intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
        """Document name to the features (template names) that are rendered into it, both in order."""

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """Read and mask there and then. Raises DeviceError."""

    def compare(self, intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
                fingerprint: Mapping[str, str]) -> Change:
        """Differences in canonical words and the ordered remediation. ``fingerprint`` maps secret names to
        ``<masked:HEX>`` (a name that is absent is unknown)."""

    def safe_change(self) -> SafeChange:
        """A fresh state machine for one device."""

    def expectations(self, intent: DeviceIntent) -> tuple[Expectation, ...]:
        """What the operational state must show."""

    def observe(self, reader: Reader, intent: DeviceIntent) -> Observation:
        """Read the operational state: one fact per expectation key."""

    def policy(self, intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy | None:
        """What the device lets through, read from its own text, rendered or running; None for a device that filters
        nothing. ``documents`` by name, as :meth:`documents` and :meth:`fetch` name them. What a text does not show
        comes from the intent; the platform says what. Text that is not understood is kept as unread."""

    def states(self, documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
        """What the device would run after each command of a change, with the command: the way between two
        configurations, judged before anything is sent. A platform that takes effect at once has one state. Pure;
        secret references stay references."""
