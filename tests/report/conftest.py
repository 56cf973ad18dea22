"""A report with every kind of thing in it, hostile device text included."""

from __future__ import annotations

import pytest

from punchdown.values import (
    Change,
    DeviceReport,
    Difference,
    Finding,
    Position,
    Provenance,
    Report,
    Severity,
    Step,
    Verdict,
    finding_id,
)

SITE = "inventory/sites/lisbon.yml"
EVIL = "description </script><script>alert(1)</script>\x1b[2J\u202e\x07"


def drift(device: str, severity: Severity, title: str, line: str = "", expected: str = "", **more: object) -> Finding:
    """A drift finding of the running configuration."""
    return Finding(
        id=finding_id(device, line, title), device=device, kind="drift", severity=severity, title=title, line=line,
        expected=expected, document="running-config", **more,  # type: ignore[arg-type]  # keywords of the test
    )


CORE = DeviceReport("sw-core-1", "lisbon", "openvswitch", "core-switch", "in-order")
ACCESS = DeviceReport(
    "sw-acc-1", "lisbon", "cisco_ios", "access-switch", "different",
    findings=(
        drift("sw-acc-1", Severity.HIGH, "802.1X is off on port GigabitEthernet1/0/7",
              "interface GigabitEthernet1/0/7 / no authentication port-control auto",
              "interface GigabitEthernet1/0/7 / authentication port-control auto",
              meaning="Whatever is plugged into port 7 reaches the office segment without logging in.",
              controls=("dot1x-every-port",), position=Position(SITE, 61, 13), field="devices.sw-acc-1.ports.7",
              hint="punchdown apply -d sw-acc-1"),
        drift("sw-acc-1", Severity.MEDIUM, "A line that nobody declared", EVIL,
              position=Position(SITE, 61, 5), field="devices.sw-acc-1"),
    ),
)
CHANGE = Change(
    "fw-1", "linux_nftables",
    (
        Difference(Verdict.EXTRA, "ruleset", ("table inet punchdown", "chain forward"),
                   "ip saddr 10.20.32.7 tcp dport 1752 accept",
                   Provenance("hosts.smdr-taker.uses", Position(SITE, 31, 88), ("segregate-smdr",), "", "filter"),
                   "10.20.32.7 can open TCP 1752 (SMDR) on mivb-1", "high"),
        Difference(Verdict.MISSING, "ruleset", ("table inet punchdown", "chain forward"),
                   "ip saddr 10.20.40.15 tcp dport 1752 accept",
                   Provenance("hosts.smdr-taker.uses", Position(SITE, 31, 88), ("segregate-smdr",), "", "filter"),
                   "smdr-taker can't open SMDR on mivb-1", "medium"),
    ),
    (Step("nft -f new/ruleset", "one transaction"),), base="0" * 64, unmanaged=("table ip docker",), risk="high",
    risk_why="carries the management session",
)
FIREWALL = DeviceReport("fw-1", "lisbon", "linux_nftables", "firewall", "different", change=CHANGE)
RADIUS = DeviceReport("radius-1", "lisbon", "freeradius", "radius", "failed",
                      error="radius-1: connect: no answer on 10.20.99.5 port 22 within 10 s")
DHCP = DeviceReport(
    "dhcp-1", "lisbon", "kea", "dhcp", "unknown",
    findings=(drift("dhcp-1", Severity.UNKNOWN, "The key of the control agent can't be compared",
                    meaning="No fingerprint key in the operator's directory."),),
)


@pytest.fixture
def report() -> Report:
    """Five devices, one of each fate."""
    devices = (DHCP, FIREWALL, RADIUS, ACCESS, CORE)
    warning = Finding("aaaaaaaaaaaa", "", "check", Severity.LOW, "Phone segment is wider than /24",
                      position=Position(SITE, 6, 3), hint="split it or waive it")
    return Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", devices, (warning,))
