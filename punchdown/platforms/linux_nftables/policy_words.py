"""Words that stand for numbers in nft's rules.

Source: nft(8), "Payload expressions", and ``nft describe``; service names as /etc/services has them.
"""

from __future__ import annotations

from collections.abc import Mapping

PROTOCOLS: Mapping[str, int] = {
    "ah": 51, "comp": 108, "dccp": 33, "egp": 8, "eigrp": 88, "esp": 50, "gre": 47, "hopopt": 0, "icmp": 1,
    "icmpv6": 58, "igmp": 2, "ip": 0, "ipcomp": 108, "ipencap": 4, "ipip": 94, "ipv6": 41, "ipv6-icmp": 58,
    "l2tp": 115, "ospf": 89, "pim": 103, "sctp": 132, "tcp": 6, "udp": 17, "udplite": 136, "vrrp": 112,
}

SERVICES: Mapping[str, int] = {
    "bgp": 179, "bootpc": 68, "bootps": 67, "dhcpv6-client": 546, "dhcpv6-server": 547, "domain": 53, "domain-s": 853,
    "echo": 7, "ftp": 21, "ftp-data": 20, "gopher": 70, "http": 80, "http-alt": 8080, "https": 443, "imap2": 143,
    "imaps": 993, "ipsec-nat-t": 4500, "isakmp": 500, "kerberos": 88, "ldap": 389, "ldaps": 636, "mdns": 5353,
    "microsoft-ds": 445, "ms-sql-s": 1433, "mysql": 3306, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ssn": 139,
    "nfs": 2049, "ntp": 123, "openvpn": 1194, "pop3": 110, "pop3s": 995, "postgresql": 5432, "radius": 1812,
    "radius-acct": 1813, "rdp": 3389, "rsync": 873, "sip": 5060, "sip-tls": 5061, "smtp": 25, "snmp": 161,
    "snmp-trap": 162, "snmptrap": 162, "ssh": 22, "submission": 587, "submissions": 465, "sunrpc": 111, "syslog": 514,
    "tacacs": 49, "telnet": 23, "tftp": 69, "whois": 43, "www": 80, "xmpp-client": 5222,
}

ICMP: Mapping[str, int] = {
    "address-mask-reply": 18, "address-mask-request": 17, "destination-unreachable": 3, "echo-reply": 0,
    "echo-request": 8, "info-reply": 16, "info-request": 15, "parameter-problem": 12, "redirect": 5,
    "router-advertisement": 9, "router-solicitation": 10, "source-quench": 4, "time-exceeded": 11,
    "timestamp-reply": 14, "timestamp-request": 13,
}

ICMP6: Mapping[str, int] = {
    "destination-unreachable": 1, "echo-reply": 129, "echo-request": 128, "ind-neighbor-advert": 142,
    "ind-neighbor-solicit": 141, "mld-listener-done": 132, "mld-listener-query": 130, "mld-listener-reduction": 132,
    "mld-listener-report": 131, "mld2-listener-report": 143, "nd-neighbor-advert": 136, "nd-neighbor-solicit": 135,
    "nd-redirect": 137, "nd-router-advert": 134, "nd-router-solicit": 133, "packet-too-big": 2,
    "parameter-problem": 4, "router-renumbering": 138, "time-exceeded": 3,
}

CODES: Mapping[str, int] = {
    "admin-prohibited": 13, "frag-needed": 4, "host-prohibited": 10, "host-unreachable": 1, "net-prohibited": 9,
    "net-unreachable": 0, "port-unreachable": 3, "prot-unreachable": 2,
}

CODES6: Mapping[str, int] = {
    "addr-unreachable": 3, "admin-prohibited": 1, "no-route": 0, "policy-fail": 5, "port-unreachable": 4,
    "reject-route": 6,
}

DSCP: Mapping[str, int] = {
    "be": 0, "df": 0, "ef": 46, "le": 1, "lephb": 1, "va": 44, **{f"cs{number}": 8 * number for number in range(8)},
    **{f"af{high}{low}": 8 * high + 2 * low for high in range(1, 5) for low in range(1, 4)},
}

STATES: Mapping[str, int] = {"new": 0, "established": 1, "related": 2, "invalid": 3}

FAMILIES: Mapping[str, int] = {"ipv4": 0, "ipv6": 1, "ip": 0, "ip6": 1, "0x0800": 0, "0x86dd": 1, "0x800": 0,
                               "2": 0, "10": 1}
"""Of ``meta nfproto``, ``meta protocol`` and ``ether type``."""
