"""Emulated appliances: on the real switch beside real ones, or alone on loopback for anyone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from punchdown.lab.emulated import families
from punchdown.lab.real import state
from punchdown.lab.real.appliances import PROGRAM
from punchdown.lab.real.commands import LabError
from punchdown.lab.real.operator_files import make_secrets, trust, write_operator
from punchdown.lab.real.pki import HostKey, ssh_key
from punchdown.lab.real.site import LabSite, read_site


def start_emulated(site: LabSite, lab_dir: Path, prefix: str, login: HostKey, speed: float = 1.0) -> None:
    """Start one server per emulated device, inside the device's namespace, and trust its host key.

    ``speed``: how much faster than life its clock runs.
    """
    for name in _emulated(site):
        if any(leg.machine == name and leg.addresses for leg in site.legs):
            address = site.management_of(name)
            options = ["--host", address, "--port", "22", "--time-scale", str(speed)]
            _serve(lab_dir, name, [_specification(site, name, login)], options,
                   ["ip", "netns", "exec", f"{prefix}{name}"])
            trust(lab_dir / "operator", (lab_dir / "run" / f"{name}.known").read_text(encoding="ascii"))


def build_loopback(site_file: Path, lab_dir: Path) -> None:
    """The emulated devices of a site on loopback, for anyone. Raises LabError."""
    site = read_site(site_file)
    stop_loopback(lab_dir)
    (lab_dir / "run").mkdir(parents=True, exist_ok=True, mode=0o700)
    names, login = _emulated(site), ssh_key("operator@lab")
    if not names:
        raise LabError(f"no device of this site can be emulated; the lab emulates: {', '.join(families())}")
    write_operator(lab_dir / "operator", site, login, {}, make_secrets(site, site_file), "")
    pid, ports = _serve(lab_dir, "loopback", [_specification(site, name, login) for name in names],
                        ["--host", "127.0.0.1"], [])
    known = (lab_dir / "run" / "loopback.known").read_text(encoding="ascii")
    keys = {line.split()[0]: " ".join(line.split()[1:]) for line in known.splitlines()}
    lines = [f"Host {site.management_of(name)}\n  HostName 127.0.0.1\n  Port {port}\n" for name, port in ports.items()]
    (lab_dir / "operator" / "ssh_config").write_text("".join(lines), encoding="utf-8")
    named = {name: next(key for places, key in keys.items() if f"[127.0.0.1]:{port}" in places)
             for name, port in ports.items()}
    trust(lab_dir / "operator", known + "".join(f"{site.management_of(name)} {key}\n" for name, key in named.items()))
    state.save(lab_dir, state.LabState("emulated", site.name, str(site_file.resolve()), "", (), (),
                                       dict.fromkeys(names, ("127.0.0.1",)), (pid,)))


def stop_loopback(lab_dir: Path) -> None:
    """End them."""
    if state.exists(lab_dir):
        for pid in state.load(lab_dir).processes:
            if _is_ours(pid):
                os.kill(pid, signal.SIGTERM)


def running(lab_dir: Path) -> dict[str, str]:
    """Device on loopback to ``up`` or ``down``."""
    lab = state.load(lab_dir)
    if lab.kind != "emulated":
        return {}
    alive = all(_is_ours(pid) for pid in lab.processes)
    return dict.fromkeys(lab.addresses, "up" if alive else "down")


def _is_ours(pid: int) -> bool:
    try:
        return b"punchdown.lab.emulated" in Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return False


def _emulated(site: LabSite) -> list[str]:
    return [name for name, (platform, _) in site.devices.items() if platform in families()]


def _specification(site: LabSite, name: str, login: HostKey) -> Mapping[str, object]:
    """The appliance as it stands before the first change: of the model and in the style that the site says, reachable
    where the site manages it; a firewall whose legs need names has one with the router's address for every segment, and
    one for the provider."""
    segment = site.segment_of(site.management_of(name))
    model, style = site.kinds.get(name, ("", ""))
    inner = [(f"lan{item.vlan}", f"{item.router}/{item.prefix.partition('/')[2]}") for item in site.segments.values()]
    outer = (site.wan.address, site.wan.router) if site.wan else ("", "")
    return {"hostname": name, "platform": site.devices[name][0], "model": model,
            "style": "new-style" if style == "ibns2" else "", "username": "root", "authorized_key": login.public,
            "management": site.management_of(name), "management_vlan": segment.vlan,
            "management_length": int(segment.prefix.partition("/")[2]),
            "legs": [*inner, ("wan0", outer[0])], "router": outer[1]}


def _serve(lab_dir: Path, name: str, specifications: Sequence[Mapping[str, object]], options: Sequence[str],
           before: Sequence[str]) -> tuple[int, dict[str, int]]:
    """Start one server process; its number and the port of every device. Raises LabError with what it said."""
    folder = lab_dir / "run"
    file = folder / f"{name}-emulated.json"
    file.write_text(json.dumps(specifications), encoding="utf-8")
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "punchdown.lab.emulated", "--spec", str(file), *options, "--state",
             str(folder / f"{name}.flash"), "--known-hosts", str(folder / f"{name}.known")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
            cwd=PROGRAM)
    line = process.stdout.readline() if process.stdout else ""
    if process.stdout:
        process.stdout.close()
    if not line.startswith("ready "):
        raise LabError(f"the emulated {name} did not start: {log.read_text(encoding='utf-8').strip()[-800:]}")
    process.returncode = 0  # it stays up by design: no warning about a child that still runs
    return process.pid, dict(json.loads(line.removeprefix("ready ")))
