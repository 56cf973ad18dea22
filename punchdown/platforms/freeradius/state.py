"""What the running server must show: process, ports, certificate, and that it loaded what lies on disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from shlex import quote

from punchdown.intent import DeviceIntent, RadiusIntent
from punchdown.platforms.contract import Answer, Reader
from punchdown.platforms.freeradius.capabilities import ROOT
from punchdown.values import Expectation, Observation, Provenance

EXPIRY_DAYS = 30
"""A certificate that ends sooner is reported: phones that can't verify it stay off the network."""

PROCESS = ('pid=$(cat /run/freeradius/freeradius.pid) && test "$(cat "/proc/$pid/comm")" = freeradius && '
           'test -e "/proc/$pid/exe"')
PORTS = "cat /proc/net/udp /proc/net/udp6"
LOADED = f"find {ROOT} -type f -newer /run/freeradius/freeradius.pid -print"
CONFIG = f"freeradius -d {ROOT} -XC >/dev/null 2>&1"
_CERTIFICATE = "openssl x509 -noout -checkend {seconds} -in {path}"

READ_COMMANDS = (*(re.escape(command) for command in (PROCESS, PORTS, LOADED, CONFIG)),
                 r"openssl x509 -noout -checkend [0-9]+ -in (?:[A-Za-z0-9._/-]+|'[^'\n]+')")

_PORT = re.compile(r"^\s*\d+:\s+[0-9A-F]+:([0-9A-F]{4})\s", re.MULTILINE)


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """One per fact that :func:`observe` reads."""
    if intent.radius is None:
        return ()
    source: Provenance = intent.radius.source
    wanted = [
        Expectation("radius:process", True, "the RADIUS server runs", source, "high"),
        Expectation("radius:port:1812", True, "the RADIUS server answers authentication (UDP 1812)", source, "high"),
        Expectation("radius:port:1813", True, "the RADIUS server takes accounting (UDP 1813)", source),
        Expectation("radius:config", True, "the files on disk pass the server's own check", source, "high"),
        Expectation("radius:loaded", True, "the server started after the last change of its files",
                    _of_users(intent.radius)),
    ]
    if intent.radius.certificate_file and {"tls", "peap"} & set(intent.radius.methods):
        wanted.append(Expectation("radius:certificate", True,
                                  f"the server certificate is valid for {EXPIRY_DAYS} more days", source, "high"))
    return tuple(wanted)


def _of_users(radius: RadiusIntent) -> Provenance:
    """The server's origin with the controls of all its users: they count once their files are loaded."""
    controls = [*radius.source.controls, *(name for user in radius.users for name in user.source.controls)]
    return replace(radius.source, controls=tuple(dict.fromkeys(controls)))


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """Read the facts; a command that could not run leaves its key out. Raises DeviceError when the session fails."""
    ports = _ports(reader.show(PORTS))
    facts: dict[str, bool] = {
        "radius:process": reader.show(PROCESS).code == 0,
        "radius:port:1812": 1812 in ports,
        "radius:port:1813": 1813 in ports,
        "radius:config": reader.show(CONFIG).code == 0,
    }
    errors: list[str] = []
    _read(reader, LOADED, "radius:loaded", facts, errors, lambda answer: not answer.output.strip())
    if intent.radius and intent.radius.certificate_file:
        command = _CERTIFICATE.format(seconds=EXPIRY_DAYS * 86400, path=quote(intent.radius.certificate_file))
        answer = reader.show(command)
        if "will expire" in answer.output or "will not expire" in answer.output:
            facts["radius:certificate"] = answer.code == 0
        else:
            errors.append(f"certificate can't be read: {answer.error.strip()}")
    return Observation(reader.device, dict(facts), tuple(errors))


def _read(reader: Reader, command: str, key: str, facts: dict[str, bool], errors: list[str],
          judge: Callable[[Answer], bool]) -> None:
    answer = reader.show(command)
    if answer.code:
        errors.append(f"{key}: {answer.error.strip()}")
    else:
        facts[key] = judge(answer)


def _ports(answer: Answer) -> frozenset[int]:
    """UDP port numbers in use, from /proc/net/udp (hexadecimal, second column)."""
    return frozenset(int(port, 16) for port in _PORT.findall(answer.output))
