"""The real lab up, down and at work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from punchdown.lab.real import network, state
from punchdown.lab.real.appliances import STOP, Keys, boot_script, specification
from punchdown.lab.real.commands import LabError, attempt, run
from punchdown.lab.real.emulators import start_emulated
from punchdown.lab.real.operator_files import make_secrets, write_operator
from punchdown.lab.real.pki import Authority, radius_certificates, ssh_key
from punchdown.lab.real.services import LISTENERS
from punchdown.lab.real.site import LabSite, Leg, read_site
from punchdown.lab.real.supplicant import write_supplicant

_HERE = Path(__file__).resolve().parent
_PROGRAMS = ("ip", "ovs-vswitchd", "ovsdb-server", "nft", "sshd", "socat", "nsenter")


def build(site_file: Path, lab_dir: Path, prefix: str, emulated_speed: float = 1.0) -> None:
    """Bring everything up, replacing what stands there. Raises LabError and leaves nothing half-built."""
    _require_machine()
    site = read_site(site_file)
    require_real(site)
    remove(lab_dir, prefix)
    for name in ("disk", "hosts", "run"):
        (lab_dir / name).mkdir(parents=True, mode=0o700)
    state.save(lab_dir, _state(site, site_file, prefix))
    try:
        _start(site, site_file, lab_dir, prefix, emulated_speed)
    except (LabError, OSError):
        remove(lab_dir, prefix)
        raise


def remove(lab_dir: Path, prefix: str) -> None:
    """End what runs, delete what was written; a directory that no lab made is left alone."""
    if prefix:
        network.tear_down(prefix)
    if state.exists(lab_dir):
        shutil.rmtree(lab_dir)


def _require_machine() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise LabError("the real lab needs Linux and root; without them: 'punchdown lab up --emulated'")
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [name for name in _PROGRAMS if shutil.which(name, path=path) is None]
    if missing:
        raise LabError(f"the real lab needs these programs, which are not installed: {', '.join(missing)}")


def require_real(site: LabSite) -> None:
    """Raises LabError when there is not exactly one switch and one firewall to build around."""
    platforms = [platform for platform, _ in site.devices.values()]
    for platform in ("openvswitch", "linux_nftables"):
        if platforms.count(platform) != 1:
            raise LabError(f"the real lab needs one device of platform {platform}, {site.name} has "
                           f"{platforms.count(platform)}; its emulated devices alone: 'punchdown lab up --emulated'")


def _state(site: LabSite, site_file: Path, prefix: str) -> state.LabState:
    addresses: dict[str, tuple[str, ...]] = {}
    for leg in site.legs:
        own = tuple(item.partition("/")[0] for item in leg.addresses)
        addresses[leg.machine] = addresses.get(leg.machine, ()) + own
    if site.wan:
        addresses |= {name: (cidr.partition("/")[0],) for name, cidr in site.wan.hosts.items()}
    return state.LabState("real", site.name, str(site_file.resolve()), prefix, tuple(network.machines(site)),
                          site.appliances(), addresses)


def _start(site: LabSite, site_file: Path, lab_dir: Path, prefix: str, emulated_speed: float) -> None:
    network.build(site, prefix)
    authority = Authority(f"{site.name} lab authority")
    radius = next((name for name, (platform, _) in site.devices.items() if platform == "freeradius"), "radius")
    login = ssh_key("operator@lab")
    keys = Keys(login.public, {name: ssh_key(name) for name in site.appliances()},
                radius_certificates(authority, radius))
    values = make_secrets(site, site_file)
    write_operator(lab_dir / "operator", site, login, keys.hosts, values, f"{prefix}{_jump(site)}")
    starting = {name: _launch(site, lab_dir, prefix, name, keys) for name in site.appliances()}
    try:
        starting[network.SPARE] = _start_listeners(site, prefix)
        _start_endpoints(site, lab_dir, prefix, values, authority, radius)
        start_emulated(site, lab_dir, prefix, login, emulated_speed)
        for name, process in starting.items():
            _await_ready(name, process)
    finally:
        for process in starting.values():
            _detach(process)


def _jump(site: LabSite) -> str:
    return next((name for name, kind in site.hosts.items() if kind == "admin"), site.switch)


def _launch(site: LabSite, lab_dir: Path, prefix: str, name: str, keys: Keys) -> subprocess.Popen[str]:
    disk, pid_file = (lab_dir / "disk" / name).resolve(), (lab_dir / "run" / f"{name}.pid").resolve()
    disk.mkdir(exist_ok=True)
    text = json.dumps(specification(site, name, keys, disk, pid_file))
    (lab_dir / "run" / f"{name}.json").touch(mode=0o600)
    (lab_dir / "run" / f"{name}.json").write_text(text, encoding="utf-8")
    return _spawn_init(prefix, name, text)


def _spawn_init(prefix: str, name: str, text: str) -> subprocess.Popen[str]:
    script = str(_HERE / "appliance_init.py")
    return _spawn(["ip", "netns", "exec", prefix + name, sys.executable, "-I", "-S", script], text)


def _spawn(argv: Sequence[str], text: str) -> subprocess.Popen[str]:
    """Start a program that reports one line and stays. It outlives this process."""
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    if process.stdin:
        process.stdin.write(text)
        process.stdin.close()
    return process


def _line(process: subprocess.Popen[str]) -> str:
    """The one line, or what the program said when it died without one."""
    line = process.stdout.readline() if process.stdout else ""
    said = process.stderr.read().strip() if not line and process.stderr else ""
    _detach(process)
    if not line:
        raise LabError(said or "a lab program ended at once")
    return line


def _detach(process: subprocess.Popen[str]) -> None:
    """Let go of a program that stays up by design, without a warning that it still runs."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    process.returncode = 0


def _await_ready(name: str, process: subprocess.Popen[str]) -> None:
    """Wait for the report of an appliance or of the listeners. Raises LabError with the problem it names."""
    problem = json.loads(_line(process))["problem"]
    if problem:
        raise LabError(f"{name} did not start: {problem}")


def _start_listeners(site: LabSite, prefix: str) -> subprocess.Popen[str]:
    kinds = {name: kind for name, kind in site.hosts.items() if any(leg.machine == name for leg in site.legs)}
    kinds |= {item.name: item.kind for item in site.endpoints.values()}
    kinds |= dict.fromkeys(site.wan.hosts if site.wan else (), "wan")
    hosts = [{"namespace": prefix + name, "name": name, "tcp": LISTENERS[kind][0], "udp": LISTENERS[kind][1]}
             for name, kind in kinds.items() if kind in LISTENERS]
    argv = ["ip", "netns", "exec", prefix + network.SPARE, sys.executable, "-I", "-S", str(_HERE / "listeners.py")]
    return _spawn(argv, json.dumps(hosts))


def _start_endpoints(site: LabSite, lab_dir: Path, prefix: str, values: dict[str, str], authority: Authority,
                     server: str) -> None:
    legs = {leg.machine: leg for leg in site.legs}
    for endpoint in site.endpoints.values():
        if endpoint.name not in legs:
            continue
        leg, folder = legs[endpoint.name], (lab_dir / "hosts" / endpoint.name).resolve()
        folder.mkdir()
        if endpoint.kind == "phone":
            start_phone(prefix, leg, endpoint.mac, folder)
        if write_supplicant(folder, endpoint, values.get(f"eap-{endpoint.name}", ""), authority, server):
            start_supplicant(prefix, endpoint.name, folder)


def start_phone(prefix: str, leg: Leg, mac: str, folder: Path) -> None:
    """Start the phone's own program."""
    _background(prefix + leg.machine, folder / "phone.log", [
        sys.executable, "-I", "-S", str(_HERE / "phone.py"), leg.machine, mac, ",".join(leg.addresses),
        ",".join(leg.routers)])


def start_supplicant(prefix: str, name: str, folder: Path) -> None:
    """Start the endpoint's wpa_supplicant."""
    _background(prefix + name, folder / "wpa.log", [
        "wpa_supplicant", "-D", "wired", "-i", "eth0", "-c", str(folder / "wpa.conf"), "-t"])


def _background(namespace: str, log: Path, argv: Sequence[str]) -> None:
    with log.open("ab") as output:
        process = subprocess.Popen(["ip", "netns", "exec", namespace, *argv], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, start_new_session=True)
    process.returncode = 0


def enter(lab_dir: Path, machine: str) -> list[str]:
    """The words that stand before a command to run it on a machine of the lab. Raises LabError."""
    lab = state.load(lab_dir)
    if machine not in lab.machines:
        raise LabError(f"no machine {machine!r} in this lab; there are: {', '.join(lab.machines)}")
    inside = ["ip", "netns", "exec", lab.prefix + machine]
    if machine not in lab.appliances:
        return inside
    pid_file = lab_dir / "run" / f"{machine}.pid"
    if not network.process_alive(pid_file):
        raise LabError(f"{machine} is not running")
    pid = pid_file.read_text(encoding="ascii")
    return ["nsenter", "--target", pid, "--mount", "--uts", "--net", "--pid", "--"]


def restart_daemons(lab_dir: Path, device: str) -> None:
    """Stop the daemons of an appliance and start them again; sessions and rollback timers go on."""
    lab = _appliance(lab_dir, device)
    site = read_site(Path(lab.site_file))
    run([*enter(lab_dir, device), "sh"], stdin=STOP)
    run([*enter(lab_dir, device), "env", "RESTART=1", "bash", "-c",
         f"({boot_script(site, device)}) >>/var/log/boot.log 2>&1 </dev/null"])


def reboot(lab_dir: Path, device: str) -> None:
    """Cut the power and start again: memory is lost, the disk stays."""
    lab = _appliance(lab_dir, device)
    pid_file = lab_dir / "run" / f"{device}.pid"
    if network.process_alive(pid_file):
        os.kill(int(pid_file.read_text(encoding="ascii")), signal.SIGKILL)
    network.await_quiet(lab.prefix + device)
    attempt(["ip", "-n", lab.prefix + device, "link", "del", "mgmt"])
    text = (lab_dir / "run" / f"{device}.json").read_text(encoding="utf-8")
    _await_ready(device, _spawn_init(lab.prefix, device, text))


def _appliance(lab_dir: Path, device: str) -> state.LabState:
    lab = state.load(lab_dir)
    if device not in lab.appliances:
        raise LabError(f"{device!r} is no appliance of this lab; there are: {', '.join(lab.appliances)}")
    return lab


def running(lab_dir: Path) -> dict[str, str]:
    """Device to ``up`` or ``down``."""
    lab = state.load(lab_dir)
    return {name: "up" if network.process_alive(lab_dir / "run" / f"{name}.pid") else "down" for name in lab.appliances}


