"""A site to try things on: real appliances in network namespaces, emulated ones on loopback.

The functions below are the whole of it; ``lab_dir`` is where everything is written (``.lab`` by default).
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from punchdown.lab.real.commands import LabError

__all__ = ["LabError", "LabStatus", "connects", "down", "log_in_again", "outcome", "plug_behind", "reboot",
           "replace_endpoint", "restart_daemons", "run_in", "set_link", "status", "up"]

PREFIX = "pd-"
"""How the namespaces of a lab begin unless another prefix is asked for."""

_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class LabStatus:
    """``kind``: real, emulated or none. ``devices``: appliance to ``up`` or ``down``. ``operator``: the directory that
    ``--operator`` takes."""

    kind: str
    site: str
    operator: Path
    machines: tuple[str, ...]
    devices: dict[str, str]

    @property
    def healthy(self) -> bool:
        """Whether a lab is up with all its appliances."""
        return self.kind != "none" and all(state == "up" for state in self.devices.values())


def up(site_file: Path, lab_dir: Path, *, emulated_only: bool = False, prefix: str = PREFIX,
       emulated_speed: float = 1.0) -> LabStatus:
    """Build the lab of a site, replacing one that stands. Raises LabError; then nothing is left.

    ``emulated_speed``: how much faster than life the clock of emulated devices runs; their revert timer counts minutes.
    """
    from punchdown.lab.real import emulators, session, state

    lab_dir = lab_dir.resolve()
    with _alone(prefix):
        _refuse_foreign(lab_dir)
        if state.exists(lab_dir):
            emulators.stop_loopback(lab_dir)
            session.remove(lab_dir, state.load(lab_dir).prefix)
        if emulated_only:
            emulators.build_loopback(site_file, lab_dir)
        else:
            session.build(site_file, lab_dir, prefix, emulated_speed)
    return status(lab_dir)


def down(lab_dir: Path, *, prefix: str = PREFIX) -> None:
    """End and delete the lab, also one that a crash left half-built. Harmless when there is none."""
    from punchdown.lab.real import emulators, session, state

    lab_dir = lab_dir.resolve()
    if state.exists(lab_dir):
        prefix = state.load(lab_dir).prefix
    with _alone(prefix):
        emulators.stop_loopback(lab_dir)
        session.remove(lab_dir, prefix)


def status(lab_dir: Path) -> LabStatus:
    """What is up."""
    from punchdown.lab.real import emulators, session, state

    lab_dir = lab_dir.resolve()
    if not state.exists(lab_dir):
        return LabStatus("none", "", lab_dir / "operator", (), {})
    lab = state.load(lab_dir)
    devices = emulators.running(lab_dir) | session.running(lab_dir)
    return LabStatus(lab.kind, lab.site, lab_dir / "operator", lab.machines, devices)


def run_in(lab_dir: Path, host: str, argv: Sequence[str], *, stdin: str = "",
           timeout: float = 30.0) -> subprocess.CompletedProcess[str]:
    """Run a command on a machine of the lab, as its root."""
    from punchdown.lab.real import commands, session

    return commands.attempt([*session.enter(lab_dir.resolve(), host), *argv], stdin=stdin, timeout=timeout)


def connects(lab_dir: Path, client: str, address: str, port: int, protocol: str = "tcp", timeout: float = 2.0) -> bool:
    """Whether a machine can open a TCP connection, or gets an answer over UDP. ``address`` is IPv4 or IPv6."""
    from punchdown.lab.real import probe

    return probe.connects(lab_dir.resolve(), client, address, port, protocol, timeout)


def outcome(lab_dir: Path, client: str, address: str, port: int, protocol: str = "tcp", timeout: float = 2.0) -> str:
    """The same in more words: ``open``, ``rejected`` (reset or ICMP) or ``silent`` (nothing within the timeout)."""
    from punchdown.lab.real import probe

    return probe.outcome(lab_dir.resolve(), client, address, port, protocol, timeout)


def restart_daemons(lab_dir: Path, device: str) -> None:
    """Stop and start the daemons of a real appliance, as its service manager would."""
    from punchdown.lab.real import session

    session.restart_daemons(lab_dir.resolve(), device)


def reboot(lab_dir: Path, device: str) -> None:
    """Cut the power of a real appliance and start it again."""
    from punchdown.lab.real import session

    session.reboot(lab_dir.resolve(), device)


def plug_behind(lab_dir: Path, pc: str, phone: str) -> None:
    """Put a PC's cable into the PC port of a phone instead of the switch."""
    from punchdown.lab.real import plugging

    plugging.plug_behind(lab_dir.resolve(), pc, phone)


def log_in_again(lab_dir: Path, endpoint: str) -> None:
    """Pull an endpoint's cable, put it back and start its supplicant anew, with what its configuration says now."""
    from punchdown.lab.real import plugging

    plugging.log_in_again(lab_dir.resolve(), endpoint)


def replace_endpoint(lab_dir: Path, endpoint: str, mac: str) -> None:
    """Put a device of the same kind with another MAC address in an endpoint's place."""
    from punchdown.lab.real import plugging

    plugging.replace_endpoint(lab_dir.resolve(), endpoint, mac)


def set_link(lab_dir: Path, machine: str, interface: str, *, up: bool) -> None:
    """Pull a cable out of a machine, or put it back (addresses of family 6 are lost, as on any machine)."""
    from punchdown.lab.real import plugging

    plugging.set_link(lab_dir.resolve(), machine, interface, up=up)


def _refuse_foreign(lab_dir: Path) -> None:
    from punchdown.lab.real import state

    if lab_dir.exists() and not state.exists(lab_dir) and any(lab_dir.iterdir()):
        raise LabError(f"{lab_dir} is not empty and holds no lab: give an empty or new directory")


@contextlib.contextmanager
def _alone(prefix: str) -> Iterator[None]:
    """Only one process builds or removes labs of a prefix; the lock is a name that dies with its holder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as lock:
        end = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                lock.bind(f"\0punchdown-lab-{prefix}")
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise LabError("another process is building or removing this lab") from error
                time.sleep(0.1)
        yield
