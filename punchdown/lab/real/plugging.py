"""Moving cables while the lab runs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from punchdown.lab.real import netns, network, state
from punchdown.lab.real.commands import LabError, attempt, run
from punchdown.lab.real.session import start_supplicant
from punchdown.lab.real.site import read_site


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
        _stop_supplicant(namespace)
        start_supplicant(lab.prefix, pc, folder)


def set_link(lab_dir: Path, machine: str, interface: str, *, up: bool) -> None:
    """Pull a cable out of a machine, or put it back."""
    lab = state.load(lab_dir)
    run(["ip", "-n", lab.prefix + machine, "link", "set", interface, "up" if up else "down"])


def _stop_supplicant(namespace: str) -> None:
    for pid in attempt(["ip", "netns", "pids", namespace]).stdout.split():
        if Path("/proc", pid, "comm").read_text(encoding="utf-8").strip() == "wpa_supplicant":
            os.kill(int(pid), signal.SIGKILL)
