"""Lines of a configuration that are read by the parser or never decide which packet passes, by their first words.

A line that is on none of these lists counts as unread. Words end at a blank.
"""

from __future__ import annotations

import re

_READ = re.compile("|".join((
    r"interface .*", r"object (?:network|service) .*", r"object-group (?:network|service) .*",
    r"access-list .*", r"access-group \S+ in interface \S+(?: per-user-override)?",
    r"nat .*",
    r"same-security-traffic permit (?:inter|intra)-interface", r"icmp (?:permit|deny) (?!.*::).*", r"ssh .*",
    r"telnet .*", r"http .*")))
_WORDS = """
hostname domain-name enable passwd names name terminal pager logging mtu asdm arp aaa aaa-server username banner ntp
clock dns snmp-server class-map policy-map service-policy priority-queue prompt privilege timeout console quota
threat-detection icmp call-home ftp boot service priority snmp smtp-server user-identity dynamic-access-policy-record
group-policy dhcpd tftp-server xlate license jumbo-frame key-storage no object-group-search cts management-access
crashinfo monitor-interface ip-client flow-export netflow sysopt fragment time-range password-policy event
banner-text mac-address auth-prompt lacp feature-set tls-proxy ctl-file ddns checkheaps ssl pim igmp hw-module
sla track sctp-map tcp-map regex user-alert config-register asp cluster-interface-mode failover
"""
_HARMLESS = frozenset(_WORDS.split())
_MATTERS = re.compile("|".join((
    r"sysopt connection reclassify-vpn.*", r"aaa authentication match .*",
    r"aaa authentication (?:include|exclude) .*",
    r"aaa authorization (?:match|include|exclude) .*", r"threat-detection scanning-threat shun.*",
    r"no service-policy global_policy.*",
    r"no sysopt (?!connection permit-vpn$).*")))
_CRYPTO = re.compile(r"crypto (?:key|ca|isakmp nat|ipsec security-association|ipsec ikev[12]|"
                     r"ikev[12] (?:policy|enable)|ipsec df-bit|ipsec profile|engine|ssl|"
                     r"ipsec security-association pmtu-aging).*")


def is_harmless(line: str) -> bool:
    """Whether the parser reads a top-level line, or it says nothing about what passes.

    >>> is_harmless("snmp-server location attic"), is_harmless("crypto map M interface outside")
    (True, False)
    """
    if _MATTERS.fullmatch(line):
        return False
    return bool(_READ.fullmatch(line) or _CRYPTO.fullmatch(line)) or line.split()[0] in _HARMLESS
