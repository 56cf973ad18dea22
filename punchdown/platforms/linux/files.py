"""Reading files of an appliance, and hiding their secrets before anything else sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from shlex import quote

from punchdown.errors import DeviceError
from punchdown.platforms.contract import Fingerprint, Reader


def read_command(path: str) -> str:
    """The command that shows a file; platforms list ``re.escape(read_command(path))`` in ``read_commands``."""
    return f"LC_ALL=C cat -- {quote(path)}"


def read_file_document(reader: Reader, path: str) -> str:
    """The file's text, empty when there is no such file. Raises DeviceError. Unmasked: mask it at once."""
    answer = reader.show(read_command(path))
    if answer.code == 0:
        return answer.output
    if "No such file or directory" in answer.error + answer.output:
        return ""
    raise DeviceError(reader.device, "fetch", f"cannot read {path}: {answer.error.strip()}")


def mask_text(text: str, patterns: Iterable[re.Pattern[str]], fingerprint: Fingerprint) -> str:
    """The text with the group ``secret`` of every match replaced by its fingerprint."""
    for pattern in patterns:
        text = pattern.sub(lambda match: _masked(match, fingerprint), text)
    return text


def _masked(match: re.Match[str], fingerprint: Fingerprint) -> str:
    begin, end = (place - match.start() for place in match.span("secret"))
    return match[0][:begin] + fingerprint(match["secret"]) + match[0][end:]
