"""Lines of a configuration that never decide which packet is forwarded, by their first words.

A line that is neither read by the parser nor on one of these lists counts as unread. Words end at a blank.
"""

from __future__ import annotations

_GLOBAL = """
Building Current aaa access-list access-session alias ap app-hosting archive authentication avb banner bfd
bfd-template boot boot-end-marker boot-start-marker bstun buffers call call-home card cdp certificate chat-script
class-map clock config-register configuration control-plane controller crypto cts default device-sensor
device-tracking diagnostic dial-peer dialer-list dlsw dns domain dot1x enable end energywise ephone ephone-dn epm
errdisable esmc ethernet event exception exit fabric file flow ftp-server gateway gnxi hostname hw-module identity
interface-template isdn key kron lacp license line lldp location logging login mab macro memory menu metadata mgcp mls
modem monitor multilink mvr netconf netconf-yang network-clock network-clock-participate network-clock-select
network-policy nmsp ntp object object-group parameter-map parser partition password performance platform pnp
policy-map port-channel power priority-queue privilege process process-max-time profile prompt ptp qos queueing quit
radius radius-server rcv-queue redundancy reload remote-management rep restconf rmon route-map route-tag sampler
scheduler scripting sdm service service-template sip-ua snmp-server sntp spanning-tree srr-queue stack-mac stack-power
stackwise-virtual subscriber switch synce system table-map tacacs tacacs-server telemetry telephony-service template
tftp-server time-range track transceiver udld upgrade username version vmps voice voice-card vrf vtp warm-reboot
wireless wrr-queue x25
"""

_GLOBAL_PHRASES = """
arp access-list
ip access-list
ip admission max-nodata-conns
ip arp
ip as-path
ip auth-proxy max-nodata-conns
ip bgp-community
ip bootp
ip cef
ip classless
ip community-list
ip device
ip dhcp
ip domain
ip domain-list
ip domain-lookup
ip domain-name
ip explicit-path
ip extcommunity-list
ip finger
ip flow
ip flow-cache
ip flow-export
ip flow-top-talkers
ip forward-protocol
ip ftp
ip gratuitous-arps
ip host
ip http
ip icmp
ip igmp
ip local pool
ip mroute-cache
ip multicast
ip mfib
ip multicast-routing
ip nat pool
ip nat translation
ip name-server
ip options
ip pim
ip prefix-list
ip radius
ip rcmd
ip reflexive-list
ip rsvp
ip rtcp
ip rip
ip scp
ip sla
ip source binding
ip source-route
ip ssh
ip subnet-zero
ip tacacs
ip tcp
ip telnet
ip tftp
ip vrf
ipv6 access-list
ipv6 cef
ipv6 dhcp
ipv6 destination-guard policy
ipv6 flowset
ipv6 hop-limit
ipv6 host
ipv6 icmp
ipv6 local pool
ipv6 mld
ipv6 multicast-routing
ipv6 nd
ipv6 neighbor binding
ipv6 pim
ipv6 prefix-list
ipv6 snooping
ipv6 source-route
mac access-list
mac address-table
vlan access-map
vlan accounting
vlan configuration
vlan group
vlan internal
"""

_INTERFACE = """
arp async auto bandwidth beacon bfd cable cablelength carrier-delay cdp channel-protocol clock crc dampening delay
description device-tracking duplex energywise errdisable ethernet fair-queue flowcontrol framing full-duplex glbp
half-duplex history hold-queue hw-module isdn isis keepalive l2protocol lacp linecode lldp load-interval location
logging loopback macro max-reserved-bandwidth mdix media-type medium mls mop mtu negotiation network-policy nmsp ntp
ospfv3 pagp peer plim power ppp priority-queue ptp qos queue-set radius-server random-detect rcv-queue rep rmon serial
service-policy snmp spanning-tree speed srr-queue standby storm-control transceiver trust tx-queue-limit tx-ring-limit
udld vrrp wrr-queue
"""

_INTERFACE_PHRASES = """
switchport nonegotiate
switchport host
switchport port-security
switchport priority
switchport block
switchport backup
switchport trunk encapsulation
switchport trunk pruning
authentication event fail action next-method
authentication event server
authentication fallback
authentication host-mode
authentication order
authentication periodic
authentication priority
authentication timer
authentication violation
access-session closed
access-session host-mode
access-session interface-template
dot1x credentials
dot1x host-mode
dot1x max-reauth-req
dot1x max-req
dot1x reauthentication
dot1x supplicant
dot1x timeout
dot1x violation-mode
cts role-based
encapsulation hdlc
encapsulation ppp
clns route-cache
mac-address
mpls mtu
ip accounting
ip arp
ip authentication
ip bandwidth-percent
ip bgp
ip cef
ip device
ip dhcp
ip directed-broadcast
ip dvmrp
ip flow
ip hello-interval
ip helper-address
ip hold-time
ip igmp
ip irdp
ip load-sharing
ip local-proxy-arp
ip mask-reply
ip mfib
ip mroute-cache
ip mtu
ip multicast
ip nbar
ip ospf
ip pim
ip proxy-arp
ip redirects
ip rip
ip route-cache
ip router
ip rsvp
ip sap
ip split-horizon
ip summary-address
ip tcp
ip unreachables
ip virtual-reassembly
ipv6 dhcp
ipv6 eigrp
ipv6 enable
ipv6 flow
ipv6 mfib
ipv6 mld
ipv6 mtu
ipv6 nd
ipv6 ospf
ipv6 pim
ipv6 redirects
ipv6 rip
ipv6 router
ipv6 tcp
ipv6 unreachables
"""


def _phrases(words: str, phrases: str) -> frozenset[str]:
    return frozenset((*words.split(), *(line for line in phrases.splitlines() if line)))


_HARMLESS = {"global": _phrases(_GLOBAL, _GLOBAL_PHRASES), "interface": _phrases(_INTERFACE, _INTERFACE_PHRASES)}


def is_harmless(place: str, line: str) -> bool:
    """Whether a line of ``place`` (``global`` or ``interface``) says nothing about what is forwarded.

    >>> is_harmless("global", "snmp-server location attic"), is_harmless("global", "ip nat inside source list 1")
    (True, False)
    """
    words = line.split()
    return any(" ".join(words[:count]) in _HARMLESS[place] for count in range(1, min(len(words), 6) + 1))
