"""A big estate to check: sites of ten devices and 480 ports each, no two of them in conflict."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path

SWITCHES = 8
PORTS = 60
DEVICES = SWITCHES + 2
_PLAN = IPv4Network("10.0.0.0/8")


def make_many(folder: Path, sites: int) -> Path:
    """An estate of ``sites`` (at most 8,192), each with a /21 of its own."""
    (folder / "sites").mkdir(parents=True)
    (folder / "punchdown.yml").write_text("estate: many\n")
    for number in range(sites):
        (folder / "sites" / f"s{number:04}.yml").write_text(site_text(number))
    return folder


def site_text(number: int) -> str:
    """One site, written as people write it."""
    base = int(_PLAN.network_address) + number * 2048
    net = [str(IPv4Network((base + index * 256, 24)).network_address).rpartition(".")[0] for index in range(8)]
    site = f"s{number:04}"
    switches = [f"{site}-sw-{index}" for index in range(SWITCHES)]
    core, firewall = switches[0], f"{site}-fw"
    legs = ("call-control", "phones", "office", "servers", "management")
    roles = ["mivb-1", "call-records", "pms", "admin-1", "radius-1", f"{site}-dhcp/phones", f"{site}-dhcp/office",
             f"{site}-dhcp/management", *(f"{firewall}/{leg}" for leg in legs), *switches[1:]]
    ports = ", ".join(f"{port}: {role}" for port, role in enumerate(roles, 1))
    lines = [
        f"site: {site}", "segments:",
        f"  call-control: {{vlan: 110, prefix: {net[0]}.0/24, zone: call-control}}",
        f"  phones:       {{vlan: 120, prefix: {net[1]}.0/24, zone: voice, dhcp: {net[1]}.100-{net[1]}.199}}",
        f"  office:       {{vlan: 130, prefix: {net[2]}.0/24, zone: data, dhcp: {net[2]}.100-{net[2]}.199}}",
        f"  servers:      {{vlan: 140, prefix: {net[3]}.0/24, zone: server}}",
        f"  management:   {{vlan: 199, prefix: {net[4]}.0/24, zone: management}}",
        "hosts:",
        f"  mivb-1:       {{kind: mivoice-business, segment: call-control, address: {net[0]}.10}}",
        f"  call-records: {{kind: application, segment: servers, address: {net[3]}.15, uses: [smdr@mivb-1]}}",
        f"  pms:          {{kind: application, segment: servers, address: {net[3]}.20, uses: [pms@mivb-1]}}",
        f"  admin-1:      {{kind: admin, segment: management, address: {net[4]}.100, uses: [admin-https@mivb-1]}}",
        f"  radius-1:     {{kind: radius-server, segment: management, address: {net[4]}.5}}",
        f"  {site}-dhcp: {{kind: dhcp-server, segment: management, address: {net[4]}.6}}",
        f"services: {{ntp: [{net[4]}.5], syslog: [{net[4]}.5], dns: [{net[4]}.5]}}",
        "management: {session_timeout_minutes: 15, banner: [Authorised use only.]}",
        "dot1x: {servers: [radius-1], critical_segment: office}",
        "devices:",
        f"  {core}:", "    role: core-switch", "    platform: cisco_ios", f"    management: {net[4]}.10",
        f"    ports: {{{ports}, {len(roles) + 1}-{PORTS}: phone-and-pc}}",
    ]
    lines += [f"  {name}: {{role: access-switch, platform: cisco_ios, management: {net[4]}.{10 + index}, "
              f"ports: {{1-{PORTS - 2}: phone-and-pc, {PORTS - 1}: unused, {PORTS}: {core}}}}}"
              for index, name in enumerate(switches[1:], 1)]
    lines += [
        (f"  {firewall}: {{role: firewall, platform: linux_nftables, management: {net[4]}.1, "
         f"routes: [{', '.join(legs)}]}}"),
        f"  {site}-dhcp: {{role: dhcp, platform: kea, management: {net[4]}.6, serves: [phones, office]}}",
    ]
    return "\n".join(lines) + "\n"
