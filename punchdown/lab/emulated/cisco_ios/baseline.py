"""The configuration an appliance starts with when none is given: flat, reachable, nothing secured."""

from __future__ import annotations

from punchdown.lab.emulated.spec import ApplianceSpec

_HEAD = """service timestamps debug datetime msec
service timestamps log datetime msec
platform punt-keepalive disable-kernel-core
boot-start-marker
boot-end-marker
hostname {hostname}
vrf definition Mgmt-vrf
 address-family ipv4
 exit-address-family
 address-family ipv6
 exit-address-family
switch 1 provision {provision}
ip domain name lab.invalid
login on-success log
vtp mode transparent
license boot level network-advantage addon dna-advantage
diagnostic bootup level minimal
spanning-tree mode rapid-pvst
spanning-tree extend system-id
username {username} privilege 15 password 0 {password}
redundancy
 mode sso
transceiver type all
 monitoring
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 no ip address
 shutdown
interface Vlan1
 no ip address
 shutdown
"""
_MANAGEMENT = """vlan {vlan}
interface Vlan{vlan}
 ip address {management} {mask}
"""
_TAIL = """ip forward-protocol nd
ip http server
ip http authentication local
ip http secure-server
ip ssh bulk-mode 131072
ip ssh version 2
line con 0
 stopbits 1
line aux 0
line vty 0 4
 login local
 transport input ssh
line vty 5 15
 login local
 transport input ssh
end
"""


def startup_config(spec: ApplianceSpec) -> str:
    """The given startup configuration, or the baseline for this model."""
    if spec.startup:
        return spec.startup
    text = _HEAD + (_MANAGEMENT if spec.management else "") + _TAIL
    return text.format(hostname=spec.hostname, provision=spec.model.lower(), username=spec.username,
                       password=spec.password or "lab", management=spec.management,
                       vlan=spec.management_vlan, mask=spec.management_mask)
