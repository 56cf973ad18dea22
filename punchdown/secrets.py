"""References to secrets, their resolution, and keyed fingerprints.

A secret is named, never written: ``<secret:NAME>``. NAME resolves to ``secrets/NAME`` in the operator's directory or to
``PUNCHDOWN_SECRET_NAME`` in the environment, and to nothing else, so that no definition can print a foreign secret.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from punchdown.errors import SecretError
from punchdown.values import IntendedConfig

REFERENCE = re.compile(r"<secret:([^<>]*)>")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
UNKNOWN = "<masked:unknown>"


def references(text: str) -> list[str]:
    """Every ``<secret:NAME>`` of a text, in order."""
    return [match[0] for match in REFERENCE.finditer(text)]


def fingerprinted(text: str, fingerprint: Mapping[str, str]) -> str:
    """The text with each reference replaced by the fingerprint of its name; a name that is absent is unknown."""
    return REFERENCE.sub(lambda match: fingerprint.get(match[1], UNKNOWN), text)


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """Resolver and fingerprints over one operator's directory."""

    directory: Path
    key: bytes

    def __repr__(self) -> str:
        return f"Secrets({self.directory})"

    def resolve(self, name: str) -> str:
        """The value of one name.

        Raises:
            SecretError: not a name, not there, or a value that could end a line.
        """
        if not _NAME.fullmatch(name):
            raise SecretError(f"not a secret's name: {name!r}")
        variable = "PUNCHDOWN_SECRET_" + re.sub(r"[.-]", "_", name).upper()
        path = self.directory / name
        if variable in os.environ:
            value = os.environ[variable]
        elif path.is_file() and path.resolve().is_relative_to(self.directory.resolve()):
            value = path.read_bytes().decode("utf-8", errors="replace").removesuffix("\n")
        else:
            raise SecretError(f"there is no secret {name!r}: write it to {path} or set {variable}")
        if not value or not value.isprintable() or "\ufffd" in value:
            raise SecretError(f"the secret {name!r} is empty, no UTF-8 text or holds a control character")
        return value

    def resolve_text(self, text: str) -> str:
        """The text with every reference replaced by its value; only for what is sent."""
        return REFERENCE.sub(lambda match: self.resolve(match[1]), text)

    def fingerprint(self, value: str) -> str:
        """``<masked:HEX>``: HMAC-SHA-256 under the operator's key cut to 64 bits; unknown without a key."""
        if not self.key:
            return UNKNOWN
        return f"<masked:{hmac.new(self.key, value.encode(), hashlib.sha256).hexdigest()[:16]}>"

    def fingerprints(self, intended: IntendedConfig) -> dict[str, str]:
        """Name to fingerprint for every reference of a configuration that can be resolved; the others are absent."""
        names = {name for document in intended.documents for line in document.lines if "<secret:" in line.text
                 for name in REFERENCE.findall(line.text)}
        return {name: self.fingerprint(self.resolve(name)) for name in sorted(names) if self.key and self._has(name)}

    def _has(self, name: str) -> bool:
        try:
            self.resolve(name)
        except SecretError:
            return False
        return True

    def missing(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The names in these texts that do not resolve."""
        names = {name for text in texts for name in REFERENCE.findall(text)}
        return tuple(sorted(name for name in names if not self._has(name)))

    def scrub(self, message: str, texts: Iterable[str]) -> str:
        """The message with the value of every reference of these texts turned back into the reference."""
        names = {name for text in texts for name in REFERENCE.findall(text) if self._has(name)}
        for name in sorted(names, key=lambda item: -len(self.resolve(item))):
            message = message.replace(self.resolve(name), f"<secret:{name}>")
        return message
