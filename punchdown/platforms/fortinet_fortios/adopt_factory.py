"""What a FortiGate brings from the factory, or writes by itself: nobody configured it.

Source: names and tables that the shown configurations of units of several models and releases have in common.
"""

from __future__ import annotations

import re

OWN_SETTINGS = frozenset({"uuid", "snmp-index", "vdom", "type", "cfg-save", "cfg-revert-timeout", "devindex", "macaddr",
                          "q_origin_key", "category", "color", "id", "fabric-object", "visibility"})
OWN_TABLES = re.compile(
    r"config (?:system (?:console|accprofile|session-helper|object-tagging|replacemsg.*|dscp-based-priority|vdom-.*"
    r"|probe-response|auto-script|automation-.*|custom-language|np6.*|npu.*|cluster-sync"
    r"|autoupdate .*|federated-upgrade|storage|lldp .*|ike|physical-switch|modem|ftm-push|auto-install|ipam"
    r"|health-check-fortiguard)"
    r"|firewall (?:internet-service.*|service category|schedule onetime|profile-protocol-options|ssl-ssh-profile|ssl .*"
    r"|wildcard-fqdn .*|shaper .*|proxy-address|traffic-class|identity-based-route|auth-portal|ssl-server|ssh .*"
    r"|multicast-address6?|address6-template)"
    r"|(?:ips|application|webfilter|antivirus|dlp|dnsfilter|emailfilter|spamfilter|waf|voip|casb|videofilter|icap"
    r"|file-filter|virtual-patch|ztna|endpoint-control|wireless-controller|switch-controller|extender-controller"
    r"|web-proxy|wanopt|report|sctp-filter|ssh-filter|cifs|nsxt|dpdk|diameter-filter|automation"
    r"|telemetry-controller) .*"
    r"|log (?!syslogd).*|vpn (?:certificate|ssl web) .*|authentication .*|gui .*|monitoring .*|rule .*"
    r"|user (?:fortitoken|quarantine|setting|peer|device-group|device-category))")
INTERFACES = frozenset({"naf.root", "l2t.root", "ssl.root", "modem", "default-mesh", "fortilink"})
_NAMES = """
all none always default-darrp-optimize EMS_ALL_UNKNOWN_CLIENTS EMS_ALL_UNMANAGEABLE_CLIENTS FABRIC_DEVICE
FCTEMS_ALL_FORTICLOUD_SERVERS FIREWALL_AUTH_PORTAL_ADDRESS SSLVPN_TUNNEL_ADDR1 SSLVPN_TUNNEL_IPv6_ADDR1 AFS3 AH ALL
ALL_ICMP ALL_ICMP6 ALL_TCP ALL_UDP AOL BGP CVSPSERVER DCE-RPC DHCP DHCP6 DNS ESP FINGER FTP FTP_GET FTP_PUT GOPHER GRE
GTP H323 HTTP HTTPS IKE IMAP IMAPS INFO_ADDRESS INFO_REQUEST IRC Internet-Locator-Service KERBEROS L2TP LDAP LDAP_UDP
MGCP MMS MS-SQL MYSQL NFS NNTP NONE NTP NetMeeting ONC-RPC OSPF PC-Anywhere PING PING6 POP3 POP3S PPTP QUAKE RADIUS
RADIUS-OLD RAUDIO RDP REXEC RIP RLOGIN RSH RTSP SAMBA SCCP SIP SIP-MSNmessenger SMB SMTP SMTPS SNMP SOCKS SQUID SSH
SYSLOG TALK TELNET TFTP TIMESTAMP TRACEROUTE UUCP VDOLIVE VNC WAIS WINFRAME WINS X-WINDOWS webproxy
"""
OBJECTS = frozenset({*_NAMES.split(), "Email Access", "Exchange Server", "Web Access", "Windows AD"})
