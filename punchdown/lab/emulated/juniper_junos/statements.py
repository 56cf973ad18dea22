"""Every statement that an EX switch knows, in the order in which it prints them; read by ``schema``.

Source: fact sheet; vendor's CLI reference.
"""

from __future__ import annotations

PATTERNS = """
version =word
system host-name =name
system root-authentication encrypted-password =secret
system root-authentication ssh-rsa =secret
system time-zone =word
system domain-name =name
system name-server <address>
system authentication-order +(radius|tacplus|password)
system login message =text
system login announcement =text
system login class <name> idle-timeout =minutes
system login class <name> permissions +permissions
system login user <name> uid =uid
system login user <name> full-name =text
system login user <name> class =name
system login user <name> authentication encrypted-password =secret
system login user <name> authentication ssh-rsa =secret
system services ssh root-login =(allow|deny|deny-password)
system services ssh protocol-version +(v1|v2)
system services ssh connection-limit =limit
system services telnet connection-limit =limit
system services netconf ssh
system services web-management http interface +logical
system services web-management https system-generated-certificate
system ntp server <address> key =limit
system ntp server <address> prefer
system ntp server <address> version =limit
system ntp boot-server =address
system ntp trusted-key +limit
system ntp authentication-key <unit> type =(md5|sha1|sha256)
system ntp authentication-key <unit> value =secret
system syslog host <word> any =(any|emergency|alert|critical|error|warning|notice|info|none)
system syslog host <word> authorization =(any|warning|notice|info)
system syslog host <word> source-address =address
system syslog host <word> port =udp
system syslog host <word> match =text
system syslog user <word> any =(emergency|alert|critical|error)
system syslog file <name> (any|authorization|interactive-commands) =(any|notice|info|warning|error|critical)
system tacplus-server <address> port =udp
system tacplus-server <address> secret =secret
system tacplus-server <address> timeout =patience
system tacplus-server <address> source-address =address
system accounting events +(login|change-log|interactive-commands)
system accounting destination (tacplus|radius)
system processes dhcp-service dhcp-snooping-file =word
system processes dhcp-service dhcp-snooping-file write-interval =interval
system commit synchronize
chassis aggregated-devices ethernet device-count =count
chassis redundancy graceful-switchover
chassis auto-image-upgrade
chassis alarm management-ethernet link-down =(ignore|red|yellow)
interfaces interface-range <name> member +word
interfaces interface-range <name> member-range <interface> to =interface
interfaces interface-range <name> description =text
interfaces interface-range <name> unit <unit> family ethernet-switching interface-mode =(access|trunk)
interfaces interface-range <name> unit <unit> family ethernet-switching vlan members +member
interfaces <interface> disable
interfaces <interface> description =text
interfaces <interface> mtu =mtu
interfaces <interface> native-vlan-id =vlan
interfaces <interface> speed =(auto|10m|100m|1g|10g)
interfaces <interface> ether-options 802.3ad =interface
interfaces <interface> ether-options (auto-negotiation|no-auto-negotiation|flow-control|no-flow-control)
interfaces <interface> aggregated-ether-options lacp (active|passive)
interfaces <interface> aggregated-ether-options lacp periodic =(fast|slow)
interfaces <interface> aggregated-ether-options minimum-links =links
interfaces <interface> unit <unit> disable
interfaces <interface> unit <unit> description =text
interfaces <interface> unit <unit> vlan-id =vlan
interfaces <interface> unit <unit> family ethernet-switching interface-mode =(access|trunk)
interfaces <interface> unit <unit> family ethernet-switching vlan members +member
interfaces <interface> unit <unit> family ethernet-switching filter (input|output) =name
interfaces <interface> unit <unit> family ethernet-switching storm-control =name
interfaces <interface> unit <unit> family ethernet-switching recovery-timeout =recovery
interfaces <interface> unit <unit> family inet address <prefix4> primary
interfaces <interface> unit <unit> family inet filter (input|output) =name
interfaces <interface> unit <unit> family inet dhcp
interfaces <interface> unit <unit> family inet6 address <prefix6>
interfaces <interface> unit <unit> family inet6 filter (input|output) =name
snmp location =text
snmp contact =text
snmp community <word> authorization =(read-only|read-write)
snmp view <name> oid <word> (include|exclude)
snmp v3 usm local-engine user <name> (authentication-md5|authentication-sha) authentication-password =password
snmp v3 usm local-engine user <name> (authentication-sha224|authentication-sha256) authentication-password =password
snmp v3 usm local-engine user <name> (authentication-md5|authentication-sha) authentication-key =secret
snmp v3 usm local-engine user <name> (authentication-sha224|authentication-sha256) authentication-key =secret
snmp v3 usm local-engine user <name> (authentication-none|privacy-none)
snmp v3 usm local-engine user <name> (privacy-des|privacy-3des|privacy-aes128) privacy-password =password
snmp v3 usm local-engine user <name> (privacy-des|privacy-3des|privacy-aes128) privacy-key =secret
snmp v3 vacm security-to-group security-model usm security-name <name> group =name
snmp v3 vacm access group <name> default-context-prefix security-model usm security-level privacy read-view =name
snmp v3 vacm access group <name> default-context-prefix security-model usm security-level privacy write-view =name
snmp v3 vacm access group <name> default-context-prefix security-model usm security-level privacy notify-view =name
snmp v3 target-address <name> address =address
snmp v3 target-address <name> port =udp
snmp v3 target-address <name> tag-list =name
snmp v3 target-address <name> target-parameters =name
snmp v3 target-parameters <name> parameters message-processing-model =(v1|v2c|v3)
snmp v3 target-parameters <name> parameters security-model =(usm|v1|v2c)
snmp v3 target-parameters <name> parameters security-level =(authentication|none|privacy)
snmp v3 target-parameters <name> parameters security-name =name
snmp v3 notify <name> type =(trap|inform)
snmp v3 notify <name> tag =name
forwarding-options storm-control-profiles <name> all bandwidth-percentage =percent
forwarding-options storm-control-profiles <name> all bandwidth-level =limit
forwarding-options storm-control-profiles <name> all (no-broadcast|no-multicast|no-unknown-unicast)
forwarding-options storm-control-profiles <name> action-shutdown
forwarding-options analyzer <name> input (ingress|egress) interface <logical>
forwarding-options analyzer <name> output interface <logical>
routing-options static route <prefix> next-hop +address
routing-options static route <prefix> (discard|reject)
routing-options router-id =address
routing-options autonomous-system =word
protocols dot1x authenticator authentication-profile-name =name
protocols dot1x authenticator static <mac> interface =logical
protocols dot1x authenticator interface <logical> supplicant =(single|single-secure|multiple)
protocols dot1x authenticator interface <logical> multi-domain max-data-session =sessions
protocols dot1x authenticator interface <logical> multi-domain packet-action =(drop-and-log|shutdown)
protocols dot1x authenticator interface <logical> multi-domain recovery-timeout =recovery
protocols dot1x authenticator interface <logical> authentication-order +(dot1x|mac-radius|captive-portal)
protocols dot1x authenticator interface <logical> mac-radius authentication-protocol =(pap|eap-md5|eap-peap)
protocols dot1x authenticator interface <logical> mac-radius restrict
protocols dot1x authenticator interface <logical> transmit-period =transmit
protocols dot1x authenticator interface <logical> maximum-requests =requests
protocols dot1x authenticator interface <logical> quiet-period =quiet
protocols dot1x authenticator interface <logical> reauthentication =reauth
protocols dot1x authenticator interface <logical> no-reauthentication
protocols dot1x authenticator interface <logical> guest-vlan =member
protocols dot1x authenticator interface <logical> server-reject-vlan =member
protocols dot1x authenticator interface <logical> server-fail vlan-name =member
protocols dot1x authenticator interface <logical> server-fail (deny|permit|use-cache)
protocols dot1x authenticator interface <logical> server-fail-voip vlan-name =member
protocols dot1x authenticator interface <logical> server-fail-voip (deny|permit|use-cache)
protocols lldp interface <logical> disable
protocols lldp management-address =address
protocols lldp port-id-subtype =(interface-name|locally-assigned)
protocols lldp-med interface <logical> disable
protocols lldp-med fast-start =requests
protocols igmp interface <logical>
protocols igmp-snooping vlan <member>
protocols rstp bridge-priority =priority
protocols rstp bpdu-block-on-edge
protocols rstp interface <logical> (edge|no-root-port|disable)
protocols rstp interface <logical> bpdu-timeout-action (block|alarm)
protocols rstp interface <logical> cost =limit
protocols rstp interface <logical> mode =(point-to-point|shared)
protocols vstp vlan all bridge-priority =priority
protocols vstp bpdu-block-on-edge
protocols vstp interface <logical> (edge|no-root-port|disable)
protocols vstp interface <logical> bpdu-timeout-action (block|alarm)
poe interface <logical> disable
poe interface <logical> priority =(low|high)
(access|system) radius-server <address> port =udp
(access|system) radius-server <address> accounting-port =udp
(access|system) radius-server <address> secret =secret
(access|system) radius-server <address> timeout =timeout
(access|system) radius-server <address> retry =retries
(access|system) radius-server <address> source-address =address
access profile <name> authentication-order +(radius|password|none)
access profile <name> radius authentication-server +address
access profile <name> radius accounting-server +address
access profile <name> radius options revert-interval =seconds
access profile <name> radius options nas-identifier =text
access profile <name> accounting order +(radius|none)
firewall family ethernet-switching filter <name> interface-specific
firewall family ethernet-switching filter <name> term <name> from (ip-source-address|source-address) <prefix4>
firewall family ethernet-switching filter <name> term <name> from (ip-destination-address|destination-address) <prefix4>
firewall family ethernet-switching filter <name> term <name> from ip-version ipv6 ip6-source-address <prefix6>
firewall family ethernet-switching filter <name> term <name> from ip-version ipv6 ip6-destination-address <prefix6>
firewall family ethernet-switching filter <name> term <name> from (source-mac-address|destination-mac-address) <mac>
firewall family ethernet-switching filter <name> term <name> from ip-protocol +protocol
firewall family inet filter <name> interface-specific
firewall family inet filter <name> term <name> from (source-address|destination-address) <prefix4> except
firewall family inet filter <name> term <name> from protocol +protocol
firewall family inet filter <name> term <name> from (source-prefix-list|destination-prefix-list) <name>
firewall family (inet|ethernet-switching) filter <name> term <name> from ether-type +ether
firewall family (inet|ethernet-switching) filter <name> term <name> from (source-port|destination-port) +port
firewall family (inet|ethernet-switching) filter <name> term <name> from tcp-established
firewall family (inet|ethernet-switching) filter <name> term <name> from icmp-type +icmp
firewall family (inet|ethernet-switching) filter <name> term <name> from dscp +dscp
firewall family (inet|ethernet-switching) filter <name> term <name> from vlan +member
firewall family (inet|ethernet-switching) filter <name> term <name> then (accept|discard|log|syslog)
firewall family (inet|ethernet-switching) filter <name> term <name> then count =name
firewall family (inet|ethernet-switching) filter <name> term <name> then forwarding-class =class
firewall family (inet|ethernet-switching) filter <name> term <name> then loss-priority =loss
firewall family (inet|ethernet-switching) filter <name> term <name> then policer =name
firewall policer <name> if-exceeding bandwidth-limit =rate
firewall policer <name> if-exceeding burst-size-limit =rate
firewall policer <name> then discard
class-of-service classifiers dscp <name> import =name
class-of-service classifiers dscp <name> forwarding-class <class> loss-priority <loss> code-points +bits
class-of-service rewrite-rules dscp <name> import =name
class-of-service rewrite-rules dscp <name> forwarding-class <class> loss-priority <loss> code-point =bits
class-of-service interfaces <interface> scheduler-map =name
class-of-service interfaces <interface> unit <unit> classifiers dscp =name
class-of-service interfaces <interface> unit <unit> rewrite-rules dscp =name
class-of-service schedulers <name> priority =(low|strict-high)
class-of-service schedulers <name> shaping-rate percent =percent
class-of-service scheduler-maps <name> forwarding-class <class> scheduler =name
virtual-chassis preprovisioned
virtual-chassis no-split-detection
virtual-chassis member <unit> role =(routing-engine|line-card)
virtual-chassis member <unit> serial-number =word
virtual-chassis member <unit> mastership-priority =retries
switch-options voip interface <ports> vlan =member
switch-options voip interface <ports> forwarding-class =class
switch-options interface <logical> interface-mac-limit =limit
switch-options interface <logical> interface-mac-limit packet-action =(drop|drop-and-log|log|none|shutdown)
switch-options interface <logical> persistent-learning
vlans <name> vlan-id =vlan
vlans <name> vlan-id-list +member
vlans <name> description =text
vlans <name> l3-interface =logical
vlans <name> forwarding-options filter (input|output) =name
vlans <name> forwarding-options dhcp-security (arp-inspection|ip-source-guard)
vlans <name> forwarding-options dhcp-security group <name> overrides (trusted|untrusted)
vlans <name> forwarding-options dhcp-security group <name> interface <logical> static-ip <address> mac =mac
"""
