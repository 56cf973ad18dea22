"""``python bench/fetch.py [SWITCHES [WORKERS]]``: drift over SSH against bare nornir + netmiko, and Ansible.

The switches are emulated on loopback in a process of their own. Ansible runs on a part of them, since it is slow;
devices per second make the three comparable. It needs a network module (``cisco.ios`` of the package ``ansible``,
also from a folder in ``ANSIBLE_COLLECTIONS_PATH``); without it that row is left out.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ground import keep, make_estate
from netmiko import ConnectHandler
from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner

from punchdown import pipeline
from punchdown.devices import Limits, Operator, run_all
from punchdown.platforms import platform
from punchdown.values import Report, RunningConfig

T = TypeVar("T")
PASSWORD = "Bench-mark-1"
ANSIBLE_PART = 20
ROUNDS = 3
SWITCHES = pipeline.Selection(platforms=("cisco_ios",))


@contextmanager
def fleet(specs: list[dict[str, Any]], folder: Path) -> Iterator[dict[str, int]]:
    """Emulated switches; name to port."""
    (folder / "specs.json").write_text(json.dumps(specs))
    command = [sys.executable, "-m", "punchdown.lab.emulated", "--spec", folder / "specs.json",
               "--known-hosts", folder / "operator" / "known_hosts"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline().removeprefix("ready "))
        finally:
            process.terminate()


def make_operator(folder: Path) -> None:
    """A login for everything, and one value for every secret."""
    (folder / "secrets").mkdir(parents=True)
    (folder / "secrets" / "login").write_text(PASSWORD)
    (folder / "fingerprint.key").write_bytes(b"k" * 32)
    (folder / "settings.yml").write_text("logins_per_second: 100000\n")
    (folder / "credentials.yml").write_text(
        "credentials: {network-automation: {username: punchdown, password: {file: login}, "
        "scope: {management: [10.0.0.0/8], devices: ['*']}}}\n")


def started_as_intended(estate: Path, operator: Path) -> list[dict[str, Any]]:
    """One appliance per switch that starts with what it should run, secrets filled in."""
    specs = []
    for config in pipeline.render(estate, SWITCHES):
        text = "".join(document.text for document in config.documents)
        for name in set(re.findall(r"<secret:([^>]+)>", text)):
            (operator / "secrets" / name).write_text("Shared-secret-1")
        startup = "vtp mode transparent\n" + re.sub(r"<secret:[^>]+>", "Shared-secret-1", text)
        specs.append({"hostname": config.device, "password": PASSWORD, "startup": startup})
    return specs


def bare(ports: dict[str, int], workers: int) -> float:
    """Seconds of nornir and netmiko alone, fetching the same configurations."""
    def fetch(task: Task) -> Result:
        with ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port=ports[task.host.name],
                            username="punchdown", password=PASSWORD, fast_cli=True) as session:
            return Result(host=task.host, result=session.send_command("show running-config", read_timeout=60))

    hosts = Hosts({name: Host(name=name, defaults=Defaults()) for name in ports})
    nornir: Any = Nornir(inventory=Inventory(hosts, Groups(), Defaults()), runner=ThreadedRunner(num_workers=workers))
    start = time.perf_counter()
    results = nornir.run(task=fetch)
    seconds = time.perf_counter() - start
    assert not results.failed, {name: result[0].exception for name, result in results.failed_hosts.items()}
    return seconds


def ours(estate: Path, operator: Path, workers: int) -> tuple[float, Report]:
    """Seconds of the whole drift verb: load, compile, render, fetch, mask, compare."""
    context = pipeline.Context(estate=estate, operator=operator, now="2026-01-01T00:00:00Z", user="bench",
                               workers=workers)
    start = time.perf_counter()
    report = pipeline.drift(context, SWITCHES)
    return time.perf_counter() - start, report


def stages(estate: Path, operator: Path, workers: int) -> tuple[float, float]:
    """Seconds of two parts of it: the definition alone, and fetching and masking alone."""
    start = time.perf_counter()
    pipeline.render(estate, SWITCHES)
    definition = time.perf_counter() - start
    known, targets = Operator.load(operator), pipeline.targets(estate, SWITCHES)
    start = time.perf_counter()
    results = run_all(targets, lambda reader: platform("cisco_ios").fetch(reader, hide),
                      operator=known, limits=Limits(workers, known.logins_per_second), progress=lambda _step: None)
    fetched = time.perf_counter() - start
    assert all(isinstance(result, RunningConfig) for result in results.values())
    return definition, fetched


def hide(_secret: str) -> str:
    """Every secret looks the same."""
    return "<masked:unknown>"


def measured(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its seconds of processor time in this process and in those it waited for."""
    def spent() -> float:
        own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

    before = spent()
    return work(), spent() - before


def ansible(ports: dict[str, int], folder: Path) -> float | None:
    """Seconds of ansible-playbook with cisco.ios.ios_command, one fork per switch; None without the module."""
    hosts = "".join(f"{name} ansible_host=127.0.0.1 ansible_port={port}\n" for name, port in ports.items())
    (folder / "hosts").write_text(
        hosts + "[all:vars]\nansible_connection=ansible.netcommon.network_cli\nansible_network_os=cisco.ios.ios\n"
        f"ansible_user=punchdown\nansible_password={PASSWORD}\nansible_network_cli_ssh_type=paramiko\n")
    (folder / "fetch.yml").write_text(
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - cisco.ios.ios_command: {commands: [show running-config]}\n      no_log: true\n")
    (folder / "ansible.cfg").write_text("[defaults]\n")
    env = {**os.environ, "ANSIBLE_HOST_KEY_CHECKING": "0", "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
           "ANSIBLE_HOME": str(folder / "ansible")}
    start = time.perf_counter()
    done = subprocess.run([Path(sys.executable).with_name("ansible-playbook"), "-f", "50", "-i", folder / "hosts",
                           folder / "fetch.yml"], env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode == 0:
        return seconds
    print(f"ansible left out: {(done.stderr or done.stdout).strip()[-600:]}", file=sys.stderr)
    return None


def main() -> None:
    """Start the fleet, measure each way in turn a few times, keep the fastest."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        estate, operator = make_estate(folder / "estate", count), folder / "operator"
        make_operator(operator)
        with fleet(started_as_intended(estate, operator), folder) as ports:
            addresses = {target.device: target.address for target in pipeline.targets(estate, SWITCHES)}
            (operator / "ssh_config").write_text("".join(
                f"Host {addresses[name]}\n  HostName 127.0.0.1\n  Port {port}\n" for name, port in ports.items()))
            reports: list[Report] = []

            def drift() -> float:
                seconds, report = ours(estate, operator, workers)
                reports.append(report)
                return seconds

            rounds = [(measured(lambda: bare(ports, workers)), measured(drift)) for _ in range(ROUNDS)]
            (plain, plain_cpu), (whole, whole_cpu) = (map(min, zip(*side, strict=True))
                                                      for side in zip(*rounds, strict=True))
            parts = [stages(estate, operator, workers) for _ in range(ROUNDS)]
            definition, fetched = (min(side) for side in zip(*parts, strict=True))
            some = dict(list(ports.items())[:ANSIBLE_PART])
            part, part_cpu = measured(lambda: ansible(some, folder))
    wrong = [row.error or row.status for report in reports for row in report.devices if row.status != "in-order"]
    assert not wrong, wrong[:3]
    rows = [("nornir + netmiko, fetch only", str(count), f"{plain:.1f}", f"{count / plain:.0f}", "1.00",
             f"{plain_cpu / count * 1000:.0f}"),
            ("punchdown drift, all stages", str(count), f"{whole:.1f}", f"{count / whole:.0f}", f"{whole / plain:.2f}",
             f"{whole_cpu / count * 1000:.0f}")]
    rows += [(f"  of it: {name}", str(count), f"{seconds:.1f}", f"{count / seconds:.0f}", f"{seconds / plain:.2f}", "")
             for name, seconds in (("load, compile, render", definition), ("fetch and mask", fetched))]
    if part is not None:
        size = min(ANSIBLE_PART, count)
        rows.append(("ansible-playbook, fetch only", str(size), f"{part:.1f}", f"{size / part:.1f}",
                     f"{part / size * count / plain:.1f}", f"{part_cpu / size * 1000:.0f}"))
    keep("Fetch and compare", f"{count} emulated switches, {workers} workers; fastest of {ROUNDS} rounds in turn; no "
         "side limits logins per second.",
         ("what", "devices", "seconds", "devices a second", "times the bare", "CPU ms a device"), rows,
         ("punchdown", "netmiko", "nornir", "paramiko", "ansible-core"))


if __name__ == "__main__":
    main()
