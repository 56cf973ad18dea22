"""``python bench/campaign.py [SWITCHES]``: one change of many emulated switches in one campaign.

Every switch runs what it should but for its banner. A device's change is about a dozen sessions' worth of exchanges:
compare with the plan, stage, arm the timer, reconnect, verify, confirm, read back, save.
"""

from __future__ import annotations

import functools
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fetch
from ground import keep
from netmiko import BaseConnection

from punchdown import pipeline

SITE = """\
site: campus
segments:
  office: {{vlan: 130, prefix: 10.20.32.0/22, zone: data}}
  management: {{vlan: 199, prefix: 10.20.96.0/21, zone: management}}
hosts:
  admin-1: {{kind: admin, segment: management, address: 10.20.96.9}}
management: {{credential: network-automation, banner: ["{banner}"]}}
devices:
"""
SWITCH = ("  sw-{number:03}: {{role: access-switch, platform: cisco_ios, management: {address}, "
          "ports: {{1-22: pc, 23: {other}, 24: unused}}}}\n")


class Clocked:
    """Processor time of the threads inside of netmiko's own methods, counted once however they nest."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = threading.local()
        self._lock = threading.Lock()

    def wrap(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, clocked."""
        @functools.wraps(method)
        def call(*arguments: Any, **named: Any) -> Any:
            if getattr(self._inside, "now", False):
                return method(*arguments, **named)
            self._inside.now, start = True, time.thread_time()
            try:
                return method(*arguments, **named)
            finally:
                self._inside.now = False
                with self._lock:
                    self.seconds += time.thread_time() - start
        return call

    def watch(self) -> None:
        """From now on, every connection."""
        for name in ("__init__", "establish_connection", "session_preparation", "send_command", "send_command_timing",
                     "read_channel", "write_channel", "read_until_pattern", "read_until_prompt", "config_mode",
                     "exit_config_mode", "disconnect"):
            setattr(BaseConnection, name, self.wrap(getattr(BaseConnection, name)))


def write_site(estate: Path, count: int, banner: str) -> None:
    """One site with so many access switches."""
    (estate / "sites").mkdir(parents=True, exist_ok=True)
    (estate / "punchdown.yml").write_text("estate: bench\ncampaigns: {batch: 100}\n")
    switches = "".join(
        SWITCH.format(number=number, address=f"10.20.{96 + (number + 20) // 256}.{(number + 20) % 256}",
                      other="admin-1" if number == 0 else "unused") for number in range(count))
    (estate / "sites" / "campus.yml").write_text(SITE.format(banner=banner) + switches)


def main() -> None:
    """Start the fleet with one banner, apply another."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    clocked = Clocked()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        estate, operator = folder / "estate", folder / "operator"
        fetch.make_operator(operator)
        write_site(estate, count, "Old words")
        specs = fetch.started_as_intended(estate, operator)
        for spec in specs:
            spec["startup"] = f"username punchdown privilege 15 password 0 {fetch.PASSWORD}\n" + spec["startup"]
        write_site(estate, count, "Authorised use only")
        with fetch.fleet(specs, folder) as ports:
            addresses = {target.device: target.address for target in pipeline.targets(estate, fetch.SWITCHES)}
            (operator / "ssh_config").write_text("".join(
                f"Host {addresses[name]}\n  HostName 127.0.0.1\n  Port {port}\n" for name, port in ports.items()))
            context = pipeline.Context(estate=estate, operator=operator, now="2026-01-01T00:00:00Z", user="bench",
                                       workers=100, timer_seconds=600)
            clocked.watch()
            start, spent = time.perf_counter(), time.process_time()
            report = pipeline.apply(context, fetch.SWITCHES)
            seconds, processor = time.perf_counter() - start, time.process_time() - spent
            again = pipeline.drift(context, fetch.SWITCHES)
    wrong = [f"{row.device}: {row.status} {row.error}" for row in report.devices if row.status != "changed"]
    assert not wrong, wrong[:3]
    assert again.exit_code == 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    keep("Campaign", f"{count} emulated switches, one line each, a canary and waves of 100.",
         ("devices", "seconds", "devices a second", "CPU ms a device", "netmiko's share of it", "MiB at most"),
         [(str(count), f"{seconds:.0f}", f"{count / seconds:.1f}", f"{processor / count * 1000:.0f}",
           f"{clocked.seconds / processor:.0%}", f"{memory:.0f}")],
         ("punchdown", "netmiko", "nornir", "paramiko"))


if __name__ == "__main__":
    main()
