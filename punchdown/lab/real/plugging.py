"""Moving cables while the lab runs."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from punchdown.lab.real import netns, network, state
from punchdown.lab.real.commands import LabError, attempt, run
from punchdown.lab.real.session import start_phone, start_supplicant
from punchdown.lab.real.site import Leg, read_site

_UNPLUGGED_SECONDS = 0.6
"""Longer than the switch's agent takes to see that a cable is out."""


def plug_behind(lab_dir: Path, pc: str, phone: str) -> None:
    """Take a PC's cable out of the switch and put it into the PC port of a phone. Raises LabError."""
    lab = state.load(lab_dir)
    site = read_site(Path(lab.site_file))
    leg = next((leg for leg in site.legs if leg.machine == pc), None)
    if leg is None or pc not in site.endpoints or phone not in site.endpoints:
        raise LabError(f"can't plug {pc!r} behind {phone!r}: both must be endpoints of the site")
    namespace, end = lab.prefix + pc, network.pc_port(phone)
    run(["ip", "-n", namespace, "-batch", "-"], stdin="".join(f"{line}\n" for line in (
        "link set eth0 down", "addr flush dev eth0", "link set eth0 name desk0")))
    run(["ip", "-n", lab.prefix + network.SPARE, "link", "set", end, "netns", namespace])
    run(["ip", "-n", namespace, "-batch", "-"], stdin="".join([
        f"link set {end} name eth0 address {leg.mac}\n", *network.leg_lines(leg)]))
    netns.offloads_off(namespace, ["eth0"])
    netns.offloads_off(lab.prefix + phone, ["pc0"])
    folder = lab_dir / "hosts" / pc
    if (folder / "wpa.conf").exists():
        _stop(namespace, "wpa_supplicant")
        start_supplicant(lab.prefix, pc, folder)


def set_link(lab_dir: Path, machine: str, interface: str, *, up: bool) -> None:
    """Pull a cable out of a machine, or put it back."""
    lab = state.load(lab_dir)
    run(["ip", "-n", lab.prefix + machine, "link", "set", interface, "up" if up else "down"])


def log_in_again(lab_dir: Path, endpoint: str) -> None:
    """Pull the cable, put it back and start the supplicant anew. Raises LabError."""
    lab, leg = state.load(lab_dir), _leg(lab_dir, endpoint)
    namespace, folder = lab.prefix + endpoint, lab_dir / "hosts" / endpoint
    _stop(namespace, "wpa_supplicant")
    run(["ip", "-n", namespace, "link", "set", leg.interface, "down"])
    time.sleep(_UNPLUGGED_SECONDS)
    run(["ip", "-n", namespace, "link", "set", leg.interface, "up"])
    if not attempt(["ip", "-n", namespace, "link", "show", "voice0"]).stdout:
        attempt(["ip", "-n", namespace, "-force", "-batch", "-"], stdin="".join(network.leg_lines(leg)))
    if (folder / "wpa.conf").exists():
        start_supplicant(lab.prefix, endpoint, folder)


def replace_endpoint(lab_dir: Path, endpoint: str, mac: str) -> None:
    """Another device of the same kind on the same cable. Raises LabError."""
    lab, leg = state.load(lab_dir), _leg(lab_dir, endpoint)
    namespace = lab.prefix + endpoint
    _stop(namespace, "phone.py")
    run(["ip", "-n", namespace, "-batch", "-"], stdin=f"link set {leg.interface} down\naddr flush dev {leg.interface}\n"
        f"link set {leg.interface} address {mac}\n")
    log_in_again(lab_dir, endpoint)
    if read_site(Path(lab.site_file)).endpoints[endpoint].kind == "phone":
        start_phone(lab.prefix, leg, mac, lab_dir / "hosts" / endpoint)


def _leg(lab_dir: Path, endpoint: str) -> Leg:
    lab = state.load(lab_dir)
    site = read_site(Path(lab.site_file))
    leg = next((leg for leg in site.legs if leg.machine == endpoint), None)
    if leg is None or endpoint not in site.endpoints:
        raise LabError(f"{endpoint!r} is no endpoint of the site; there are: {', '.join(site.endpoints)}")
    return leg


def _stop(namespace: str, program: str) -> None:
    """End the programs of a namespace whose command line holds a word."""
    for pid in attempt(["ip", "netns", "pids", namespace]).stdout.split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if program.encode() in Path("/proc", pid, "cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)
