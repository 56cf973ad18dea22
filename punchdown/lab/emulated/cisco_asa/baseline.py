"""The configuration an appliance starts with when none is given: legs with addresses, a way in, nothing filtered.

Without legs, a single management port stands alone. Source: ASA general configuration guide, "Default Configurations".
"""

from __future__ import annotations

from ipaddress import ip_interface

from punchdown.lab.emulated.spec import ApplianceSpec

PORTS = 16
_HEAD = """hostname {hostname}
enable password {password}
names
no mac-address auto
"""
_TAIL = """ftp mode passive
pager lines 24
logging asdm informational
no failover
no monitor-interface service-module
icmp unreachable rate-limit 1 burst-size 1
no asdm history enable
arp timeout 14400
no arp permit-nonconnected
arp rate-limit 32768
timeout xlate 3:00:00
timeout pat-xlate 0:00:30
timeout conn 1:00:00 half-closed 0:10:00 udp 0:02:00 sctp 0:02:00 icmp 0:00:02
timeout uauth 0:05:00 absolute
user-identity default-domain LOCAL
aaa authentication ssh console LOCAL
aaa authentication login-history
aaa authorization exec LOCAL auto-enable
http server enable
no snmp-server location
no snmp-server contact
crypto ipsec security-association pmtu-aging infinite
crypto ca trustpool policy
telnet timeout 5
ssh stricthostkeycheck
{logins}ssh timeout 5
ssh key-exchange group dh-group14-sha1
console timeout 0
threat-detection basic-threat
threat-detection statistics access-list
no threat-detection statistics tcp-intercept
dynamic-access-policy-record DfltAccessPolicy
username {username} password {password} privilege 15
class-map inspection_default
 match default-inspection-traffic
policy-map type inspect dns preset_dns_map
 parameters
  message-length maximum client auto
  message-length maximum 512
  no tcp-inspection
policy-map global_policy
 class inspection_default
  inspect ftp
  inspect h323 h225
  inspect h323 ras
  inspect ip-options
  inspect netbios
  inspect rsh
  inspect rtsp
  inspect skinny
  inspect esmtp
  inspect sqlnet
  inspect sunrpc
  inspect tftp
  inspect sip
  inspect xdmcp
  inspect dns preset_dns_map
service-policy global_policy global
prompt hostname context
no call-home reporting anonymous
"""
_MANAGED = "interface Management1/1\n management-only\n nameif management\n security-level 100\n ip address {0}\n"


def startup_config(spec: ApplianceSpec) -> str:
    """The given start-up configuration, or the baseline with the legs of ``spec``: the outside has security level 0.
    More legs than there are ports are VLANs of the first port."""
    if spec.startup:
        return spec.startup
    items, router = spec.legs, spec.router
    blocks, logins = [], []
    for number, (name, address) in enumerate(items, 1):
        port = f"GigabitEthernet1/{number}" if len(items) <= PORTS else f"GigabitEthernet1/1.{number}\n vlan {number}"
        level = 0 if router and number == len(items) else 100
        block = f"interface {port}\n nameif {name}\n security-level {level}\n"
        if not address:
            blocks.append(f"{block} shutdown\n")
            continue
        found = ip_interface(address)
        blocks.append(f"{block} ip address {found.ip} {found.netmask}\n")
        if str(found.ip) == spec.management:
            logins.append(f"ssh {found.network.network_address} {found.netmask} {name}\n")
    if not items and spec.management:
        blocks.append(_MANAGED.format(f"{spec.management} {spec.management_mask}"))
        logins.append("ssh 0.0.0.0 0.0.0.0 management\n")
    route = f"route {items[-1][0]} 0.0.0.0 0.0.0.0 {router} 1\n" if router else ""
    text = _HEAD + "".join(blocks) + route + _TAIL
    return text.format(hostname=spec.hostname, username=spec.username, password=spec.password or "lab",
                       logins="".join(logins))
