"""The exception tree and the exit codes.

    PunchdownError
     +- InputError          what people wrote is wrong: carries every diagnostic, not only the first
     +- TrustError          no trusted host key, credential out of scope
     +- SecretError         a reference that may not or cannot be resolved
     +- RenderError         a template could not print an intent
     +- PlanError           the plan no longer fits the definition or the devices
     +- NotifyError         somebody who should hear of a report was not told
     +- CountError          a number that must not fall could not be asked
     +- StateError          the state store cannot be used, or somebody else holds the site
     +- DeviceError         one device; carries its name and the step
         +- ConnectError
         +- DeviceTimeout   (also a builtin TimeoutError)
         +- RejectedError   the device refused a line: carries the line and what it answered
         +- RolledBackError the device is back on its old configuration
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """What a pipeline reads."""

    OK = 0
    FAILED = 1
    DIFFERENT = 2
    INTERRUPTED = 130


class PunchdownError(Exception):
    """Base of every error that a user can act on."""

    exit_code = ExitCode.FAILED


class InputError(PunchdownError):
    """The definition is wrong. ``diagnostics`` in order: plain sentences, or values that print themselves with place
    and code."""

    def __init__(self, diagnostics: Sequence[object]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = tuple(diagnostics)


class TrustError(PunchdownError):
    """A device or credential is not trusted for this use."""


class SecretError(PunchdownError):
    """A secret reference may not, or cannot, be resolved. Never carries a value."""


class RenderError(PunchdownError):
    """A template could not be printed: platform, template, line, reason."""


class PlanError(PunchdownError):
    """The plan cannot be made or no longer holds."""


class NotifyError(PunchdownError):
    """Somebody who should hear of a report was not told. Never carries an address or a key."""


class CountError(PunchdownError):
    """A number that must not fall could not be asked. Never carries an address or a secret."""


class StateError(PunchdownError):
    """The state store is unusable, or the site is locked by another campaign."""


class DeviceError(PunchdownError):
    """Something failed on one device."""

    def __init__(self, device: str, step: str, message: str) -> None:
        super().__init__(f"{device}: {step}: {message}")
        self.device = device
        self.step = step
        self.message = message


class ConnectError(DeviceError):
    """No session: unreachable, refused or login failed."""


class DeviceTimeout(DeviceError, TimeoutError):
    """The device did not answer in time."""


class RejectedError(DeviceError):
    """The device refused a line or a check."""

    def __init__(self, device: str, step: str, line: str, answer: str) -> None:
        super().__init__(device, step, f"refused {line!r}: {answer.strip()}")
        self.line = line
        self.answer = answer


class RolledBackError(DeviceError):
    """The change did not hold; the device runs its old configuration again."""
