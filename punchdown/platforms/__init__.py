"""The platforms: the contract, the register and one room each."""

from punchdown.platforms.contract import (
    Answer,
    Capabilities,
    Dialect,
    Fingerprint,
    Platform,
    Reader,
    Resolver,
    SafeChange,
    Writer,
)
from punchdown.platforms.register import platform, platform_names

__all__ = ["Answer", "Capabilities", "Dialect", "Fingerprint", "Platform", "Reader", "Resolver", "SafeChange", "Writer",
           "platform", "platform_names"]
