"""Running configurations, as devices show them."""

from __future__ import annotations

from collections.abc import Callable

from punchdown.pipeline import Import
from punchdown.values import DeviceReport

NOW = "2026-03-02T04:05:06Z"

SWITCH = """\
Building configuration...
!
version 16.12
no service password-encryption
!
hostname SW-Floor1
!
enable secret 9 $14$aaaa$bbbbbbbbbb
!
aaa new-model
aaa group server radius ISE
 server name ise-1
aaa authentication dot1x default group ISE
aaa session-id common
!
dot1x system-auth-control
spanning-tree mode rapid-pvst
spanning-tree extend system-id
!
vlan 20
 name VOICE
!
vlan 30
 name OFFICE
!
vlan 40
!
vlan 50
 name PBX
!
vlan 99
 name MGMT
!
interface GigabitEthernet1/0/1
 description Room 101
 switchport access vlan 30
 switchport mode access
 switchport voice vlan 20
 authentication host-mode multi-domain
 authentication port-control auto
 authentication periodic
 authentication timer reauthenticate server
 mab
 dot1x pae authenticator
 spanning-tree portfast
 udld port
!
interface GigabitEthernet1/0/2
 description Room 102
 switchport access vlan 30
 switchport mode access
 switchport voice vlan 20
 authentication host-mode multi-domain
 authentication port-control auto
 authentication periodic
 authentication timer reauthenticate server
 mab
 dot1x pae authenticator
 spanning-tree portfast
!
interface GigabitEthernet1/0/3
 switchport access vlan 30
 switchport mode access
!
interface GigabitEthernet1/0/4
 shutdown
!
interface GigabitEthernet1/0/5
!
interface GigabitEthernet1/0/6
 switchport access vlan 50
 switchport mode access
!
interface GigabitEthernet1/0/47
 switchport trunk allowed vlan 20,30,50,99
 switchport mode trunk
 channel-group 1 mode active
!
interface GigabitEthernet1/0/48
 switchport trunk allowed vlan 20,30,50,99
 switchport mode trunk
 channel-group 1 mode active
!
interface Port-channel1
 description to core
 switchport trunk allowed vlan 20,30,50,99
 switchport mode trunk
!
interface Vlan1
 no ip address
!
interface Vlan99
 ip address 10.7.99.11 255.255.255.0
!
ip default-gateway 10.7.99.254
ip http server
ip access-list extended PBX-IN
 permit tcp host 10.7.40.15 host 10.7.50.10 eq 1752
 permit tcp 10.7.20.0 0.0.0.255 host 10.7.50.10 range 6801 6802
 deny   ip any any
ip access-list standard ADMINS
 permit 10.7.99.100
 permit 10.8.0.0 0.0.255.255
!
radius server ise-1
 address ipv4 10.9.0.5 auth-port 1812 acct-port 1813
 key 7 0822455D0A16
!
snmp-server community s3cr3t-community RO
ntp server 10.7.99.5
!
line con 0
line vty 0 4
 access-class ADMINS in
 exec-timeout 10 0
 transport input ssh telnet
line vty 5 15
 access-class ADMINS in
 transport input ssh
!
end
"""

Adopt = Callable[..., Import]


def row(made: Import, device: str) -> DeviceReport:
    """What the report says of one device."""
    return next(item for item in made.report.devices if item.device == device)
