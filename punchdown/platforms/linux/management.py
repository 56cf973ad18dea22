"""The management plane of every Linux appliance: SSH server, login banner, time, logging.

Source: fact sheet linux_openssh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from punchdown.platforms.contract import Reader
from punchdown.platforms.linux.files import read_command, read_file_document
from punchdown.platforms.linux.store import Store, file_store, slug
from punchdown.values import RunningDocument

SSHD = "/etc/ssh/sshd_config.d/10-punchdown.conf"
BANNER = "/etc/issue.net"
CHRONY = "/etc/chrony/conf.d/punchdown.conf"
RSYSLOG = "/etc/rsyslog.d/50-punchdown.conf"

DOCUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {SSHD: ("sshd",), BANNER: ("banner",), CHRONY: ("ntp",), RSYSLOG: ("syslog",)})
"""Document name to the features that are rendered into it."""

READ_COMMANDS: tuple[str, ...] = (*(re.escape(read_command(path)) for path in DOCUMENTS), "sshd -T")

# the drop-in is judged in front of the main file, as sshd reads it (first value wins), with a key made for the check
_SSHD_CHECK = f"""command -v sshd >/dev/null || exit 0
rm -f hostkey hostkey.pub
ssh-keygen -q -t ed25519 -N '' -f hostkey
{{ cat "$NEW/{slug(SSHD)}"; echo; cat /etc/ssh/sshd_config 2>/dev/null; }} > sshd-merged
mkdir -p /run/sshd
"$(command -v sshd)" -t -h hostkey -f sshd-merged"""

_SSHD_RELOAD = """if [ -d /run/systemd/system ]; then systemctl reload ssh
elif [ -e /run/sshd.pid ]; then kill -HUP "$(cat /run/sshd.pid)"; fi"""


def _restart_if_running(unit: str) -> str:
    return f"if [ -d /run/systemd/system ]; then systemctl try-restart {unit}; fi"


STORES: tuple[Store, ...] = (
    file_store("login banner", BANNER),
    file_store("time", CHRONY, reload=_restart_if_running("chrony")),
    file_store("logging", RSYSLOG, reload=_restart_if_running("rsyslog")),
    file_store("SSH server", SSHD, mode="0600", check=_SSHD_CHECK, reload=_SSHD_RELOAD),
)
"""In the order in which they take effect: what carries the management session comes last."""


def read_documents(reader: Reader) -> tuple[RunningDocument, ...]:
    """The management documents as they are; they hold no secrets. Raises DeviceError."""
    return tuple(RunningDocument(path, read_file_document(reader, path)) for path in DOCUMENTS)


def canonical(document: str, line: str) -> str:
    """One line in comparable words, empty when it carries no meaning. The banner is text: every line counts."""
    if document == BANNER:
        return line.rstrip()
    words = line.split()
    return "" if not words or words[0].startswith("#") else " ".join(words)
