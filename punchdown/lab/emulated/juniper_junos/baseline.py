"""The configuration a switch starts with when none is given: the factory's, a user, and SSH."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.lab.emulated.spec import ApplianceSpec


def startup(spec: ApplianceSpec) -> Iterator[str]:
    """``set`` lines of the given start-up configuration, or of the baseline."""
    if spec.startup:
        yield from spec.startup.splitlines()
        return
    yield f"set version {spec.version}"
    yield f"set system host-name {spec.hostname}"
    yield 'set system root-authentication encrypted-password "$6$lab$lab"'
    yield f"set system login user {spec.username} uid 2000"
    yield f"set system login user {spec.username} class super-user"
    yield f'set system login user {spec.username} authentication encrypted-password "$6$lab$lab"'
    yield "set system services ssh root-login allow"
    yield "set system services telnet"
    yield "set system services netconf ssh"
    yield "set chassis auto-image-upgrade"
    for member in range(spec.members):
        for port in range(spec.ports):
            yield from _port(f"ge-{member}/0/{port}")
    if spec.management:
        yield f"set vlans management vlan-id {spec.management_vlan}"
        yield f"set vlans management l3-interface irb.{spec.management_vlan}"
        yield (f"set interfaces irb unit {spec.management_vlan} family inet address "
               f"{spec.management}/{spec.management_length}")
    yield "set forwarding-options storm-control-profiles default all"
    yield "set protocols lldp interface all"
    yield "set protocols lldp-med interface all"
    yield "set protocols igmp-snooping vlan default"
    yield "set protocols rstp interface all"
    yield "set poe interface all"
    yield "set vlans default vlan-id 1"


def _port(name: str) -> Iterator[str]:
    yield f"set interfaces {name} unit 0 family ethernet-switching vlan members default"
    yield f"set interfaces {name} unit 0 family ethernet-switching storm-control default"
