"""The management plane of every Linux appliance: SSH server, login banner, time, logging.

Source: fact sheet linux_openssh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.linux.compare import compare_lines
from punchdown.platforms.linux.files import read_command, read_file_document
from punchdown.platforms.linux.store import Store, file_store, slug
from punchdown.values import Difference, Expectation, IntendedConfig, RunningConfig, RunningDocument, Verdict

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


def differences(intended: IntendedConfig, running: RunningConfig) -> tuple[Difference, ...]:
    """What differs in the management documents of a device."""
    return tuple(item for document in intended.documents if document.name in DOCUMENTS
                 for item in compare_lines(document, running.text(document.name), partial(canonical, document.name),
                                           meaning=partial(_meaning, document.name)))


def _meaning(document: str, _verdict: Verdict, _line: str) -> str:
    return _MEANINGS[document]


_MEANINGS: Mapping[str, str] = MappingProxyType({
    SSHD: "the SSH server admits other clients, keys or ciphers than declared",
    BANNER: "people who log in read another banner",
    CHRONY: "the clock follows other servers than declared",
    RSYSLOG: "events are logged elsewhere than declared",
})

_SSHD_FACTS = {"passwordauthentication": "no", "permitemptypasswords": "no", "permitrootlogin": "without-password",
               "x11forwarding": "no", "allowtcpforwarding": "no"}


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """What the running SSH server must say of itself; keys ``sshd:<setting>``."""
    source = intent.management.source
    address = intent.management.address.partition("/")[0]
    own = {"listenaddress": f"[{address}]:22" if ":" in address else f"{address}:22", **_SSHD_FACTS}
    return tuple(Expectation(f"sshd:{name}", value, f"SSH server: {name} {value}", source, "high")
                 for name, value in own.items())


def observe(reader: Reader) -> dict[str, str]:
    """Facts for :func:`expectations`, by ``sshd -T``; several values of one setting once each, sorted, with blanks.
    Raises DeviceError."""
    answer = reader.show("sshd -T")
    if answer.code:
        raise DeviceError(reader.device, "observe", f"sshd -T: {answer.error.strip()}")
    facts: dict[str, set[str]] = {}
    for line in answer.output.splitlines():
        name, _, value = line.partition(" ")
        facts.setdefault(f"sshd:{name}", set()).add(value)
    wanted = {f"sshd:{name}" for name in ("listenaddress", *_SSHD_FACTS)}
    return {key: " ".join(sorted(values)) for key, values in facts.items() if key in wanted}
