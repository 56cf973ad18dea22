"""A DHCP appliance with the packaged Kea in its own namespaces, its intent, and clients in two segments."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from punchdown.intent import DeviceIntent, DhcpIntent, DhcpPool, Management
from punchdown.platforms.kea import PLATFORM
from punchdown.render import render_device
from punchdown.values import Change, Position, Provenance
from tests.platforms.linux.local_writer import Appliance, LocalWriter


def source(field: str) -> Provenance:
    return Provenance(field, Position("lisbon.yml", 1, 1))


COMMON = {"dns": ("10.20.40.2", "10.20.40.3"), "ntp": ("10.20.99.1",), "call_servers": ("10.20.10.10", "10.20.10.11"),
          "tftp_server": "10.20.10.10", "pcp": 6, "dscp": 46, "lease_seconds": 28800}
PHONES = DhcpPool("phones", 120, "lan120", "10.20.20.6", "10.20.20.0/24", "10.20.20.100", "10.20.20.199", "10.20.20.1",
                  phones=True, voice_vlan=120, reservations=(("08:00:0F:10:01:03", "10.20.20.50", "room-103"),),
                  source=source("segments.phones"), **COMMON)  # type: ignore[arg-type]
OFFICE = DhcpPool("office", 130, "lan130", "10.20.32.6", "10.20.32.0/24", "10.20.32.100", "10.20.32.199", "10.20.32.1",
                  phones=False, voice_vlan=120, reservations=(), source=source("segments.office"),
                  **COMMON)  # type: ignore[arg-type]
DHCP = DhcpIntent((PHONES, OFFICE), source("devices.dhcp-1"))


def intent(dhcp: DhcpIntent | None = DHCP) -> DeviceIntent:
    management = Management("10.20.99.6/24", 199, "10.20.99.1", ("10.20.99.0/24",), ("Authorised use only",),
                            ("10.20.99.1",), ("10.20.99.100",), 10, source("devices.dhcp-1.management"))
    return DeviceIntent("lisbon", "dhcp-1", "kea", "", "", "dhcp", "", management, (), 0, (), (), (), None, None, dhcp,
                        None, source("devices.dhcp-1"))


SEGMENTS = """ip link add lan120 type veth peer name c120
ip link add lan130 type veth peer name c130
for name in lan120 lan130 c120 c130; do ip link set $name up; done
ip address add 10.20.20.6/24 dev lan120
ip address add 10.20.32.6/24 dev lan130
mkdir -p /run/clients
mount -t tmpfs tmpfs /var/log
cat > /run/clients/show <<'END'
#!/bin/sh
[ "$1" != bound ] || env | grep -E '^(opt[0-9]|ip=|vlan|vendor|router|dns|ntpsrv|tftp|icp)' | sort
END
chmod 755 /run/clients/show
"""


def install(appliance: Appliance) -> LocalWriter:
    """Both segments; the daemon does not run yet. The clients' ends are in the same network namespace: raw sockets."""
    writer = appliance.writer()
    answer = writer.run(SEGMENTS)
    assert answer.code == 0, answer.error
    return writer


def no_secret(_secret: str) -> str:
    return "<masked:unknown>"


def plan(writer: LocalWriter, dhcp: DhcpIntent = DHCP) -> Change:
    wanted = intent(dhcp)
    return PLATFORM.compare(wanted, render_device(wanted), PLATFORM.fetch(writer, no_secret), {})


def push(writer: LocalWriter, change: Change) -> None:
    safe = PLATFORM.safe_change()
    safe.stage(writer, change, str)
    safe.check(writer)
    safe.commit(writer, 30)
    safe.confirm(writer.reconnect())
    safe.save(writer)


@dataclass(frozen=True)
class Lease:
    """What a client was told, by udhcpc's names; empty without a lease."""

    told: dict[str, str]

    def text(self, name: str) -> str:
        return bytes.fromhex(self.told.get(name, "")).decode()


def ask(appliance: Appliance, interface: str, *words: str, mac: str = "02:00:00:20:00:01", tries: int = 3) -> Lease:
    """One DHCP client run with its own hardware address, asking for every option that a phone knows."""
    appliance.writer().run(f"ip link set {interface} address {mac}")
    wanted = [word for code in ("43", "125", "128", "129", "130", "132", "133", "134") for word in ("-O", code)]
    done = subprocess.run([*appliance.enter(), "udhcpc", "-f", "-q", "-n", "-t", str(tries), "-T", "1", "-i", interface,
                           "-s", "/run/clients/show", "-C", "-x", f"61:01{mac.replace(':', '')}", *wanted, *words],
                          capture_output=True, text=True)
    return Lease(dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line))
