"""The operator's OpenSSH client configuration, read by paramiko; a lookup costs the same however many hosts it has."""

from __future__ import annotations

import re
import shlex
from functools import cached_property

import paramiko

_HEAD = re.compile(r"\s*(host|match)\b\s*=?\s*(.*)", re.IGNORECASE)
_PATTERN = re.compile(r"[*?!]")


class SshConfig:
    """A parsed file. paramiko looks at every block for each host; here only at those that can speak of it."""

    def __init__(self, text: str = "") -> None:
        """Raises paramiko.ConfigParseError."""
        self._whole = paramiko.SSHConfig.from_text(text)
        self._blocks = _blocks(text)
        self._found: dict[str, dict[str, str]] = {}
        # A second pass over canonical names may take any block.
        self._by_name = "canonical" not in text.lower()

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Literal host to its blocks; the empty name for blocks that any host may match."""
        places: dict[str, list[int]] = {"": []}
        for number, block in enumerate(self._blocks):
            for name in _names(block):
                places.setdefault(name, []).append(number)
        return places

    def lookup(self, host: str) -> dict[str, str]:
        """What OpenSSH would do for this host, by lower-case keyword."""
        if host not in self._found:
            self._found[host] = {key: value for key, value in self._narrowed(host).lookup(host).items()
                                 if isinstance(value, str)}
        return self._found[host]

    def _narrowed(self, host: str) -> paramiko.SSHConfig:
        if not self._by_name:
            return self._whole
        numbers = sorted({*self._places[""], *self._places.get(host, ())})
        return paramiko.SSHConfig.from_text("".join(self._blocks[number] for number in numbers))

    def get_hostnames(self) -> set[str]:
        """Every host and pattern of the file's Host lines; paramiko's own fails on a file with a Match line."""
        return {name for block in self._blocks if (head := _head(block)) and head[1].lower() == "host"
                for name in shlex.split(head[2])}


def _blocks(text: str) -> list[str]:
    blocks = [""]
    for line in text.splitlines():
        if _HEAD.fullmatch(line):
            blocks.append("")
        blocks[-1] += f"{line}\n"
    return blocks


def _head(block: str) -> re.Match[str] | None:
    return _HEAD.fullmatch(block.partition("\n")[0])


def _names(block: str) -> list[str]:
    head = _head(block)
    if head is None or head[1].lower() == "match" or _PATTERN.search(head[2]):
        return [""]
    return shlex.split(head[2])
